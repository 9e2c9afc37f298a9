"""What editors see of a block before they choose it."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.blocks import Block

from core.blocks import BodyBlock

# What they show must be there first: a picture, a file, rows.
WITHOUT_PREVIEW = {"image", "document", "table"}


@pytest.mark.parametrize(("name", "block"), BodyBlock().child_blocks.items(), ids=list(BodyBlock().child_blocks))
def test_every_block_says_what_it_is_for_and_shows_itself_as_residents_see_it(
    admin_client: Client, name: str, block: Block
) -> None:
    assert block.get_description()
    assert block.is_previewable is (name not in WITHOUT_PREVIEW)
    if name in WITHOUT_PREVIEW:
        return
    response = admin_client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    assert response.status_code == 200
    html = response.content.decode()
    assert "css/site.css" in html
    assert f"block-{name}" in html
    words = {
        "text": "How to get there",
        "action_link": "Find a centre near you",
        "quotation": "I was seen in ten minutes.",
        "key_figures": "centres",
    }
    assert words.get(name, "<p>" if name not in ("do_list", "dont_list") else "<li>") in html
