"""What the tests of mails about accounts share: sending what is owed, and reading it."""

import re
from typing import Any

from django.core import mail
from django.test import Client

from core.mail.sending import send

NEW = "another-horse-battery"


def send_all() -> list[Any]:
    """Send what is owed, and return the mails of this time alone."""
    before = len(mail.outbox)
    send()
    return mail.outbox[before:]


def link_in(message: Any) -> str:
    """Return the path of the one link into the admin in a mail, the same in its text and its HTML."""
    [url] = re.findall(r"http://testserver(/admin/\S+)", message.body)
    assert f'href="http://testserver{url}"' in str(message.alternatives[0][0])
    return str(url)


def choose(client: Client, link: str, password: str = NEW, again: str | None = None) -> Any:
    """Open a link and choose a password; return the answer."""
    shown = client.get(link, follow=True)
    if shown.status_code != 200:
        return shown
    path = shown.request["PATH_INFO"]
    return client.post(path, {"new_password1": password, "new_password2": password if again is None else again})
