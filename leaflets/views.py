"""Sends files and their covers, and lists the PDFs to mend."""

import django_filters
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.documents.views.serve import serve

from core.models import SiteDocument
from core.page_tools.usage import Usage, usage_of
from core.uploads.ranges import partly

from .mending import documents_to_mend, having_problem
from .models import DocumentReading
from .problems import Problem

WEBP = "image/webp"


@require_safe
def serve_document(request: HttpRequest, document_id: int, name: str) -> HttpResponseBase:
    """Send the file of a document, whatever its name was when the address was written down.

    Nobody keeps it without asking again, and only its hash says whether it is still the same: a file that replaces
    another may be older. It is sent as it is, so that a browser can say how much is still to come.
    """
    document = get_object_or_404(SiteDocument.objects.only("file"), pk=document_id)
    for header in ("HTTP_IF_MODIFIED_SINCE", "HTTP_ACCEPT_ENCODING"):
        request.META.pop(header, None)
    response: HttpResponseBase = serve(request, document_id, document.filename)
    del response["Last-Modified"]
    if response.get("Content-Encoding") == "None":  # Wagtail 8.0.1 writes Python's None
        del response["Content-Encoding"]
    patch_cache_control(response, private=True, no_cache=True)
    if not response.streaming:
        return response
    return partly(request, response, int(response["Content-Length"]), document.file.open)


@require_safe
def serve_cover(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Send the picture of a file's first page to whoever may have the file."""
    readings = DocumentReading.objects.defer("texts").select_related("document__collection")
    reading = get_object_or_404(readings.exclude(cover=""), document=document_id)
    for hook in hooks.get_hooks("before_serve_document"):
        answer = hook(reading.document, request)
        if isinstance(answer, HttpResponse):
            return answer
    # The same file may be drawn again, and otherwise.
    etag = quote_etag(f"{reading.file_hash}-{reading.read_at:%s%f}")
    try:
        response = get_conditional_response(request, etag) or FileResponse(reading.cover.open(), content_type=WEBP)
    except FileNotFoundError as error:
        raise Http404("The cover is not in storage.") from error
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response


class ProblemFilterSet(WagtailFilterSet):
    """Leaves only the PDFs that have one problem."""

    problem = django_filters.ChoiceFilter(label="What is wrong", choices=Problem.choices, method="filter_problem")

    class Meta:
        model = SiteDocument
        fields: list[str] = []

    def filter_problem(self, documents: "QuerySet[SiteDocument]", name: str, value: str) -> "QuerySet[SiteDocument]":
        """Return those of `documents` that have the chosen problem."""
        return having_problem(documents, value)


class ListColumn(Column):
    """A column of several lines, one beneath the other."""

    cell_template_name = "leaflets/admin/list_cell.html"


class UsesColumn(Column):
    """A column of links to the pages that use a document."""

    cell_template_name = "leaflets/admin/uses_cell.html"


class ToMendView(ReportView):
    """The report "PDFs to mend"."""

    model = SiteDocument
    page_title = "PDFs to mend"
    header_icon = "doc-full-inverse"
    verbose_name_plural = "PDFs to mend"
    results_template_name = "leaflets/admin/to_mend_results.html"
    index_url_name = "leaflets_to_mend"
    index_results_url_name = "leaflets_to_mend_results"
    filterset_class = ProblemFilterSet
    any_permission_required = ["add", "change"]
    columns = [
        TitleColumn("title", label="Document", url_name="wagtaildocs:edit"),
        ListColumn("problems", label="What is wrong", accessor="reading.problem_texts"),
        UsesColumn("uses", label="Pages that use it"),
    ]
    list_export = ["title", "filename", "reading.problem_texts", "uses"]
    export_headings = {
        "title": "Document",
        "filename": "File",
        "reading.problem_texts": "What is wrong",
        "uses": "Pages that use it",
    }
    export_filename = "pdfs-to-mend"

    def get_base_queryset(self) -> "QuerySet[SiteDocument]":
        """Return the PDFs that this editor can mend."""
        return documents_to_mend(self.request.user)

    def decorate_paginated_queryset(self, object_list: "QuerySet[SiteDocument]") -> "QuerySet[SiteDocument]":
        """Give the documents shown the pages that use them."""
        uses = usage_of(object_list, self.request.user)
        for document in object_list:
            document.uses = uses.get(document.pk, Usage())
        return object_list
