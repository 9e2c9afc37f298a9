"""Puts the starter content of `home/starter/` on the site, through the same validation as the admin."""

import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models, transaction
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import RichTextField, StreamField
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, Site

from core.models import BasePage, SiteSettings

from .models import HomePage

STARTER = Path(__file__).parent / "starter"
NOT_FIELDS = {"path", "type", "order", "source", "field_sources"}
INTERNAL_LINK = re.compile(r'<a href="(/[^"]*)">')
# Ids and keys that are new each time say nothing about whether the content is the same.
CHANGING_KEYS = {"id", "pk", "key", "sort_order", "centre", "seen_date", "earlier_dates"}

PageData = dict[str, Any]
# By path in the data files; None for a page that somebody deleted.
StarterPages = dict[str, BasePage | None]
# Written in a page's history when it is made, so that it is known again wherever editors move it.
MADE = "home.starter_content"


class StarterContentError(Exception):
    """The data files hold something the site refuses; the message says where and what."""


def read_starter_pages(folder: Path = STARTER) -> list[PageData]:
    """Return the pages of the data files, parents before children, siblings in their order.

    Raises StarterContentError for a page without a path, type or source.
    """
    pages: list[PageData] = []
    for file in sorted(folder.rglob("*.yaml")):
        if file.name == "settings.yaml":
            continue
        for page in yaml.safe_load(file.read_text(encoding="utf-8"))["pages"]:
            missing = [key for key in ("path", "type", "source") if not page.get(key)]
            if missing:
                raise StarterContentError(f"{file.name}: a page has no {' and no '.join(missing)}.")
            pages.append(page)
    return sorted(pages, key=lambda page: (page["path"].count("/"), page.get("order", len(pages))))


@transaction.atomic
def load_starter_content(folder: Path = STARTER) -> Counter[str]:
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
    _load_settings(folder / "settings.yaml", pages)
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
    model: type[BasePage] = apps.get_model(page_data["type"])
    path: str = page_data["path"]
    if path == "/":
        page: BasePage = _create_home(page_data["title"])
    else:
        parent = pages.get(_parent_path(path))
        if parent is None:
            raise StarterContentError(f"{path}: there is no page at {_parent_path(path)} to put it under.")
        slug = path.rstrip("/").rpartition("/")[2]
        page = model(title=page_data.get("title", slug), slug=slug, live=False)
        for field in model._meta.fields:
            # A page cannot be saved without the page it must point to.
            if isinstance(field, models.ForeignKey) and not field.null and field.name in page_data:
                setattr(page, field.name, _page_at(page_data[field.name], pages, path))
        parent.add_child(instance=page)
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
    address = urlsplit(settings.WAGTAILADMIN_BASE_URL)
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
        _set_field(page, name, page_data[name], pages, page_data["path"])
    after = page.serializable_data()
    return any(_comparable(before.get(name)) != _comparable(after.get(name)) for name in names)


def _set_field(page: BasePage, name: str, value: Any, pages: StarterPages, path: str) -> None:
    try:
        field = page._meta.get_field(name)
    except FieldDoesNotExist as error:
        raise StarterContentError(f"{path}: {type(page).__name__} has no field “{name}”.") from error
    if isinstance(field, StreamField):
        blocks = field.stream_block.to_python([_block(block, pages, path) for block in value])
        try:
            setattr(page, name, field.stream_block.clean(blocks))
        except ValidationError as error:
            raise StarterContentError(f"{path}: {name}: {_block_messages(error)}") from error
    elif isinstance(field, ParentalManyToManyField):
        setattr(page, name, [_page_at(each, pages, path) for each in value if pages.get(each, page) is not None])
    elif isinstance(field, models.ForeignKey):
        setattr(page, name, _page_at(value, pages, path))
    elif isinstance(field, models.ManyToOneRel):
        rows = [{key: each[key] for key in each if key not in NOT_FIELDS} for each in value]
        setattr(page, name, [field.related_model(sort_order=number, **row) for number, row in enumerate(rows)])
    elif isinstance(field, RichTextField):
        setattr(page, name, _linked(value, pages, path))
    else:
        setattr(page, name, value.strip() if isinstance(value, str) else value)


