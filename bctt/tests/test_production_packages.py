"""A public server has the packages of requirements.txt alone: everything it could run must run there."""

import ast
import json
import re
import subprocess
import sys
import venv
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from testing.sources import DEVELOPMENT_PACKAGES, ROOT, module_name, packages, production_files

from .every_command import Report

PIN = re.compile(r"([\w.-]+)(?:\[[^]]*\])?==", re.MULTILINE)
# What production's settings ask the environment for. Nothing here is a secret.
ENVIRONMENT = {"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "www.example.org", "BASE_URL": "https://www.example.org"}
NOT_OF_PRODUCTION = re.compile(rf"({'|'.join(sorted(DEVELOPMENT_PACKAGES))})(\.|$)|.+\.(factories|tests)(\.|$)")


def plain_name(distribution: str) -> str:
    """Return the name of a distribution as it is compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def pinned(requirements: str) -> set[str]:
    """Return the names of the distributions that a file of requirements pins."""
    return {plain_name(name) for name in PIN.findall((ROOT / requirements).read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def production_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a virtual environment with links to what requirements.txt pins, out of ours; return its Python."""
    folder = tmp_path_factory.mktemp("production")
    venv.create(folder, symlinks=True, with_pip=False)
    (site_packages,) = folder.glob("lib/python3*/site-packages")
    wanted = pinned("requirements.txt")
    for distribution in metadata.distributions():
        if plain_name(distribution.metadata["Name"]) in wanted:
            for top in {file.parts[0] for file in distribution.files or []} - {"..", "__pycache__"}:
                if not (site_packages / top).exists():
                    (site_packages / top).symlink_to(str(distribution.locate_file(top)))
    return folder / "bin" / "python"


def ask(python: Path | str, settings: str, modules: list[str] | None = None) -> Report:
    """Return what became of all commands, and of importing modules, with this Python and these settings."""
    answer = subprocess.run(  # noqa: S603 (our own module)
        [str(python), "-m", "bctt.tests.every_command"],
        cwd=ROOT,
        env={**ENVIRONMENT, "DJANGO_SETTINGS_MODULE": settings},
        input=json.dumps(modules or []),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return Report(**json.loads(answer.stdout))


def test_the_environment_lacks_what_only_development_has(production_python: Path) -> None:
    development = pinned("requirements-dev.txt") - pinned("requirements.txt")
    assert {"factory-boy", "pytest"} <= development
    names = [
        name
        for name, distributions in metadata.packages_distributions().items()
        if name.isidentifier() and {plain_name(each) for each in distributions} <= development
    ]
    code = "import sys, importlib.util as util; print([name for name in sys.argv[1:] if util.find_spec(name)])"
    answer = subprocess.run(  # noqa: S603 (a constant)
        [str(production_python), "-c", code, *names], capture_output=True, text=True, check=True, cwd=ROOT.parent
    )
    assert len(names) > 20
    assert answer.stdout.strip() == "[]"


def test_every_command_and_module_of_production_needs_only_the_packages_of_production(production_python: Path) -> None:
    modules = [module_name(file) for file in production_files()]
    report = ask(production_python, "bctt.settings.production", modules)
    assert report.failed == {}
    assert {"tick", "migrate", "first_run", "check_links"} <= set(report.commands)
    assert set(modules) <= set(report.loaded)
    own = [name for name in report.loaded if name.partition(".")[0] in packages()]
    # The one of our own that asks is of the tests itself.
    assert [name for name in own if NOT_OF_PRODUCTION.match(name)] == ["bctt.tests"]


def test_development_settings_need_no_more_and_leave_benchmarks_and_drills_to_settings_of_their_own(
    production_python: Path,
) -> None:
    development = ask(production_python, "bctt.settings.dev")
    assert development.failed == {}
    assert "runserver" in development.commands
    benchmarks = ask(sys.executable, "bctt.settings.benchmarks")
    assert benchmarks.failed == {}
    of_make = set(re.findall(r"\$\(BENCHMARKS\) (\w+)", (ROOT / "Makefile").read_text(encoding="utf-8")))
    assert of_make == {"bench", "bench_mails", "drill_autosave", "drill_mails"}
    assert of_make == set(benchmarks.commands) - set(development.commands)


def imported(file: Path) -> Iterator[str]:
    """Give the full name of each module or thing that a file imports, wherever in it that stands."""
    package = module_name(file).split(".") if file.stem == "__init__" else module_name(file).split(".")[:-1]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            yield from (".".join([*above, *filter(None, [node.module]), alias.name]) for alias in node.names)


def test_not_even_within_a_function_does_production_import_what_it_may_lack() -> None:
    wanted = pinned("requirements.txt")
    known = set(sys.stdlib_module_names) | set(packages())
    known |= {
        name
        for name, distributions in metadata.packages_distributions().items()
        if {plain_name(each) for each in distributions} & wanted
    }
    files = production_files()
    assert len(files) > 200
    errors = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in files
        for name in imported(file)
        if NOT_OF_PRODUCTION.match(name) or name.partition(".")[0] not in known
    ]
    assert errors == []
