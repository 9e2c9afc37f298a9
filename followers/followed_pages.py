"""That a page which somebody follows is gone, or back: its followers are told."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from core.visibility import hidden_ids, public

from .models import Follow, FollowedPage, Notice, NoticeKind
from .notices import add_recipients
from .topics import MODELS

# A page that is off the site for less, such as while a slip is mended, is not told as gone.
GONE_FOR = timedelta(hours=1)


def note_gone_and_back(now: datetime | None = None) -> None:
    """Note which followed pages not everyone can see any longer, or again, and tell who follows them."""
    now = now or timezone.now()
    followed = Page.objects.type(MODELS).filter(pk__in=Follow.objects.values("page"))
    shown = public(followed).exclude(pk__in=hidden_ids())
    hidden = followed.exclude(pk__in=shown.values("pk"))
    for page in hidden.filter(followed_page=None):
        FollowedPage.objects.get_or_create(page=page, defaults={"title": page.title, "hidden_since": now})
    gone = FollowedPage.objects.filter(is_told=False, hidden_since__lte=now - GONE_FOR, page__in=hidden)
    for state in gone.select_related("page"):
        with transaction.atomic():
            _tell(state.page, state.title, NoticeKind.GONE, now)
            FollowedPage.objects.filter(pk=state.pk).update(is_told=True)
    for state in FollowedPage.objects.filter(page__in=shown).select_related("page"):
        with transaction.atomic():
            if state.is_told:
                _tell(state.page, state.page.title, NoticeKind.BACK, now)
            state.delete()


def _tell(page: Page, name: str, kind: NoticeKind, now: datetime) -> None:
    words = "No longer on this site" if kind is NoticeKind.GONE else "On this site again"
    notice = Notice.objects.create(
        page=page, kind=kind, title=f"{words}: {name}"[:255], is_first=False, made_at=now, released_at=now
    )
    notice.topics.set([page])


@transaction.atomic
def note_deletion(page: Page) -> None:
    """Tell who follows a page that it is gone for good, before what they follow goes with it."""
    now = timezone.now()
    hidden = FollowedPage.objects.filter(page=page.pk).first()
    if (hidden and hidden.is_told) or not page.first_published_at:
        return
    if not Follow.objects.filter(page=page.pk, follower__left_at=None).exists():
        return
    title = f"No longer on this site: {hidden.title if hidden else page.title}"[:255]
    notice = Notice.objects.create(
        kind=NoticeKind.GONE, title=title, is_first=False, made_at=now, released_at=now, prepared_at=now
    )
    add_recipients(notice, [page.pk], now)
