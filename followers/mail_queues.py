"""The queues of mails owed to followers, and to those who want to be; registered when `FollowersConfig` is ready."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core.mail.queues import MailQueue, Writer, register_queue
from core.mail.rendered_email import RenderedEmail, Sender
from core.mail.reports import Outcome, Report, on_report

from .bundles import put_off
from .emails import SharedEmails, email_to, request_email
from .items import Items
from .models import Delivery, Follower, FollowRequest
from .services import note_complaint, note_dead_address

# An address that refuses so many mails in a row for good gets no more, if it has for so long: a server that is wrong
# about everybody for a day pauses nobody.
REFUSALS = 3
REFUSED_FOR = timedelta(days=2)


def write_requests(leased: list[FollowRequest]) -> Writer[FollowRequest]:
    """Return what renders the e-mail of each of these requests; none if there is nothing to send."""
    sender = Sender.now()
    return lambda request: request_email(request, sender)


def write_deliveries(leased: list[Delivery]) -> Writer[Delivery]:
    """Return what renders the e-mail of each of these deliveries; none if there is no longer a reason to send it."""
    people = Follower.objects.filter(left_at=None).in_bulk([row.follower_id for row in leased if row.follower_id])
    items, shared_emails = Items(leased), SharedEmails()

    def write(delivery: Delivery) -> RenderedEmail | None:
        delivery.follower = people.get(delivery.follower_id) if delivery.follower_id else None
        if delivery.follower is None:
            return None
        if delivery.follower.paused_at:
            # What is told meanwhile is kept for when it goes on.
            delivery.recipients.update(delivery=None)
            return None
        found = items.of(delivery)
        if found.later:
            put_off(delivery, found.later, until=found.until)
        # What is told no longer, because nobody follows it or it was taken back, is nobody's any more.
        told = [item.notice.pk for item in found.told]
        if len(told) + len(found.later) < items.number(delivery):
            delivery.recipients.exclude(notice__in=told).delete()
        if not told:
            return None
        if len(told) == 1:
            [item] = found.told
            shared = shared_emails.of_notice(item, items.reasons(delivery, item))
        else:
            shared = shared_emails.of_digest(items.sections(delivery, found.told))
        return email_to(delivery.follower, shared, delivery)

    return write


def forgive_refusals(delivery: Delivery) -> None:
    """Forget that an address refused earlier mails, now that it took one."""
    if delivery.follower and delivery.follower.refusals:
        Follower.objects.filter(pk=delivery.follower.pk).update(refusals=0, refused_since=None)


@transaction.atomic
def count_refusal(delivery: Delivery) -> None:
    """Send nothing more to an address that was refused for good REFUSALS times in a row, for REFUSED_FOR."""
    if delivery.follower_id is None:
        return
    follower = Follower.objects.select_for_update().filter(pk=delivery.follower_id).first()
    if follower is None:  # erased a moment ago
        return
    now = timezone.now()
    follower.refusals = min(follower.refusals + 1, 10_000)
    follower.refused_since = follower.refused_since or now
    is_long = now - follower.refused_since >= REFUSED_FOR
    if follower.refusals >= REFUSALS and is_long and follower.paused_at is None:
        follower.paused_at = now
    follower.save(update_fields=["refusals", "refused_since", "paused_at"])


@on_report
def do_what_is_reported(report: Report) -> None:
    """Send nothing more to an address that is dead; let one follow nothing whose owner calls our mail unwanted."""
    if report.outcome is Outcome.DEAD:
        note_dead_address(report.address)
    else:
        note_complaint(report.address)


def address_of_delivery(delivery: Delivery) -> str:
    """Return whose a delivery was; empty once the address is erased."""
    return delivery.follower.email if delivery.follower else ""


# Somebody waits for what he or she has just asked for.
REQUESTS = MailQueue(FollowRequest, order=10, writer=write_requests, address_of=lambda request: request.email)
DELIVERIES = MailQueue(
    Delivery,
    order=20,
    writer=write_deliveries,
    note_sent=forgive_refusals,
    note_refused=count_refusal,
    address_of=address_of_delivery,
)
register_queue(REQUESTS)
register_queue(DELIVERIES)
