"""Who follows what, what they are told, and the mails that are owed to them."""

from .delivery import Delivery
from .follower import Follow, Follower, Frequency
from .notice import Notice, PublishedFacts
from .request import FollowRequest, RequestKind

__all__ = [
    "Delivery",
    "Follow",
    "FollowRequest",
    "Follower",
    "Frequency",
    "Notice",
    "PublishedFacts",
    "RequestKind",
]
