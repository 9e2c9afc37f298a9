"""Who follows what, what they are told, and the mails that are owed to them."""

from .delivery import Delivery, Recipient
from .follower import Follow, Follower, Frequency
from .notice import FollowedPage, Notice, NoticeKind, PublishedFacts
from .request import FollowRequest, RequestedPage, RequestKind

__all__ = [
    "Delivery",
    "Follow",
    "FollowRequest",
    "FollowedPage",
    "Follower",
    "Frequency",
    "Notice",
    "NoticeKind",
    "PublishedFacts",
    "Recipient",
    "RequestKind",
    "RequestedPage",
]
