"""The import of redirects: what is refused beside the field, and what goes on to Wagtail's own screens."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook
from wagtail.contrib.redirects.models import Redirect

from core.spreadsheets import MAX_BYTES, MAX_COLUMNS, MAX_ROWS
from testing.pages import SmallSite
from testing.people import person_who_may, signed_in

ADDRESS = "/admin/redirects/import/"


def workbook(*rows: list[Any]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(file)
    return file.getvalue()


def send(client: Client, content: bytes, name: str) -> Any:
    return client.post(ADDRESS, {"import_file": SimpleUploadedFile(name, content)})


ROWS = [["from", "to"], ["/old/", "https://example.org/new"], ["/older/", "https://example.org/newer"]]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"from,to\n/old/,https://example.org/new\n/older/,https://example.org/newer\n"),
        ("a.tsv", b"from\tto\n/old/\thttps://example.org/new\n/older/\thttps://example.org/newer\n"),
        ("a.xlsx", workbook(*ROWS)),
    ],
)
def test_redirects_are_imported_from_any_kind_of_file(
    admin_client: Client, small_site: SmallSite, name: str, content: bytes
) -> None:
    form = send(admin_client, content, name).context["form"]
    assert [label for _, label in form.fields["from_index"].choices] == ["---", "from", "to"]
    sent = {key: form[key].value() for key in ("import_file_name", "input_format")}
    answer = admin_client.post(f"{ADDRESS}process/", sent | {"from_index": "0", "to_index": "1", "permanent": "on"})
    assert answer.status_code == 302
    assert set(Redirect.objects.values_list("old_path", flat=True)) == {"/old", "/older"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"from,to\n" + b"x" * MAX_BYTES, "more than 2 MB"),
        (b"from,to\n" + b"/a/,/b/\n" * (MAX_ROWS + 1), "more than 2,000 rows"),
        (b"x," * 700_000, "too many cells"),
        (b"x," * (MAX_COLUMNS + 1), "more than 100 cells"),
        (b"from,to\n/a/," + b"x" * 2000, "more than 1,000 characters"),
        (workbook(["from", "to"], ["/a/", "=1+1"]), "Row 2: This is a formula."),
        (b"", "The submitted file is empty"),
        (b"\n\n", "no headings"),
        (b"PK\x03\x04 and no more", "damaged, or none"),
    ],
)
def test_what_costs_too_much_or_cannot_be_read_is_refused_beside_the_field(
    admin_client: Client, small_site: SmallSite, content: bytes, said: str
) -> None:
    answer = send(admin_client, content, "redirects.csv")
    assert answer.status_code == 200
    assert said in str(answer.context["form"].errors["import_file"])


def test_a_row_with_fewer_cells_than_headings_is_said_and_breaks_nothing(
    admin_client: Client, small_site: SmallSite
) -> None:
    form = send(admin_client, b"from,to\n/old/\n", "a.csv").context["form"]
    sent = {key: form[key].value() for key in ("import_file_name", "input_format")}
    answer = admin_client.post(f"{ADDRESS}process/", sent | {"from_index": "0", "to_index": "1"})
    assert answer.status_code in (200, 302)


def test_who_may_add_no_redirects_imports_none(small_site: SmallSite) -> None:
    client = signed_in(person_who_may("change", at=small_site.home))
    assert send(client, b"x," * 700_000, "a.csv").status_code == 302
