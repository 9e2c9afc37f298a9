"""The import of redirects: a file is read here, within its limits, before Wagtail's own screen gets it."""

import csv
import io
from typing import cast

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.contrib.redirects.forms import ImportForm
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.redirects.utils import get_supported_extensions
from wagtail.contrib.redirects.views import start_import
from wagtail.permissions import policy_registry

from .spreadsheets import MAX_BYTES, SpreadsheetError, Unreadable, read_rows

FIELD = "import_file"
# No address that redirects know is longer, and Wagtail's screen shows each cell as wide as the widest.
MAX_CELL = 1000


def import_redirects_view(request: HttpRequest) -> HttpResponse:
    """Answer as Wagtail's own screen does, to which any file comes as a small CSV file; errors stand beside the field.

    Wagtail 8.0.1 reads whatever is sent: 13 KB of Excel took 700 MB.
    """
    upload = request.FILES.get(FIELD)
    may_import = policy_registry.get_by_type(Redirect).user_has_any_permission(request.user, ["add"])
    if upload is not None and may_import:
        try:
            request.FILES[FIELD] = SimpleUploadedFile("redirects.csv", _as_csv(upload.read(MAX_BYTES + 1)))
        except SpreadsheetError as error:
            form = ImportForm(get_supported_extensions(), request.POST, request.FILES)
            form.add_error(FIELD, str(error))
            return render(request, "wagtailredirects/choose_import_file.html", {"form": form})
    return cast(HttpResponse, start_import(request))


def _as_csv(content: bytes) -> bytes:
    """Return a file's rows as CSV, all as wide as the first. Raises SpreadsheetError."""
    file = io.StringIO()
    writer = csv.writer(file)
    width = 0
    for number, row in read_rows(content, delimiters=",;\t"):
        width = width or max((place for place, cell in enumerate(row, 1) if cell), default=0)
        if not width:
            raise SpreadsheetError("This file has no headings in its first row.")
        for cell in row:
            if isinstance(cell, Unreadable):
                raise SpreadsheetError(f"Row {number}: {cell.message}")
            if len(str(cell)) > MAX_CELL:
                raise SpreadsheetError(f"Row {number} has a cell of more than {MAX_CELL:,} characters.")
        if any(row):
            writer.writerow([*(str(cell) for cell in row), *[""] * width][:width])
    return file.getvalue().encode()
