"""Everything that is kept of one person, whoever reads or words it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Written:
    """One message: `ours` or theirs. `body` is what the platform sent, or what we sent."""

    at: datetime
    ours: bool
    channel: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Everything:
    """Each list in the order it came.

    An enrolment: (texts of the training, start, seat); an opinion: (texts, rating, words).
    """

    organisations: Sequence[Mapping[str, Any]] = ()
    projects: Sequence[str] = ()
    enrolments: Sequence[tuple[Mapping[str, Any], datetime, str]] = ()
    opinions: Sequence[tuple[Mapping[str, Any], int, str | None]] = ()
    reminders: Sequence[tuple[str, datetime]] = ()
    topics: Sequence[str] = ()
    needs: Sequence[tuple[str, datetime, str | None]] = ()
    questions: Sequence[tuple[str, datetime, str | None]] = ()
    reviews: Sequence[tuple[str, datetime]] = ()
    messages: Sequence[Written] = ()
