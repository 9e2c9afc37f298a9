"""Mailing and Tally are core's now, and a mail's lease has another name in Python; the database stays as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_mailing_and_tally'),
        ('followers', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name='Mailing'),
                migrations.DeleteModel(name='Tally'),
                migrations.AlterField(
                    model_name='delivery',
                    name='claim',
                    field=models.UUIDField(db_column='claim', null=True),
                ),
                migrations.RenameField(model_name='delivery', old_name='claim', new_name='leased_by'),
                migrations.AlterField(
                    model_name='followrequest',
                    name='claim',
                    field=models.UUIDField(db_column='claim', null=True),
                ),
                migrations.RenameField(model_name='followrequest', old_name='claim', new_name='leased_by'),
            ],
        ),
    ]
