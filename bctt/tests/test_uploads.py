"""Every screen that takes a file, with hostile and odd ones: each is kept, or refused in words."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from core.models import SiteDocument, SiteImage
from testing.pictures import TELLING
from testing.uploads import NAMES, Upload, corpus, traces_left, try_uploads

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:[Uu]nclosed file <tempfile.SpooledTemporaryFile"),
    pytest.mark.filterwarnings("ignore:Image appears to be a malformed MPO"),
]


@pytest.fixture(autouse=True)
def _temporary_media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.READ_FILES_SECONDS = 1


@pytest.fixture
def files() -> list[Upload]:
    return corpus()


@pytest.mark.security
def test_no_upload_ends_in_an_error_or_without_a_word(
    admin_client: Client, files: list[Upload], measured: Callable[[str], None]
) -> None:
    assert len(files) >= 60
    figures = try_uploads(admin_client, files, ["several"])
    measured(
        f"Uploads: {figures.files} files, {len(figures.errors)} errors of the server (0), "
        f"{figures.growth:.0f} MB more memory (200)"
    )
    assert figures.errors == []
    assert figures.bare == []
    assert figures.kept >= 30
    assert figures.requests == figures.files == len(files)
    assert figures.growth <= 200


@pytest.mark.parametrize("way", ["one", "chooser"])
def test_the_other_screens_answer_likewise(admin_client: Client, files: list[Upload], way: str) -> None:
    figures = try_uploads(admin_client, [file for file in files if file.name[:-4] in NAMES][::3] + files[::12], [way])
    assert (figures.errors, figures.bare) == ([], [])
    assert figures.kept >= 15


def test_a_long_name_is_shortened_to_whole_words_and_kept(admin_client: Client, files: list[Upload]) -> None:
    named = [file for file in files if file.name.startswith(("word ", "صورة", "lpt1", "photo\u202e", "dots."))]
    try_uploads(admin_client, named, ["several"], forget=False)
    names = {document.filename for document in SiteDocument.objects.all()}
    assert len(names) == SiteImage.objects.count() == 5
    assert any(name.startswith("word_word_") and name.endswith("_word.pdf") for name in names)
    assert any(name.startswith("صورة_المركز_الصحي_الجديد") for name in names)
    assert "file-lpt1.pdf" in names
    assert "photogpj.pdf" in names


@pytest.mark.security
def test_no_format_keeps_a_trace_of_where_it_was_taken(
    admin_client: Client, tmp_path: Path, measured: Callable[[str], None]
) -> None:
    left = traces_left(admin_client, tmp_path)
    measured(f"Pictures: {len(left)} formats, {sum(map(len, left.values()))} traces of place, time or device (0)")
    assert left == {name: [] for name in TELLING}
