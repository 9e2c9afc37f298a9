"""The queues of mails owed to followers, and to those who want to be; registered when `FollowersConfig` is ready."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.mail.queues import HeldBackError, MailQueue, Writer, register_queue
from core.mail.rendered_email import RenderedEmail, Sender

from .emails import SharedEmails, email_to, request_email
from .items import Items
from .models import Delivery, Follower, FollowRequest, Notice

# An address that refuses so many mails in a row for good gets no more.
REFUSALS = 3


def write_requests(leased: list[FollowRequest]) -> Writer[FollowRequest]:
    """Return what renders the e-mail of each of these requests; none if there is nothing to send."""
    sender = Sender.now()
    return lambda request: request_email(request, sender)


def write_deliveries(leased: list[Delivery]) -> Writer[Delivery]:
    """Return what renders the e-mail of each of these deliveries; none if there is no longer a reason to send it."""
    people = Follower.objects.filter(left_at=None, paused_at=None).in_bulk([row.follower_id for row in leased])
    items, shared_emails = Items(leased), SharedEmails()
    stopped = set(Notice.objects.exclude(paused_at=None).values_list("pk", flat=True))

    def write(delivery: Delivery) -> RenderedEmail | None:
        delivery.follower = people.get(delivery.follower_id)
        if delivery.follower is None:
            return None
        if delivery.notice_id in stopped:
            raise HeldBackError
        if delivery.notice_id:
            item = items.of(delivery)
            shared = shared_emails.of_notice(item, items.reasons(delivery, item)) if item else None
        else:
            groups = items.digest(delivery)
            delivery.digested.set([item.notice.pk for group in groups for item in group.items])
            shared = shared_emails.of_digest(groups) if groups else None
        return email_to(delivery.follower, shared, delivery) if shared else None

    return write


def held_back_deliveries() -> Q:
    """Return which deliveries wait although they are due: those of a notice that somebody has stopped."""
    return Q(notice__in=Notice.objects.exclude(paused_at=None).values("pk"))


def forgive_refusals(delivery: Delivery) -> None:
    """Forget that an address refused earlier mails, now that it took one."""
    if delivery.follower and delivery.follower.refusals:
        Follower.objects.filter(pk=delivery.follower.pk).update(refusals=0)


@transaction.atomic
def count_refusal(delivery: Delivery) -> None:
    """Send nothing more to an address that was refused for good REFUSALS times in a row."""
    if delivery.follower_id is None:
        return
    follower = Follower.objects.select_for_update().filter(pk=delivery.follower_id).first()
    if follower is None:  # erased a moment ago
        return
    follower.refusals += 1
    if follower.refusals >= REFUSALS and follower.paused_at is None:
        follower.paused_at = timezone.now()
    follower.save(update_fields=["refusals", "paused_at"])


# Somebody waits for what he or she has just asked for.
REQUESTS = MailQueue(FollowRequest, order=10, writer=write_requests)
DELIVERIES = MailQueue(
    Delivery,
    order=20,
    writer=write_deliveries,
    held_back=held_back_deliveries,
    note_sent=forgive_refusals,
    note_refused=count_refusal,
)
register_queue(REQUESTS)
register_queue(DELIVERIES)
