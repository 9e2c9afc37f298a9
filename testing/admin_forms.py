"""Fills in and sends the admin's own page forms, as a browser would."""

from typing import Any

from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html, streamfield

Blocks = list[tuple[str, Any]]


def edit_url(page: Page) -> str:
    """Return the address of a page's edit screen."""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def create_url(parent: Page, model: type[Page]) -> str:
    """Return the address of the screen that creates a page beneath `parent`."""
    return reverse("wagtailadmin_pages:add", args=[model._meta.app_label, model._meta.model_name, parent.pk])


def shown_form(client: Client, url: str, model: type[Page], streams: dict[str, Blocks] | None = None) -> QueryDict:
    """Return what the form at `url` would send if nobody typed anything.

    JavaScript draws the stream fields, so they are not in the HTML: each is sent empty, or with the blocks in
    `streams`, as (type, value) pairs.
    """
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    data = querydict_from_html(response.content.decode(), form_id="page-edit-form")
    for field in model._meta.get_fields():
        if isinstance(field, StreamField):
            fill(data, **{field.name: streamfield((streams or {}).get(field.name, []))})
    return data


def fill(data: QueryDict, **values: Any) -> QueryDict:
    """Type `values` into the form; dicts and lists stand for what is nested, as in Wagtail's `nested_form_data`."""
    for name, value in nested_form_data(values).items():
        data[name] = value
    return data


def tick(data: QueryDict, name: str, *values: Any) -> QueryDict:
    """Tick these boxes of a field and no others."""
    data.setlist(name, [str(value) for value in values])
    return data


def add_row(data: QueryDict, formset: str, **values: Any) -> int:
    """Add a row to an inline formset as its "Add" button does; return its number."""
    number = int(str(data[f"{formset}-TOTAL_FORMS"]))
    data[f"{formset}-TOTAL_FORMS"] = str(number + 1)
    for name, value in {"id": "", "ORDER": number + 1, "DELETE": "", **values}.items():
        data[f"{formset}-{number}-{name}"] = str(value)
    return number


def send(client: Client, url: str, data: QueryDict, action: str = "publish") -> HttpResponseBase:
    """Press a button of the form: "publish", or "" for "Save draft"."""
    data = data.copy()
    if action:
        data[f"action-{action}"] = action
    return client.post(url, data.urlencode(), content_type="application/x-www-form-urlencoded")


def preview(client: Client, url: str, data: QueryDict) -> HttpResponseBase:
    """Return the preview that the editor sees beside the form at `url`."""
    if "/edit/" in url:
        preview_url = f"{url}preview/"
    else:
        *_, app, model, parent, _ = url.split("/")
        preview_url = reverse("wagtailadmin_pages:preview_on_add", args=[app, model, parent])
    answer = client.post(preview_url, data.urlencode(), content_type="application/x-www-form-urlencoded")
    assert answer.json()["is_valid"], answer.json()
    return client.get(preview_url)
