"""The last part of a page's address, made from its title in whatever script that is."""

import unicodedata

from django.utils.text import slugify
from wagtail.coreutils import string_to_ascii
from wagtail.models import Page

# Room for a number after it, in addresses that people can still copy.
LONGEST = 200
# What can be said of a title in no letters at all.
NO_NAME = "page"


def is_usable(slug: str) -> bool:
    """Whether an address has something to read in it: the admin's script makes "------" of what it cannot spell."""
    return any(sign.isalnum() for sign in slug)


def slug_of(title: str) -> str:
    """Return a title as the end of an address: ASCII letters, digits and hyphens, other scripts spelt in them."""
    plain = slugify(title)
    spelt = unicodedata.normalize("NFKD", title)
    if not plain or any(sign.isalpha() and not sign.isascii() for sign in spelt):
        # Emoji come as ":person_juggling:".
        plain = slugify(string_to_ascii(title).replace(":", " ").replace("_", " "))
    return plain[:LONGEST].strip("-_") or NO_NAME


def free_slug(title: str, *, parent: Page | None, page: Page) -> str:
    """Return the end of an address for `page`, made from `title`, that no other page beneath `parent` has."""
    slug = slug_of(title)
    if parent is None:
        return slug
    siblings = parent.get_children().filter(slug__startswith=slug).exclude(pk=page.pk)
    taken = set(siblings.values_list("slug", flat=True))
    number = 1
    free = slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free


def ensure_slug(page: Page) -> None:
    """Give a page an address that can be read, once it is known where it is; Wagtail knows Latin letters only."""
    if page.path and not is_usable(page.slug):
        page.slug = free_slug(page.title, parent=page.get_parent(), page=page)
