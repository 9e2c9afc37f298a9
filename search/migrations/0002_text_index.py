"""Index what search asks PostgreSQL for: Wagtail filters on title and body joined, and indexes them apart."""

from django.db import migrations

NAME = "search_title_and_body"


def add_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        # Every search also reads what was saved last and is not sorted in yet: half a megabyte, not the usual four.
        schema_editor.execute(
            f"CREATE INDEX {NAME} ON wagtailsearch_indexentry USING gin ((title || body)) "
            "WITH (gin_pending_list_limit = 512)"
        )


def remove_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {NAME}")


class Migration(migrations.Migration):

    dependencies = [
        ("search", "0001_initial"),
        ("wagtailsearch", "0010_add_text_fields"),
    ]

    operations = [migrations.RunPython(add_index, remove_index)]
