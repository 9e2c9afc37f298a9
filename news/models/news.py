"""News: what happened, by date, for everyone."""

from typing import Any, ClassVar

from wagtail.search import index

from centres.models import SubjectMixin
from core.models import BasePage, BodyMixin, PictureMixin
from core.notification_choice import notification_panels

from .post import PostPage


class NewsIndexPage(BodyMixin, BasePage):
    """The list of news.

    Its template shows `news.facets.news_content`.
    """

    content_panels: ClassVar[list[Any]] = [*BasePage.content_panels, *BasePage.summary_panels, *BodyMixin.body_panels]
    search_fields: ClassVar[list[Any]] = [*BasePage.search_fields, *BodyMixin.body_search_fields]

    is_list = True
    page_description = "The list of news. There is one on the site."
    max_count = 1
    subpage_types: ClassVar[list[str]] = ["news.NewsPage"]

    class Meta:
        verbose_name = "list of news"


class NewsPage(PictureMixin, PostPage):
    """One piece of news."""

    content_panels: ClassVar[list[Any]] = [
        *BasePage.content_panels,
        *PostPage.date_panels,
        *BasePage.summary_panels,
        *PictureMixin.picture_panels,
        *BodyMixin.body_panels,
        *SubjectMixin.subject_panels,
        *PostPage.topic_panels,
        *PostPage.correction_panels,
        *notification_panels,
    ]
    search_fields: ClassVar[list[Any]] = [*PostPage.search_fields, index.SearchField("picture_alt_text")]

    is_creatable = True
    page_description = "A piece of news: what happened, when, and which centres and services it is about."
    parent_page_types: ClassVar[list[str]] = ["news.NewsIndexPage"]

    class Meta:
        verbose_name = "news item"
