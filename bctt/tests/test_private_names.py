"""All that the site relies on without a promise: private and undocumented names of Wagtail, Django and other packages.

Each has a test that fails when the name goes, or no longer does what the site needs of it. Whoever upgrades a package
and finds one of them red looks at the files that the test names. A private name that is not listed here fails
`test_no_other_private_name_is_used`. Why the site relies on them at all is decision 60.
"""

import ast
import hashlib
import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.mail import EmailMessage
from django.core.mail.backends import smtp
from django.db.models import F
from django.dispatch import Signal
from django.http import multipartparser
from django.template.utils import get_app_template_dirs
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from modelsearch.backends.database.postgres.postgres import PostgresSearchQueryCompiler
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.blocks import Block, CharBlock, RichTextBlock
from wagtail.contrib.redirects.views import start_import
from wagtail.documents.models import AbstractDocument
from wagtail.documents.views import documents
from wagtail.images.views import images
from wagtail.images.views.chooser import viewset as image_chooser
from wagtail.models import Page, WorkflowState
from wagtail.rich_text import expand_db_html, features, get_rewriter
from wagtail.rich_text.pages import PageLinkHandler
from wagtail.users.models import UserProfile

from core.editorial_rules.blocks import HeadingBlock, WordsBlock
from core.images.cleaning import CleanPictureFile
from core.images.forms import CleanAvatarForm
from core.middleware.page_access import BROWSED_PAGES, CHOSEN_PAGES, NOT_FOR_EDITORS, PAGE_IN_ADDRESS, TYPED_TAGS
from core.models import SiteDocument, SiteImage
from core.page_tools.bulk_access import KnownThingsOnly
from core.page_tools.own_tags import OwnDocumentTags, OwnImageTags, OwnTagsChooseView
from core.redirect_imports import import_redirects_view
from core.rich_text import PublicPageLinkHandler
from core.scheduler.publishing import SIGNALS
from core.uploads.admin_views import AddNamedDocuments, AddNamedImages
from home.models import ContentPage
from search.backends.postgres import QuickSearchQueryCompiler
from testing.pages import SmallSite
from testing.sources import ROOT, module_name, packages, production_files
from users.models import User

# Names that begin with an underscore and are documented all the same: the first by Django's "Model _meta API", the
# others by "Managers".
DOCUMENTED = {"_meta", "_default_manager", "_base_manager", "_db"}
# What the site itself keeps on an object of Django's for as long as a request, or a save, lasts.
OURS = {"_bctt_navigation", "_powers_before", "_works_on_centres"}

LISTED: dict[str, set[str]] = {}
Test = Callable[..., None]


def relies_on(*names: str, where: Iterable[str]) -> Callable[[Test], Test]:
    """List names that the files `where` rely on; the test below says of what, and holds it."""

    def listed(test: Test) -> Test:
        LISTED.update({name: set(where) for name in names})
        return test

    return listed


# Private names


@relies_on("_cached_parent_obj", where=["centres/bulk/plans.py", "home/models/home_page.py"])
@pytest.mark.django_db
def test_a_page_takes_what_it_keeps_for_its_parent(
    small_site: SmallSite, django_assert_num_queries: Callable[[int], Any]
) -> None:
    home = Page.objects.get(pk=small_site.home.pk)
    page, sibling = Page.objects.child_of(home)[:2]
    page._cached_parent_obj = home
    with django_assert_num_queries(0):
        assert page.get_parent() is home
    page.slug = sibling.slug
    with pytest.raises(ValidationError, match="slug"):
        page.minimal_clean()
    # Without one, nobody is asked whether another page there has its slug.
    page._cached_parent_obj = None
    with django_assert_num_queries(0):
        page.minimal_clean()


