"""Pictures say nothing but what they show, whatever their format and whichever way they come in."""

from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings
from wagtail.images.models import SourceImageIOError
from wagtail.users.models import UserProfile

from core.images.cleaning import clean_picture
from core.images.containers import is_clean
from core.models import SiteImage, SiteRendition
from testing.pictures import (
    BLUE,
    GREEN,
    RED,
    TELLING,
    TURNED,
    WHITE,
    avif,
    corners,
    four_corners,
    heic,
    ink_profile,
    jpeg,
    moving_webp,
    mpo,
    png,
    traces,
    wide_profile,
)
from users.models import User

from .test_uploads import choose, picture, upload

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:[Uu]nclosed file <tempfile.SpooledTemporaryFile"),
    # Pillow, of one of our own pictures, which has no real second one.
    pytest.mark.filterwarnings("ignore:Image appears to be a malformed MPO"),
]
MOVING = {"moving.gif", "moving.webp"}


@pytest.fixture(autouse=True)
def _temporary_media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def stored(tmp_path: Path) -> list[bytes]:
    return [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]


def opened(content: bytes) -> Any:
    return Image.open(BytesIO(content))


def cleaned(content: bytes, name: str = "photo.jpg") -> bytes:
    return bytes(clean_picture(ContentFile(content, name=name)).read())


def uncleaned_image(tmp_path: Path, content: bytes, name: str = "photo.jpg", **values: Any) -> SiteImage:
    """Return an image as it was stored before uploads were cleaned."""
    image: SiteImage = SiteImage.objects.create(title="Old", file=ContentFile(picture("JPEG"), name=name))
    Path(image.file.path).write_bytes(content)
    width, height = opened(content).size
    SiteImage.objects.filter(pk=image.pk).update(width=width, height=height, **values)
    return SiteImage.objects.get(pk=image.pk)


def near(colour: tuple[int, ...], other: tuple[int, ...], most: int = 4) -> bool:
    return all(abs(one - two) <= most for one, two in zip(colour, other, strict=True))


@pytest.mark.parametrize("name", TELLING)
def test_our_examples_tell_what_they_must_not(name: str) -> None:
    assert "words" in traces(TELLING[name]())
    assert not is_clean(TELLING[name]())


@pytest.mark.parametrize(("name", "how"), [*((name, upload) for name in TELLING), ("photo.heic", choose)])
def test_an_uploaded_picture_and_its_sizes_tell_nothing(
    admin_client: Client, tmp_path: Path, name: str, how: Any
) -> None:
    is_kept, said = how(admin_client, name, TELLING[name]())
    assert is_kept, said
    image = SiteImage.objects.get()
    image.get_rendition("max-40x40|format-webp")
    image.get_rendition("original")
    files = stored(tmp_path)
    assert len(files) >= 3
    assert [traces(content) for content in files] == [[]] * len(files)
    with image.open_file() as file:
        frames = getattr(Image.open(file), "n_frames", 1)
    assert (frames > 1) == (name in MOVING)
    assert Path(image.file.name).suffix in {".jpg", ".png", ".gif", ".webp"}


def test_a_replaced_picture_tells_nothing(admin_client: Client, tmp_path: Path) -> None:
    upload(admin_client, "first.jpg", picture("JPEG"))
    image = SiteImage.objects.get()
    data = {"title": "Picture", "tags": "", "description": "", "collection": image.collection_id}
    url = reverse("wagtailimages:edit", args=[image.pk])
    assert admin_client.post(url, data | {"file": SimpleUploadedFile("photo.heic", heic())}).status_code == 302
    image.refresh_from_db()
    assert (image.width, image.height) == (120, 80)
    assert image.file.name.endswith(".jpg")
    assert all(traces(content) == [] for content in stored(tmp_path))


def test_a_picture_that_a_program_saves_tells_nothing(tmp_path: Path) -> None:
    image = SiteImage.objects.create(title="Loaded", file=ContentFile(heic(), name="photo.heic"))
    assert (image.width, image.height) == (120, 80)
    turned = SiteImage.objects.create(title="Turned", file=ContentFile(jpeg(6), name="photo.jpg"))
    turned.refresh_from_db()
    assert (turned.width, turned.height) == (80, 120)
    kept_by_name = SiteImage(title="By name")
    kept_by_name.file.save("drawing.png", ContentFile(png()))
    files = stored(tmp_path)
    assert len(files) == 3
    assert all(traces(content) == [] for content in files)
    with pytest.raises(ValidationError, match="incomplete or damaged"):
        SiteImage.objects.create(title="Half", file=ContentFile(jpeg()[:600], name="photo.jpg"))


