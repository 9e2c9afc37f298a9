"""What core adds to the admin and to rich text: alerts, "Still correct", checks, and links to public pages only."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import SimpleTemplateResponse
from django.templatetags.static import static
from django.urls import URLPattern, path, resolve, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import AdminOnlyMenuItem, MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.userbar import BaseItem, ContentCheckerItem
from wagtail.admin.widgets import Button
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.documents.views.documents import IndexView as DocumentsIndexView
from wagtail.images.views.chooser import viewset as image_chooser
from wagtail.images.views.images import IndexView as ImagesIndexView
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page
from wagtail.query import PageQuerySet
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from users.models import User

from .admin_api import OwnDocuments, OwnImages, ReadOnlyPages
from .editorial_rules.content_checker import WordsChecker
from .editorial_rules.drafts import invalid_drafts
from .links.admin_views import DeadLinksMenuItem, DeadLinksView
from .models import Alert, BasePage
from .models.needed import needed_pages, refusal
from .page_tools.admin_views import StillCorrect, share_draft_view, still_correct_view
from .page_tools.bulk_access import WAGTAILS_OWN, guarded
from .page_tools.conflicts import conflict_of
from .page_tools.own_tags import OwnDocumentTags, OwnImageTags, OwnTagsChooseView
from .page_tools.redirects import RedirectForm, create_redirect
from .page_tools.still_correct import STILL_CORRECT, unchecked_sentence
from .permissions import known_pages, may_change
from .redirect_imports import import_redirects_view
from .rich_text import PublicPageLinkHandler, linked_pages, rich_texts
from .security.log import POWERS_OF_USER, log_security_event, register_actions_with_wagtail
from .security.report import SecurityView
from .security.signals import POWERS
from .uploads.admin_views import AddNamedDocuments, AddNamedImages


class AlertViewSet(SnippetViewSet):
    """Alerts, in the main menu, because they are needed in a hurry."""

    model = Alert
    icon = "warning"
    menu_label = "Alerts"
    menu_order = 250
    add_to_admin_menu = True
    list_display = ["title", "severity", Column("schedule_text", label="When", sort_key="ends_at")]
    list_filter = ["severity"]
    search_fields = ["title", "text"]

    def register_chooser_viewset(self) -> None:
        """Make no chooser: nothing is linked to an alert, and it would list alerts to come to every editor."""


register_snippet(AlertViewSet)


# After Wagtail's own (order 0), which these replace.
for action in (*WAGTAILS_OWN, StillCorrect):
    hooks.register("register_bulk_action", guarded(action), order=1)


# Wagtail has no other place for these; they offer the tags of all files and pictures.
DocumentsIndexView.filterset_class = OwnDocumentTags
ImagesIndexView.filterset_class = OwnImageTags
image_chooser.choose_view_class = OwnTagsChooseView


@hooks.register("construct_admin_api", order=1)
def tell_of_ones_own(router: WagtailAPIRouter) -> None:
    """Replace what the admin's API lists by what this editor may know."""
    router.register_endpoint("pages", ReadOnlyPages)
    router.register_endpoint("documents", OwnDocuments)
    router.register_endpoint("images", OwnImages)


