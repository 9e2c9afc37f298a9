"""Wagtail's screens that take several files at once, which answer in words when a file comes without a name."""

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from wagtail.documents.views.multiple import AddView as AddDocuments
from wagtail.images.views.multiple import AddView as AddImages

NO_FILE = "This file has no name that can be used. Give it a name of letters, and upload it again."


class AddNamedImages(AddImages):
    """The screen for pictures. Django drops a file whose name is nothing but signs; Wagtail then answers 400."""

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Take a file, or say that there is none."""
        return super().post(request) if "files[]" in request.FILES else no_file()


class AddNamedDocuments(AddDocuments):
    """The screen for documents, likewise."""

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Take a file, or say that there is none."""
        return super().post(request) if "files[]" in request.FILES else no_file()


def no_file() -> JsonResponse:
    """Return what the screen shows beside a file that is refused."""
    return JsonResponse({"success": False, "error_message": NO_FILE})
