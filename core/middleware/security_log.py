"""What the security log is told by no signal."""

import re
from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from core.addresses import is_in_admin
from core.security.log import EXPORTED, log_security_event
from core.security.signals import newest_rights, note_newer_rights
from users.models import User

# A table that is downloaded: the name of its file.
TABLE = re.compile(r'filename="?([^";]+\.(?:csv|xlsx))')


class SecurityLogMiddleware:
    """Notes what no signal tells: tables that are downloaded from the admin, and rights that a form gives together."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        gives_rights = request.method == "POST" and request.path_info.startswith(reverse("wagtailusers_groups:index"))
        before = newest_rights() if gives_rights else []
        response = self.get_response(request)
        if gives_rights:
            note_newer_rights(before, cast(User, request.user))
        name = TABLE.search(response.headers.get("Content-Disposition", ""))
        if name and is_in_admin(request) and request.user.is_authenticated:
            log_security_event(
                EXPORTED, user=request.user, data={"what": f"{name[1]}, at {request.path_info}"}, request=request
            )
        return response
