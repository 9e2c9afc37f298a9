"""The forms that people who follow fill in."""

from typing import Any, cast

from django import forms
from django.core.validators import EmailValidator

from .models import Frequency
from .services import normalised
from .tokens import has_been, started
from .topics import FollowTopic, TopicGroup

# The last part of names that only one network knows, or nobody (RFC 2606, RFC 6762).
NOWHERE = {"localhost", "localdomain", "local", "internal", "lan", "home", "invalid", "test"}
# Nobody reads and fills in a form more quickly, in seconds.
QUICKEST = 2
TOO_LATE = "This page was open for very long. Please press the button again."
TOO_QUICK = "That was so quick that we cannot tell you from a robot. Please press the button again."
GONE = "Something that you ticked is no longer on this site. Please look at the list again."


class AddressField(forms.EmailField):
    """Asks for an e-mail address of the public internet, and looks at it as it is kept: so some are longer."""

    default_validators = [EmailValidator(allowlist=[])]

    def to_python(self, value: Any) -> Any:
        """Return it as it is kept."""
        return normalised(super().to_python(value) or "")

    def run_validators(self, value: Any) -> None:
        """Refuse what no mail can reach from here. Raises ValidationError."""
        super().run_validators(value)
        host = value.rpartition("@")[2]
        if value and (host.startswith("[") or host.rpartition(".")[2] in NOWHERE):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")


class PersonForm(forms.Form):
    """What any form says by which an address can be sent mail; robots give themselves away in it.

    `leave_empty` is a field that people do not see. The form also sends back `started`, which says when it was shown.
    """

    email = AddressField(
        label="Your email address",
        error_messages={
            "required": "Enter your email address.",
            "invalid": "Enter an email address like name@example.com",
            "max_length": "This address is too long. Enter an email address like name@example.com",
        },
        max_length=254,
    )
    leave_empty = forms.CharField(label="Leave this empty", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = started()

    @property
    def is_by_robot(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.data.get("leave_empty"))

    @property
    def started(self) -> str:
        """What was sent back of the moment the form was shown; it may be anything."""
        return str(self.data.get("started", ""))

    @property
    def started_value(self) -> str:
        """What the form sends back of the moment it was shown: the first one, so that pressing again is late enough.

        If that one can no longer be used, it is the present one.
        """
        return self.started if has_been(0, self.started) else self.now

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; refuse what no person can have filled in."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not has_been(QUICKEST, self.started):
            self.add_error(None, TOO_QUICK if has_been(0, self.started) else TOO_LATE)
        return cleaned


def frequency_field() -> forms.ChoiceField:
    """Return the question of how often mail should come."""
    return forms.ChoiceField(
        label="How often do you want email?",
        choices=Frequency.choices,
        initial=Frequency.NOW,
        error_messages={
            "required": "Choose how often you want email.",
            "invalid_choice": "Choose how often you want email.",
        },
    )


class TopicsField(forms.TypedMultipleChoiceField):
    """Ticks what to follow; `groups` are shown with a heading each."""

    groups: list[TopicGroup]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, **kwargs)
        self.groups = []

    def offer(self, groups: list[TopicGroup]) -> None:
        """Offer these, and refuse all others."""
        self.groups = groups
        self.choices = [(topic.pk, topic.title) for group in groups for topic in group.topics]


class TopicsForm(forms.Form):
    """What to follow, of `groups`."""

    pages = TopicsField(label="What you follow", required=False, error_messages={"invalid_choice": GONE})

    def __init__(self, *args: Any, groups: list[TopicGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(TopicsField, self.fields["pages"]).offer(groups)

    @property
    def first_fields(self) -> dict[str, str]:
        """The id of the first tick or choice of each question, to which what is wrong with it leads."""
        topics = [topic for group in cast(TopicsField, self.fields["pages"]).groups for topic in group.topics]
        return {"pages": f"page-{topics[0].pk}" if topics else "", "frequency": "id_frequency_0"}

    @property
    def ticked(self) -> set[str]:
        """What is ticked, as the form sends it."""
        return {str(each) for each in self["pages"].value() or []}


class FollowForm(TopicsForm, PersonForm):
    """Asks what to follow, how often, and for an address."""

    field_order = ("pages", "frequency", "email")

    pages = TopicsField(
        label="What do you want to follow?",
        error_messages={
            "required": "Tick at least one thing that you want to follow.",
            "invalid_choice": GONE,
        },
    )
    frequency = frequency_field()


class LinkForm(PersonForm):
    """Asks for the address to which the link goes."""


class ManageForm(TopicsForm):
    """What somebody follows, to be unticked, and how often for each, in a field of its own."""

    def __init__(self, *args: Any, groups: list[TopicGroup], **kwargs: Any) -> None:
        super().__init__(*args, groups=groups, **kwargs)
        for group in groups:
            for topic in group.topics:
                field = forms.ChoiceField(
                    label=f"How often: {topic.title}",
                    choices=Frequency.choices,
                    initial=topic.frequency,
                    # What was confirmed while the form was open was not asked.
                    required=False,
                    error_messages={"invalid_choice": "Choose how often you want email."},
                )
                self.fields[f"often-{topic.pk}"] = field

    def often(self) -> list[tuple[FollowTopic, forms.BoundField]]:
        """Return the choice of how often for each thing, with the thing."""
        groups = cast(TopicsField, self.fields["pages"]).groups
        return [(topic, self[f"often-{topic.pk}"]) for group in groups for topic in group.topics]

    def frequencies(self) -> dict[int, str]:
        """Return how often, by key, where it was answered."""
        return {topic.pk: often for topic, field in self.often() if (often := self.cleaned_data[field.name])}
