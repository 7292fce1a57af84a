"""What a need of an organisation is: its theme among the five of the advocacy report, its place, its urgency."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Topic(StrEnum):
    """The five themes of need (workshop report of the advocacy project, 25 January 2024), in its order."""

    ORGANISATION = "organisation"
    ACCESS = "access"
    COOPERATION = "cooperation"
    VISIBILITY = "visibility"
    CALLS = "calls"


class Urgency(StrEnum):
    NOW = "now"
    MONTHS = "months"
    LATER = "later"


class Origin(StrEnum):
    """SAID: in the person's words. SEARCH: a question to which nothing was found."""

    SAID = "said"
    SEARCH = "search"


TOPIC_OF_INTENT: Mapping[str, Topic] = {
    "find_digital_space": Topic.ACCESS,
    "find_internet_offer": Topic.ACCESS,
    "find_equipment": Topic.ACCESS,
    "find_resource": Topic.ACCESS,
    "find_training": Topic.ORGANISATION,
    "find_legal_info": Topic.ORGANISATION,
    "find_toolkit": Topic.COOPERATION,
    "find_osc": Topic.COOPERATION,
    "find_project": Topic.COOPERATION,
    "find_funding": Topic.CALLS,
}
"""Under which theme an unanswered question counts."""


@dataclass(frozen=True, slots=True)
class Need:
    """`theme` is the domain of life (santé, éducation…); `kind` the legal form of the person's organisation.

    `group`: the group of like needs that coordinators answer together.
    """

    text: str
    language: str
    origin: Origin
    topic: Topic | None = None
    theme: str | None = None
    region: str | None = None
    urgency: Urgency | None = None
    kind: str | None = None
    id: int = 0
    group: int | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NeedGroup:
    """Needs answered together. `count` also holds the unanswered questions, `searches` only those."""

    id: int
    topic: Topic
    region: str | None
    count: int
    searches: int
    urgent: int
    answer: str | None = None
