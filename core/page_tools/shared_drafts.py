"""Links that show a draft to people who cannot sign in, for a week."""

from datetime import datetime, timedelta

from django.core import signing
from django.utils import timezone
from wagtail.models import Page, Revision

SALT = "core.page_tools.shared_drafts"
SHOWN_FOR = timedelta(days=7)


def token_for(revision: Revision) -> str:
    """Return what the address of a link to this version of a page holds; nobody can make up another."""
    return signing.TimestampSigner(salt=SALT).sign(str(revision.pk))


def draft_of_token(token: str) -> tuple[Page, datetime] | None:
    """Return the draft that a link shows, and when it stops; None if it is not ours, too old, or gone."""
    signer = signing.TimestampSigner(salt=SALT)
    try:
        number = signer.unsign(token, max_age=SHOWN_FOR)
        made_at = signing.b62_decode(token.split(signer.sep)[1])
    except signing.BadSignature:
        return None
    revision = Revision.page_revisions.filter(pk=number).first()
    if revision is None or not Page.objects.filter(pk=revision.object_id).exists():
        return None
    ends_at = datetime.fromtimestamp(made_at, tz=timezone.get_current_timezone()) + SHOWN_FOR
    return revision.as_object(), ends_at
