"""The abstract page that every page type of the site is."""

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.redirects.models import Redirect
from wagtail.fields import StreamField
from wagtail.images.models import AbstractImage
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from core.addresses import base_url
from core.blocks import BodyBlock
from core.dates import add_months, describe_day, describe_moment
from core.editorial_rules.forms import BasePageForm
from core.editorial_rules.validators import FieldErrors, wording_errors
from core.fields import clean_texts, validate_not_future
from core.notification_choice import IN_REVISION, choice_in_revision
from core.permissions import is_draft_title_known
from core.slugs import ensure_slug

from .needed import needed_pages

SUMMARY_LENGTH = 300
# In months, and in words.
CHECK_EVERY = [(1, "month"), (3, "3 months"), (6, "6 months"), (12, "year"), (24, "2 years")]


class AlsoKnownAsMixin(models.Model):
    """Other words people use for a thing, so that search finds it."""

    also_known_as = models.TextField(
        "also known as",
        blank=True,
        help_text="Other words people use for this, such as “bloods” for blood tests. One on each line. "
        "They help people find it in search.",
    )

    also_known_as_panels: ClassVar[list[Any]] = [FieldPanel("also_known_as")]
    also_known_as_search_fields: ClassVar[list[Any]] = [index.SearchField("also_known_as", boost=5)]

    class Meta:
        abstract = True


class BodyMixin(models.Model):
    """A body of blocks."""

    body = StreamField(
        BodyBlock(),
        blank=True,
        help_text="The text of the page, in blocks. On a page with a list it stands above the list. May stay empty.",
    )

    body_panels: ClassVar[list[Any]] = [FieldPanel("body")]
    body_search_fields: ClassVar[list[Any]] = [index.SearchField("body")]

    class Meta:
        abstract = True


