"""The site has one time zone, made in one place."""

import re

from django.conf import settings

from core.timezone import LONDON
from testing.sources import ROOT, python_files

MADE = re.compile(r"""ZoneInfo\(\s*["']Europe/""")


def test_nothing_else_makes_the_time_zone() -> None:
    makers = [str(file.relative_to(ROOT)) for file in python_files() if MADE.search(file.read_text(encoding="utf-8"))]
    assert makers == ["core/timezone.py"]


def test_django_and_the_admin_keep_the_same_time() -> None:
    assert LONDON.key == settings.TIME_ZONE
    assert [LONDON.key] == settings.WAGTAIL_USER_TIME_ZONES
