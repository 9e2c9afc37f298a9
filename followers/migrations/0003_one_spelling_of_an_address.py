"""Keep every address in its one spelling; where somebody had asked in several, the one that was first stays."""

from django.db import migrations

from cleaning.addresses import email_identity


def respell(apps, schema_editor):
    Follower, Follow = apps.get_model("followers", "Follower"), apps.get_model("followers", "Follow")
    FollowRequest = apps.get_model("followers", "FollowRequest")
    for follower in Follower.objects.order_by("confirmed_at", "pk").iterator():
        email = email_identity(follower.email)
        if email == follower.email:
            continue
        same = Follower.objects.filter(email=email).exclude(pk=follower.pk).first()
        if same is None:
            Follower.objects.filter(pk=follower.pk).update(email=email)
            continue
        known = Follow.objects.filter(follower=same).values_list("page", flat=True)
        Follow.objects.filter(follower=follower).exclude(page__in=list(known)).update(follower=same)
        follower.delete()
    for asked in FollowRequest.objects.order_by("pk").iterator():
        email = email_identity(asked.email)
        if email == asked.email:
            continue
        # What was asked for is asked again by whoever still wants it.
        if FollowRequest.objects.filter(email=email, kind=asked.kind).exclude(pk=asked.pk).exists():
            asked.delete()
        else:
            FollowRequest.objects.filter(pk=asked.pk).update(email=email)


class Migration(migrations.Migration):
    dependencies = [("followers", "0002_outbox_in_core")]

    operations = [migrations.RunPython(respell, migrations.RunPython.noop)]
