"""Every address of the site: a few plain views, Wagtail's admin and documents, and the pages."""

from pathlib import Path

from django.conf import settings
from django.urls import include, path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from accounts.page_passwords import collection_password, page_password
from accounts.sign_in_views import frontend_login
from core.mail.provider_reports import report_urls
from core.views import robots_txt, security_txt, shared_draft
from home.sitemaps import PublicPagesSitemap

urlpatterns = [
    # Signing in, in the place of Wagtail's own forms: these know second factors, and guessing is slow.
    path("admin/", include("accounts.urls")),
    path("_util/login/", frontend_login),
    path("_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/", page_password),
    path("documents/authenticate_with_password/<int:restriction_id>/", collection_password),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include("leaflets.urls")),
    path("documents/", include(wagtaildocs_urls)),
    path("feeds/", include("news.urls")),
    path("calendars/", include("whats_on.urls")),
    path("search/", include("search.urls")),
    path("follow/", include("followers.urls")),
    path("mail/", include(report_urls())),
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
