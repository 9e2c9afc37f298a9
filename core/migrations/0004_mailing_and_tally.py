"""Mailing and Tally come from the app that had them; their tables stay as that app's first migration made them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_links'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Mailing',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('is_paused', models.BooleanField(default=False)),
                        ('breaks', models.PositiveSmallIntegerField(default=0)),
                        ('rests_until', models.DateTimeField(null=True)),
                        ('problem', models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        'db_table': 'followers_mailing',
                    },
                ),
                migrations.CreateModel(
                    name='Tally',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('what', models.CharField(max_length=12)),
                        ('who', models.CharField(max_length=24)),
                        ('hour', models.DateTimeField(db_index=True)),
                        ('count', models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        'db_table': 'followers_tally',
                        'constraints': [models.UniqueConstraint(fields=('what', 'who', 'hour'), name='one_tally_an_hour')],
                    },
                ),
            ],
        ),
    ]
