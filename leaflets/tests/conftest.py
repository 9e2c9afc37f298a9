"""Fixtures of the tests that need real files."""

from pathlib import Path

import pytest
from pytest_django import Settings

from core.models import SiteDocument
from home.factories import SmallSite
from leaflets.factories import LeafletFileFactory, LeafletPageFactory
from leaflets.models import LeafletPage

from .files import document_of
from .pdfs import text_pdf


@pytest.fixture
def temporary_media(settings: Settings, tmp_path: Path) -> Path:
    """Keep what the test uploads in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def document(db: None, temporary_media: Path) -> SiteDocument:
    """A PDF of two pages with nothing wrong, which has been read."""
    return document_of(text_pdf())


@pytest.fixture
def leaflet(small_site: SmallSite, document: SiteDocument) -> LeafletPage:
    """A public leaflet that offers the document."""
    page: LeafletPage = LeafletPageFactory.create(parent=small_site.leaflets)
    LeafletFileFactory.create(leaflet=page, document=document)
    return page
