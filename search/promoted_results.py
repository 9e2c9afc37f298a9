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
        """Return the address of the page, or the one elsewhere."""
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
    chosen = [
        promotion for promotion in promotions if set(stems(meaningful(words_of(promotion.query.query_string)))) == asked
    ]
    pages = [promotion.page_id for promotion in chosen if promotion.page_id]
    public = texts.pages.in_bulk(pages) if pages else {}
    return [
        PromotedResult(
            title=public[promotion.page_id].title
            if promotion.page_id
            else promotion.external_link_text or promotion.external_link_url,
            description=promotion.description,
            page=public[promotion.page_id] if promotion.page_id else None,
            external_url=promotion.external_link_url,
        )
        for promotion in chosen
        if not promotion.page_id or promotion.page_id in public
    ]
