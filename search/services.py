"""What editors teach the search from what people searched for."""

from typing import cast

from django.db import transaction
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.log_actions import log
from wagtail.models import Page

from centres.models import RolePage, ServicePage
from users.models import User

from .normalisation import normalise, phrases_of


@transaction.atomic
def add_word(*, page: ServicePage | RolePage, word: str, user: User) -> bool:
    """Add a word to what a service or role is also known as; return whether it is published with that.

    It is only saved as a draft where the page has other changes that wait to be published, or the user may not
    publish. A word that it has already is not added again.
    """
    had_changes = page.has_unpublished_changes
    draft = cast("ServicePage | RolePage", page.get_latest_revision_as_object())
    words = phrases_of(draft.also_known_as)
    if normalise(word) in map(normalise, words):
        return not had_changes
    draft.also_known_as = "\n".join([*words, word])
    # Not validated: an error that the page had before has nothing to do with the word.
    revision = draft.save_revision(user=user, log_action=True, clean=False)
    if had_changes or not page.permissions_for_user(user).can_publish():
        return False
    revision.publish(user=user)
    return True


@transaction.atomic
def promote(*, page: Page, word: str, user: User) -> None:
    """Have search show a page first for a word; it comes after the picks there are, and is not added twice."""
    query = Query.get(word)
    picks = SearchPromotion.objects.filter(query=query)
    if picks.filter(page=page.pk).exists():
        return
    SearchPromotion.objects.create(query=query, page=page, sort_order=picks.count())
    log(query, "wagtail.edit", user=user)
