"""The checks of `make check-imports` find what they are for."""

import sys
from pathlib import Path

import check_packages
import check_shadowing
import check_strings
import grimp
import pytest

ORDER = check_strings.layers()


@pytest.fixture(scope="module")
def names() -> check_strings.Names:
    return check_strings.project_names(set().union(*ORDER))


def found(source: str, names: check_strings.Names, package: str) -> list[tuple[str, str]]:
    """Return the kind and the owner of what a source in `package` names from above or beside."""
    problems = check_strings.problems_in(source, names, check_strings.may_name(package, ORDER))
    return [(problem.kind, problem.owner) for problem in problems]


@pytest.mark.parametrize(
    ("package", "source", "kind", "owner"),
    [
        ("home", 'apps.get_model("search", name)', "app", "search"),
        ("core", 'apps.get_app_config("events")', "app", "whats_on"),
        ("centres", 'Permission.objects.filter(content_type__app_label="followers")', "app", "followers"),
        ("centres", 'filter(content_type__app_label__in=["core", "followers"])', "app", "followers"),
        ("core", 'apps.get_model(f"search.{name}")', "app", "search"),
        ("core", 'apps.get_model("search.%s" % name)', "app", "search"),
        ("news", 'PageChooserBlock(page_type="events.EventPage")', "model or permission", "whats_on"),
        ("core", 'apps.get_model("search.synonymgroup")', "model or permission", "search"),
        ("core", 'user.has_perm("followers.view_notice")', "model or permission", "followers"),
        ("core", 'Permission.objects.get(codename="view_notice")', "permission", "followers"),
        ("core", 'import_module("followers.models")', "module", "followers"),
        ("core", 'import_string("bctt.settings.search.search_backends")', "module", "bctt"),
        ("core", 'reverse("search")', "address", "search"),
        ("core", 'redirect("search")', "address", "search"),
        ("core", 'url_name = "search"', "address", "search"),
        ("core", 'index_url_name: str = "search"', "address", "search"),
        ("leaflets", 'ADDRESSES = ["followers_count"]', "address", "followers"),
        ("core", 'reverse("wagtailsnippets_search_synonymgroup:list")', "address", "search"),
        ("core", 'link = f"/search/?q={words}"', "address", "search"),
        ("core", 'template_name = "followers/follow.html"', "template", "followers"),
        ("core", 'render(request, f"followers/mail/{name}.html")', "template", "followers"),
        ("core", 'render(request, "followers/mail/%s.html" % name)', "template", "followers"),
        ("news", 'template = "events/event_page.html"', "template", "whats_on"),
    ],
)
def test_a_string_that_names_what_is_above_is_found(
    package: str, source: str, kind: str, owner: str, names: check_strings.Names
) -> None:
    assert found(source, names, package) == [(kind, owner)]


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("core", 'NAMES = ["search", "home", "news", "events", "followers"]'),
        ("core", 'index.SearchField("search")'),
        ("core", '"""Named in a docstring: followers.view_notice."""'),
        ("core", 'limit = 3\n"""What search.views counts by."""'),
        ("core", 'render(request, "404.html")'),
        ("core", 'render(request, "includes/breadcrumb.html")'),
        ("core", 'reverse("wagtailadmin_home")'),
        ("core", 'path = "/admin/pages/"'),
        ("core", 'user.has_perm("core.view_alert")'),
        ("centres", 'subpage_types = ["centres.CentrePage"]'),
        ("home", 'subpage_types = ["centres.CentresPage", "events.EventsPage", "home.ContentPage"]'),
        ("whats_on", 'reverse("events_add_repeats")'),
        ("followers", 'template = "events/includes/dates.html"'),
        ("editors", 'PERMISSIONS = ["search.view_synonymgroup", "followers.view_notice"]'),
    ],
)
def test_ordinary_words_and_what_is_below_may_be_named(package: str, source: str, names: check_strings.Names) -> None:
    assert found(source, names, package) == []


def test_a_problem_says_its_line_once(names: check_strings.Names) -> None:
    [problem] = check_strings.problems_in('\n\nreverse("followers_count")\n', names, {"core"})
    assert (problem.line, problem.text) == (3, "followers_count")


def test_tests_and_migrations_are_not_read(tmp_path: Path) -> None:
    for name in ("models/page.py", "tests/test_page.py", "migrations/0001_initial.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert list(check_strings.sources(tmp_path)) == [tmp_path / "models" / "page.py"]


def test_apps_beside_each_other_may_not_name_each_other() -> None:
    order = [{"top"}, {"left", "right"}, {"bottom"}]
    assert check_strings.may_name("left", order) == {"left", "bottom"}


def test_a_file_that_imports_its_own_package_is_found() -> None:
    graph = grimp.ImportGraph()
    for importer, imported in (("core.links", "core.links.report"), ("core.links.report", "core.links.rules")):
        graph.add_import(importer=importer, imported=imported)
    assert check_packages.self_imports(graph) == []
    graph.add_import(importer="core.links.rules", imported="core.links")
    assert [each.split(",")[0] for each in check_packages.self_imports(graph)] == [
        "core.links.rules imports core.links"
    ]


def test_a_package_that_no_contract_has_is_found(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "__init__.py").touch()
    (tmp_path / "pyproject.toml").write_text(
        '[tool.importlinter]\nroot_packages = ["new"]\n[[tool.importlinter.contracts]]\nlayers = ["old"]\n'
    )
    assert check_packages.missing_packages(tmp_path) == [
        "[tool.importlinter] layers in pyproject.toml: missing new",
        "[tool.importlinter] layers in pyproject.toml: no such package old",
    ]


@pytest.mark.parametrize(
    ("name", "source", "collides"),
    [
        ("client/metrics.py", "from events import Events", True),
        ("client/metrics.py", "def later():\n    import json, events.core as other", True),
        ("client/metrics.py", "from .events import Events", False),
        ("client/metrics.py", "from client import events", False),
        ("client/metrics.py", "import events_of_another", False),
        ("client/metrics.py", "'''\nimport events\n'''", False),
        ("events/__init__.py", "", True),
        ("events.py", "", True),
        ("events.cpython-311-x86_64-linux-gnu.so", "", True),
        ("events/notes.txt", "", False),
        ("client/events/__init__.py", "", False),
        ("client/project_template/urls.py", "import events", False),
    ],
)
def test_a_name_that_an_installed_package_has_or_imports_is_found(
    name: str, source: str, collides: bool, tmp_path: Path
) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(source)
    expected = [("events", Path(name))] if collides else []
    assert list(check_shadowing.collisions([Path(name)], tmp_path, {"core", "events"})) == expected


def test_the_packages_looked_at_are_those_that_are_pinned_and_installed() -> None:
    text = 'django==5.2 \\\n    --hash=sha256:0\nwhitenoise[brotli]==6.12 \\\n# x==1\ncolorama==0.4 ; os_name == "nt"\n'
    assert check_shadowing.pinned_packages(text) == ["django", "whitenoise", "colorama"]
    assert Path("django/apps/registry.py") in check_shadowing.installed_files("django")
    assert check_shadowing.installed_files("no-such-package-here") == []


def test_the_folder_of_the_project_is_looked_at_with_its_files() -> None:
    assert {"core", "whats_on", "testing", "conftest", "manage"} <= check_shadowing.own_names()
    assert not check_shadowing.own_names() & sys.stdlib_module_names
