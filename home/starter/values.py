"""Turns the values of the starter content's data files into what fields of pages hold."""

import re
from typing import Any

import yaml
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import RichTextField, StreamField

from core.models import BasePage
from core.starter_content import StarterContentError, by_field

NOT_FIELDS = {"path", "type", "order", "source", "field_sources"}
INTERNAL_LINK = re.compile(r'<a href="(/[^"]*)">')
# Ids and keys that are new each time say nothing about whether the content is the same.
CHANGING_KEYS = {"id", "pk", "key", "sort_order", "centre", "seen_date", "earlier_dates"}
# By path in the data files; None for a page that somebody deleted.
StarterPages = dict[str, BasePage | None]


def set_field(page: BasePage, name: str, value: Any, pages: StarterPages, path: str) -> None:
    """Give a page's field the value of the data file. Raises StarterContentError for what the field refuses."""
    field = field_of(type(page), name, path)
    if isinstance(field, StreamField):
        setattr(page, name, _body(field, value, pages, f"{path}: {name}"))
    elif isinstance(field, ParentalManyToManyField):
        setattr(page, name, [page_at(each, pages, path) for each in value if pages.get(each, page) is not None])
    elif isinstance(field, models.ForeignKey):
        setattr(page, name, page_at(value, pages, path))
    elif isinstance(field, models.ManyToOneRel):
        setattr(page, name, [_row(field, row, number, f"{path}: {name}") for number, row in enumerate(value)])
    elif isinstance(field, RichTextField):
        setattr(page, name, linked(value, pages, path))
    else:
        setattr(page, name, plain(field, value, f"{path}: {name}"))


def field_of(model: type[models.Model], name: str, where: str) -> Any:
    """Return a field by name. Raises StarterContentError if there is none."""
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist as error:
        raise StarterContentError(f"{where}: {model.__name__} has no field “{name}”.") from error


def plain(field: Any, value: Any, where: str) -> Any:
    """Return a value as the field holds it: a date that was written as text becomes a date."""
    try:
        return field.to_python(value.strip() if isinstance(value, str) else value)
    except ValidationError as error:
        raise StarterContentError(f"{where}: {' '.join(error.messages)}") from error


def _row(relation: models.ManyToOneRel, data: dict[str, Any], number: int, where: str) -> models.Model:
    """Return a milestone or partner of these data, validated."""
    model = relation.related_model
    names = [name for name in data if name not in NOT_FIELDS]
    row = model(sort_order=number, **{name: plain(field_of(model, name, where), data[name], where) for name in names})
    try:
        row.full_clean(exclude=[relation.field.name])
    except ValidationError as error:
        raise StarterContentError(f"{where}: {by_field(error)}") from error
    return row


def _body(field: Any, blocks: list[dict[str, Any]], pages: StarterPages, where: str) -> Any:
    """Return the blocks of a body, validated as the admin does."""
    stored = [_block(block, pages, where) for block in blocks]
    if unknown := {block["type"] for block in stored} - set(field.stream_block.child_blocks):
        raise StarterContentError(f"{where}: there is no block “{'” and no “'.join(sorted(unknown))}”.")
    try:
        return field.stream_block.clean(field.stream_block.to_python(stored))
    except ValidationError as error:
        raise StarterContentError(f"{where}: {_block_messages(error)}") from error


def page_at(path: str, pages: StarterPages, used_on: str) -> BasePage:
    """Return the page at a path. Raises StarterContentError if there is none."""
    page = pages.get(path)
    if page is None:
        raise StarterContentError(f"{used_on}: there is no page at {path}.")
    return page


def linked(html: str, pages: StarterPages, path: str) -> str:
    """Return rich text whose links to paths are Wagtail's links to pages, so that they follow a renamed page."""
    return INTERNAL_LINK.sub(lambda link: _link_to(link[1], pages, path), " ".join(html.split()))


def _link_to(target: str, pages: StarterPages, path: str) -> str:
    """Return the opening tag of a link; one to a deleted page leads nowhere and is shown as plain words."""
    if target in pages and pages[target] is None:
        return '<a linktype="page" id="0">'
    return f'<a linktype="page" id="{page_at(target, pages, path).pk}">'


def _block(block: dict[str, Any], pages: StarterPages, path: str) -> dict[str, Any]:
    """Return a block as Wagtail stores it."""
    [(name, value)] = [(key, value) for key, value in block.items() if key != "source"]
    return {"type": name, "value": _block_value(value, pages, path)}


def _block_value(value: Any, pages: StarterPages, path: str) -> Any:
    if isinstance(value, str):
        return linked(value, pages, path)
    if isinstance(value, list):
        # A list of one-key mappings is a stream inside a block.
        if value and all(isinstance(each, dict) and len(each) == 1 for each in value):
            return [_block(each, pages, path) for each in value]
        return [_block_value(each, pages, path) for each in value]
    if isinstance(value, dict):
        return {
            key: page_at(each, pages, path).pk if key == "internal_page" else _block_value(each, pages, path)
            for key, each in value.items()
        }
    return value


def comparable(value: Any) -> Any:
    """Return a value without what differs each time it is made."""
    if isinstance(value, str) and value[:1] in "[{":
        value = yaml.safe_load(value)
    if isinstance(value, dict):
        return {key: comparable(each) for key, each in value.items() if key not in CHANGING_KEYS}
    if isinstance(value, list):
        return [comparable(each) for each in value]
    return value


def _block_messages(error: ValidationError) -> str:
    """Return what is wrong with the blocks of a body, by position, however deep."""
    inner = getattr(error, "block_errors", None)
    if not inner:
        return " ".join(error.messages)
    pairs = inner.items() if isinstance(inner, dict) else enumerate(inner)
    return "; ".join(f"{position}: {_block_messages(each)}" for position, each in pairs if each)