def test_the_picture_of_somebody_who_signs_in_tells_nothing(admin_client: Client, tmp_path: Path) -> None:
    url = reverse("wagtailadmin_account")
    page = admin_client.get(url).context["panels_by_tab"]
    names = [form_name(panel) for panels in page.values() for panel in panels]
    assert "avatar-avatar" in names
    big = four_corners((900, 600))
    for name, content in {"me.jpg": jpeg(6), "large.jpg": jpeg(picture=big), "me.heic": heic()}.items():
        answer = admin_client.post(url, account_data() | {"avatar-avatar": SimpleUploadedFile(name, content)})
        assert answer.status_code == 302, answer.context["panels_by_tab"]
    avatar = UserProfile.objects.get(user__is_superuser=True).avatar
    assert avatar.name.endswith(".jpg")
    assert all(traces(content) == [] for content in stored(tmp_path))
    refused = admin_client.post(url, account_data() | {"avatar-avatar": SimpleUploadedFile("a.jpg", jpeg()[:600])})
    assert "incomplete or damaged" in refused.content.decode()


def form_name(panel: Any) -> str:
    return f"{panel.name}-{panel.name}"


def account_data() -> dict[str, str]:
    user = User.objects.get(is_superuser=True)
    return {
        "name_email-first_name": "Ada", "name_email-last_name": "Ball", "name_email-email": user.email,
        "theme-theme": "system", "theme-contrast": "system", "theme-density": "default",
        "locale-preferred_language": "", "locale-current_time_zone": "",
    }  # fmt: skip


@pytest.mark.parametrize("name", TURNED)
@pytest.mark.parametrize(
    ("orientation", "lies"),
    [(1, [RED, GREEN, BLUE, WHITE]), (3, [WHITE, BLUE, GREEN, RED]), (6, [BLUE, RED, WHITE, GREEN])],
)
def test_a_picture_is_turned_the_right_way_up(name: str, orientation: int, lies: list[tuple[int, ...]]) -> None:
    shown = opened(cleaned(TURNED[name](orientation), name))
    assert shown.size == ((80, 120) if orientation == 6 else (120, 80))
    assert all(near(one, two) for one, two in zip(corners(shown), lies, strict=True))


def test_colours_of_wide_screens_and_of_the_press_become_those_that_every_screen_shows() -> None:
    red = corners(opened(cleaned(jpeg(profile=wide_profile()))))[0]
    # More of it than sRGB can show: as much as there is, and none of the others.
    assert red[0] > 235
    assert red[1] < 15
    cyan = Image.new("CMYK", (64, 64), (255, 0, 0, 0))
    assert near(corners(opened(cleaned(jpeg(picture=cyan, profile=ink_profile()))))[0], (255, 74, 63), 8)
    assert near(corners(opened(cleaned(jpeg(picture=cyan))))[0], (0, 255, 255), 8)
    assert traces(cleaned(jpeg(picture=cyan, profile=ink_profile()))) == []


def test_a_profile_that_cannot_be_read_does_no_harm() -> None:
    assert near(corners(opened(cleaned(jpeg(profile=b"nonsense" * 40))))[0], RED)


def test_deep_greys_keep_their_light() -> None:
    deep = Image.new("I;16", (64, 64), 256 * 128)
    shown = opened(cleaned(png(picture=deep), "deep.png"))
    assert near((shown.convert("L").getpixel((9, 9)),), (128,), 1)


@pytest.mark.parametrize("size", [(120, 80), (3000, 2000)])
def test_what_can_be_seen_through_stays_so(size: tuple[int, int]) -> None:
    colours = four_corners(size).convert("P", palette=Image.Palette.ADAPTIVE)
    colours.info["transparency"] = colours.getpixel((size[0] - 1, size[1] - 1))
    shown = opened(cleaned(png(picture=colours), "drawing.png")).convert("RGBA")
    assert shown.getpixel((shown.width - 5, shown.height - 5))[3] == 0
    assert shown.getpixel((4, 4))[3] == 255
    for make in (heic, avif):
        drawn = opened(cleaned(make(picture=four_corners().convert("RGBA").resize((64, 64))), "a.heic"))
        assert drawn.size == (64, 64)


