"""What recipients and follows say now is said nowhere else."""

from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):
    dependencies = [("followers", "0005_keep_what_people_chose")]

    operations = [
        migrations.RemoveConstraint(model_name="delivery", name="one_delivery_of_a_notice"),
        migrations.RemoveConstraint(model_name="delivery", name="one_delivery_of_a_digest"),
        migrations.RemoveConstraint(model_name="delivery", name="a_notice_or_a_digest"),
        migrations.RemoveField(model_name="delivery", name="notice"),
        migrations.RemoveField(model_name="delivery", name="since"),
        migrations.RemoveField(model_name="delivery", name="until"),
        migrations.RemoveField(model_name="delivery", name="digested"),
        migrations.AlterField(
            model_name="delivery",
            name="follower",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="deliveries",
                to="followers.follower",
            ),
        ),
        migrations.RemoveIndex(model_name="follower", name="follower_digested"),
        migrations.RemoveField(model_name="follower", name="frequency"),
        migrations.RemoveField(model_name="follower", name="digested_until"),
        migrations.RemoveField(model_name="followrequest", name="frequency"),
        migrations.RemoveField(model_name="followrequest", name="pages"),
        migrations.AddField(
            model_name="followrequest",
            name="pages",
            field=models.ManyToManyField(
                related_name="+", through="followers.RequestedPage", to="wagtailcore.page"
            ),
        ),
    ]
