"""Fixtures of the tests that upload files."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def scratch_media(settings: Settings, tmp_path: Path) -> Path:
    """Keep what the test uploads in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"
