"""Who follows what, what they are told, and every mail that is owed to them."""

from .delivery import Delivery
from .follower import Follow, Follower, Frequency
from .limits import Mailing, Tally
from .notice import Notice, PublishedFacts
from .outgoing import Outgoing, State
from .request import FollowRequest, RequestKind

__all__ = [
    "Delivery",
    "Follow",
    "FollowRequest",
    "Follower",
    "Frequency",
    "Mailing",
    "Notice",
    "Outgoing",
    "PublishedFacts",
    "RequestKind",
    "State",
    "Tally",
]
