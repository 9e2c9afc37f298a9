"""Which static files are collected."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class SiteStaticFilesConfig(StaticFilesConfig):
    """Leaves out the stylesheet of wagtail-nhsuk-frontend.

    Ours is built from `frontend/`; theirs loads a font from another host, and names a map file it does not bring,
    which stops `collectstatic`.
    """

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "wagtailnhsukfrontend"]