def _page_at(path: str, pages: StarterPages, used_on: str) -> BasePage:
    page = pages.get(path)
    if page is None:
        was = "was deleted" if path in pages else "does not exist"
        raise StarterContentError(f"{used_on}: the page {path} {was}.")
    return page


def _linked(html: str, pages: StarterPages, path: str) -> str:
    """Return rich text whose links to paths are Wagtail's links to pages, so that they follow a renamed page."""
    return INTERNAL_LINK.sub(lambda link: _link_to(link[1], pages, path), " ".join(html.split()))


def _link_to(target: str, pages: StarterPages, path: str) -> str:
    """Return the opening tag of a link; one to a deleted page leads nowhere and is shown as plain words."""
    if target in pages and pages[target] is None:
        return '<a linktype="page" id="0">'
    return f'<a linktype="page" id="{_page_at(target, pages, path).pk}">'


def _block(block: dict[str, Any], pages: StarterPages, path: str) -> dict[str, Any]:
    """Return a block as Wagtail stores it."""
    [(name, value)] = [(key, value) for key, value in block.items() if key != "source"]
    return {"type": name, "value": _block_value(value, pages, path)}


def _block_value(value: Any, pages: StarterPages, path: str) -> Any:
    if isinstance(value, str):
        return _linked(value, pages, path)
    if isinstance(value, list):
        # A list of one-key mappings is a stream inside a block.
        if value and all(isinstance(each, dict) and len(each) == 1 for each in value):
            return [_block(each, pages, path) for each in value]
        return [_block_value(each, pages, path) for each in value]
    if isinstance(value, dict):
        return {
            key: _page_at(each, pages, path).pk if key == "internal_page" else _block_value(each, pages, path)
            for key, each in value.items()
        }
    return value


def _comparable(value: Any) -> Any:
    """Return a value without what differs each time it is made."""
    if isinstance(value, str) and value[:1] in "[{":
        value = yaml.safe_load(value)
    if isinstance(value, dict):
        return {key: _comparable(each) for key, each in value.items() if key not in CHANGING_KEYS}
    if isinstance(value, list):
        return [_comparable(each) for each in value]
    return value


def _publish(page: BasePage, path: str) -> None:
    """Validate a page as the admin does, and publish it."""
    try:
        page.full_clean()
    except ValidationError as error:
        said = "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
        raise StarterContentError(f"{path}: {said}") from error
    page.save_revision(clean=False).publish()
    page.refresh_from_db()


def _block_messages(error: ValidationError) -> str:
    """Return what is wrong with the blocks of a body, by position, however deep."""
    inner = getattr(error, "block_errors", None)
    if not inner:
        return " ".join(error.messages)
    pairs = inner.items() if isinstance(inner, dict) else enumerate(inner)
    return "; ".join(f"{position}: {_block_messages(each)}" for position, each in pairs if each)


def _load_settings(file: Path, pages: StarterPages) -> None:
    """Fill in the site settings, if nobody has yet."""
    site = Site.objects.get(is_default_site=True)
    site_settings = SiteSettings.for_site(site)
    if site_settings.urgent_999 or site_settings.footer_links:
        return
    for name, value in yaml.safe_load(file.read_text(encoding="utf-8")).items():
        if name == "footer_links":
            links = [{"text": "", "page": _page_at(path, pages, file.name).pk, "url": ""} for path in value]
            field = SiteSettings._meta.get_field(name)
            blocks = [{"type": "link", "value": link} for link in links]
            setattr(site_settings, name, field.stream_block.to_python(blocks))
        elif name not in NOT_FIELDS:
            is_rich = isinstance(SiteSettings._meta.get_field(name), RichTextField)
            setattr(site_settings, name, _linked(value, pages, file.name) if is_rich else value.strip())
    site_settings.full_clean()
    site_settings.save()
