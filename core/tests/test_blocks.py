"""The curated blocks: what they refuse, beside which block, and what the rich text editor may keep."""

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from wagtail.blocks import RichTextBlock
from wagtail.blocks.stream_block import StreamBlockValidationError

from core.blocks import BodyBlock, line_block, text_block
from core.factories import SiteImageFactory
from testing.pages import SmallSite, elements

PARAGRAPH = [{"type": "text", "value": "<p>Juggling.</p>"}]

Blocks = list[tuple[str, Any]]


def clean(*blocks: tuple[str, Any]) -> Any:
    body = BodyBlock()
    return body.clean(body.to_python([{"type": name, "value": value} for name, value in blocks]))


def care_card(level: str, **fields: Any) -> tuple[str, Any]:
    return "care_card", {
        "type": "urgent",
        "heading_level": level,
        "title": "Ask for help if:",
        "body": PARAGRAPH,
        **fields,
    }


def warning(level: str) -> tuple[str, Any]:
    return "warning", {"title": "Mind the clubs", "heading_level": level, "body": "<p>They fall.</p>"}


def do_list(level: str) -> tuple[str, Any]:
    return "do_list", {"heading_level": level, "label": "", "do": ["Catch"]}


def dont_list(level: str) -> tuple[str, Any]:
    return "dont_list", {"heading_level": level, "label": "", "dont": ["Drop"]}


H2 = ("text", "<h2>Main</h2><p>Text.</p>")
H3 = ("text", "<h3>Sub</h3><p>Text.</p>")
NO_HEADING = ("text", "<p>Text.</p>")


@pytest.mark.parametrize(
    "blocks",
    [
        [NO_HEADING],
        [H2],
        [H2, H3],
        [H2, H3, H2, H3, H3],
        [NO_HEADING, H2, NO_HEADING, H3],
        [("text", "<h2>Main</h2><h3>Sub</h3><h2>Main</h2>")],
        [care_card("2"), care_card("3")],
        [H2, care_card("3"), warning("3"), do_list("3"), dont_list("3")],
        [do_list("2"), dont_list("2"), warning("2")],
        [H2, ("inset", {"body": "<p>Inset.</p>"}), H3],
    ],
)
def test_headings_that_go_down_one_step_at_a_time_are_accepted(blocks: Blocks) -> None:
    assert len(clean(*blocks)) == len(blocks)


@pytest.mark.parametrize(
    ("blocks", "wrong"),
    [
        ([H3], {0}),
        ([NO_HEADING, H3], {1}),
        ([care_card("3")], {0}),
        ([NO_HEADING, warning("3")], {1}),
        ([do_list("3"), H2], {0}),
        ([dont_list("3")], {0}),
        ([("text", "<p>Text.</p><h3>Sub</h3><h2>Main</h2>")], {0}),
        ([("text", '<H3 id="a">Sub</H3>')], {0}),
        ([("inset", {"body": "<p>Inset.</p>"}), H3, H2, H3], {1}),
    ],
)
def test_a_sub_heading_without_a_main_heading_is_refused_beside_its_block(blocks: Blocks, wrong: set[int]) -> None:
    with pytest.raises(StreamBlockValidationError) as error:
        clean(*blocks)
    assert set(error.value.block_errors) == wrong
    for messages in error.value.block_errors.values():
        assert "no main heading above it" in str(messages)


def test_the_editor_sees_a_wrong_heading_level_that_was_never_on_offer_refused() -> None:
    for level in ("1", "4", "6", "", "h2"):
        with pytest.raises(ValidationError):
            clean(care_card(level))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", ""),
        ("inset", {"body": ""}),
        ("warning", {"title": "", "heading_level": "2", "body": "<p>Text.</p>"}),
        ("details", {"title": "", "body": PARAGRAPH}),
        ("details", {"title": "More", "body": []}),
        ("expander", {"title": "x" * 151, "body": PARAGRAPH}),
        ("care_card", {"type": "calm", "heading_level": "2", "title": "If:", "body": PARAGRAPH}),
        ("care_card", {"type": "urgent", "heading_level": "2", "title": "", "body": PARAGRAPH}),
        ("summary_list", {"rows": [{"key": "", "value": "<p>Text.</p>"}]}),
        ("image", {"image": None, "caption": ""}),
        ("document", {"document": None, "title": ""}),
        ("key_figures", {"figures": []}),
        ("key_figures", {"figures": [{"figure": "", "label": "beds"}]}),
        ("key_figures", {"figures": [{"figure": "49", "label": ""}]}),
        ("quotation", {"quote": "", "who": "", "source": ""}),
        ("action_link", {"text": "", "external_url": "https://example.org/", "internal_page": None}),
        ("action_link", {"text": "Go", "external_url": "", "internal_page": None}),
        ("action_link", {"text": "Go", "external_url": "javascript:alert(1)", "internal_page": None}),
        ("action_link", {"text": "Go", "external_url": "not an address", "internal_page": None}),
    ],
)
def test_a_block_that_lacks_what_residents_need_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        clean((name, value))


