"""The guide for editors, as it stands in docs/editor-guide/, for the admin."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from markdown_it import MarkdownIt

FOLDER: Path = settings.BASE_DIR / "docs" / "editor-guide"
# In the list of tasks in README.md.
TASK = re.compile(r"^\d+\. \[(?P<title>.+)\]\((?P<slug>[a-z-]+)\.md\)$", re.MULTILINE)
IMAGE = re.compile(r"\(images/(?P<name>[a-z-]+\.png)\)")
PAGE = re.compile(r"\((?P<slug>[a-z-]+)\.md\)")


@dataclass(frozen=True)
class Task:
    """Something an editor wants to do; `slug` is its name in addresses."""

    slug: str
    title: str

    @property
    def text(self) -> str:
        """How it is done, in Markdown, without its title."""
        return (FOLDER / f"{self.slug}.md").read_text(encoding="utf-8").partition("\n")[2]

    @property
    def images(self) -> list[str]:
        """The names of its pictures, in order."""
        return IMAGE.findall(self.text)

    @property
    def html(self) -> str:
        """How it is done, for the admin. It is written by us, and HTML in it would be shown, not used."""
        text = IMAGE.sub(lambda found: f"({static('guide/' + found['name'])})", self.text)
        text = PAGE.sub(lambda found: f"({reverse('editors_guide_task', args=[found['slug']])})", text)
        return MarkdownIt("commonmark", {"html": False}).render(text)


@lru_cache(maxsize=1)
def tasks() -> dict[str, Task]:
    """Return the tasks of the guide by slug, in their order."""
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    return {found["slug"]: Task(found["slug"], found["title"]) for found in TASK.finditer(readme)}
