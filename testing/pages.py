"""Pages to test core on. Their types belong to the apps above, which core may not import, so they go by name."""

from html.parser import HTMLParser
from typing import Any, Protocol

from django.apps import apps
from wagtail.models import Page, Site

from core.models import BasePage


class Answer(Protocol):
    """What the test client and a view give: an answer whose content can be read."""

    status_code: int

    @property
    def content(self) -> bytes: ...
    def __getitem__(self, header: str, /) -> str: ...


class SmallSite(Protocol):
    """What the fixture `small_site` gives: the fixed pages of a site, empty."""

    @property
    def site(self) -> Site: ...
    @property
    def home(self) -> BasePage: ...
    @property
    def centres(self) -> BasePage: ...
    @property
    def services(self) -> BasePage: ...
    @property
    def roles(self) -> BasePage: ...


def text_page_model() -> Any:
    """Return the type of a plain page."""
    return apps.get_model("home", "ContentPage")


def add_page(parent: Page, title: str = "About Testshire", **fields: Any) -> BasePage:
    """Put a plain page beneath `parent`; its slug comes from its title."""
    page = text_page_model()(title=title, **{"summary": f"{title} in a sentence.", **fields})
    added: BasePage = parent.add_child(instance=page)
    return added


class Element:
    """An element of a page: its name, its attributes and the text within it."""

    def __init__(self, name: str, attributes: dict[str, str | None]) -> None:
        self.name = name
        self.attributes = attributes
        self.text = ""

    def __repr__(self) -> str:
        return f"<{self.name} {self.attributes}>{self.text}"


class _Elements(HTMLParser):
    VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "source"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.found.append(element)
        if tag not in self.VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop().name != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def elements(html: str | Answer, name: str = "", css_class: str = "") -> list[Element]:
    """Return the elements of a page as a browser reads them, narrowed by tag name and by class."""
    parser = _Elements()
    parser.feed(html if isinstance(html, str) else html.content.decode())
    parser.close()
    return [
        element
        for element in parser.found
        if name in ("", element.name)
        and (not css_class or css_class in (element.attributes.get("class") or "").split())
    ]


def is_inline(script: Element) -> bool:
    """Whether a script stands in the page itself and would run: it is neither a file of the site nor data."""
    return "src" not in script.attributes and script.attributes.get("type") != "application/ld+json"


def links(html: str | Answer, css_class: str = "") -> list[tuple[str, str | None]]:
    """Return the words and addresses of the links, in order, narrowed by class."""
    return [(each.text.strip(), each.attributes.get("href")) for each in elements(html, "a", css_class)]