@pytest.mark.database
def test_an_action_link_goes_to_one_place(small_site: SmallSite) -> None:
    both = {"text": "Go", "external_url": "https://example.org/", "internal_page": small_site.centres.pk}
    with pytest.raises(ValidationError):
        clean(("action_link", both))
    clean(("action_link", {**both, "external_url": ""}))
    clean(("action_link", {**both, "internal_page": None}))


def test_an_action_link_that_goes_nowhere_says_so_beside_its_fields() -> None:
    with pytest.raises(StreamBlockValidationError) as error:
        clean(("action_link", {"text": "Go", "external_url": "", "internal_page": None}))
    assert set(error.value.block_errors[0].block_errors) & {"internal_page", "external_url"}


def table(caption: str, *headings: str) -> tuple[str, Any]:
    return "table", {
        "table": {
            "columns": [{"type": "text", "heading": heading} for heading in headings],
            "rows": [{"values": ["Blue", "220 g"]}],
            "caption": caption,
        },
        "first_column_is_header": True,
    }


def test_a_table_with_a_caption_and_headings_is_accepted() -> None:
    clean(table("Clubs by weight", "Club", "Weight"))


@pytest.mark.parametrize(
    ("caption", "headings"), [("", ("Club", "Weight")), (" ", ("Club", "Weight")), ("Clubs by weight", ("Club", ""))]
)
def test_a_table_without_a_caption_or_a_heading_is_refused(caption: str, headings: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError):
        clean(table(caption, *headings))


@pytest.mark.django_db
def test_a_picture_is_described_or_said_to_be_decoration() -> None:
    image = SiteImageFactory.create()

    def picture(alt_text: str, decorative: bool) -> tuple[str, Any]:
        return "image", {
            "image": {"image": image.pk, "alt_text": alt_text, "decorative": decorative},
            "caption": "",
        }

    clean(picture("A juggler", False))
    clean(picture("", True))
    with pytest.raises(StreamBlockValidationError) as error:
        clean(picture("", False))
    assert set(error.value.block_errors[0].block_errors["image"].block_errors) == {"alt_text"}


def typed(block: RichTextBlock, *lines: tuple[str, str], entities: dict[str, Any] | None = None) -> str:
    """Return what is stored when the admin's editor sends these lines of (kind, text).

    A text that contains "link" is linked to the entity 0.
    """
    state = {
        "blocks": [
            {
                "key": f"k{number}",
                "text": text,
                "type": kind,
                "depth": 0,
                "inlineStyleRanges": [{"offset": 0, "length": 4, "style": style} for style in ("BOLD", "CODE")]
                if kind == "unstyled"
                else [],
                "entityRanges": [{"offset": 0, "length": len(text), "key": 0}] if entities and "link" in text else [],
            }
            for number, (kind, text) in enumerate(lines)
        ],
        "entityMap": entities or {},
    }
    stored: str = block.value_from_datadict({"text": json.dumps(state)}, {}, "text").source
    return stored


ALL_KINDS = [
    ("header-one", "One"),
    ("header-two", "Two"),
    ("header-three", "Three"),
    ("header-four", "Four"),
    ("unordered-list-item", "Dot"),
    ("ordered-list-item", "Number"),
    ("code-block", "Code"),
    ("blockquote", "Quote"),
    ("unstyled", "Bold words <script>alert(1)</script>"),
]


@pytest.mark.parametrize(
    ("block", "allowed"),
    [
        (BodyBlock().child_blocks["text"], {"h2", "h3", "p", "ul", "ol", "li", "b"}),
        (text_block(), {"p", "ul", "ol", "li", "b"}),
        (line_block(), {"p", "b"}),
    ],
    ids=["body", "inside a block", "a single line"],
)
def test_the_rich_text_editor_keeps_only_what_is_allowed_there(block: RichTextBlock, allowed: set[str]) -> None:
    stored = typed(block, *ALL_KINDS)
    assert {element.name for element in elements(stored)} == allowed
    assert "&lt;script&gt;" in stored


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,<script>", "JaVaScRiPt:alert(1)"])
def test_a_link_that_would_run_a_script_is_not_shown(address: str) -> None:
    block = text_block()
    stored = typed(
        block,
        ("unstyled", "A link"),
        entities={"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": address}}},
    )
    shown = str(block.to_python(stored))
    addresses = [str(link.attributes.get("href", "")).lower() for link in elements(shown, "a")]
    assert not [each for each in addresses if each.startswith(("javascript", "data"))]


def test_pictures_and_embeds_cannot_be_put_into_rich_text() -> None:
    block = BodyBlock().child_blocks["text"]
    for kind in ("IMAGE", "EMBED", "DOCUMENT"):
        stored = typed(
            block,
            ("unstyled", "A link"),
            entities={"0": {"type": kind, "mutability": "IMMUTABLE", "data": {"id": 1, "url": "https://example.org/"}}},
        )
        assert {element.name for element in elements(stored)} <= {"p", "b"}, kind
