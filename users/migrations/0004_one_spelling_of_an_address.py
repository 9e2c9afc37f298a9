"""Keep every address in its one spelling.

Where two people would then have the same one, the second is left as it is: nobody can sign in with it any more, and an
administrator sees both in the list of users.
"""

from django.db import migrations

from cleaning.addresses import email_identity


def respell(apps, schema_editor):
    User = apps.get_model("users", "User")
    for user in User._base_manager.order_by("pk").iterator():
        email = email_identity(user.email)
        if email != user.email and not User._base_manager.filter(email__iexact=email).exclude(pk=user.pk).exists():
            User._base_manager.filter(pk=user.pk).update(email=email)


class Migration(migrations.Migration):
    dependencies = [("users", "0003_second_factor_due_at")]

    operations = [migrations.RunPython(respell, migrations.RunPython.noop)]