@relies_on("_committed", "_set_document_file_metadata", where=["core/models/media.py"])
@pytest.mark.django_db
def test_a_new_file_is_known_as_new_and_can_be_measured(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    known: Any = SiteDocument(file="documents/known.pdf").file
    assert known._committed
    new: Any = SiteDocument(file=ContentFile(b"Juggling", name="new.pdf"))
    assert not new.file._committed
    assert SiteDocument._set_document_file_metadata is AbstractDocument._set_document_file_metadata
    new._set_document_file_metadata()
    assert (new.file_size, new.file_hash) == (8, hashlib.sha1(b"Juggling").hexdigest())  # noqa: S324 (Wagtail's choice)


@relies_on("_get_validation_exclusions", where=["core/editorial_rules/forms.py"])
@pytest.mark.django_db
def test_a_form_asks_which_fields_of_its_object_not_to_look_at() -> None:
    class TitleForm(forms.ModelForm[SiteDocument]):
        # Room for more than the model has.
        title = forms.CharField(max_length=999)

        class Meta:
            model = SiteDocument
            fields = ["title"]

    class DraftForm(TitleForm):
        def _get_validation_exclusions(self) -> set[str]:
            return {*super()._get_validation_exclusions(), "title"}  # type: ignore[misc]  # undocumented

    assert "title" in TitleForm({"title": "x" * 300}).errors
    assert "title" not in DraftForm({"title": "x" * 300}).errors


@relies_on("_specific_workflow_states", "_current_workflow_states", where=["centres/bulk/plans.py"])
@pytest.mark.django_db
def test_a_page_takes_the_workflow_states_at_hand_for_its_own(
    small_site: SmallSite, django_assert_num_queries: Callable[[int], Any]
) -> None:
    page = small_site.home
    assert page._meta.get_field("_specific_workflow_states").related_model is WorkflowState
    waiting = WorkflowState(status=WorkflowState.STATUS_IN_PROGRESS)
    page._current_workflow_states = [waiting]
    with django_assert_num_queries(0):
        assert page.current_workflow_state is waiting


@relies_on("_combine", where=["search/backends/postgres.py"])
def test_two_columns_can_be_joined_with_an_operator_of_postgresql() -> None:
    joined: Any = F("title")._combine(F("body"), "||", False)  # type: ignore[attr-defined]  # undocumented
    assert str(joined) == "F(title) || F(body)"


@relies_on("_build_rank_expression", "_apply_ordering_and_scoring", where=["search/backends/postgres.py"])
def test_the_search_of_postgresql_can_still_be_ranked_in_part() -> None:
    compiler = PostgresSearchQueryCompiler
    assert _parameters(compiler._build_rank_expression) == ["self", "vectors", "config"]
    assert _parameters(compiler._apply_ordering_and_scoring) == [
        *("self", "queryset", "rank_expression", "start", "stop", "score_field"),
    ]
    assert _parameters(compiler.build_tsquery) == ["self", "query", "config"]
    # That it finds and orders as Wagtail's own is tested in search/tests/test_backends.py, on PostgreSQL.
    assert _parameters(compiler.search) == _parameters(QuickSearchQueryCompiler.search)


# Public names that no documentation promises


@relies_on("send_robust", where=["core/scheduler/publishing.py"])
def test_a_signal_whose_send_is_replaced_sends_robustly() -> None:
    def fail(**_: Any) -> None:
        raise ZeroDivisionError

    assert {type(each) for each in SIGNALS} == {Signal}
    assert _parameters(Signal.send) == _parameters(Signal.send_robust)
    signal: Any = Signal()
    signal.connect(fail)
    signal.send = signal.send_robust
    [(_, error)] = signal.send(sender=None)
    assert isinstance(error, ZeroDivisionError)
    # That a failing receiver keeps nobody back is tested in core/tests/test_scheduling.py.


@relies_on("register_link_type", where=["core/wagtail_hooks.py"])
def test_links_to_pages_are_written_by_our_handler_whatever_order_the_hooks_come_in() -> None:
    assert features.get_link_types()[PageLinkHandler.identifier] is PublicPageLinkHandler


@relies_on("preprocess_field_value", where=["core/spreadsheets.py"])
def test_every_export_writes_its_cells_in_one_place_which_is_ours() -> None:
    view = SpreadsheetExportMixin()
    for kind in view.FORMATS:
        assert view.preprocess_field_value("title", "=1+1", kind) == "'=1+1"
    # That all exports of the admin come by it is tested in bctt/tests/test_exports.py.


@relies_on("start_import", where=["core/redirect_imports.py"])
def test_our_view_stands_before_that_of_wagtail_which_imports_redirects() -> None:
    match = resolve(reverse("wagtailredirects:start_import"))
    assert inspect.unwrap(match.func) is import_redirects_view or match.url_name is None
    assert list(inspect.signature(start_import).parameters) == ["request"]


@relies_on("expand_db_attributes_many", where=["core/rich_text.py"])
def test_wagtail_asks_for_all_links_of_a_text_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[dict[str, Any]]] = []

    def write(links: list[dict[str, Any]]) -> list[str]:
        asked.append(links)
        return ["<a>" for _ in links]

    get_rewriter.cache_clear()
    monkeypatch.setattr(PublicPageLinkHandler, "expand_db_attributes_many", write)
    text = '<a linktype="page" id="1">One</a> <a linktype="page" id="2">Two</a>'
    assert expand_db_html(text) == "<a>One</a> <a>Two</a>"
    get_rewriter.cache_clear()
    assert [[link["id"] for link in links] for links in asked] == [["1", "2"]]


