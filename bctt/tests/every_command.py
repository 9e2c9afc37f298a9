"""Asks every command for its `--help` and imports modules: run by test_production_packages in a process of its own.

`python -m bctt.tests.every_command` reads the names of modules from standard input, as a JSON list, and writes what
came of it to standard output, as the JSON of a `Report`.
"""

import json
import sys
from dataclasses import asdict, dataclass, field
from importlib import import_module

import django
from django.core.management import ManagementUtility, get_commands, load_command_class
from django.core.management.base import BaseCommand


@dataclass
class Report:
    """What worked. `failed` leads from a command or a module to its error; `loaded` are all modules at the end."""

    commands: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    loaded: list[str] = field(default_factory=list)


def every_command(modules: list[str]) -> Report:
    """Ask all that `manage.py help` lists for its help, then import these modules."""
    django.setup()
    report = Report(ManagementUtility(["manage.py", "help"]).main_help_text(commands_only=True).split())
    for name in report.commands:
        try:
            _command(name).create_parser("manage.py", name).format_help()
        except ImportError as error:
            report.failed[name] = str(error)
    for name in modules:
        try:
            import_module(name)
        except ImportError as error:
            report.failed[name] = str(error)
    report.loaded = sorted(sys.modules)
    return report


def _command(name: str) -> BaseCommand:
    app = get_commands()[name]
    return app if isinstance(app, BaseCommand) else load_command_class(app, name)


if __name__ == "__main__":
    json.dump(asdict(every_command(json.load(sys.stdin))), sys.stdout)
