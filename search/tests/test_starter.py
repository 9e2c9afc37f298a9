"""The words that search begins with are refused in words, with the file they stand in."""

import pytest

from core.starter_content import StarterContentError
from search.models import SynonymGroup, UrgentPhrase
from search.starter import load_words

pytestmark = pytest.mark.database


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("synonyms", "urgent"),
    [([["juggling", "x" * 5000]], {"emergency": ["stuck"]}), ([["juggling", "jugglery"]], {"perhaps": ["stuck"]})],
)
def test_words_that_the_admin_would_refuse_are_refused(synonyms: list[list[str]], urgent: dict[str, list[str]]) -> None:
    with pytest.raises(StarterContentError, match=r"^search\.yaml: "):
        load_words({"synonyms": synonyms, "urgent": urgent})


@pytest.mark.django_db
def test_words_are_loaded_once_and_stay_deleted() -> None:
    data = {"synonyms": [["juggling", "jugglery"]], "urgent": {"emergency": ["stuck"]}}
    load_words(data)
    assert SynonymGroup.objects.get().words == "juggling\njugglery"
    assert (UrgentPhrase.objects.get().phrase, UrgentPhrase.objects.get().urgency) == ("stuck", "emergency")
    SynonymGroup.objects.all().delete()
    load_words(data)
    assert (SynonymGroup.objects.count(), UrgentPhrase.objects.count()) == (0, 1)
