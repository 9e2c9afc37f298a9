"""Puts the starter content of `home/starter/content/` on the site, through the same validation as the admin."""

from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from wagtail.fields import RichTextField
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, Site

from core.addresses import base_url
from core.models import BasePage, SiteSettings
from core.starter_content import MADE, StarterContentError, by_field, readers
from home.models import HomePage

from .values import (
    NOT_FIELDS,
    StarterPages,
    comparable,
    field_of,
    linked,
    page_at,
    plain,
    set_field,
)

CONTENT = Path(__file__).parent / "content"

SETTINGS = "settings.yaml"

PageData = dict[str, Any]


def read_starter_pages(folder: Path = CONTENT) -> list[PageData]:
    """Return the pages of the data files, parents before children, siblings in their order.

    Raises StarterContentError for a page without a path, type or source.
    """
    pages: list[PageData] = []
    for file in sorted(folder.rglob("*.yaml")):
        if file.name in {SETTINGS, *readers}:
            continue
        for page in yaml.safe_load(file.read_text(encoding="utf-8"))["pages"]:
            missing = [key for key in ("path", "type", "source") if not page.get(key)]
            if missing:
                raise StarterContentError(f"{file.name}: a page has no {' and no '.join(missing)}.")
            pages.append(page)
    return sorted(pages, key=lambda page: (page["path"].count("/"), page.get("order", len(pages))))


@transaction.atomic
def load_starter_content(folder: Path = CONTENT) -> Counter[str]:
    """Create or refresh the pages and settings of the data files.

    A page that somebody has changed in the admin stays as it is, wherever it was moved; one that somebody deleted
    stays away, with what would be beneath it; settings that were filled in stay. Returns how many pages were
    "created", "refreshed", "unchanged", "kept" (because they were edited) and "gone" (because they were deleted).
    Raises StarterContentError, and changes nothing, if any page does not validate.
    """
    data = read_starter_pages(folder)
    outcomes: Counter[str] = Counter()
    pages: StarterPages = {}
    created: set[str] = set()
    known = _pages_made_before()
    for page_data in data:
        path = page_data["path"]
        if path in known:
            pages[path] = known[path]
        elif _parent_path(path) in pages and pages[_parent_path(path)] is None:
            pages[path] = None
        else:
            pages[path] = _create(page_data, pages)
            created.add(path)
    for page_data in data:
        path = page_data["path"]
        page = pages[path]
        if page is None:
            outcomes["gone"] += 1
        elif path not in created and was_edited(page):
            outcomes["kept"] += 1
        elif _fill(page, page_data, pages) or path in created:
            _publish(page, path)
            outcomes["created" if path in created else "refreshed"] += 1
        else:
            outcomes["unchanged"] += 1
    _load_settings(folder / SETTINGS, pages)
    _read_others(folder)
    return outcomes


def was_edited(page: Page) -> bool:
    """Whether a person has changed the page in the admin since it was made."""
    return PageLogEntry.objects.filter(page=page.pk, user__isnull=False).exists()


def _pages_made_before() -> StarterPages:
    """Return the pages that earlier runs made, by path in the data files; None for one that was deleted since."""
    made = {
        entry.data["starter_path"]: entry.page_id
        for entry in PageLogEntry.objects.filter(action=MADE).order_by("timestamp")
    }
    pages = {page.pk: page.specific for page in Page.objects.filter(pk__in=made.values())}
    return {path: pages.get(pk) for path, pk in made.items()}


def _parent_path(path: str) -> str:
    return f"{path.rstrip('/').rpartition('/')[0]}/"


def _create(page_data: PageData, pages: StarterPages) -> BasePage:
    """Return the page of these data, made as an empty draft."""
    path: str = page_data["path"]
    try:
        model: type[BasePage] = apps.get_model(page_data["type"])
    except (LookupError, ValueError) as error:
        raise StarterContentError(f"{path}: there is no page type {page_data['type']}.") from error
    if path == "/":
        page: BasePage = _create_home(page_data["title"])
    else:
        parent = pages.get(_parent_path(path))
        if parent is None:
            raise StarterContentError(f"{path}: there is no page at {_parent_path(path)} to put it under.")
        slug = path.rstrip("/").rpartition("/")[2]
        page = model(title=page_data.get("title", slug), slug=slug, live=False)
        for field in model._meta.fields:
            # Even a draft cannot be saved without these: the page that it must point to, its date.
            if not field.null and field.get_default() is None and field.name in page_data:
                set_field(page, field.name, page_data[field.name], pages, path)
        try:
            parent.add_child(instance=page)
        except ValidationError as error:
            raise StarterContentError(f"{path}: {' '.join(error.messages)}") from error
        except IntegrityError as error:
            raise StarterContentError(f"{path}: something that it must have is missing ({error}).") from error
    log(instance=page, action=MADE, data={"starter_path": path})
    return page


def _create_home(title: str) -> HomePage:
    """Create the home page in place of Wagtail's welcome page, and point the site to it."""
    root = Page.get_first_root_node()
    welcome = list(root.get_children().filter(content_type__model="page"))
    for page in welcome:
        page.slug = f"old-{page.pk}"
        page.save()
    home = root.add_child(instance=HomePage(title=title, slug="home", live=False))
    address = urlsplit(base_url())
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "root_page": home,
            "hostname": address.hostname or "localhost",
            "port": address.port or (443 if address.scheme == "https" else 80),
            "site_name": settings.WAGTAIL_SITE_NAME,
        },
    )
    for page in welcome:
        page.delete()
    return home


def _fill(page: BasePage, page_data: PageData, pages: StarterPages) -> bool:
    """Set the fields of a page from its data; return whether that changed anything."""
    before = page.serializable_data()
    names = [name for name in page_data if name not in NOT_FIELDS]
    for name in names:
        set_field(page, name, page_data[name], pages, page_data["path"])
    after = page.serializable_data()
    return any(comparable(before.get(name)) != comparable(after.get(name)) for name in names)


def _publish(page: BasePage, path: str) -> None:
    """Validate a page as the admin does, and publish it."""
    try:
        page.full_clean()
    except ValidationError as error:
        raise StarterContentError(f"{path}: {by_field(error)}") from error
    page.save_revision(clean=False).publish()
    page.refresh_from_db()


def _read_others(folder: Path) -> None:
    """Hand the files that hold no pages to the apps that read them."""
    for name, reader in readers.items():
        if (file := folder / name).exists():
            reader(yaml.safe_load(file.read_text(encoding="utf-8")))


def _load_settings(file: Path, pages: StarterPages) -> None:
    """Fill in the site settings, if nobody has yet."""
    site = Site.objects.get(is_default_site=True)
    site_settings = SiteSettings.for_site(site)
    if site_settings.urgent_999 or site_settings.footer_links:
        return
    for name, value in yaml.safe_load(file.read_text(encoding="utf-8")).items():
        if name in NOT_FIELDS:
            continue
        field = field_of(SiteSettings, name, file.name)
        if name == "footer_links":
            there = [path for path in value if pages.get(path, site) is not None]
            links = [{"text": "", "page": page_at(path, pages, file.name).pk, "url": ""} for path in there]
            setattr(site_settings, name, field.to_python([{"type": "link", "value": link} for link in links]))
        elif isinstance(field, RichTextField):
            setattr(site_settings, name, linked(value, pages, file.name))
        else:
            setattr(site_settings, name, plain(field, value, f"{file.name}: {name}"))
    try:
        site_settings.full_clean()
    except ValidationError as error:
        raise StarterContentError(f"{file.name}: {by_field(error)}") from error
    site_settings.save()
