"""Says how well the search understands the queries of a file."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.evaluation import FIRST_FEW, EvaluatedQuery, EvaluationError, evaluate, read_expectations


class Command(BaseCommand):
    help = (
        "Asks the search every query of a JSON file and prints how often what was expected came first, or among the "
        'first three. The file is a list of {"query": …, "service": slug, "centre": slug, "also": [slugs]}; the '
        'service "urgent-help" stands for the urgent-help card.'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, count, print."""
        try:
            expectations = read_expectations(json.loads(options["file"].read_text(encoding="utf-8")))
        except (OSError, ValueError, EvaluationError) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        if not expectations:
            raise CommandError(f"{options['file']} has no queries.")
        outcomes = list(evaluate(expectations))
        for outcome in outcomes:
            if outcome.place != 1:
                self.stdout.write(_said(outcome))
        first = sum(outcome.place == 1 for outcome in outcomes)
        few = sum(outcome.place is not None and outcome.place <= FIRST_FEW for outcome in outcomes)
        urgent = [outcome for outcome in outcomes if outcome.expected.is_urgent]
        self.stdout.write(f"hit@1 {first / len(outcomes):.3f} ({first} of {len(outcomes)})")
        self.stdout.write(f"hit@3 {few / len(outcomes):.3f} ({few} of {len(outcomes)})")
        if urgent:
            shown = sum(outcome.place == 1 for outcome in urgent)
            self.stdout.write(f"urgent {shown} of {len(urgent)} with the card first")


def _said(outcome: EvaluatedQuery) -> str:
    wanted = " or ".join(outcome.expected.services) or "the centre"
    at = f" at {outcome.expected.centre}" if outcome.expected.centre else ""
    place = f"came {outcome.place}" if outcome.place else "did not come"
    return f"  {outcome.expected.query}: {wanted}{at} {place}; first was {outcome.first}"
