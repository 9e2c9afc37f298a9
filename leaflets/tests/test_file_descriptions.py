"""What readers are told about a file, and the e-mail that asks for another format."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings

from core.models import SiteDocument
from core.models.media import Language
from leaflets.file_descriptions import describe_file, own_name, request_link


def document(name: str, **values: object) -> SiteDocument:
    return SiteDocument(file=f"documents/{name}", collection_id=1, **values)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (document("a.pdf", file_size=1_468_006, pages=8), "PDF, 1.4 MB, 8 pages, English"),
        (document("a.pdf", file_size=2048, pages=1, language="pl"), "PDF, 2.0 KB, 1 page, Polish"),
        (document("a.mp3", file_size=2048), "MP3 sound file, 2.0 KB, English"),
        (document("A.DOCX", file_size=2048), "Word document, 2.0 KB, English"),
        (document("a.pdf"), "PDF, English"),
        (document("a.rtf"), "RTF, English"),
        (document("nothing"), "English"),
    ],
)
def test_a_file_is_described_by_what_is_known_of_it(found: SiteDocument, said: str) -> None:
    assert describe_file(found).replace("\xa0", " ") == said


def test_every_kind_of_file_that_can_be_uploaded_has_a_name_people_know() -> None:
    for ending in settings.WAGTAILDOCS_EXTENSIONS:
        assert describe_file(document(f"a.{ending}")).split(", ")[0] not in ("", ending)


def test_languages_are_named_as_their_readers_name_them() -> None:
    assert (own_name("pl"), own_name("zh"), own_name("en")) == ("polski", "中文", "")
    assert [language.label for language in Language if own_name(language) == language.label] == []


def test_the_email_asks_for_the_leaflet_by_its_name_and_address() -> None:
    link = request_link("hello+us@example.org", "Tea & cake: 50% off?\r\nBcc: x@example.org", "https://example.org/é/")
    parts = urlsplit(link)
    fields = parse_qs(parts.query, strict_parsing=True)

    assert (parts.scheme, parts.path) == ("mailto", "hello%2Bus@example.org")
    assert set(fields) == {"subject", "body"}
    assert "Tea & cake: 50% off?" in fields["subject"][0]
    assert "https://example.org/é/" in fields["body"][0]
    assert "\r\nThe format or language I need:\r\n" in fields["body"][0]
    # RFC 6068 knows no plus sign for a space.
    assert not {"+", " ", "\r", "\n"} & set(link)
