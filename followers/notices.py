"""From what everyone can read to a notice, and from a notice to those who are to be told. Nothing is sent here."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from wagtail.models import Page, Revision
from wagtail.query import PageQuerySet

from core.models import BasePage
from core.notification_choice import NotificationChoice, choice_in_revision
from core.visibility import hidden_ids, is_public, public

from .changes import MODELS, announcement_of, facts_of, is_worth_announcing, new_facts
from .facts import Fact
from .models import Follow, Follower, Frequency, Notice, NoticeKind, PublishedFacts, Recipient
from .periods import due_at
from .topics import public_topics, topics_of

logger = logging.getLogger(__name__)

# How far back it is looked for publications that nobody noted, because the process was killed.
CATCH_UP = timedelta(days=1)
# How many rows are read or changed at a time.
BATCH = 1000


class Plan:
    """What followers are told of a page as it is given, compared with what residents have read: `before`.

    It is the same whether the page is published, or only previewed.
    """

    def __init__(self, page: BasePage, revision: Revision, before: PublishedFacts | None) -> None:
        self.page = page
        self.is_first = _is_first(page, before)
        decided = choice_in_revision(revision.content, page) or {}
        self.choice = decided.get("choice", NotificationChoice.NEWS)
        # A line that stayed in the form of a later draft was told when it was new.
        line = decided.get("line", "") if self.choice == NotificationChoice.LINE and not self.is_first else ""
        self.line: str = "" if before is not None and before.line == line else line
        self.before: dict[str, str] = before.facts if before is not None else {}
        self.facts: list[Fact] = new_facts(page, self.before) if before is not None and not self.is_first else []
        self.is_news = self.is_first and is_worth_announcing(page)

    @property
    def is_told(self) -> bool:
        """Whether there is anything to tell, and the editor has not said that nobody is told."""
        is_anything = bool(self.facts or self.line or self.is_news)
        return is_anything and self.choice != NotificationChoice.NOBODY

    @property
    def title(self) -> str:
        """What it is called in the admin."""
        if self.is_news:
            return announcement_of(self.page).subject[:255]
        return (self.facts[0].subject if self.facts else f"Changed: {self.page.heading}")[:255]

    def notice(self, revision: Revision) -> Notice:
        """Return the notice, not saved."""
        return Notice(
            page_id=self.page.pk,
            revision_id=revision.pk,
            title=self.title,
            is_first=self.is_news,
            facts=[fact.key for fact in self.facts],
            before=self.before if self.facts else {},
            line=self.line,
            made_by=revision.user,
        )


def _is_first(page: BasePage, before: PublishedFacts | None) -> bool:
    """Whether nobody has read a page until now; nobody knows of those that are older than following."""
    if before is None:
        return page.first_published_at == page.last_published_at
    return before.revision_id is None


def can_be_read(page: Page) -> bool:
    """Whether everyone can read a page now: its own state, those above it, and those that it depends on."""
    return is_public(page) and getattr(page, "is_shown", True)


@transaction.atomic
def note_publication(page: BasePage, revision: Revision) -> Notice | None:
    """Note what everyone can read of a page now that a revision is published, and make the notice for its followers.

    While not everyone can read it, that is awaited (`note_awaited`): the clock of a notice starts when they can. It is
    made once for a revision, and not at all if nobody would be told.
    """
    before = PublishedFacts.objects.select_for_update().filter(page=page.pk).first()
    if before is not None and before.revision_id == revision.pk and not before.is_awaited:
        return None
    if not can_be_read(page):
        known = None if before is None and page.first_published_at == page.last_published_at else 0
        PublishedFacts.objects.get_or_create(
            page_id=page.pk, defaults={"revision_id": known, "facts": {} if known is None else facts_of(page)}
        )
        PublishedFacts.objects.filter(page=page.pk).update(is_awaited=True)
        return None
    plan = Plan(page, revision, before)
    noted = {"revision_id": revision.pk, "facts": facts_of(page), "is_awaited": False}
    line = plan.line or (before.line if before is not None else "")
    PublishedFacts.objects.update_or_create(page_id=page.pk, defaults={**noted, "line": line})
    if not plan.is_told or Notice.objects.filter(revision_id=revision.pk).exists():
        return None
    topics = topics_of(page)
    if not Follow.objects.filter(page__in=topics, follower__left_at=None).exists():
        return None
    notice = plan.notice(revision)
    notice.save()
    notice.topics.set(topics)
    return notice


def note_awaited() -> None:
    """Note what was published while not everyone could read it, and now they can, whatever made it so."""
    awaited = public(Page.objects.filter(published_facts__is_awaited=True, alias_of=None))
    _note_all(awaited.exclude(pk__in=hidden_ids()))


def _note_all(pages: PageQuerySet[Page]) -> None:
    for page in pages.exclude(live_revision=None).select_related("live_revision").specific():
        try:
            note_publication(page, page.live_revision)
        except Exception:  # whatever is wrong with one page, the others are still due
            logger.exception("Could not note that page %s was published", page.pk)


def catch_up(now: datetime | None = None) -> None:
    """Note the publications that were not noted when they happened, because the process was killed before it could."""
    since = (now or timezone.now()) - CATCH_UP
    types = ContentType.objects.get_for_models(*MODELS).values()
    noted = PublishedFacts.objects.filter(
        Q(revision_id=OuterRef("live_revision")) | Q(is_awaited=True), page=OuterRef("pk")
    )
    recent = Page.objects.filter(live=True, alias_of=None, last_published_at__gt=since, content_type__in=types)
    missed = recent.filter(~Exists(noted)).exclude(live_revision=None)
    _note_all(missed)
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
    return found if can_be_read(found) else None


def is_hidden(notice: Notice) -> bool:
    """Whether a notice waits because not everyone can see its page at the moment."""
    return notice.kind != NoticeKind.GONE and notice.page_id is not None and may_be_told(notice) is None


def prepare(now: datetime | None = None) -> None:
    """Note for each new notice who is to be told, and when."""
    now = now or timezone.now()
    for notice in Notice.objects.filter(prepared_at=None, paused_at=None).order_by("pk"):
        try:
            _prepare_notice(notice, now)
        except Exception:  # whatever is wrong with one page, the others are still due
            logger.exception("Notice %s could not be prepared", notice.pk)


def _prepare_notice(notice: Notice, now: datetime) -> None:
    """Make a recipient of each who is to be told. Begun again after it was killed, it makes nobody one twice.

    One whose page was hidden since is told when it is there again; its clock starts then.
    """
    if is_hidden(notice):
        Notice.objects.filter(pk=notice.pk).update(released_at=now)
        return
    if notice.page_id or notice.kind == NoticeKind.GONE:
        topics = (
            list(notice.topics.all()) if notice.kind == NoticeKind.GONE else list(public_topics(notice.topics.all()))
        )
        add_recipients(notice, topics, now)
    Notice.objects.filter(pk=notice.pk).update(prepared_at=now)


def add_recipients(notice: Notice, topics: Iterable["Page | int"], now: datetime) -> None:
    """Make a recipient of everyone who followed one of these pages when the notice was released.

    Who follows several of them is told as soon as for any of them. Whose mail is paused is told when it goes on.
    """
    # A clock that was ahead for a while has left times that are still to come.
    then = Q(confirmed_at__lte=notice.released_at) | Q(confirmed_at__gt=now)
    for frequency in (Frequency.NOW, Frequency.DAILY, Frequency.WEEKLY):
        follows = Follow.objects.filter(then, follower=OuterRef("pk"), page__in=topics, frequency=frequency)
        told = Recipient.objects.filter(follower=OuterRef("pk"), notice=notice.pk)
        due = due_at(frequency, min(notice.released_at, now))
        for keys in _batches(Follower.objects.filter(Exists(follows), ~Exists(told), left_at=None)):
            Recipient.objects.bulk_create(
                [Recipient(notice_id=notice.pk, follower_id=key, frequency=frequency, due_at=due) for key in keys],
                ignore_conflicts=True,
            )


def _batches(people: "QuerySet[Follower]") -> Iterator[list[int]]:
    """Yield the keys of these followers, BATCH at a time, so that memory stays the same however many there are."""
    last = 0
    while keys := list(people.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield keys
        last = keys[-1]


def pause(notice: Notice) -> None:
    """Send no more of a notice until it is resumed."""
    Notice.objects.filter(pk=notice.pk, paused_at=None).update(paused_at=timezone.now())


@transaction.atomic
def resume(notice: Notice) -> None:
    """Send the rest of a notice. Whose digest has gone without it meanwhile is told in the next."""
    now = timezone.now()
    Notice.objects.filter(pk=notice.pk).update(paused_at=None)
    late = Recipient.objects.filter(notice=notice.pk, delivery=None, due_at__lt=now)
    for frequency in (Frequency.DAILY, Frequency.WEEKLY):
        late.filter(frequency=frequency).update(due_at=due_at(frequency, now))