@relies_on(
    *("defer_required_fields", "restore_required_fields", "is_deferred_validation"),
    where=["core/editorial_rules/forms.py"],
)
@pytest.mark.django_db
def test_a_form_of_a_page_can_be_told_that_a_draft_is_kept(small_site: SmallSite, administrator: User) -> None:
    handler = ContentPage.get_edit_handler()
    form = handler.get_form_class()(instance=ContentPage(), for_user=administrator)
    assert isinstance(form, WagtailAdminPageForm)
    assert not form.is_deferred_validation
    form.defer_required_fields()
    assert form.is_deferred_validation
    assert not form.fields["title"].required or "title" not in form._meta.defer_required_on_fields
    form.restore_required_fields()
    assert not form.is_deferred_validation
    # That the editor does so for drafts and only for them is tested in bctt/tests/test_publish_rules.py.


@relies_on("canonical_module_path", where=["core/editorial_rules/blocks.py"])
def test_migrations_know_a_block_by_its_canonical_path() -> None:
    pairs: list[tuple[type[Block], type[Block]]] = [(HeadingBlock, CharBlock), (WordsBlock, RichTextBlock)]
    for ours, plain in pairs:
        assert ours().deconstruct()[0] == plain().deconstruct()[0] == f"wagtail.blocks.{plain.__name__}"


@relies_on("as_bytes", where=["core/mail/rendered_email.py"])
def test_the_mail_server_is_given_the_bytes_of_a_message() -> None:
    assert 'message.as_bytes(linesep="\\r\\n")' in inspect.getsource(smtp.EmailBackend)
    message: Any = EmailMessage("Juggling", "One ball.").message()
    assert b"\r\n" in message.as_bytes(linesep="\r\n")


@relies_on("loaded_revision_id", "overwrite_revision_id", where=["core/page_tools/conflicts.py"])
def test_the_editor_sends_the_version_that_it_began_from() -> None:
    source = inspect.getsource(import_module("wagtail.admin.views.pages.edit"))
    for name in ("loaded_revision_id", "loaded_revision_created_at", "overwrite_revision_id"):
        assert name in source


@relies_on("page_id", where=["core/middleware/page_access.py"])
def test_the_admin_still_calls_pages_and_screens_as_the_middleware_does() -> None:
    patterns = list(_patterns(get_resolver()))
    arguments = {name for pattern in patterns for name in pattern.pattern.converters}
    arguments |= {name for pattern in patterns for name in pattern.pattern.regex.groupindex}
    assert set(PAGE_IN_ADDRESS) <= arguments
    names = {pattern.name for pattern in patterns}
    assert names >= {BROWSED_PAGES, CHOSEN_PAGES} | TYPED_TAGS | NOT_FOR_EDITORS


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each)
        else:
            yield each


@relies_on("filterset_class", "choose_view_class", where=["core/wagtail_hooks.py"])
def test_lists_and_choosers_of_files_take_our_filters_of_tags() -> None:
    assert documents.IndexView.filterset_class is OwnDocumentTags
    assert images.IndexView.filterset_class is OwnImageTags
    assert image_chooser.choose_view_class is OwnTagsChooseView
    assert issubclass(image_chooser.choose_view.view_class, OwnTagsChooseView)
    # That they are used is tested in bctt/tests/test_page_access.py, by a canary among the tags.


def test_every_action_on_ticked_things_tells_nobody_of_what_is_not_his_or_hers() -> None:
    bulk_action_registry.get_bulk_actions_for_model("", "")
    actions = [
        action
        for models in bulk_action_registry.actions.values()
        for found in models.values()
        for action in found.values()
    ]
    assert len(actions) > 10
    assert [action for action in actions if not issubclass(action, KnownThingsOnly)] == []


