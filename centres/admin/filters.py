"""By what the editors' lists across the centres can be narrowed."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils import timezone

from centres.models import CentrePage, MilestoneState, ServicePage, ServiceStatus
from core.dates import DatePrecision, first_day
from core.page_tools.still_correct import check_due_q

PARTNER_NOW, PARTNER_BEFORE = "Takes part", "Takes part no longer"


def is_past(name: str) -> Q:
    """Return a condition that is true where the last day that a date may mean, as exactly as it is known, is over."""
    today = timezone.localdate()
    condition = Q(pk__in=[])
    for precision in DatePrecision:
        condition |= Q(**{"precision": precision, f"{name}__lt": first_day(today, precision)})
    return condition


class ChoiceFilter(SimpleListFilter):
    """A filter whose choices are fixed or asked once; an unknown value filters nothing."""

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        """Return what the choice leaves."""
        value = self.value()
        known = {str(key) for key, _ in self.lookup_choices}
        return self.narrowed(queryset, value) if value is not None and value in known else queryset

    def narrowed(self, queryset: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
        """Return the rows that have this value; a subclass may know better."""
        return queryset.filter(**{str(self.parameter_name): value})


class CentreFilter(ChoiceFilter):
    """The centres that the reader's rows belong to."""

    title = "centre"
    parameter_name = "centre"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the centres by the name people say."""
        centres = CentrePage.objects.filter(pk__in=model_admin.get_queryset(request).order_by().values("centre"))
        named = centres.order_by(Lower("short_name"), "pk").values_list("pk", "short_name")
        return [(str(pk), name) for pk, name in named]


class ServiceFilter(ChoiceFilter):
    """The services of the reader's pages."""

    title = "service"
    parameter_name = "service"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the services from A to Z."""
        services = ServicePage.objects.filter(pk__in=model_admin.get_queryset(request).order_by().values("service"))
        return [(str(pk), name) for pk, name in services.order_by(Lower("title"), "pk").values_list("pk", "title")]


class StatusFilter(ChoiceFilter):
    """The status that was entered."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return every status, surest first."""
        return [(each.value, str(each.label)) for each in ServiceStatus]

    def narrowed(self, queryset: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
        """Return the pages whose newest draft has this status."""
        return queryset.filter(entered=value)


class CheckFilter(ChoiceFilter):
    """Whether somebody should look again at a page that residents see."""

    title = "check"
    parameter_name = "check"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return what can be said of a check."""
        return [("due", "Check due"), ("never", "Never checked"), ("in_date", "In date")]

    def narrowed(self, queryset: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
        """Return the pages of which this can be said."""
        published = queryset.filter(live=True)
        if value == "never":
            return published.filter(checked_on=None)
        due = check_due_q(timezone.localdate())
        return published.filter(due) if value == "due" else published.exclude(due)


class MilestoneStateFilter(ChoiceFilter):
    """Where a step stands, or that it is overdue."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return every state, and "overdue", which is none that editors choose."""
        return [*((each.value, str(each.label)) for each in MilestoneState), ("overdue", "Overdue")]

    def narrowed(self, queryset: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
        """Return the milestones in this state."""
        if value != "overdue":
            return queryset.filter(state=value)
        waiting = queryset.filter(state__in=[MilestoneState.EXPECTED, MilestoneState.DELAYED])
        return waiting.filter(is_past("date"))


class PartnerStateFilter(ChoiceFilter):
    """Whether an organisation still takes part."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the two states."""
        return [("now", PARTNER_NOW), ("before", PARTNER_BEFORE)]

    def narrowed(self, queryset: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
        """Return the partners of now, or of before."""
        over = queryset.filter(is_past("to_date"))
        return over if value == "before" else queryset.exclude(pk__in=over.order_by().values("pk"))
