"""Editors' picks: pages that editors want first for certain words (Wagtail's promoted search results)."""

from dataclasses import dataclass

from django.http import HttpRequest
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Page

from .normalisation import meaningful, stems, words_of
from .texts import Texts
from .understanding import Understood


@dataclass(frozen=True)
class PromotedResult:
    """A pick as it is shown: a page of this site, or an address elsewhere."""

    title: str
    description: str
    page: Page | None
    external_url: str

    def url(self, request: HttpRequest) -> str:
        """Return where it leads."""
        return (self.page.get_url(request) or "") if self.page else self.external_url


def promoted_results(understood: Understood, texts: Texts) -> list[PromotedResult]:
    """Return the picks for a query, in the editors' order.

    Wagtail compares the letters; here "Blood test" is the same as "blood tests please". It takes one query, and
    another if any pick leads to a page, which must be public.
    """
    asked = set(stems(understood.text_words))
    if not asked:
        return []
    promotions = SearchPromotion.objects.select_related("query").order_by("sort_order", "pk")
    chosen = [each for each in promotions if set(stems(meaningful(words_of(each.query.query_string)))) == asked]
    pages = [each.page_id for each in chosen if each.page_id]
    public = texts.pages.in_bulk(pages) if pages else {}
    return [
        PromotedResult(
            title=public[each.page_id].title if each.page_id else each.external_link_text or each.external_link_url,
            description=each.description,
            page=public[each.page_id] if each.page_id else None,
            external_url=each.external_link_url,
        )
        for each in chosen
        if not each.page_id or each.page_id in public
    ]