@relies_on("w-action", where=["core/wagtail_hooks.py"])
@relies_on("w-bulk", where=["templates/modeladmin/centres/centreservicepage/index.html"])
def test_the_scripts_of_the_admin_still_know_the_controllers_that_our_screens_name() -> None:
    core_script = finders.find("wagtailadmin/js/core.js")
    assert core_script
    script = Path(core_script).read_text(encoding="utf-8")
    for name in ("w-action", "w-bulk"):
        assert f'identifier:"{name}"' in script


@relies_on("MAX_TOTAL_HEADER_SIZE", "attr_class", "AvatarSettingsPanel", where=["core/apps.py"])
@pytest.mark.django_db
def test_what_is_set_on_others_when_the_site_starts_is_still_asked_for() -> None:
    assert "parse_boundary_stream(sub_stream, MAX_TOTAL_HEADER_SIZE)" in inspect.getsource(multipartparser.Parser)
    assert isinstance(SiteImage(file="a.png", width=1, height=1).file, CleanPictureFile)
    assert isinstance(UserProfile(avatar="a.png").avatar, CleanPictureFile)
    panel = AvatarSettingsPanel(RequestFactory().get("/"), User(), UserProfile())
    assert isinstance(panel.get_form(), CleanAvatarForm)


@relies_on("AddDocuments", "AddImages", where=["core/uploads/admin_views.py"])
def test_our_screens_for_several_files_stand_before_those_of_wagtail() -> None:
    for address, ours in (("wagtailimages", AddNamedImages), ("wagtaildocs", AddNamedDocuments)):
        view: Any = resolve(reverse(f"{address}:add_multiple")).func
        assert view.view_class is ours


# Methods of ours, each in the place of one that is not documented.
OVERRIDES = {
    "centres.admin.lists.EditPageButton": {"get_buttons_for_obj", "get_primary_button"},
    "centres.admin.lists.RowsAdmin": {
        *("get_admin_urls_for_registration", "get_permissions_for_registration"),
        *("register_admin_url_finders", "register_indexing"),
    },
    "centres.admin.lists.RowsView": {"get_filters_params", "get_search_results"},
    "centres.admin.lists.ServicesView": {"get_heading", "stream_csv", "to_row_dict"},
    "centres.admin.modeladmin.AcrossTheCentres": {"get_submenu_items"},
    "centres.models.centre_service.CentreServicePage": {"full_clean", "minimal_clean"},
    "core.editorial_rules.forms.BasePageForm": {"defer_required_fields", "restore_required_fields"},
    "core.images.cleaning.CleanPictureFile": {"_get_image_dimensions"},
    "core.links.admin_views.DeadLinksView": {"get_base_queryset", "order_queryset"},
    "core.middleware.headers.ContentSecurityPolicyMiddleware": {"get_policy_parts"},
    "core.models.base.BasePage": {"get_view_restrictions", "serializable_data", "with_content_json"},
    "core.models.media.SiteImage": {"generate_rendition_file"},
    "core.notification_choice.FormFieldPanel.BoundPanel": {"get_comparison"},
    "core.page_tools.admin_views.StillCorrect": {"get_actionable_objects", "get_queryset", "object_context"},
    "core.wagtail_hooks.AlertViewSet": {"register_chooser_viewset"},
    "followers.admin_views.NoticesView": {"decorate_paginated_queryset"},
    "leaflets.views.ToMendView": {"decorate_paginated_queryset", "get_base_queryset"},
    "news.feeds.Steady": {"latest_post_date"},
    "search.admin_views.SearchesView": {"get_base_queryset"},
    "search.backends.postgres.QuickSearchQueryCompiler": {"search"},
}


@pytest.mark.parametrize(
    ("owner", "name"), [(owner, name) for owner, names in OVERRIDES.items() for name in sorted(names)]
)
def test_what_ours_stands_in_for_is_still_there_and_is_called_as_before(owner: str, name: str) -> None:
    path, _, last = owner.rpartition(".")
    if last == "BoundPanel":
        path, _, outer = path.rpartition(".")
        found: Any = getattr(import_module(path), outer).BoundPanel
    else:
        found = getattr(import_module(path), last)
    ours = vars(found)[name]
    theirs = next(vars(base)[name] for base in _upstream(found) if name in vars(base))
    taken = inspect.signature(_plain(ours)).parameters
    if any(each.kind is each.VAR_KEYWORD for each in taken.values()):
        return
    given = inspect.signature(_plain(theirs)).parameters
    needed = [key for key, each in given.items() if each.kind is not each.VAR_KEYWORD]
    assert list(taken)[: len(needed)] == needed


