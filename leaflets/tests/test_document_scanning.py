"""Documents are shown to the virus scanner as pictures are."""

import pytest
from django.test import Client
from pytest_django import Settings

from core.models import SiteDocument
from core.tests.test_virus_scanner import VIRUS, honest, scanner

from .pdfs import text_pdf
from .uploading import choose, replace, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("temporary_media")]


def test_a_document_with_a_virus_is_refused_beside_the_field(admin_client: Client, settings: Settings) -> None:
    with scanner(honest) as settings.CLAMD_ADDRESS:
        for how in (upload, choose):
            assert "A virus was found in this file" in how(admin_client, "a.pdf", text_pdf() + VIRUS).refusal
        document = upload(admin_client, "a.pdf", text_pdf()).document
        assert document is not None
        assert "A virus was found" in replace(admin_client, document, "a.pdf", text_pdf("New") + VIRUS).refusal
    refused = choose(admin_client, "b.pdf", text_pdf("Other"), title="What was typed")
    assert "could not be checked for viruses" in refused.refusal
    assert "What was typed" in refused.shown
    assert SiteDocument.objects.count() == 1
