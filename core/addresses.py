"""The one address of the site, which whatever leads here from elsewhere names; and what of the site is the admin."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def base_url() -> str:
    """Return the address of the site without a slash at its end, as in "https://www.example.org".

    It is the setting BASE_URL, and neither the host that a visitor asked for (who may have any name that ALLOWED_HOSTS
    takes) nor that of Wagtail's record of the site (which cannot say a scheme beside its port).
    """
    return str(settings.WAGTAILADMIN_BASE_URL).rstrip("/")


def absolute(path: str) -> str:
    """Return the whole address of a path such as "/centres/"; what is a whole address already is returned as it is."""
    return path if path.startswith(("https://", "http://")) else f"{base_url()}{path}"


def is_in_admin(request: HttpRequest) -> bool:
    """Whether a request is for something beneath the admin's address."""
    return request.path_info.startswith(reverse("wagtailadmin_home"))
