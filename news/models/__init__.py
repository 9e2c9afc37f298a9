"""News, community forums, and the dated posts that both are made of."""

from .forum import ForumPage, ForumsPage, ForumUpdatePage
from .news import NewsIndexPage, NewsPage
from .post import PostPage
from .topic import Topic

__all__ = [
    "ForumPage",
    "ForumUpdatePage",
    "ForumsPage",
    "NewsIndexPage",
    "NewsPage",
    "PostPage",
    "Topic",
]
