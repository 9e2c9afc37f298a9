"""How the blocks are shown: words escaped, nothing inline, pictures described, files named."""

import gc
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.blocks import BodyBlock
from core.factories import SiteDocumentFactory, SiteImageFactory
from core.models import BasePage, SiteDocument, SiteImage
from testing.pages import Element, SmallSite, add_page, elements, is_inline, links

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the temporary files in which it makes a size of a picture to the garbage collector.
    pytest.mark.filterwarnings("ignore:[Uu]nclosed file <(tempfile.SpooledTemporaryFile|_io.BufferedRandom)"),
]

EVIL = "<img src=x onerror=alert(1)>\"'&</dd><script>alert(1)</script>"
WORDS = f"<p>{EVIL.replace('&', '&amp;').replace('<', '&lt;')}</p>"
INSIDE = [
    {"type": "text", "value": WORDS},
    {"type": "action_link", "value": {"text": EVIL, "external_url": "https://example.org/", "internal_page": None}},
    {"type": "inset", "value": {"body": WORDS}},
]


@pytest.fixture
def image() -> Iterator[SiteImage]:
    yield SiteImageFactory.create(title=EVIL)
    gc.collect()  # lets Wagtail's temporary files go here rather than in somebody else's test


@pytest.fixture
def document() -> SiteDocument:
    found: SiteDocument = SiteDocumentFactory.create(title=EVIL, file__filename="leaflet.pdf", file__data=b"x" * 2048)
    found.get_file_size()  # as an upload in the admin does
    return found


def every_block(image: SiteImage, document: SiteDocument, page: BasePage) -> list[tuple[str, Any]]:
    """Return each block of the body with something evil wherever an editor can type."""
    return [
        ("text", f"<h2>{WORDS[3:-4]}</h2>{WORDS}"),
        ("inset", {"body": WORDS}),
        ("warning", {"title": EVIL, "heading_level": "2", "body": WORDS}),
        ("details", {"title": EVIL, "body": INSIDE}),
        ("expander", {"title": EVIL, "body": INSIDE}),
        ("do_list", {"heading_level": "3", "label": EVIL, "do": [WORDS]}),
        ("dont_list", {"heading_level": "3", "label": EVIL, "dont": [WORDS]}),
        ("care_card", {"type": "primary", "heading_level": "2", "title": EVIL, "body": INSIDE}),
        ("care_card", {"type": "urgent", "heading_level": "2", "title": EVIL, "body": INSIDE}),
        ("care_card", {"type": "immediate", "heading_level": "2", "title": EVIL, "body": INSIDE}),
        ("summary_list", {"rows": [{"key": EVIL, "value": WORDS}], "no_border": True}),
        (
            "table",
            {
                "table": {
                    "columns": [{"type": "text", "heading": EVIL}, {"type": "text", "heading": EVIL}],
                    "rows": [{"values": [EVIL, EVIL]}],
                    "caption": EVIL,
                },
                "first_column_is_header": True,
            },
        ),
        ("image", {"image": {"image": image.pk, "alt_text": EVIL, "decorative": False}, "caption": EVIL}),
        ("document", {"document": document.pk, "title": EVIL}),
        ("document", {"document": document.pk, "title": ""}),
        ("key_figures", {"figures": [{"figure": EVIL, "label": EVIL}]}),
        ("quotation", {"quote": EVIL, "who": EVIL, "source": EVIL}),
        ("action_link", {"text": EVIL, "external_url": "https://example.org/?a=1&b=2", "internal_page": None}),
        ("action_link", {"text": EVIL, "external_url": "", "internal_page": page.pk}),
    ]


def body(*blocks: tuple[str, Any]) -> str:
    block = BodyBlock()
    return str(block.render(block.to_python([{"type": name, "value": value} for name, value in blocks])))


