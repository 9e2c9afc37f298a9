"""Every address of the site: a few plain views, Wagtail's admin and documents, and the pages."""

from pathlib import Path

from django.conf import settings
from django.urls import include, path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from core.views import robots_txt, security_txt, shared_draft
from home.sitemaps import PublicPagesSitemap

urlpatterns = [
    path("admin/", include("accounts.password_urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include("leaflets.urls")),
    path("documents/", include(wagtaildocs_urls)),
    path("feeds/", include("news.urls")),
    path("calendars/", include("whats_on.urls")),
    path("search/", include("search.urls")),
    path("follow/", include("followers.urls")),
    path("drafts/<str:token>/", shared_draft, name="shared_draft"),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": PublicPagesSitemap}}, name="sitemap"),
    path("robots.txt", robots_txt, name="robots_txt"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("", include(wagtail_urls)),
]
if settings.SERVE_IMAGES:
    # Renditions only: originals and documents stay behind Wagtail's own views, which ask whether they are private.
    images = {"document_root": Path(settings.MEDIA_ROOT) / "images"}
    urlpatterns.insert(0, path("media/images/<path:path>", serve, images))

handler404 = "core.views.page_not_found"
