"""The benchmark of search fills a site whose words are as common, and as rare, as it says."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page

from benchmarks.pages import measure
from benchmarks.search import PAGES_WITH_THE_RARE_WORD, RARE, SearchSize, Writer, fill_for_search
from leaflets.models import DocumentReading


@pytest.mark.usefixtures("no_site")
def test_one_word_is_nearly_everywhere_and_another_on_a_few_pages() -> None:
    paths = fill_for_search(SearchSize(pages=100, pdfs=3))
    assert not any(Page.find_problems())
    timings = list(measure(paths, requests=1))
    assert [timing.name for timing in timings] == ["rare word", "common word", "no hit", "misspelling"]
    assert Page.objects.search(RARE).count() == PAGES_WITH_THE_RARE_WORD
    assert Page.objects.search(Writer().common).count() > 95
    assert DocumentReading.objects.count() == 3


@pytest.mark.usefixtures("no_site")
def test_even_the_smallest_site_can_be_searched() -> None:
    assert len(list(measure(fill_for_search(SearchSize(pages=1, pdfs=1)), requests=1))) == 4


@pytest.mark.parametrize("options", [{"pages": 0}, {"pages": 1, "pdfs": 0}])
def test_sizes_must_be_positive(options: Any) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        call_command("bench", **options)