def shown(html: str) -> str:
    """Return the words of a piece of HTML."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.mark.database
def test_each_block_shows_what_was_typed_and_runs_none_of_it(
    small_site: SmallSite, image: SiteImage, document: SiteDocument
) -> None:
    samples = every_block(image, document, small_site.centres)
    assert {name for name, _ in samples} == set(BodyBlock().child_blocks)
    for name, value in samples:
        html = body((name, value))
        found = elements(html)
        assert not {"script", "style", "iframe", "object"} & {element.name for element in found}, name
        for element in found:
            assert not [key for key in element.attributes if key.startswith("on") or key == "style"], (name, element)
        assert "alert(1)" in html, name
        assert len(elements(html, "img")) == (1 if name == "image" else 0), name


def test_a_page_shows_all_its_blocks_in_order(
    client: Client, small_site: SmallSite, image: SiteImage, document: SiteDocument
) -> None:
    samples = every_block(image, document, small_site.centres)
    page = add_page(small_site.home, body=[{"type": name, "value": value} for name, value in samples])
    response = client.get(page.url)
    assert response.status_code == 200
    assert response.content.decode().count("alert(1)") > len(samples)
    assert not [each for each in elements(response, "script") if is_inline(each)]
    headings = [int(each.name[1]) for each in elements(response) if re.fullmatch(r"h[1-6]", each.name)]
    assert headings.count(1) == 1


def test_an_empty_body_leaves_nothing_behind() -> None:
    assert body().strip() == ""


def picture(image: SiteImage, **fields: Any) -> Element:
    value = {"image": {"image": image.pk, "alt_text": "", "decorative": False, **fields}, "caption": ""}
    [img] = elements(body(("image", value)), "img")
    return img


def test_a_picture_carries_the_words_for_this_page_and_its_size(image: SiteImage) -> None:
    img = picture(image, alt_text="Two jugglers")
    assert img.attributes["alt"] == "Two jugglers"
    assert img.attributes["width"]
    assert img.attributes["height"]
    assert str(img.attributes["src"]).startswith("/media/images/")


def test_a_decorative_picture_has_an_empty_description(image: SiteImage) -> None:
    assert picture(image, decorative=True).attributes["alt"] == ""
    # What was typed before the tick says nothing any more.
    assert picture(image, decorative=True, alt_text="Two jugglers").attributes["alt"] == ""


@pytest.mark.parametrize("left", [None, 0, 10, 2_000])
def test_a_picture_whose_file_is_lost_or_damaged_does_not_take_the_page_down(
    client: Client, small_site: SmallSite, left: int | None
) -> None:
    image = SiteImageFactory.create(file__width=600, file__height=400, file__format="PNG", file__color="teal")
    path = Path(image.file.path)
    kept = path.read_bytes()
    path.unlink() if left is None else path.write_bytes(kept[:left])
    value = {"image": {"image": image.pk, "alt_text": "Two jugglers", "decorative": False}, "caption": "Seen"}
    page = add_page(small_site.home, body=[{"type": "image", "value": value}])
    response = client.get(page.url)
    assert response.status_code == 200
    assert "Seen" in response.content.decode()


def test_what_was_deleted_since_leaves_no_broken_link(client: Client, small_site: SmallSite) -> None:
    image, document = SiteImageFactory.create(), SiteDocumentFactory.create()
    target = add_page(small_site.home, title="Target")
    blocks: list[tuple[str, Any]] = [
        ("image", {"image": {"image": image.pk, "alt_text": "Two jugglers", "decorative": False}, "caption": ""}),
        ("document", {"document": document.pk, "title": "Leaflet"}),
        ("action_link", {"text": "Go there", "internal_page": target.pk}),
        ("text", "<p>The end.</p>"),
    ]
    page = add_page(small_site.home, body=[{"type": name, "value": value} for name, value in blocks])
    image.delete()
    document.delete()
    target.delete()
    response = client.get(page.url)
    assert response.status_code == 200
    assert "The end." in response.content.decode()
    [main] = re.findall(r"<main.*</main>", response.content.decode(), re.DOTALL)
    assert not [(words, url) for words, url in links(main) if not (url or "").startswith("/") or "None" in (url or "")]


def test_a_download_says_what_kind_of_file_it_is_and_how_big(document: SiteDocument) -> None:
    html = body(("document", {"document": document.pk, "title": "The leaflet"}))
    assert "The leaflet (PDF, 2.0 KB, English)" in shown(html)


def test_a_download_without_words_of_its_own_has_the_files_title() -> None:
    document = SiteDocumentFactory.create(title="Leaflet of May")
    assert "Leaflet of May" in shown(body(("document", {"document": document.pk, "title": ""})))


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.pdf",
        "..\\..\\passwd.pdf",
        "a b&c.pdf",
        '"><script>alert(1)<script>.pdf',
        "مرحبا.pdf",
        f"{'a' * 300}.pdf",
    ],
    ids=["path", "windows path", "ampersand", "html", "right to left", "long"],
)
def test_a_files_name_cannot_do_harm(admin_client: Client, name: str) -> None:
    upload = SimpleUploadedFile(name, b"%PDF-1.7")
    assert admin_client.post("/admin/documents/add/", {"title": "Leaflet", "file": upload}).status_code == 302
    document = SiteDocument.objects.get()
    assert re.fullmatch(r"documents/[^/\\<>\"&\r\n]+\.pdf", document.file.name)
    html = body(("document", {"document": document.pk, "title": ""}))
    assert not elements(html, "script")
    assert "(PDF, 8 bytes, English)" in shown(html)
    [(_, url)] = links(html)
    response: Any = admin_client.get(str(url))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response) == b"%PDF-1.7"


@pytest.mark.database
def test_a_document_that_is_a_page_is_downloaded_instead_of_shown(admin_client: Client) -> None:
    document = SiteDocument(title="Leaflet")
    document.file.save("leaflet.html", ContentFile(b"<script>alert(1)</script>"))
    response: Any = admin_client.get(document.url)
    assert response["Content-Disposition"].startswith("attachment")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert b"".join(response).startswith(b"<script>")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("primary", "Non-urgent advice:"),
        ("urgent", "Urgent advice:"),
        ("immediate", "Immediate action required:"),
    ],
)
@pytest.mark.parametrize("level", ["2", "3"])
def test_a_care_card_says_how_urgent_it_is_in_its_heading(kind: str, said: str, level: str) -> None:
    card = {"type": kind, "heading_level": level, "title": "Ask a juggler if:", "body": INSIDE[:1]}
    [heading] = elements(body(("care_card", card)), f"h{level}")
    assert " ".join(heading.text.split()) == f"{said} Ask a juggler if:"


def test_lists_of_dos_and_donts_have_a_heading_even_when_none_was_typed() -> None:
    html = body(
        ("do_list", {"heading_level": "2", "label": "", "do": ["<p>Catch</p>"]}),
        ("dont_list", {"heading_level": "2", "label": "Never", "dont": ["<p>Drop</p>"]}),
    )
    assert [each.text for each in elements(html, "h2")] == ["Do", "Never"]
    assert [each.text.strip() for each in elements(html, "li")] == ["Catch", "Drop"]


@pytest.mark.parametrize(("first_is_header", "row_headers"), [(True, ["Blue"]), (False, [])])
def test_a_table_has_headers_for_people_who_hear_it(first_is_header: bool, row_headers: list[str]) -> None:
    table = {
        "columns": [{"type": "text", "heading": "Club"}, {"type": "text", "heading": "Weight"}],
        "rows": [{"values": ["Blue", "220 g"]}],
        "caption": "Clubs by weight",
    }
    html = body(("table", {"table": table, "first_column_is_header": first_is_header}))
    headers = [(each.text.strip(), each.attributes.get("scope")) for each in elements(html, "th")]
    assert headers == [("Club", "col"), ("Weight", "col"), *((words, "row") for words in row_headers)]
    assert [each.text for each in elements(html, "caption")] == ["Clubs by weight"]


def test_key_figures_and_quotations_are_marked_up_as_what_they_are() -> None:
    html = body(
        ("key_figures", {"figures": [{"figure": "49 beds → 37 beds", "label": "at Testville"}]}),
        ("quotation", {"quote": "It fell.\n\nTwice.", "who": "A juggler", "source": "Testville, May"}),
    )
    assert [(each.name, each.text.strip()) for each in elements(html) if each.name in ("dt", "dd")] == [
        ("dt", "at Testville"),
        ("dd", "49 beds → 37 beds"),
    ]
    [quote] = elements(html, "blockquote")
    assert quote.text.split() == ["It", "fell.", "Twice."]
    [who] = elements(html, "figcaption")
    assert who.text == "A juggler, Testville, May"


def test_a_quotation_keeps_its_source_when_nobody_is_named() -> None:
    assert "Testville, May" in body(("quotation", {"quote": "It fell.", "who": "", "source": "Testville, May"}))


def test_details_open_without_a_script() -> None:
    [details] = elements(body(("details", {"title": "More", "body": INSIDE[:1]})), "details")
    assert "open" not in details.attributes


def test_links_in_text_follow_a_page_that_moves(client: Client, small_site: SmallSite) -> None:
    target = add_page(small_site.home, title="Target")
    text = f'<p><a linktype="page" id="{target.pk}">There</a></p>'
    page = add_page(small_site.home, body=[{"type": "text", "value": text}])
    target.slug = "moved"
    target.save()
    assert ("There", "/moved/") in links(client.get(page.url))
