"""The fixed lists of the field: how sure a service is, how far a centre is, how to get in."""

from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True)
class StatusInfo:
    """A status or stage as residents see it: words, and the colour of the NHS.UK tag that carries them."""

    value: str
    label: str
    colour: str
    explanation: str


class ServiceStatus(models.TextChoices):
    """How sure a service at a centre is, surest first. Only the first can be used, at its opening times."""

    AVAILABLE = "available", "Offered here"
    TEMPORARILY_CLOSED = "temporarily_closed", "Temporarily closed"
    CONFIRMED = "confirmed", "Confirmed"
    PLANNED = "planned", "Planned"
    TO_BE_CONFIRMED = "to_be_confirmed", "To be confirmed"
    POSSIBLE = "possible", "Possible"
    NOT_GOING_AHEAD = "not_going_ahead", "Not going ahead"
    ENDED = "ended", "Ended"

    @property
    def info(self) -> StatusInfo:
        """The status as residents see it."""
        colour, label, explanation = STATUS_WORDS[self.value]
        return StatusInfo(self.value, label, colour, explanation)

    @property
    def rank(self) -> int:
        """0 for the surest status."""
        return list(type(self)).index(self)


STATUS_WORDS: dict[str, tuple[str, str, str]] = {
    ServiceStatus.AVAILABLE: ("green", "Offered here", "You can use this service here when it is open."),
    ServiceStatus.TEMPORARILY_CLOSED: (
        "orange",
        "Temporarily closed",
        "This service is here but closed for now. You cannot use it today.",
    ),
    ServiceStatus.CONFIRMED: (
        "blue",
        "Confirmed, not open yet",
        "It is decided that this service will be here. You cannot use it yet.",
    ),
    ServiceStatus.PLANNED: (
        "aqua-green",
        "Planned, not open yet",
        "The plan is to offer this service here. You cannot use it yet.",
    ),
    ServiceStatus.TO_BE_CONFIRMED: (
        "yellow",
        "To be confirmed",
        "It is not decided yet what will be offered here. You cannot use it yet.",
    ),
    ServiceStatus.POSSIBLE: (
        "white",
        "Possible, not decided",
        "This service may or may not come here. You cannot use it yet.",
    ),
    ServiceStatus.NOT_GOING_AHEAD: ("grey", "Not going ahead", "This service will not be offered here."),
    ServiceStatus.ENDED: ("grey", "Ended", "This service is no longer offered here."),
}


class Stage(models.TextChoices):
    """How far a centre is."""

    PROPOSED = "proposed", "Proposed"
    PLANNED = "planned", "Planned"
    BEING_BUILT = "being_built", "Being built"
    OPEN = "open", "Open"
    NOT_GOING_AHEAD = "not_going_ahead", "Not going ahead"

    @property
    def info(self) -> StatusInfo:
        """The stage as residents see it."""
        colour, label, explanation = STAGE_WORDS[self.value]
        return StatusInfo(self.value, label, colour, explanation)


STAGE_WORDS: dict[str, tuple[str, str, str]] = {
    Stage.PROPOSED: ("yellow", "Proposed, not open", "It is an idea that has been put forward. It may change."),
    Stage.PLANNED: ("aqua-green", "Planned, not open yet", "It is planned."),
    Stage.BEING_BUILT: ("blue", "Being built, not open yet", "It is being built."),
    Stage.OPEN: ("green", "Open", "It is open."),
    Stage.NOT_GOING_AHEAD: ("grey", "Not going ahead", "It will not be built or opened."),
}

# What cannot be said of a service while its centre is not open; "confirmed" is said instead.
NEEDS_AN_OPEN_CENTRE = (ServiceStatus.AVAILABLE, ServiceStatus.TEMPORARILY_CLOSED)

# What may still become another status, so that a day on which it will be known lies ahead.
UNDECIDED = (ServiceStatus.PLANNED, ServiceStatus.TO_BE_CONFIRMED, ServiceStatus.POSSIBLE)


def shown_status(stage: Stage, status: ServiceStatus) -> ServiceStatus:
    """Return the status residents see of a service entered as `status` at a centre of this `stage`.

    `centres.queries.SHOWN` says the same in SQL.
    """
    if stage == Stage.NOT_GOING_AHEAD and status != ServiceStatus.ENDED:
        return ServiceStatus.NOT_GOING_AHEAD
    if stage != Stage.OPEN and status in NEEDS_AN_OPEN_CENTRE:
        return ServiceStatus.CONFIRMED
    return status


class Access(models.TextChoices):
    """The ways in which people get to a service."""

    WALK_IN = "walk_in", "Walk in"
    BOOK_YOURSELF = "book_yourself", "Book it yourself"
    THROUGH_GP = "through_gp", "Through your GP"
    HOSPITAL_LETTER = "hospital_letter", "By hospital letter"
    TO_BE_CONFIRMED = "to_be_confirmed", "To be confirmed"


class AccessFeature(models.TextChoices):
    """What a building has for people who need it."""

    STEP_FREE = "step_free", "Step-free way in"
    LIFT = "lift", "Lift"
    AUTOMATIC_DOORS = "automatic_doors", "Automatic doors"
    ACCESSIBLE_TOILET = "accessible_toilet", "Accessible toilet"
    CHANGING_PLACES = "changing_places", "Changing Places toilet"
    BABY_CHANGING = "baby_changing", "Baby changing"
    HEARING_LOOP = "hearing_loop", "Hearing loop"
    BSL = "bsl", "British Sign Language interpreter on request"
    INTERPRETER = "interpreter", "Language interpreter on request"
    BLUE_BADGE_PARKING = "blue_badge_parking", "Blue Badge parking"
    WHEELCHAIR = "wheelchair", "Wheelchair to borrow"
    QUIET_SPACE = "quiet_space", "Quiet space"
    ASSISTANCE_DOGS = "assistance_dogs", "Assistance dogs welcome"


class MilestoneState(models.TextChoices):
    """Where a step of a centre's story stands."""

    DONE = "done", "Done"
    EXPECTED = "expected", "Expected"
    DELAYED = "delayed", "Delayed"
    CANCELLED = "cancelled", "Cancelled"