def _upstream(kind: type) -> list[type]:
    """Return the classes that a class of ours is made of and that are not ours."""
    return [base for base in kind.__mro__[1:] if base.__module__.partition(".")[0] not in packages()]


def _plain(function: Any) -> Callable[..., Any]:
    return getattr(function, "__func__", function)


def _parameters(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters)


# Templates

# Templates of packages that one of ours replaces, extends or both, as they were when ours was last held against them.
# When one is red: look at what changed (`git diff` between two versions of the package), mend ours, note the new hash.
TEMPLATES = {
    "account/account_inactive.html": "b38ecc2642c2",
    "account/login.html": "bc38debd2f3c",
    "account/logout.html": "78eca3d4ad6b",
    "account/reauthenticate.html": "9e2a69f8965f",
    "mfa/authenticate.html": "37e688fdef8f",
    "mfa/index.html": "ae4ccf604a9a",
    "mfa/reauthenticate.html": "22fc22425c3f",
    "mfa/recovery_codes/download.txt": "307c4cde99da",
    "mfa/recovery_codes/generate.html": "76d405d12d01",
    "mfa/recovery_codes/index.html": "33303ef4ae6a",
    "mfa/totp/activate_form.html": "c7268f27735c",
    "mfa/totp/deactivate_form.html": "02c44a3278e6",
    "mfa/webauthn/add_form.html": "7e774d06b5f6",
    "mfa/webauthn/authenticator_confirm_delete.html": "54f42d04a4fd",
    "mfa/webauthn/authenticator_list.html": "e8be87b8c97b",
    "mfa/webauthn/edit_form.html": "abbddae26b24",
    "mfa/webauthn/reauthenticate.html": "b2c9d327d8f2",
    "modeladmin/index.html": "5d683768951a",
    "usersessions/usersession_list.html": "232143c3f98d",
    "wagtailadmin/account/settings_panels/avatar.html": "c03353d6f35d",
    "wagtailadmin/admin_base.html": "8d1e91482208",
    "wagtailadmin/chooser/tables/parent_page_cell.html": "e09e2aa85aed",
    "wagtailadmin/base.html": "d9022f8527df",
    "wagtailadmin/bulk_actions/confirmation/base.html": "60ad5d946cb8",
    "wagtailadmin/generic/confirm_unpublish.html": "be455f5ded58",
    "wagtailadmin/home/account_summary.html": "ff5c7d30e467",
    "wagtailadmin/notifications/base.txt": "59f5bb660520",
    "wagtailadmin/notifications/task_state_submitted.txt": "7ebcf641a2f3",
    "wagtailadmin/notifications/task_state_submitted_subject.txt": "d4863a1a2759",
    "wagtailadmin/notifications/workflow_state_approved.txt": "365a9f11a456",
    "wagtailadmin/notifications/workflow_state_approved_subject.txt": "a33d187e703b",
    "wagtailadmin/notifications/workflow_state_rejected.txt": "a0efe621987f",
    "wagtailadmin/notifications/workflow_state_rejected_subject.txt": "385b11f61a58",
    "wagtailadmin/notifications/workflow_state_submitted.txt": "f273a89d67a2",
    "wagtailadmin/notifications/workflow_state_submitted_subject.txt": "ec96c623544b",
    "wagtailadmin/pages/confirm_delete.html": "77c1be276033",
    "wagtailadmin/pages/confirm_move.html": "0d2455abb426",
    "wagtailadmin/pages/confirm_unpublish.html": "48449738ea62",
    "wagtailadmin/reports/base_report.html": "6e31221d24d7",
    "wagtailadmin/reports/base_report_results.html": "2c7274783262",
    "wagtailadmin/shared/side_panels/checks.html": "9aa33e9ba259",
    "wagtailadmin/shared/usage_summary.html": "b3c9bccc50a0",
    "wagtailcore/password_required.html": "707b31d06454",
    "wagtailcore/shared/block_preview.html": "e35023cfde06",
    "wagtailnhsukfrontend/care_card.html": "1af0556c2070",
    "wagtailnhsukfrontend/do_list.html": "281dcb0d57a9",
    "wagtailnhsukfrontend/dont_list.html": "0ca865b76bd9",
    "wagtailnhsukfrontend/warning_callout.html": "a358c0c81144",
}


