"""From a publication to a notice, and from a notice to the deliveries that are owed. Nothing is sent here."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from wagtail.models import Page, Revision

from core.models import BasePage
from core.notification_choice import NotificationChoice, choice_in_revision
from core.visibility import is_public

from .changes import MODELS, announcement_of, facts_of, is_worth_announcing, new_facts
from .models import Delivery, Follow, Follower, Frequency, Notice, PublishedFacts
from .periods import OVERLAP, period_end
from .services import BATCH
from .topics import public_topics, topics_of

logger = logging.getLogger(__name__)

# How far back it is looked for publications that nobody noted, because the process was killed.
CATCH_UP = timedelta(days=1)
# How long a notice waits for its page to be seen by everyone.
HIDDEN_FOR = timedelta(days=2)


@transaction.atomic
def note_publication(page: BasePage, revision: Revision) -> Notice | None:
    """Note what a page says now that it is published, and make the notice for its followers, if they are told of it.

    It is made once for a revision, and not at all if nobody would be told.
    """
    before = PublishedFacts.objects.select_for_update().filter(page=page.pk).first()
    if before is not None and before.revision_id == revision.pk:
        return None
    is_first = before is None and page.first_published_at == page.last_published_at
    decided = choice_in_revision(revision.content, page) or {}
    choice = decided.get("choice", NotificationChoice.NEWS)
    # A line that stayed in the form of a later draft was told when it was new.
    line = decided.get("line", "") if choice == NotificationChoice.LINE and not is_first else ""
    line = "" if before is not None and before.line == line else line
    PublishedFacts.objects.update_or_create(
        page_id=page.pk, defaults={"revision_id": revision.pk, "facts": facts_of(page), "line": line or _line(before)}
    )
    if choice == NotificationChoice.NOBODY or Notice.objects.filter(revision_id=revision.pk).exists():
        return None
    facts = new_facts(page, before.facts) if before is not None else []
    is_news = is_first and is_worth_announcing(page)
    topics = topics_of(page) if facts or line or is_news else set()
    if not followers_of(topics).exists():
        return None
    notice = Notice.objects.create(
        page_id=page.pk,
        revision_id=revision.pk,
        title=_title(page, facts[0].subject if facts else "", is_first=is_news),
        is_first=is_news,
        facts=[fact.key for fact in facts],
        before=before.facts if facts and before is not None else {},
        line=line,
        made_by=revision.user,
    )
    notice.topics.set(topics)
    return notice


def _line(before: PublishedFacts | None) -> str:
    return before.line if before is not None else ""


def _title(page: BasePage, subject: str, *, is_first: bool) -> str:
    if is_first:
        subject = announcement_of(page).subject
    return (subject or f"Changed: {page.heading}")[:255]


def catch_up(now: datetime | None = None) -> None:
    """Note the publications that were not noted when they happened, because the process was killed before it could."""
    since = (now or timezone.now()) - CATCH_UP
    types = ContentType.objects.get_for_models(*MODELS).values()
    noted = PublishedFacts.objects.filter(page=OuterRef("pk"), revision_id=OuterRef("live_revision"))
    recent = Page.objects.filter(live=True, alias_of=None, last_published_at__gt=since, content_type__in=types)
    missed = recent.filter(~Exists(noted)).exclude(live_revision=None)
    for page in missed.select_related("live_revision").specific():
        try:
            note_publication(page, page.live_revision)
        except Exception:  # whatever is wrong with one page, the others are still due
            logger.exception("Could not note that page %s was published", page.pk)
    older = Page.objects.filter(live=True, alias_of=None, content_type__in=types, published_facts=None)
    for page in older.exclude(pk__in=missed.values("pk")).order_by("pk").specific()[:BATCH]:
        try:
            # Published before anybody could follow: the next change of it is news.
            facts = {"revision_id": page.live_revision_id or 0, "facts": facts_of(page)}
            PublishedFacts.objects.get_or_create(page_id=page.pk, defaults=facts)
        except Exception:  # whatever is wrong with one page, the others are still to be noted
            logger.exception("Could not note what page %s says", page.pk)


def followers_of(topics: Iterable[int]) -> "QuerySet[Follower]":
    """Return who follows any of these pages and can be sent mail."""
    follows = Follow.objects.filter(follower=OuterRef("pk"), page__in=list(topics))
    return Follower.objects.filter(Exists(follows), left_at=None, paused_at=None)


def may_be_told(notice: Notice) -> BasePage | None:
    """Return the page of a notice as everyone may see it now; None if not everyone may."""
    page = Page.objects.filter(pk=notice.page_id).select_related("alias_of").first() if notice.page_id else None
    if page is None or not is_public(page):
        return None
    found: BasePage = page.specific
    return found if found.is_shown else None


def prepare(now: datetime | None = None) -> None:
    """Owe a delivery to everyone who is to be told: of each new notice, and in each digest that is due."""
    now = now or timezone.now()
    for notice in Notice.objects.filter(prepared_at=None, paused_at=None, released_at__lte=now).order_by("pk"):
        try:
            _prepare_notice(notice, now)
        except Exception:  # whatever is wrong with one page, the others are still due
            logger.exception("Notice %s could not be prepared", notice.pk)
    for frequency in (Frequency.DAILY, Frequency.WEEKLY):
        _prepare_digests(frequency, period_end(frequency, now), now)


def _prepare_notice(notice: Notice, now: datetime) -> None:
    """Owe a notice to those who want mail as it happens. Begun again after it was killed, it owes nothing twice.

    One whose page is hidden for now, such as an update that was published before its forum, waits for it a while.
    """
    is_told = may_be_told(notice) is not None
    if not is_told and notice.page_id and now < notice.made_at + HIDDEN_FOR:
        return
    if is_told:
        topics = list(public_topics(notice.topics.all()))
        follows = Follow.objects.filter(follower=OuterRef("pk"), page__in=topics, confirmed_at__lte=notice.released_at)
        told = Q(digested_until=None) | Q(digested_until__lt=notice.released_at + OVERLAP)
        digested = Delivery.objects.filter(follower=OuterRef("pk"), digested=notice.pk)
        people = Follower.objects.filter(
            told, Exists(follows), ~Exists(digested), frequency=Frequency.NOW, left_at=None, paused_at=None
        )
        for keys in _batches(people):
            Delivery.objects.bulk_create(
                [Delivery(notice_id=notice.pk, follower_id=key, due_at=now) for key in keys], ignore_conflicts=True
            )
    Notice.objects.filter(pk=notice.pk).update(prepared_at=now)


def _prepare_digests(frequency: str, until: datetime, now: datetime) -> None:
    """Owe a digest to everyone of this frequency for whom something happened since the last one."""
    people = Follower.objects.filter(frequency=frequency, digested_until__lt=until, left_at=None, paused_at=None)
    news = Follow.objects.filter(
        follower=OuterRef("pk"),
        page__in=Notice.topics.through.objects.filter(
            notice__released_at__gt=OuterRef(OuterRef("digested_until")) - OVERLAP,
            notice__released_at__lte=until,
            notice__paused_at=None,
        ).values("page"),
    )
    for keys in _batches(people):
        with transaction.atomic():
            # Whoever changed how often, or left, meanwhile, is no longer among them.
            locked = list(people.select_for_update().filter(pk__in=keys).values_list("pk", flat=True))
            batch = Follower.objects.filter(pk__in=locked)
            Delivery.objects.bulk_create(
                [
                    Delivery(follower_id=pk, since=since, until=until, due_at=now)
                    for pk, since in batch.filter(Exists(news)).values_list("pk", "digested_until")
                ],
                ignore_conflicts=True,
            )
            batch.update(digested_until=until)


def _batches(people: "QuerySet[Follower]") -> Iterator[list[int]]:
    """Yield the keys of these followers, BATCH at a time, so that memory stays the same however many there are."""
    last = 0
    while keys := list(people.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield keys
        last = keys[-1]


def pause(notice: Notice) -> None:
    """Send no more of a notice until it is resumed."""
    Notice.objects.filter(pk=notice.pk, paused_at=None).update(paused_at=timezone.now())


def resume(notice: Notice) -> None:
    """Send the rest of a notice. Digests that have gone without it meanwhile tell it the next time."""
    now = timezone.now()
    Notice.objects.filter(pk=notice.pk).exclude(paused_at=None).update(
        paused_at=None, released_at=now, prepared_at=None
    )