@hooks.register("construct_page_chooser_queryset")
def offer_known_pages(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Offer pages to link to: those that residents see, and one's own."""
    return known_pages(pages, cast(User, request.user))


@hooks.register("insert_global_admin_css")
def style_our_screens() -> SafeString:
    """Load the style sheet of our own screens."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("register_admin_urls")
def register_still_correct_url() -> list[URLPattern]:
    """Give "Still correct" and the link to a draft their addresses."""
    return [
        path("pages/<id:page_id>/still-correct/", still_correct_view, name="core_still_correct"),
        path("pages/<id:page_id>/share/", share_draft_view, name="core_share_draft"),
    ]


@hooks.register("register_admin_urls")
def register_upload_urls() -> list[URLPattern]:
    """Put ours in the place of Wagtail's screens that take several files at once."""
    return [
        path("images/multiple/add/", AddNamedImages.as_view()),
        path("documents/multiple/add/", AddNamedDocuments.as_view()),
    ]


@hooks.register("register_admin_urls")
def register_dead_links_urls() -> list[URLPattern]:
    """Give the report of dead links its addresses."""
    return [
        path("reports/dead-links/", DeadLinksView.as_view(), name="core_dead_links"),
        path("reports/dead-links/results/", DeadLinksView.as_view(results_only=True), name="core_dead_links_results"),
    ]


# Its address is that of Wagtail's own screen, which comes after it.
@hooks.register("register_admin_urls")
def register_import_of_redirects() -> list[URLPattern]:
    """Let our own view read a file of redirects first."""
    return [path("redirects/import/", import_redirects_view)]


@hooks.register("register_reports_menu_item")
def register_dead_links_menu_item() -> MenuItem:
    """Put the report into the menu Reports."""
    return DeadLinksMenuItem("Dead links", reverse("core_dead_links"), name="dead-links", icon_name="link", order=740)


@hooks.register("insert_global_admin_js")
def keep_typed_times() -> SafeString:
    """Load the script that keeps what is typed into fields of days and times; before any of them is drawn."""
    return format_html('<script src="{}"></script>', static("js/typed-times.js"))


@hooks.register("register_log_actions")
def register_still_correct_action(actions: LogActionRegistry) -> None:
    """Name it in the history of pages."""
    actions.register_action(STILL_CORRECT, "Still correct", "Confirmed that everything is still right")


hooks.register("register_log_actions", register_actions_with_wagtail)


@hooks.register("register_admin_urls")
def register_security_urls() -> list[URLPattern]:
    """Give the report "Security" its addresses."""
    return [
        path("reports/security/", SecurityView.as_view(), name="core_security"),
        path("reports/security/results/", SecurityView.as_view(results_only=True), name="core_security_results"),
    ]


@hooks.register("register_reports_menu_item")
def register_security_menu_item() -> MenuItem:
    """Put the report into the menu Reports, for administrators."""
    return AdminOnlyMenuItem("Security", reverse("core_security"), name="security", icon_name="lock", order=1010)


@hooks.register("after_bulk_action")
def note_closed_accounts(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """Note whose accounts were closed or opened together, of which no receiver hears."""
    if action_type == "set_active_state":
        change = POWERS["is_active"][0 if action.cleaned_form.cleaned_data["mark_as_active"] else 1]
        for user in objects:
            log_security_event(POWERS_OF_USER, about=user, user=cast(User, request.user), data={"change": change})


@hooks.register("before_edit_page")
def say_what_happens_by_itself(request: HttpRequest, page: Page) -> None:
    """Tell whoever opens a page when it is published or goes away by itself."""
    if request.method == "GET" and isinstance(page, BasePage) and page.schedule_text:
        messages.info(request, page.schedule_text)


@hooks.register("after_publish_page")
def say_what_residents_read_of_the_check(request: HttpRequest, page: Page) -> None:
    """Tell whoever published without ticking “right today” which day residents read."""
    if isinstance(page, BasePage) and (sentence := unchecked_sentence(page)):
        messages.info(request, sentence)


@hooks.register("before_edit_page")
def warn_before_overwriting(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Show what somebody else saved meanwhile, before it is overwritten."""
    is_saved_by_hand = request.method == "POST" and request.accepts("text/html")
    conflict = conflict_of(request, page) if is_saved_by_hand else None
    if conflict is None:
        return None
    return render(request, "core/admin/conflict.html", {"page": page, "conflict": conflict})


def _kept(request: HttpRequest, pages: Iterable[Page], done: str) -> HttpResponse | None:
    """Say why pages that the site needs stay as they are, and go back to where they are listed."""
    pages = list(pages)
    sentences = refusal(pages, done)
    if not sentences:
        return None
    messages.error(request, sentences)
    parent = pages[0].get_parent()
    return redirect("wagtailadmin_explore", parent.pk) if parent else redirect("wagtailadmin_explore_root")


# Before other hooks, which ask more.
@hooks.register("before_delete_page", order=-1)
def keep_needed_pages(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to delete what the site needs, be it beneath the page."""
    return _kept(request, [page], "deleted")


@hooks.register("before_unpublish_page", order=-1)
def keep_needed_pages_on_the_site(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse to take off the site what it needs, also with the page above."""
    beneath = list(page.get_children().live()) if "include_descendants" in request.POST else []
    if page.pk in needed_pages([page]):
        return _kept(request, [page], "taken off the site")
    return _kept(request, beneath, "taken off the site") if beneath else None


@hooks.register("before_move_page", order=-1)
def keep_needed_pages_in_place(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Refuse to move what the site needs to another place."""
    return _kept(request, [page], "moved")


@hooks.register("before_bulk_action", order=-1)
def keep_needed_pages_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Refuse the same for pages that are ticked together: all of it, so that nobody must find out what was done."""
    pages = [page for page in objects if isinstance(page, Page)]
    done = {"delete": "deleted", "unpublish": "taken off the site", "move": "moved"}.get(action_type)
    if not pages or done is None:
        return None
    if action_type == "unpublish" and not action.cleaned_form.cleaned_data["include_descendants"]:
        pages = [page for page in pages if page.pk in needed_pages(pages)]
    return _kept(request, pages, done) if pages else None


@hooks.register("before_delete_page")
@hooks.register("before_unpublish_page")
def check_redirect(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Say what is wrong with where people are to be sent, before the page is gone."""
    if request.method != "POST" or RedirectForm(request.POST, page=page, user=cast(User, request.user)).is_valid():
        return None
    # The screen again as if it were only looked at: its form reads what was sent, and says what is wrong beside it.
    request.method = "GET"
    match = resolve(request.path_info)
    return cast(HttpResponse, match.func(request, *match.args, **match.kwargs))


@hooks.register("after_delete_page")
def redirect_from_deleted(request: HttpRequest, page: Page) -> None:
    """Send people on from the address of a page that is gone."""
    _redirect(request, page, is_for_good=True)


@hooks.register("after_unpublish_page")
def redirect_from_unpublished(request: HttpRequest, page: Page) -> None:
    """Send people on until the page is back."""
    _redirect(request, page, is_for_good=False)


def _redirect(request: HttpRequest, page: Page, *, is_for_good: bool) -> None:
    form = RedirectForm(request.POST, page=page, user=cast(User, request.user))
    if form.is_valid() and (target := form.cleaned_data["redirect_to"]):
        create_redirect(page=page, target=target, is_for_good=is_for_good)


def _still_correct_button(page: Page, user: User, next_url: str | None) -> Iterator[Button]:
    if issubclass(page.specific_class or Page, BasePage) and page.live and may_change(page, user):
        url = reverse("core_still_correct", args=[page.pk])
        # One click where there is JavaScript; without, the address asks first.
        attrs = {"data-controller": "w-action", "data-action": "w-action#post", "data-w-action-url-value": url}
        address = f"{url}?{urlencode({'next': next_url})}" if next_url else url
        yield Button("Still correct", address, icon_name="check", priority=12, attrs=attrs)


@hooks.register("register_page_header_buttons")
def share_draft_in_header(page: Page, user: User, view_name: str, next_url: str | None = None) -> Iterable[Button]:
    """Offer a link that shows the draft, where there is one."""
    is_draft = page.latest_revision_id and (page.has_unpublished_changes or not page.live)
    if is_draft and page.permissions_for_user(user).can_edit():
        url = reverse("core_share_draft", args=[page.pk])
        yield Button("Show this draft to somebody", url, icon_name="link", priority=14)


@hooks.register("register_page_header_buttons")
def still_correct_in_header(page: Page, user: User, view_name: str, next_url: str | None = None) -> Iterable[Button]:
    """Offer "Still correct" in the menu of a page's own screens."""
    return _still_correct_button(page, user, next_url)


@hooks.register("register_page_listing_more_buttons")
def still_correct_in_listing(page: Page, user: User, next_url: str | None = None) -> Iterable[Button]:
    """Offer "Still correct" beside a page in a list of pages."""
    return _still_correct_button(page, user, next_url)


@hooks.register("construct_wagtail_userbar")
def check_words(request: HttpRequest, items: list[BaseItem], page: Page | None) -> None:
    """Put our content checker in the place of Wagtail's, beside the form and on the page itself."""
    items[:] = [
        WordsChecker(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item for item in items
    ]


@hooks.register("before_bulk_action")
def keep_unfit_drafts_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Refuse to publish pages ticked together while one of them has something that its own form would refuse."""
    if action_type != "publish":
        return None
    pages = [page for page in objects if isinstance(page, Page)]
    if action.cleaned_form.cleaned_data["include_descendants"]:
        pages += [child for page in pages for child in page.get_descendants().not_live().specific()]
    unfit = invalid_drafts(pages)
    for each in unfit:
        messages.error(
            request, f"Nothing was published. Open “{each.page.heading}” and mend this: {' '.join(each.sentences)}"
        )
    return redirect("wagtailadmin_explore", unfit[0].page.get_parent().pk) if unfit else None


# After Wagtail's own hook (order 0), whose handler this one replaces.
@hooks.register("register_rich_text_features", order=1)
def link_public_pages_only(features: FeatureRegistry) -> None:
    """Replace the handler of links to pages."""
    features.register_link_type(PublicPageLinkHandler)


Serve = Callable[[Page, HttpRequest, list[Any], dict[str, Any]], HttpResponseBase]


@hooks.register("on_serve_page")
def look_up_links_once(serve: Serve) -> Serve:
    """Serve a page while the links of all its texts are known."""

    def inner(page: Page, request: HttpRequest, args: list[Any], kwargs: dict[str, Any]) -> HttpResponseBase:
        response = serve(page, request, args, kwargs)
        if isinstance(page, BasePage) and isinstance(response, SimpleTemplateResponse):
            with linked_pages(rich_texts(*page.text_sources)):
                response.render()
        return response

    return inner
