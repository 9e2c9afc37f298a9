"""The search understands what residents ask of the starter content."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import ModelLogEntry

from home.starter.loader import load_starter_content

RELEVANCE = Path(__file__).parent / "search_relevance.json"
# Not in the set that the words were worked out with: everyday questions, misspelt in new ways.
OTHERS = [
    {"query": "my knee hurts", "service": "first-contact-physiotherapist"},
    {"query": "fisio", "service": "first-contact-physiotherapist"},
    {"query": "pharmasist tilbury", "service": "pharmacy", "centre": "tilbury"},
    {"query": "blood test RM17 6SL", "service": "blood-tests", "centre": "grays"},
    {"query": "stanford le hope doctors", "service": "gp", "centre": "corringham"},
    {"query": "i feel so alone", "service": "social-prescribing"},
    {"query": "councelling", "service": "talking-therapies"},
    {"query": "wart removel", "service": "minor-operations"},
    {"query": "xrays", "service": "diagnostics"},
    {"query": "hire a hall in purfleat", "service": "community-space", "centre": "purfleet"},
    {"query": "cant breath", "service": "urgent-help"},
    {"query": "heart atack", "service": "urgent-help"},
    {"query": "i want to kill my self", "service": "urgent-help"},
    {"query": "feeling suicidle", "service": "urgent-help"},
    {"query": "overdoes", "service": "urgent-help"},
]


def evaluation(file: Path) -> list[str]:
    out = StringIO()
    call_command("evaluate_search", str(file), stdout=out)
    return out.getvalue().splitlines()


def test_what_residents_ask_comes_first(starter_content: str, tmp_path: Path) -> None:
    lines = evaluation(RELEVANCE)
    scores = {line.split()[0]: float(line.split()[1]) for line in lines if line.startswith("hit@")}
    assert scores["hit@1"] >= 0.95, lines
    assert scores["hit@3"] == 1, lines
    assert lines[-1] == "urgent 5 of 5 with the card first"

    others = tmp_path / "others.json"
    others.write_text(json.dumps(OTHERS), encoding="utf-8")
    assert evaluation(others)[-3:] == [
        f"hit@1 1.000 ({len(OTHERS)} of {len(OTHERS)})",
        f"hit@3 1.000 ({len(OTHERS)} of {len(OTHERS)})",
        "urgent 5 of 5 with the card first",
    ]


def test_a_miss_is_named(starter_content: str, tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text('[{"query": "blood test", "service": "pharmacy"}, {"query": "quagga", "service": "gp"}]')
    lines = evaluation(file)
    assert "blood test: pharmacy did not come; first was Blood tests at" in lines[0]
    assert "quagga: gp did not come; first was nothing" in lines[1]
    assert lines[2] == "hit@1 0.000 (0 of 2)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Expecting value"),
        ("{}", "must hold a list"),
        ("[]", "has no queries"),
        ('[{"service": "gp"}]', "Entry 1 has no query"),
        ('[{"query": "x", "service": "gp"}, {"query": "gp"}]', "Entry 2 (gp) has neither"),
    ],
)
def test_a_file_in_another_form_is_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "bad.json"
    file.write_text(text)
    with pytest.raises(CommandError) as error:
        evaluation(file)
    assert said in str(error.value)


def test_the_words_the_search_begins_with_are_loaded_once(starter_content: str) -> None:
    made = ModelLogEntry.objects.filter(action="home.starter_content", content_type__app_label="search")
    number = made.count()
    assert number > 80
    entry = made.filter(content_type__model="synonymgroup").first()
    assert entry is not None
    entry.content_type.model_class()._default_manager.filter(pk=entry.object_id).delete()
    load_starter_content()
    assert made.count() == number
    assert not entry.content_type.model_class()._default_manager.filter(pk=entry.object_id).exists()
