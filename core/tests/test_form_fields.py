"""The admin's fields of days and times, and blocks with them, read what people type and say what they cannot."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.forms.models import formfield_for_dbfield

from core.blocks.times import DateBlock, TimeBlock
from core.form_fields import DateField, DateTimeField, TimeField


@pytest.mark.parametrize(
    ("field", "typed", "meant"),
    [
        (TimeField(), "5.30pm", time(17, 30)),
        (DateField(), "29 September 2126", date(2126, 9, 29)),
        (DateTimeField(), "05/06/2126 5.30pm", datetime(2126, 6, 5, 16, 30, tzinfo=UTC)),
        (TimeField(), time(17, 30), time(17, 30)),
        (DateField(), date(2126, 9, 29), date(2126, 9, 29)),
        (DateTimeField(), datetime(2126, 6, 5, 16, 30, tzinfo=UTC), datetime(2126, 6, 5, 16, 30, tzinfo=UTC)),
        *((field(required=False), " ", None) for field in (TimeField, DateField, DateTimeField)),
    ],
)
def test_a_field_reads_what_is_typed(field: forms.Field, typed: Any, meant: Any) -> None:
    assert field.clean(typed) == meant


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        (TimeField(), "5.30", "“5.30” can be in the morning or in the evening. Type 5.30am or 5.30pm."),
        (DateField(), "31/02/2126", "“31/02/2126” is no day. Write it as 29/09/2020, with the day first."),
        (DateField(), date(9999, 1, 1), "Check the year 9999: it must be from 1900 to 2200."),
        (DateTimeField(), "05/06/2126", "Type the time too, after the day. For example: 05/06/2126 5.30pm"),
        (TimeField(), "", "This field is required."),
    ],
)
def test_a_field_says_what_it_cannot_read(field: forms.Field, typed: Any, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    assert refused.value.messages == [message]


@pytest.mark.parametrize(
    ("model_field", "form_class"),
    [(models.DateField(), DateField), (models.TimeField(), TimeField), (models.DateTimeField(), DateTimeField)],
)
def test_every_form_of_the_admin_asks_with_these_fields(model_field: Any, form_class: type[forms.Field]) -> None:
    model_field.name = "when"
    shown = formfield_for_dbfield(model_field)
    assert type(shown) is form_class
    assert type(shown.widget) is form_class.widget


def test_blocks_ask_with_these_fields_and_are_plain_blocks_to_migrations() -> None:
    assert TimeBlock().clean("5.30pm") == time(17, 30)
    assert DateBlock().clean("29 September 2126") == date(2126, 9, 29)
    with pytest.raises(ValidationError, match="Type 5am or 5pm"):
        TimeBlock().clean("5")
    assert TimeBlock(label="Opens").deconstruct()[0] == "wagtail.blocks.TimeBlock"
    assert DateBlock(required=False).deconstruct() == ("wagtail.blocks.DateBlock", (), {"required": False})
