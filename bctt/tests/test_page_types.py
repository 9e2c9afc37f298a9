"""What a newcomer relies on to find the way from a page type to what its page shows."""

import re
from importlib import import_module

import pytest
from django.conf import settings
from wagtail.models import get_page_models

from core.models import BasePage

CONTENT_TAG = re.compile(r"{% (?P<tag>\w+_content)\b[^%]* as content %}")
NAMED = re.compile(r"Its template shows `(?P<module>[\w.]+)\.(?P<function>\w+)`\.")
OURS = [model for model in get_page_models() if issubclass(model, BasePage) and model.is_creatable]


def content_tag_of(model: type[BasePage]) -> str:
    """Return the tag that hands the template of a page type its content; empty if the page's own fields are enough."""
    text = (settings.BASE_DIR / "templates" / model.template).read_text(encoding="utf-8")
    found = CONTENT_TAG.search(text)
    return found["tag"] if found else ""


WITH_CONTENT = [model for model in OURS if content_tag_of(model)]


def test_most_page_types_have_content_beside_their_fields() -> None:
    assert len(WITH_CONTENT) >= 12


@pytest.mark.parametrize("model", WITH_CONTENT, ids=lambda model: model.__name__)
def test_a_page_type_names_the_function_behind_its_template(model: type[BasePage]) -> None:
    found = NAMED.search(model.__doc__ or "")
    assert found, f"{model.__name__} does not say which function gives its template what it shows."
    assert found["function"] == content_tag_of(model)
    function = getattr(import_module(found["module"]), found["function"])
    assert function.__module__ == found["module"]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_the_template_of_a_page_type_stands_where_wagtail_looks_for_it(model: type[BasePage]) -> None:
    assert (settings.BASE_DIR / "templates" / model.template).exists()
