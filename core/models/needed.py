"""The pages that the site cannot do without: those of which there is one, and those to which every page leads."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import Page, Site, get_page_models

from .settings import SiteSettings


def needed_pages(pages: Iterable[Page]) -> dict[int, str]:
    """Return why the site needs pages at or beneath `pages`, as the beginning of a sentence, by the key of the page.

    It is no list of addresses: a page is needed if its type allows one page only, or if every page leads there in its
    menu or at its foot. It takes a fixed number of queries.
    """
    beneath = Q(pk__in=[])
    for page in pages:
        beneath |= Q(path__startswith=page.path)
    only_ones = ContentType.objects.get_for_models(*(model for model in get_page_models() if model.max_count == 1))
    footer = {item["page"] for settings in SiteSettings.objects.all() for item in settings.footer_items}
    in_menu = Q(pk__in=[])
    for path, depth in Site.objects.values_list("root_page__path", "root_page__depth"):
        in_menu |= Q(path__startswith=path, depth=depth + 1, show_in_menus=True, live=True)
    why: dict[int, str] = {}
    for pk, title in Page.objects.filter(beneath & in_menu).values_list("pk", "title"):
        why[pk] = f"Every page leads to “{title}” in its menu. Untick “Show in the menu” there first"
    for pk, title in Page.objects.filter(beneath, pk__in=footer).values_list("pk", "title"):
        why[pk] = f"Every page leads to “{title}” at its foot. An administrator can change that, under Settings"
    for pk, title in Page.objects.filter(beneath, content_type__in=only_ones.values()).values_list("pk", "title"):
        why[pk] = f"The site needs “{title}”, which is the only page of its kind"
    return why


def refusal(pages: Iterable[Page], done: str) -> str:
    """Return why pages and what is beneath them cannot be `done` ("deleted") as is asked; "" if they can."""
    pages = list(pages)
    why = needed_pages(pages)
    if not why:
        return ""
    titles = ", ".join(f"“{page.title}”" for page in pages)
    return f"{titles} cannot be {done}. {'. '.join(why.values())}."
