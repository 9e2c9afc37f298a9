"""Community forums and the dated updates that editors post on them."""

from typing import Any, ClassVar

from django.db import models
from django.forms import CheckboxSelectMultiple
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.search import index

from centres.models import SubjectMixin
from core.blocks import TEXT_FEATURES
from core.fields import https_validator
from core.models import BasePage, BodyMixin
from core.notification_choice import notification_panels
from core.telephones import TELEPHONE_LENGTH, telephone_validator
from news.blocks import LinkedBlock

from .post import PostPage


class ForumsPage(BodyMixin, BasePage):
    """The list of community forums, and under it what there is to say of others."""

    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        *BasePage.summary_panels,
        FieldPanel("body", help_text="Stands under the list. For example: forums that have no page here."),
    ]
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields, *BodyMixin.body_search_fields]

    page_description = "The list of community forums. There is one on the site."
    max_count = 1
    subpage_types: ClassVar[list[str]] = ["news.ForumPage"]

    class Meta:
        verbose_name = "list of forums"


class ForumPage(BodyMixin, BasePage):
    """A community forum: what it is, how to join, and its updates beneath it.

    Its template shows `news.queries.forum_content`.
    """

    area = models.CharField(
        max_length=150,
        blank=True,
        help_text="The part of Thurrock it speaks for. For example: Purfleet-on-Thames",
    )
    centres = ParentalManyToManyField(
        "centres.CentrePage",
        blank=True,
        related_name="forums",
        help_text="The centres it follows. Its updates and events show on their pages.",
    )
    how_to_join = RichTextField(
        features=TEXT_FEATURES, blank=True, help_text="Who can join, and what they do. Leave it empty if not known."
    )
    contact_role = models.CharField(
        "whom to contact",
        max_length=100,
        blank=True,
        help_text="A role, not a person: names change and are private. For example: Forum secretary",
    )
    email = models.EmailField("e-mail address", blank=True, help_text="An address of the forum, not of a person.")
    telephone = models.CharField(
        max_length=TELEPHONE_LENGTH,
        blank=True,
        validators=[telephone_validator],
        help_text="A number of the forum, not of a person. For example: 01632 960000",
    )
    website = models.URLField(
        blank=True, validators=[https_validator], help_text="The forum’s own website. It must begin with https://"
    )

    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        *BasePage.summary_panels,
        FieldPanel("area"),
        FieldPanel("body", heading="About the forum", help_text="What the forum is and what it does."),
        FieldPanel("how_to_join"),
        MultiFieldPanel(
            [FieldPanel("contact_role"), FieldPanel("email"), FieldPanel("telephone"), FieldPanel("website")],
            heading="Contact",
        ),
        FieldPanel("centres", widget=CheckboxSelectMultiple),
    ]
    search_fields: ClassVar[list[Any]] = [
        *BasePage.search_fields,
        *BodyMixin.body_search_fields,
        index.SearchField("area", boost=2),
        index.SearchField("how_to_join"),
    ]

    is_list = True
    page_description = "A community forum: what it is and how to join. Its updates go beneath it."
    parent_page_types: ClassVar[list[str]] = ["news.ForumsPage"]
    subpage_types: ClassVar[list[str]] = ["news.ForumUpdatePage"]

    class Meta:
        verbose_name = "forum"


class ForumUpdatePage(PostPage):
    """An announcement on a forum's page. Editors write it; it is no message board."""

    what_next = RichTextField(
        "what happens next",
        features=TEXT_FEATURES,
        blank=True,
        help_text="What will be done, by when. Leave it empty if nobody has said.",
    )
    linked = StreamField(
        LinkedBlock,
        blank=True,
        verbose_name="goes with it",
        help_text="Leaflets, events and milestones that belong to this update.",
    )

    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        *PostPage.date_panels,
        FieldPanel("summary", heading="In short"),
        *BodyMixin.body_panels,
        FieldPanel("what_next"),
        FieldPanel("linked"),
        *SubjectMixin.subject_panels,
        *PostPage.topic_panels,
        *PostPage.correction_panels,
        *notification_panels,
    ]
    search_fields: ClassVar[list[Any]] = [*PostPage.search_fields, index.SearchField("what_next")]

    is_creatable = True
    page_description = "A dated update on this forum: in short, in full, and what happens next."
    parent_page_types: ClassVar[list[str]] = ["news.ForumPage"]

    class Meta:
        verbose_name = "forum update"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Take the forum from the tree, then validate."""
        self.sync_from_forum()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save beneath the forum where it is; Wagtail saves copies and aliases without validating them."""
        if kwargs.get("update_fields") is None:
            self.sync_from_forum()
        super().save(*args, **kwargs)

    def sync_from_forum(self) -> None:
        """Set `forum` to the forum that is above this page in the tree."""
        parent = self.get_parent()
        if parent is not None and parent.pk != self.forum_id:
            self.forum = parent.specific

    def with_content_json(self, content: dict[str, Any]) -> "ForumUpdatePage":
        """Return the page as a revision has it, on the forum where it is now."""
        page: ForumUpdatePage = super().with_content_json(content)
        page.forum_id = self.forum_id
        return page
