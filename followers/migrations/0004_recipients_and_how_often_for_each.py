"""Who is told of what gets rows of its own, and how often is chosen for each thing followed."""

import django.db.models.deletion
from django.db import migrations, models

FREQUENCIES = [("now", "As it happens"), ("daily", "Once a day"), ("weekly", "Once a week")]


class Migration(migrations.Migration):
    dependencies = [
        ("followers", "0003_one_spelling_of_an_address"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("frequency", models.CharField(choices=FREQUENCIES, default="now", max_length=8)),
                ("due_at", models.DateTimeField()),
                (
                    "delivery",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="recipients",
                        to="followers.delivery",
                    ),
                ),
                (
                    "follower",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="told",
                        to="followers.follower",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipients",
                        to="followers.notice",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "follower"), name="told_once_of_a_notice")
                ],
                "indexes": [
                    models.Index(condition=models.Q(("delivery", None)), fields=["due_at"], name="recipient_waiting")
                ],
            },
        ),
        migrations.CreateModel(
            name="RequestedPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("frequency", models.CharField(choices=FREQUENCIES, default="now", max_length=8)),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="wagtailcore.page"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="requested",
                        to="followers.followrequest",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("request", "page"), name="requested_once")],
            },
        ),
        migrations.CreateModel(
            name="FollowedPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=255)),
                ("hidden_since", models.DateTimeField()),
                ("is_told", models.BooleanField(default=False)),
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followed_page",
                        to="wagtailcore.page",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="follow",
            name="frequency",
            field=models.CharField(choices=FREQUENCIES, default="now", max_length=8, verbose_name="how often"),
        ),
        migrations.AddField(
            model_name="follower", name="refused_since", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("published", "What is new by a publication"),
                    ("gone", "A followed page is no longer on the site"),
                    ("back", "A followed page is on the site again"),
                ],
                default="published",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="notice", name="revision_id", field=models.BigIntegerField(null=True, unique=True)
        ),
        migrations.AlterField(
            model_name="publishedfacts", name="revision_id", field=models.BigIntegerField(null=True)
        ),
        migrations.AddField(
            model_name="publishedfacts", name="is_awaited", field=models.BooleanField(default=False)
        ),
    ]
