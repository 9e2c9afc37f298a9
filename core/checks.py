"""House rules that Django's system checks assert."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import WARNING, CheckMessage, Error, Tags, register
from wagtail.models import Page


@register(Tags.database)
def sqlite_waits_for_its_lock(**_: Any) -> list[CheckMessage]:
    """SQLite must run with WAL, IMMEDIATE transactions and a timeout of at least 5 seconds.

    Without them two editors who save at once meet "database is locked".
    Source: https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-notes
    """
    errors: list[CheckMessage] = []
    for alias, database in settings.DATABASES.items():
        if database["ENGINE"] != "django.db.backends.sqlite3":
            continue
        options = database.get("OPTIONS", {})
        wrong = []
        if options.get("transaction_mode") != "IMMEDIATE":
            wrong.append("transaction_mode must be IMMEDIATE")
        if options.get("timeout", 0) < 5:
            wrong.append("timeout must be 5 seconds or more")
        if "journal_mode=wal" not in options.get("init_command", "").replace(" ", "").lower():
            wrong.append("init_command must set journal_mode=WAL")
        if wrong:
            errors.append(
                Error(
                    f"The SQLite database '{alias}' can answer 'database is locked': {'; '.join(wrong)}.",
                    hint="Use the OPTIONS in bctt/settings/base.py.",
                    id="core.E001",
                )
            )
    return errors


# With these, mail counts as sent and reaches nobody.
NOWHERE = ("console", "dummy", "filebased", "locmem")


@register(Tags.security, deploy=True)
def mail_goes_somewhere(**_: Any) -> list[CheckMessage]:
    """On a public server mail must not only be printed, written to a file or kept in memory."""
    if settings.EMAIL_BACKEND.split(".")[-2] not in NOWHERE:
        return []
    hint = "Set EMAIL_URL to your mail server, or NOTIFY_API_KEY."
    return [CheckMessage(WARNING, "E-mail reaches nobody, but counts as sent.", hint=hint, id="core.W001")]


# What stands for every visitor when a proxy in front hands the visits on.
DIRECT = "REMOTE_ADDR"


@register(Tags.security, deploy=True)
def visitors_are_told_apart(**_: Any) -> list[CheckMessage]:
    """Behind a proxy every visit comes from the proxy: all residents would share one limit, and be refused."""
    is_behind_a_proxy = settings.SECURE_PROXY_SSL_HEADER is not None or settings.SECURE_SSL_REDIRECT
    if settings.CLIENT_ADDRESS != DIRECT or not is_behind_a_proxy:
        return []
    hint = (
        "Gunicorn ends no HTTPS, so there is a proxy in front. Let it set a header to the visitor’s address, and name "
        "that in CLIENT_ADDRESS, such as HTTP_X_REAL_IP."
    )
    message = "All visitors share one limit: CLIENT_ADDRESS does not say which header has a visitor’s address."
    return [CheckMessage(WARNING, message, hint=hint, id="core.W002")]


@register()
def pages_have_help_texts(**_: Any) -> list[CheckMessage]:
    """Every page type says in the admin what it is for, and every field of ours what to write in it."""
    from .models import BasePage  # noqa: PLC0415 (models are not loaded when this module is)

    errors: list[CheckMessage] = []
    inherited = {field.name for field in Page._meta.get_fields()}
    for model in apps.get_models():
        if not issubclass(model, BasePage):
            continue
        if not model.page_description:
            errors.append(Error(f"{model.__name__} has no page_description.", obj=model, id="core.E002"))
        errors.extend(
            Error(f"{model.__name__}.{field.name} has no help text.", obj=model, id="core.E003")
            for field in (*model._meta.fields, *model._meta.many_to_many)
            if field.editable and field.name not in inherited and not field.help_text and not field.primary_key
        )
    return errors
