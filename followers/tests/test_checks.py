"""What the settings of e-mail must be for others to use the site."""

from typing import Any

import pytest

from followers.checks import check_mail_goes_somewhere


@pytest.mark.parametrize("backend", ["console", "dummy", "filebased", "locmem"])
def test_mail_that_reaches_nobody_is_warned_of(settings: Any, backend: str) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    assert [found.id for found in check_mail_goes_somewhere()] == ["followers.W001"]


@pytest.mark.parametrize(
    "backend", ["django.core.mail.backends.smtp.EmailBackend", "followers.backends.notify.NotifyBackend"]
)
def test_mail_that_is_sent_is_fine(settings: Any, backend: str) -> None:
    settings.EMAIL_BACKEND = backend
    assert check_mail_goes_somewhere() == []
