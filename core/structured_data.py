"""What a page says of itself and of the site in schema.org's words (https://schema.org), only as far as it is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .addresses import absolute
from .models import BasePage, SiteSettings
from .navigation import NavigationLink

CONTEXT = {"@context": "https://schema.org"}


@dataclass(frozen=True)
class SharedPicture:
    """A picture of a page, for where the page is shared: its absolute address, its size in dots, what it shows."""

    url: str
    width: int
    height: int
    alt: str


def page_data(
    page: BasePage,
    *,
    url: str,
    settings: SiteSettings | None,
    trail: Sequence[NavigationLink],
    picture: SharedPicture | None,
    search_url: str,
) -> list[dict[str, Any]]:
    """Return the things that a page speaks of: itself, the way to it, and on the front page the site."""
    data: dict[str, Any] = CONTEXT | {"url": url} | page.structured_data
    if picture:
        data["image"] = {
            "@type": "ImageObject",
            "url": picture.url,
            "width": {"@type": "QuantitativeValue", "value": picture.width, "unitText": "px"},
            "height": {"@type": "QuantitativeValue", "value": picture.height, "unitText": "px"},
            "caption": picture.alt,
        }
    if settings and data.get("@type") in ("WebPage", "NewsArticle"):
        data["publisher"] = {"@type": "Organization", "name": settings.organisation_name}
    things = [data]
    if trail:
        things.append(_breadcrumbs(page, trail, url))
    elif settings:
        things += [_website(settings, search_url), _organisation(settings)]
    return things


def _breadcrumbs(page: BasePage, trail: Sequence[NavigationLink], url: str) -> dict[str, Any]:
    # The first step is the front page, which breadcrumbs call so.
    steps = [(link.title if place else "Home", absolute(link.url)) for place, link in enumerate(trail)]
    return CONTEXT | {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate([*steps, (page.title, url)], 1)
        ],
    }


def _website(settings: SiteSettings, search_url: str) -> dict[str, Any]:
    # "query-input" is how actions name what they ask for: https://schema.org/docs/actions.html
    return CONTEXT | {
        "@type": "WebSite",
        "name": settings.organisation_name,
        "url": absolute("/"),
        "inLanguage": "en-GB",
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{absolute(search_url)}?query={{search_term}}"},
            "query-input": "required name=search_term",
        },
    }


def _organisation(settings: SiteSettings) -> dict[str, Any]:
    said = {
        "email": settings.contact_email,
        "telephone": settings.contact_telephone,
        "address": ", ".join(settings.contact_address.splitlines()),
    }
    return CONTEXT | {
        "@type": "Organization",
        "name": settings.organisation_name,
        "url": absolute("/"),
        **{name: value for name, value in said.items() if value},
    }
