"""Which pages search engines are told of."""

from typing import Any

from wagtail.contrib.sitemaps import Sitemap

from core.visibility import hidden_pages, once


class PublicPagesSitemap(Sitemap):
    """Wagtail's sitemap, without the pages that another page hides, and without copies."""

    def items(self) -> Any:
        """Return the live, public pages of the site."""
        return once(super().items()).exclude(pk__in=hidden_pages().values("pk"))
