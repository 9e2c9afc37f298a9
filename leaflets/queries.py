"""Every read rule of leaflets and newsletters: what is public, which files can be had, what belongs together."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Page as PaginatorPage
from django.db.models import BooleanField, Case, ExpressionWrapper, Q, QuerySet, When
from django.db.models.functions import Length, Substr
from django.db.models.lookups import In
from django.urls import reverse
from wagtail.models import Page
from wagtail.query import PageQuerySet

from centres.models import CentrePage
from centres.queries import paginated, subjects
from core.models import SiteDocument
from core.models.media import Language
from core.visibility import hides, once, private_collections, public

from .file_descriptions import describe_file, describe_files, own_name
from .models import LeafletFile, LeafletPage, LeafletsPage, NewsletterIssuePage, NewsletterPage

# A page has some sixty columns; these are enough to name it, link it, date it and sum it up.
LISTED = ("title", "summary", "url_path", "kind", "date", "date_precision")
# What lists say of a file.
FILE_IN_LIST = (
    "leaflet",
    "format",
    "video_url",
    *(f"document__{name}" for name in ("file", "file_size", "pages", "language")),
)
LEAFLETS_AT_CENTRE = 3
# British Sign Language (ISO 639-3), a language of its own.
BSL = "bfi"


def _newsletter_is_unpublished() -> In:
    """Return a condition that is true of a page right beneath a newsletter that is not published.

    The database looks these newsletters up once, not once for each page.
    """
    parent_path = Substr("path", 1, Length("path") - Page.steplen)
    return In(parent_path, NewsletterPage.objects.filter(live=False).order_by().values("path"))


@hides
def hidden_issues() -> PageQuerySet:
    """Return the live issues that nobody may see, because their newsletter is not published."""
    issues: PageQuerySet = NewsletterIssuePage.objects.filter(live=True)
    return issues.filter(_newsletter_is_unpublished())


def public_leaflets() -> QuerySet[LeafletPage]:
    """Return the leaflets and issues of newsletters anyone may see, newest first, with what lists show of them."""
    leaflets = once(public(LeafletPage.objects.only(*LISTED)))
    return leaflets.exclude(_newsletter_is_unpublished()).order_by("-date", "-pk")


def public_newsletters() -> QuerySet[NewsletterPage]:
    """Return the newsletters anyone may see, from A to Z, with what lists show of them."""
    return public(NewsletterPage.objects.only("title", "summary", "url_path", "frequency")).order_by("title", "pk")


def open_document_q(prefix: str = "") -> Q:
    """Return a condition that is true of a file of a leaflet whose document anyone may get.

    `prefix` leads to the file from the queryset that uses the condition.
    """
    is_withheld = Q(**{f"{prefix}document__collection__in": private_collections().values("pk")})
    return Q(**{f"{prefix}document__isnull": False}) & ~is_withheld


@dataclass(frozen=True)
class FileRow:
    """A leaflet in one format and language. Without `url` it is not available yet."""

    name: str
    details: str
    url: str
    language: str
    document: SiteDocument | None = None

    @property
    def is_audio(self) -> bool:
        """Whether it can be listened to on the page."""
        return self.document is not None and self.document.file_extension.lower() == "mp3"


@dataclass(frozen=True)
class FileGroup:
    """The files in one language, named in English and by its own readers; without a code, those to be added."""

    language: str
    name: str
    own_name: str
    files: list[FileRow]


@dataclass(frozen=True)
class Cover:
    """A picture of a file's first page, in pixels."""

    url: str
    width: int
    height: int


def with_openness(files: "QuerySet[LeafletFile]") -> "QuerySet[LeafletFile]":
    """Return files that know (as `is_open`) whether anyone may get their document."""
    return files.annotate(is_open=ExpressionWrapper(open_document_q(), output_field=BooleanField()))


def _open_document(file: LeafletFile) -> SiteDocument | None:
    """Return a file's document if anyone may get it; in a preview, whose files are not in the database, always."""
    return file.document if getattr(file, "is_open", True) else None


def _file_row(file: LeafletFile) -> FileRow:
    name = file.get_format_display()
    if file.video_url:
        return FileRow(name, f"on {file.video_host}", file.video_url, BSL)
    if document := _open_document(file):
        return FileRow(name, describe_file(document), document.url, document.language, document)
    return FileRow(name, "", "", "")


def file_rows(files: "QuerySet[LeafletFile]") -> list[FileRow]:
    """Return what readers see of the files of one leaflet, in the editors' order.

    A file in a private collection shows as one that is not available.
    """
    found = with_openness(files) if isinstance(files, QuerySet) else files
    return [_file_row(file) for file in found.select_related("document__reading").defer("document__reading__texts")]


def file_groups(rows: Iterable[FileRow]) -> list[FileGroup]:
    """Return files by language: English, the others as editors put them, and last those to be added."""
    by_language: dict[str, list[FileRow]] = defaultdict(list)
    for row in rows:
        by_language[row.language].append(row)
    languages = sorted(by_language, key=lambda language: (language == "", language != Language.ENGLISH))
    return [
        FileGroup(language, _language_name(language), own_name(language), by_language[language])
        for language in languages
    ]