def test_no_template_that_ours_stands_in_for_or_builds_on_has_changed() -> None:
    assert {name: _hash(name) for name in upstream_templates()} == TEMPLATES


def upstream_templates() -> set[str]:
    """Return the names of templates of packages that one of ours replaces or extends."""
    folder = ROOT / "templates"
    found = set()
    for file in folder.rglob("*.*"):
        extends = re.match(r'\s*{% extends "([^"]+)" %}', file.read_text(encoding="utf-8"))
        found |= {str(file.relative_to(folder)), *([extends[1]] if extends else [])}
    return {name for name in found if _upstream_template(name)}


def _upstream_template(name: str) -> Path | None:
    paths = (Path(folder) / name for folder in get_app_template_dirs("templates"))
    return next((path for path in paths if path.is_file()), None)


def _hash(name: str) -> str:
    path = _upstream_template(name)
    assert path
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def test_no_template_stands_in_for_one_that_is_gone() -> None:
    gone = [
        name
        for folder in ("wagtailadmin", "wagtailcore", "wagtailnhsukfrontend")
        for file in (ROOT / "templates" / folder).rglob("*.*")
        if not _upstream_template(name := str(file.relative_to(ROOT / "templates")))
    ]
    assert gone == []


# Nothing else


@dataclass(frozen=True)
class Use:
    """A private name as a file of ours uses it."""

    name: str
    file: str


def private_uses(file: Path) -> Iterator[Use]:
    """Yield the private names that a file takes from things that are not its own: attributes, imports and strings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    own = set(_own_names(tree))
    # The text between the holes of an f-string is no name.
    parts = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in set(ast.walk(tree)) - parts:
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name) if name in own:
                continue
            case ast.Attribute(attr=name):
                names = [name]
            case ast.ImportFrom(module=module, level=0) if (module or "").partition(".")[0] not in packages():
                names = [*(module or "").split("."), *(alias.name for alias in node.names)]
            case ast.Import():
                names = [part for alias in node.names for part in alias.name.split(".")]
            case ast.Constant(value=str(text)) if text not in own:
                names = [text]
            case _:
                continue
        yield from (Use(name, str(file.relative_to(ROOT))) for name in names if re.fullmatch(r"_[a-z]\w*", name))


def _own_names(tree: ast.AST) -> Iterator[str]:
    """Yield what a file defines or sets itself, in its classes or for a query."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
                yield name
            case ast.keyword(arg=str(name)):
                yield name


def test_no_other_private_name_is_used() -> None:
    used: dict[str, set[str]] = {}
    for use in (use for file in production_files() for use in private_uses(file)):
        if use.name not in DOCUMENTED | OURS:
            used.setdefault(use.name, set()).add(use.file)
    assert used == {name: files for name, files in LISTED.items() if name.startswith("_")}


def test_no_other_private_method_is_replaced() -> None:
    replaced = {
        name
        for kind in _our_classes()
        for name in vars(kind).keys() & set(_own_names(ast.parse(inspect.getsource(kind))))
        if re.fullmatch(r"_[a-z]\w*[a-z]", name) and any(name in vars(base) for base in _upstream(kind))
    }
    assert replaced == {"_get_image_dimensions", "_get_validation_exclusions"}


def _our_classes() -> Iterator[type]:
    for file in production_files():
        if "migrations" not in file.parts and "settings" not in file.parts and file.stem != "gunicorn":
            module = import_module(module_name(file))
            yield from (
                each for each in vars(module).values() if inspect.isclass(each) and each.__module__ == module.__name__
            )


def test_what_is_listed_is_still_relied_on() -> None:
    gone = [
        f"{file}: {name}"
        for name, files in LISTED.items()
        for file in files
        if name not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert gone == []


@pytest.mark.parametrize(
    "source",
    [
        "page._cached",
        "self._inherited",
        "super()._inherited()",
        "from wagtail.models import _thing",
        "from django._thing import x",
        "import django._thing",
        'getattr(page, "_thing")',
    ],
)
def test_a_new_use_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    file = tmp_path / "new.py"
    file.write_text(source)
    assert len(list(private_uses(file))) == 1