class BasePage(Page):
    """A page with a summary, and with a team that confirms from time to time that it is still right."""

    summary = models.TextField(
        validators=[MaxLengthValidator(SUMMARY_LENGTH)],
        help_text="One or two plain sentences (up to 300 characters) that say what is on this page. "
        "Shown in lists, in search results and when the page is shared.",
    )
    checked_on = models.DateField(
        "last checked on",
        null=True,
        blank=True,
        validators=[validate_not_future],
        help_text="The day somebody last confirmed that everything on this page is right. "
        "Residents see it on the page.",
    )
    check_every_months = models.PositiveSmallIntegerField(
        "check every",
        choices=CHECK_EVERY,
        default=6,
        help_text="How long this page can be trusted after a check. "
        "After that, residents are told that a check is due.",
    )
    team = models.CharField(
        "team that looks after it",
        max_length=120,
        blank=True,
        help_text="The team that answers for this page, not a person. For example: Purfleet centre team.",
    )

    summary_panels: ClassVar[list[Any]] = [FieldPanel("summary")]
    settings_panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [FieldPanel("checked_on"), FieldPanel("check_every_months"), FieldPanel("team")],
            heading="Is it still right?",
        ),
        *Page.settings_panels,
    ]
    search_fields: ClassVar[list[Any]] = [*Page.search_fields, index.SearchField("summary", boost=2)]

    base_form_class = BasePageForm
    page_description = ""
    # Whether somebody must confirm it from time to time. What is about one day, such as news, says so itself.
    needs_check = True
    # Whether it shows a list of several pages, each of which has its own address ("?page=2").
    is_list = False
    # Set while what is saved need not be right: a draft, or what somebody has decided on before.
    is_unfinished = False
    # What editors are told goes with a page when it goes away.
    goes_with_it = ""
    # The relations that `heading` reads, so that a list of headings can fetch them together.
    heading_needs: ClassVar[tuple[str, ...]] = ()
    # What an editor decided about notifying followers; part of a draft (`core.notification_choice`).
    notification: dict[str, Any] | None = None
    # What followers are told by itself when a change of this page is published.
    notifies_of = ""
    # Set while serving, from the one query that finds the page: whether it or an ancestor is private.
    known_private: bool | None = None

    class Meta:
        abstract = True

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Clean all texts, wherever they come from, and look for errors. Raises ValidationError keyed by field."""
        clean_texts(self)
        ensure_slug(self)
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        """Look for what no draft may lack. Raises ValidationError keyed by field."""
        ensure_slug(self)
        super().minimal_clean()

    def get_admin_display_title(self) -> str:
        """Return the title in the admin: the newest draft’s for those who work on it, else what residents read."""
        return str(super().get_admin_display_title()) if is_draft_title_known(self) else self.title

    def clean(self) -> None:
        """Refuse what must not be published, unless it is unfinished. Raises ValidationError keyed by field."""
        super().clean()
        if not self.is_unfinished and (errors := self.publish_errors()):
            raise ValidationError(errors)

    def publish_errors(self) -> FieldErrors:
        """Return what must be mended before this is published, by field; page types add what they know."""
        found = wording_errors(self)
        if self.expire_at and self.pk and (why := needed_pages([self]).get(self.pk)):
            found["expire_at"] = [f"It cannot be taken off the site. {why}."]
        return found

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save without looking for errors: `full_clean` has shown them to whoever publishes.

        What the clock publishes, and what Wagtail saves when a page moves, must not fail by them.
        """
        was_unfinished, self.is_unfinished = self.is_unfinished, True
        try:
            super().save(*args, **kwargs)
        finally:
            self.is_unfinished = was_unfinished

    def serializable_data(self) -> dict[str, Any]:
        """Return the page as a revision keeps it, with what its editor decided about notifying followers."""
        data: dict[str, Any] = super().serializable_data()
        return {**data, IN_REVISION: {**self.notification, "page": self.pk}} if self.notification else data

    def with_content_json(self, content: dict[str, Any]) -> "BasePage":
        """Return the page as a revision has it; a decision that was carried out is not carried out again."""
        page: BasePage = super().with_content_json(content)
        is_published = self.live_revision_id is not None and self.live_revision_id == self.latest_revision_id
        page.notification = None if is_published else choice_in_revision(content, self)
        return page

    def get_view_restrictions(self) -> "QuerySet[PageViewRestriction]":
        """Return the restrictions in force, without a query when it is known that there is none."""
        if self.known_private is False and self.alias_of_id is None:
            return PageViewRestriction.objects.none()
        restrictions: QuerySet[PageViewRestriction] = super().get_view_restrictions()
        return restrictions

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page. Raises Http404 while another page hides it, except in the editor's preview."""
        if not (self.is_shown or getattr(request, "is_preview", False)):
            raise Http404
        response: HttpResponse = super().serve(request, *args, **kwargs)
        return response

    def get_route_paths(self) -> list[str]:
        """Return what Wagtail makes redirects from when the address changes: nothing where the address is too long.

        Otherwise PostgreSQL would refuse the redirect, and all that follows a new address would not happen.
        """
        parts = self.get_url_parts()
        longest = Redirect._meta.get_field("old_path").max_length
        return super().get_route_paths() if parts and len(parts[2] or "") <= longest else []

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str | None, str | None] | None:
        """Return what Wagtail makes addresses of: the site, its address, and the path.

        The address is the setting's and not that of Wagtail's record of the site: see `core.addresses`.
        """
        parts = super().get_url_parts(request)
        return parts if parts is None or parts[1] is None else (parts[0], base_url(), parts[2])

    @property
    def is_shown(self) -> bool:
        """Whether a live, public page can be seen: false while another page that it depends on cannot.

        A type that says false sometimes also registers the rule for lists (`core.visibility.hides`).
        """
        return True

    @property
    def text_sources(self) -> tuple[models.Model, ...]:
        """The objects whose rich text this page shows, so that the links in it can be looked up together."""
        return (self,)

    @property
    def heading(self) -> str:
        """The page's h1."""
        return self.title

    @property
    def summary_text(self) -> str:
        """What lists say about the page."""
        return self.summary

    @property
    def meta_description(self) -> str:
        """What search engines say about the page: the editor's own description, else the summary."""
        return self.search_description or self.summary_text

    @property
    def check_due_on(self) -> date | None:
        """The first day on which the last check counts for nothing; None if there was none."""
        return add_months(self.checked_on, self.check_every_months) if self.checked_on else None

    @property
    def is_check_due(self) -> bool:
        """Whether the last check is too old today; a page that nobody ever checked is due at once."""
        due = self.check_due_on
        return self.needs_check if due is None else due <= timezone.localdate()

    @property
    def check_text(self) -> str:
        """What residents are told about the last check; empty if there need be none."""
        if not self.checked_on:
            return "Nobody has checked this page yet. It is due a check." if self.needs_check else ""
        said = f"Last checked {describe_day(self.checked_on)}"
        return f"{said}. This page is due a check." if self.is_check_due else said

    @property
    def schedule_text(self) -> str:
        """What will happen to the page by itself, for its editors; empty if nothing will. It may take a query."""
        said = []
        if waiting := self.scheduled_revision:
            said.append(f"It is published by itself on {describe_moment(waiting.approved_go_live_at)}.")
        elif self.go_live_at and self.go_live_at > timezone.now():
            said.append(
                f"You chose {describe_moment(self.go_live_at)} to publish it. It waits for somebody to choose "
                "“Schedule to publish”; then it is published by itself."
            )
        if self.expire_at and self.expire_at > timezone.now():
            said.append(f"It goes off the site by itself on {describe_moment(self.expire_at)}.")
        return f"{' '.join(said)} All times are London time." if said else ""

    @property
    def sharing_picture(self) -> AbstractImage | None:
        """The page's own picture, to be shown where it is shared."""
        return None

    @property
    def structured_data(self) -> dict[str, Any]:
        """The page as schema.org data, made from its fields; page types add what they know."""
        data: dict[str, Any] = {"@type": "WebPage", "name": self.heading}
        if self.meta_description:
            data["description"] = self.meta_description
        if self.checked_on:
            data["lastReviewed"] = self.checked_on.isoformat()
        if self.last_published_at:
            data["dateModified"] = self.last_published_at.isoformat()
        return data
