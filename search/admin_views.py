"""What people search for, as editors see it, and the screen on which they teach the search a word."""

from typing import Any, cast

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy

from centres.models import RolePage, ServicePage
from core.dates import describe_day
from core.permissions import may_change
from users.models import User

from .log import popular
from .models import MAX_LOGGED, LoggedSearch
from .normalisation import clean_query
from .services import add_word, promote

MAY_PROMOTE = "wagtailsearchpromotions.add_searchpromotion"


class SearchesFilterSet(WagtailFilterSet):
    """Leaves only the searches that found nothing."""

    found = django_filters.ChoiceFilter(
        label="What was found", choices=[("nothing", "Nothing")], method="filter_found", empty_label="Anything"
    )

    class Meta:
        model = LoggedSearch
        fields: list[str] = []

    def filter_found(self, searches: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        """Return those of `searches` that never found anything."""
        return searches.filter(most=0)


class TeachColumn(Column):
    """A column with the button that teaches the search a word."""

    cell_template_name = "search/admin/teach_cell.html"


class SearchesView(ReportView):
    """The report "What people search for"."""

    model = LoggedSearch
    permission_policy = ModelPermissionPolicy(LoggedSearch)
    page_title = "What people search for"
    header_icon = "search"
    verbose_name_plural = "searches"
    results_template_name = "search/admin/searches_results.html"
    index_url_name = "search_report"
    index_results_url_name = "search_report_results"
    filterset_class = SearchesFilterSet
    any_permission_required = ["view"]
    is_searchable = False
    columns = [
        Column("query", label="Words"),
        Column("searches", label="Searches"),
        Column("most", label="Results"),
        Column("clicks", label="Results opened"),
        Column("last", label="Last searched for", accessor=lambda row: describe_day(row["last"])),
        TeachColumn("teach", label="Teach the search", accessor="query"),
    ]
    list_export = ["query", "searches", "most", "clicks", "last"]
    export_headings = {
        "query": "Words",
        "searches": "Searches",
        "most": "Results",
        "clicks": "Results opened",
        "last": "Last searched for",
    }
    export_filename = "searches"

    def get_base_queryset(self) -> "QuerySet[Any]":
        """Return the searches that enough people made, most asked first."""
        return popular()


class WordForm(forms.Form):
    """Which service or role a word is another word for; only those that this editor may change."""

    page = forms.ChoiceField(
        label="It is another word for",
        error_messages={
            "required": "Choose the service or role that people mean.",
            "invalid_choice": "Choose a service or role from the list.",
        },
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found: list[ServicePage | RolePage] = [
            *ServicePage.objects.filter(live=True),
            *RolePage.objects.filter(live=True),
        ]
        mine = [page for page in found if may_change(page, user)]
        self.pages = {str(page.pk): page for page in sorted(mine, key=lambda page: page.title.casefold())}
        field = cast(forms.ChoiceField, self.fields["page"])
        field.choices = [("", "Choose a service or role"), *((pk, page.title) for pk, page in self.pages.items())]


class PromotedResultForm(forms.Form):
    """The page that comes first for a word."""

    page = forms.ModelChoiceField(
        Page.objects.filter(depth__gt=1),
        widget=AdminPageChooser(),
        label="Page to show first",
        error_messages={"required": "Choose the page that people should see first."},
    )


def teach_view(request: HttpRequest) -> HttpResponse:
    """Show what can be taught about the word `query` of the address; on POST teach it and go back to the report.

    403 for whoever may not see the report, or may do neither.
    """
    user = cast(User, request.user)
    word = clean_query(request.GET.get("query", ""))[:MAX_LOGGED].strip()
    word_form, promoted_form = WordForm(user=user, prefix="word"), PromotedResultForm(prefix="pick")
    may_promote = user.has_perm(MAY_PROMOTE)
    if not word or not user.has_perm("search.view_loggedsearch") or not (word_form.pages or may_promote):
        raise PermissionDenied
    action = request.POST.get("action")
    if action == "word" and word_form.pages:
        word_form = WordForm(request.POST, user=user, prefix="word")
        if word_form.is_valid():
            page = word_form.pages[word_form.cleaned_data["page"]]
            if add_word(page=page, word=word, user=user):
                messages.success(request, f"Search now knows “{word}” as another word for {page.title}.")
            else:
                messages.warning(request, f"“{word}” was added to the draft of {page.title}, which is to be published.")
            return redirect("search_report")
    elif action == "pick" and may_promote:
        promoted_form = PromotedResultForm(request.POST, prefix="pick")
        if promoted_form.is_valid():
            page = promoted_form.cleaned_data["page"]
            promote(page=page, word=word, user=user)
            messages.success(request, f"Search now shows “{page.title}” first for “{word}”.")
            return redirect("search_report")
    context = {
        "word": word,
        "word_form": word_form if word_form.pages else None,
        "promoted_form": promoted_form if may_promote else None,
    }
    return render(request, "search/admin/teach.html", context)