def test_a_large_picture_is_made_smaller(admin_client: Client) -> None:
    is_kept, said = upload(admin_client, "photo.jpg", jpeg(6, four_corners((8160, 6120))))
    assert is_kept, said
    image = SiteImage.objects.get()
    assert (image.width, image.height) == (1920, 2560)


def test_a_picture_that_is_whole_and_clean_is_kept_byte_for_byte() -> None:
    for name in ("photo.jpg", "drawing.png", "moving.gif", "moving.webp", "photo.heic"):
        once = clean_picture(ContentFile(TELLING[name](), name=name))
        again = clean_picture(once)
        assert again.is_same
        once.seek(0)
        assert again.read() == once.read()


def test_a_size_of_a_picture_that_was_never_cleaned_tells_nothing(tmp_path: Path) -> None:
    image = uncleaned_image(tmp_path, jpeg(6))
    rendition = image.get_rendition("max-400x400")
    with rendition.open_file() as file:
        assert traces(file.read()) == []
    assert (rendition.width, rendition.height) == (80, 120)


def run() -> tuple[str, str]:
    said, wrong = StringIO(), StringIO()
    call_command("clean_pictures", stdout=said, stderr=wrong)
    return said.getvalue(), wrong.getvalue()


def test_several_sizes_made_at_once_do_not_share_an_open_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[SiteImage] = []
    image = uncleaned_image(tmp_path, jpeg())
    open_file = SiteImage.open_file

    def counted(self: SiteImage) -> Any:
        opened.append(self)
        return open_file(self)

    monkeypatch.setattr(SiteImage, "open_file", counted)
    sizes = image.get_renditions("max-20x20", "max-30x30", "max-40x40")
    assert len(sizes) == 3
    # By Wagtail, before its threads start.
    assert len(opened) == 1
    assert [traces(Path(size.file.path).read_bytes()) for size in sizes.values()] == [[], [], []]


@pytest.mark.database
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_command_cleans_what_is_there_and_says_what_it_could_not(tmp_path: Path) -> None:
    large = uncleaned_image(tmp_path, jpeg(6, four_corners((3840, 2880))), focal_point_x=600, focal_point_width=300)
    moving = uncleaned_image(tmp_path, moving_webp(), "moving.webp")
    telling = uncleaned_image(tmp_path, mpo())
    # A size that was made of it before.
    size = telling.get_rendition("max-40x40")
    Path(size.file.path).write_bytes(jpeg())
    clean = SiteImage.objects.create(title="Clean", file=ContentFile(picture("PNG"), name="clean.png"))
    clean_hash, kept_size = clean.get_file_hash(), clean.get_rendition("max-40x40")
    told_size = clean.get_rendition("max-30x30")
    Path(told_size.file.path).write_bytes(jpeg())
    missing = uncleaned_image(tmp_path, jpeg())
    Path(missing.file.path).unlink()
    half = uncleaned_image(tmp_path, jpeg())
    Path(half.file.path).write_bytes(jpeg()[:600])
    user = User.objects.create_user("ada@example.org", "x")
    profile = UserProfile.objects.create(user=user, avatar=ContentFile(picture("JPEG"), name="me.jpg"))
    Path(profile.avatar.path).write_bytes(jpeg())

    said, wrong = run()

    assert "Pictures cleaned: 4. Clean before: 1. Could not be cleaned: 2." in said
    assert f"The file of picture {missing.pk}, “Old” is not in storage" in wrong
    assert f"Could not clean picture {half.pk}, “Old”: This picture is incomplete or damaged" in wrong
    for image in (large, moving, telling):
        image.refresh_from_db()
        with image.open_file() as file:
            content = file.read()
        assert traces(content) == []
        assert (image.width, image.height) == opened(content).size
        assert image.file_size == len(content)
    assert (large.width, large.height, large.focal_point_x, large.focal_point_width) == (1920, 2560, 400, 200)
    assert set(SiteRendition.objects.values_list("pk", flat=True)) == {kept_size.pk}
    clean.refresh_from_db()
    assert clean.get_file_hash() == clean_hash
    profile.refresh_from_db()
    left = {path for path in tmp_path.rglob("*") if path.is_file()} - {Path(half.file.path)}
    assert [path for path in left if traces(path.read_bytes())] == []

    said, _ = run()
    assert "Pictures cleaned: 0. Clean before: 5." in said
    with pytest.raises(SourceImageIOError):
        missing.get_rendition("max-40x40")
