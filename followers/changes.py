"""What is new in a publication: the facts that followers are told, from what the page said before and says now."""

from dataclasses import dataclass
from functools import singledispatch

from wagtail.models import Page

from centres.models import CentrePage, CentreServicePage, Milestone
from centres.models.choices import MilestoneState, ServiceStatus, Stage
from core.dates import describe_day
from core.visibility import is_public
from leaflets.models import NewsletterIssuePage
from news.models import ForumUpdatePage, NewsPage
from whats_on.models import EventPage

from .event_changes import coming, event_facts, is_over, new_event_facts
from .facts import Fact, Facts, one, plain

# The types of page of which followers are told.
MODELS = (CentrePage, CentreServicePage, EventPage, ForumUpdatePage, NewsPage, NewsletterIssuePage)


@singledispatch
def facts_of(page: Page) -> Facts:
    """Return what a page says of which each change is news, by key."""
    return {}


@facts_of.register
def _(page: CentreServicePage) -> Facts:
    return {"status": str(page.shown_status)}


@facts_of.register
def _(page: CentrePage) -> Facts:
    milestones = {f"milestone {each.key}": f"{each.state}, {each.date_text}" for each in page.milestones.all()}
    return {"stage": str(page.stage), "notice": plain(page.current_notice), **milestones}


@facts_of.register
def _(page: EventPage) -> Facts:
    return event_facts(page)


@singledispatch
def new_facts(page: Page, before: Facts) -> list[Fact]:
    """Return what is new in `page`, which said `before` when it was last published."""
    return []


@new_facts.register
def _(page: CentreServicePage, before: Facts) -> list[Fact]:
    now = str(page.shown_status)
    if before.get("status") in (None, now):
        return []
    earlier = ServiceStatus(before["status"]).info
    lines = [f"Until now: {earlier.label}.", f"Now: {page.status_info.label}. {page.status_info.explanation}"]
    return [Fact("status", status_subject(page), [*lines, *one(page.note)])]


# Completes "Purfleet: blood tests …".
STATUS_IN_SUBJECT: dict[str, str] = {
    ServiceStatus.AVAILABLE: "now offered",
    ServiceStatus.TEMPORARILY_CLOSED: "temporarily closed",
    ServiceStatus.CONFIRMED: "now confirmed",
    ServiceStatus.PLANNED: "now planned",
    ServiceStatus.TO_BE_CONFIRMED: "now to be confirmed",
    ServiceStatus.POSSIBLE: "now possible, not decided",
    ServiceStatus.NOT_GOING_AHEAD: "not going ahead",
    ServiceStatus.ENDED: "ended",
}


def status_subject(page: CentreServicePage) -> str:
    """Return a status as a subject line, such as "Purfleet: blood tests now confirmed"."""
    title = page.title
    # "IAPT" keeps its capitals.
    within = title if title[1:2].isupper() else f"{title[:1].lower()}{title[1:]}"
    return f"{page.centre.short_name}: {within} {STATUS_IN_SUBJECT[page.shown_status]}"


@new_facts.register
def _(page: CentrePage, before: Facts) -> list[Fact]:
    facts = []
    name, notice = page.short_name, page.current_notice
    if page.stage != before.get("stage", page.stage):
        info = page.stage_info
        lines = [f"Until now: {Stage(before['stage']).info.label}.", f"Now: {info.label}. {info.explanation}"]
        facts.append(Fact("stage", f"{name}: {info.label.lower()}", lines))
    if notice and plain(notice) != plain(before.get("notice", "")):
        until = f"This notice is for the time until {describe_day(page.notice_ends_on)}." if page.notice_ends_on else ""
        facts.append(Fact("notice", f"{name}: new notice", [*notice.splitlines(), *one(until)]))
    now = facts_of(page)
    for milestone in page.milestones.all():
        key = f"milestone {milestone.key}"
        state, _, earlier = before.get(key, "").partition(", ")
        if not state and before:
            facts.append(_added(name, key, milestone))
        if not state or plain(now[key]) == plain(before[key]):
            continue
        lines = (
            [f"Date before: {earlier}.", f"New date: {milestone.date_text}."] if milestone.date_text != earlier else []
        )
        why = f"Why: {milestone.change_reason}" if lines else ""
        if milestone.state == MilestoneState.DONE and state != MilestoneState.DONE:
            facts.append(Fact(key, f"{name}: done – {milestone.title}", [f"Done: {milestone.date_text}.", *one(why)]))
        elif milestone.state in CHANGE_IN_SUBJECT and (lines or state != milestone.state):
            word = CHANGE_IN_SUBJECT[milestone.state]
            lines = lines or [f"Date: {milestone.date_text}."]
            facts.append(Fact(key, f"{name}: {word} – {milestone.title}", [*lines, *one(why)]))
    return facts


CHANGE_IN_SUBJECT: dict[str, str] = {
    MilestoneState.DELAYED: "delayed",
    MilestoneState.EXPECTED: "new date",
    MilestoneState.CANCELLED: "cancelled",
}


def _added(name: str, key: str, milestone: Milestone) -> Fact:
    """Return that there is another milestone."""
    state = MilestoneState(milestone.state).label.lower()
    lines = [f"{milestone.title}: {milestone.date_text} ({state}).", *one(milestone.change_reason)]
    return Fact(key, f"{name}: new milestone – {milestone.title}", lines)


@new_facts.register
def _(page: EventPage, before: Facts) -> list[Fact]:
    return new_event_facts(page, before)


def is_worth_announcing(page: Page) -> bool:
    """Whether a page that is published for the first time is news: not a centre, and not an event that is over."""
    return not isinstance(page, CentrePage) and not (isinstance(page, EventPage) and is_over(page))


@dataclass(frozen=True)
class Announcement:
    """How the first publication of a page is told: what its subject begins with, and what is said of it."""

    subject: str
    lines: list[str]


def announcement_of(page: Page) -> Announcement:
    """Return how a page is announced when it is new."""
    if isinstance(page, CentreServicePage):
        info = page.status_info
        return Announcement(status_subject(page), [f"{info.label}. {info.explanation}", *one(page.summary_text)])
    if isinstance(page, EventPage):
        dates = [each.text for each in coming(page)[:5]]
        when = dates or one(page.rough_date_text)
        where = page.where_text(page.centre.short_name if page.centre and is_public(page.centre) else "")
        return Announcement(
            f"Event: {page.title}",
            [*(f"When: {each}" for each in when), *one(where and f"Where: {where}"), page.summary],
        )
    if isinstance(page, NewsletterIssuePage):
        return Announcement(f"{page.get_parent().title}: {page.title}", [page.caption, page.summary])
    if isinstance(page, ForumUpdatePage) and page.forum:
        return Announcement(f"{page.forum.title}: {page.title}", [page.summary])
    return Announcement(page.title, [page.specific.summary])
