"""What editors may choose from the centres' stories."""

from centres.models import Milestone


def milestone_choices() -> list[tuple[str, str]]:
    """Return the milestones of the published centres, as (key, words), centre by centre."""
    milestones = Milestone.objects.filter(centre__live=True).select_related("centre").order_by("centre__title", "date")
    return [(str(each.key), f"{each.centre.short_name}: {each.title} ({each.date_text})") for each in milestones]