def _language_name(language: str) -> str:
    if language == BSL:
        return "British Sign Language"
    return str(Language(language).label) if language else "Not available yet"


def _cover(rows: Iterable[FileRow]) -> Cover | None:
    """Return the first picture there is of a file that can be had."""
    for row in rows:
        reading = getattr(row.document, "reading", None)
        if row.document and reading and reading.cover and reading.cover_width and reading.cover_height:
            url = reverse("document_cover", args=[row.document.pk])
            return Cover(url, reading.cover_width, reading.cover_height)
    return None


@dataclass(frozen=True)
class LeafletContent:
    """What a leaflet's page shows beside its own words."""

    file_groups: list[FileGroup]
    can_download: bool
    cover: Cover | None
    subjects: list[Page]


def leaflet_content(leaflet: LeafletPage) -> LeafletContent:
    """Return what a leaflet's page shows. A preview shows the files of the draft."""
    rows = file_rows(leaflet.files.all())
    return LeafletContent(
        file_groups=file_groups(rows),
        can_download=any(row.url for row in rows),
        cover=_cover(rows),
        subjects=subjects(leaflet),
    )


@dataclass(frozen=True)
class IssueContent:
    """Where an issue stands in its newsletter: the issues before and after it, if there are any."""

    newsletter: Page
    earlier: NewsletterIssuePage | None
    later: NewsletterIssuePage | None


def issue_content(issue: NewsletterIssuePage) -> IssueContent:
    """Return where an issue stands in its newsletter. It takes one query, beside that for the newsletter."""
    newsletter = issue.get_parent()
    place, pk = issue.number or 0, issue.pk or 0
    others = NewsletterIssuePage.public_issues(newsletter)
    is_later = Q(date__gt=issue.date) | Q(date=issue.date, place__gt=place) | Q(date=issue.date, place=place, pk__gt=pk)
    later = others.filter(is_later).reverse().values("pk")[:1]
    earlier = others.exclude(is_later).exclude(pk=pk).values("pk")[:1]
    found = others.filter(Q(pk=later) | Q(pk=earlier)).annotate(is_later=Case(When(is_later, then=True), default=False))
    sides = {each.is_later: each for each in found}
    return IssueContent(newsletter, sides.get(False), sides.get(True))


@dataclass(frozen=True)
class ListedLeaflet:
    """A leaflet in a list, with its files in a few words."""

    page: LeafletPage
    files_text: str


def listed(pages: Iterable[LeafletPage]) -> list[ListedLeaflet]:
    """Return leaflets as lists show them; one query finds the files of all."""
    pages = list(pages)
    by_leaflet: dict[int, list[LeafletFile]] = defaultdict(list)
    files = LeafletFile.objects.filter(leaflet__in=[page.pk for page in pages]).select_related("document")
    for file in with_openness(files).only(*FILE_IN_LIST):
        by_leaflet[file.leaflet_id].append(file)
    return [ListedLeaflet(page, _files_text(by_leaflet[page.pk])) for page in pages]


def _files_text(files: list[LeafletFile]) -> str:
    can_be_had = [file for file in files if file.video_url or _open_document(file)]
    return describe_files(can_be_had) or ("Download not available yet" if files else "")


@dataclass(frozen=True)
class Year:
    """The issues of one year."""

    year: int
    issues: list[ListedLeaflet]


@dataclass(frozen=True)
class NewsletterContent:
    """What a newsletter's page shows: the newest issue (on the first page of its archive), and those before by year."""

    newest: ListedLeaflet | None
    years: list[Year]
    subjects: list[Page]
    paginator_page: "PaginatorPage[NewsletterIssuePage]"


def newsletter_content(newsletter: NewsletterPage, number: str | None) -> NewsletterContent:
    """Return what a newsletter's page shows, with page `number` of its archive."""
    page = paginated(NewsletterIssuePage.public_issues(newsletter), number)
    issues = listed(page.object_list)
    newest = issues.pop(0) if issues and page.number == 1 else None
    return NewsletterContent(
        newest=newest,
        years=[Year(year, list(found)) for year, found in groupby(issues, key=lambda each: each.page.date.year)],
        subjects=subjects(newsletter),
        paginator_page=page,
    )


@dataclass(frozen=True)
class CentreLeaflets:
    """The newest leaflets about a centre, and where to find all of them; no address if the library is not public."""

    leaflets: list[LeafletPage]
    library_url: str


def centre_leaflets(centre: CentrePage) -> CentreLeaflets:
    """Return the newest leaflets about a centre. It takes one query."""
    library = public(LeafletsPage.objects.all()).order_by("pk").values("url_path")[:1]
    found = list(public_leaflets().filter(centres=centre.pk).annotate(library_path=library)[:LEAFLETS_AT_CENTRE])
    path = found[0].library_path if found else None
    return CentreLeaflets(found, (LeafletsPage(url_path=path).url or "") if path else "")
