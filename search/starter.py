"""Teaches the search its first words, which are part of the starter content."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from core.starter_content import MADE, StarterContentError, by_field, reads

from .models import SynonymGroup, UrgentPhrase

FILE = "search.yaml"


@reads(FILE)
def load_words(data: dict[str, Any]) -> None:
    """Make the groups of synonyms and the urgent phrases, once: what editors change or delete of them stays so.

    `data` has `synonyms`, a list of lists of phrases, and `urgent`, phrases by urgency. Raises StarterContentError.
    """
    _make([SynonymGroup(words="\n".join(group)) for group in data["synonyms"]])
    _make(
        [
            UrgentPhrase(phrase=phrase, urgency=urgency)
            for urgency, phrases in data["urgent"].items()
            for phrase in phrases
        ]
    )


def _make(instances: list[Any]) -> None:
    model: type[Model] = type(instances[0])
    if ModelLogEntry.objects.get_for_model(model).filter(action=MADE).exists():
        return
    for instance in instances:
        try:
            instance.full_clean()
        except ValidationError as error:
            raise StarterContentError(f"{FILE}: {by_field(error)}") from error
        instance.save()
        log(instance=instance, action=MADE)
