"""What people chose, what they are owed and what was told keep; what was noted before it could be read is undone."""

from datetime import datetime, time, timedelta

from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from core.timezone import LONDON

# As digests were made until then (`followers.periods`).
OVERLAP = timedelta(minutes=10)
BATCH = 1000


def next_digest(frequency, now):
    day = now.astimezone(LONDON).date()
    step = 1 if frequency == "daily" else 7
    if frequency == "weekly":
        day -= timedelta(days=day.weekday())
    due = datetime.combine(day, time(8), tzinfo=LONDON)
    return due if due > now else datetime.combine(day + timedelta(days=step), time(8), tzinfo=LONDON)


def keep(apps, schema_editor):
    model = {name: apps.get_model("followers", name) for name in (
        "Delivery", "Follow", "Follower", "FollowRequest", "Notice", "PublishedFacts", "Recipient", "RequestedPage"
    )}
    often = model["Follower"].objects.filter(pk=OuterRef("follower")).values("frequency")
    model["Follow"].objects.update(frequency=Subquery(often[:1]))
    for request in model["FollowRequest"].objects.exclude(pages=None).prefetch_related("pages"):
        model["RequestedPage"].objects.bulk_create(
            model["RequestedPage"](request_id=request.pk, page_id=page.pk, frequency=request.frequency)
            for page in request.pages.all()
        )
    told(model)
    owed(model)
    not_read_yet(apps, model)


def told(model):
    """Each mail about one notice, and each notice in a digest that was sent, was to one recipient."""
    single = model["Delivery"].objects.exclude(notice=None).exclude(state="dropped").order_by("pk")
    rows = single.values_list("notice", "follower", "pk", "due_at").iterator(BATCH)
    add(model, ((*row, "now") for row in rows))
    through = model["Delivery"].digested.through.objects.exclude(delivery__state__in=("waiting", "dropped"))
    rows = through.order_by("pk").values_list("notice", "delivery__follower", "delivery", "delivery__due_at")
    add(model, ((*row, "daily") for row in rows.iterator(BATCH)))


def owed(model):
    """What a digest still owes, prepared or not, is owed by rows."""
    now = timezone.now()
    waiting = model["Delivery"].objects.filter(state="waiting", notice=None).order_by("pk")
    add(model, (
        (notice, row.follower_id, row.pk, row.due_at, "daily")
        for row in waiting.exclude(follower=None).iterator(BATCH)
        for notice in news_of(model, row.follower_id, row.since, row.until)
    ))
    people = model["Follower"].objects.filter(frequency__in=("daily", "weekly"), left_at=None)
    add(model, (
        (notice, person.pk, None, next_digest(person.frequency, now), person.frequency)
        for person in people.exclude(digested_until=None).order_by("pk").iterator(BATCH)
        for notice in news_of(model, person.pk, person.digested_until, now)
    ))


def news_of(model, follower, since, until):
    follows = dict(model["Follow"].objects.filter(follower=follower).values_list("page", "confirmed_at"))
    found = model["Notice"].topics.through.objects.filter(
        page__in=follows, notice__released_at__gt=since - OVERLAP, notice__released_at__lte=until,
    ).exclude(notice__prepared_at=None)
    pairs = found.order_by("notice").values_list("notice", "page", "notice__released_at")
    return sorted({notice for notice, page, released_at in pairs if follows[page] <= released_at})


def add(model, rows):
    batch = []
    for notice, follower, delivery, due_at, frequency in rows:
        batch.append(model["Recipient"](
            notice_id=notice, follower_id=follower, delivery_id=delivery, due_at=due_at, frequency=frequency
        ))
        if len(batch) == BATCH:
            model["Recipient"].objects.bulk_create(batch, ignore_conflicts=True)
            batch = []
    model["Recipient"].objects.bulk_create(batch, ignore_conflicts=True)


def not_read_yet(apps, model):
    """A page that was only scheduled counted as published: its real publication would have been refused as known."""
    hidden = apps.get_model("wagtailcore", "Page").objects.filter(live=False, first_published_at=None).values("pk")
    model["Notice"].objects.filter(page__in=hidden, deliveries=None).delete()
    model["PublishedFacts"].objects.filter(page__in=hidden).delete()


class Migration(migrations.Migration):
    dependencies = [("followers", "0004_recipients_and_how_often_for_each"), ("wagtailcore", "0098_apitoken")]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
