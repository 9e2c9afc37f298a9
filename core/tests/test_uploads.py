"""What the upload forms look for in a file before it is kept."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from wagtail.images.forms import get_image_form

from core.models import SiteDocument, SiteImage

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%made up\n"
HTML = b"<html><script>alert(1)</script></html>"


def picture(image_format: str) -> bytes:
    content = BytesIO()
    Image.effect_noise((80, 80), 50).convert("RGB").save(content, image_format)
    return content.getvalue()


@pytest.mark.parametrize(
    ("image_format", "extension"), [("PNG", "png"), ("JPEG", "jpg"), ("GIF", "gif"), ("WEBP", "webp")]
)
def test_a_truncated_picture_is_refused_beside_the_field(image_format: str, extension: str) -> None:
    content = picture(image_format)
    file = SimpleUploadedFile(f"cut.{extension}", content[: len(content) // 2])
    form = get_image_form(SiteImage)({"title": "Cut"}, {"file": file})
    assert "file" in form.errors


def test_a_whole_picture_is_accepted() -> None:
    file = SimpleUploadedFile("whole.png", picture("PNG"))
    form = get_image_form(SiteImage)({"title": "Whole"}, {"file": file})
    assert "file" not in form.errors


@pytest.mark.parametrize("extension", ["pdf", "docx", "odt", "pptx", "xlsx"])
def test_a_file_that_is_not_what_its_name_says_is_refused_in_plain_words(admin_client: Client, extension: str) -> None:
    file = SimpleUploadedFile(f"page.{extension}", HTML)
    response = admin_client.post("/admin/documents/add/", {"title": "Page", "file": file})
    assert response.status_code == 200
    [message] = response.context["form"].errors["file"]
    assert f"called .{extension} but it is not one inside" in message
    assert not SiteDocument.objects.exists()


def test_a_file_that_is_what_its_name_says_is_kept(admin_client: Client) -> None:
    response = admin_client.post(
        "/admin/documents/add/", {"title": "Plan", "file": SimpleUploadedFile("plan.pdf", PDF)}
    )
    assert response.status_code == 302
    assert SiteDocument.objects.get().title == "Plan"


def test_an_editor_uploads_a_picture(admin_client: Client) -> None:
    file = SimpleUploadedFile("whole.png", picture("PNG"))
    response = admin_client.post("/admin/images/add/", {"title": "Whole", "file": file})
    assert response.status_code == 302
    assert SiteImage.objects.get().title == "Whole"


def test_a_truncated_picture_is_no_error_of_the_server(admin_client: Client) -> None:
    content = picture("PNG")
    file = SimpleUploadedFile("cut.png", content[: len(content) // 2])
    response = admin_client.post("/admin/images/add/", {"title": "Cut", "file": file})
    assert response.status_code == 200
    assert response.context["form"].errors["file"]
