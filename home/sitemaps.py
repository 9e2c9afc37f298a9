"""Which pages search engines are told of."""

from typing import Any

from wagtail.contrib.sitemaps import Sitemap

from centres.queries import hidden_centre_services


class PublicPagesSitemap(Sitemap):
    """Wagtail's sitemap, without the pages whose service or centre is not public."""

    def items(self) -> Any:
        """Return the live, public pages of the site."""
        return super().items().exclude(pk__in=hidden_centre_services().values("pk"))
