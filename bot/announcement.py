"""What an announcement is: its texts, its time, its states, its number that anybody can check, and what stops it."""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.audiences import Audience
from bot.messages import Address, Attachment

UNDO = timedelta(seconds=60)
"""Between the last yes and the first message."""
LATE = timedelta(days=1)
"""A time further back than this is a mistake; a little back means now."""
FURTHEST = timedelta(days=366)
LONGEST_TEXT = 3900
LANGUAGES = ("fr", "so", "aa")
TEXT_LIMITS = {"telegram": 4096, "web": 4000, "console": 4000, "whatsapp": 4096}
"""Characters of one message with choices (Bot API, sendMessage; WhatsApp Cloud API, body of a list)."""
SHORTEST_LIMIT = 4000
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which are taken for one another."""
_CODE = re.compile(rf"(?<![\w-])([{ALPHABET}]{{3}})[-‑–]?([{ALPHABET}]{{4}})(?![\w-])")


class State(StrEnum):
    """PROPOSED waits for a second coordinator; STARTING is being given its recipients."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    SCHEDULED = "scheduled"
    PAUSED = "paused"
    STARTING = "starting"
    SENDING = "sending"
    DONE = "done"
    CANCELLED = "cancelled"


class Repeat(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


EDITABLE = (State.DRAFT, State.PROPOSED, State.SCHEDULED, State.PAUSED)
STARTED = (State.STARTING, State.SENDING, State.DONE)
STOPPABLE = (State.DRAFT, State.PROPOSED, State.SCHEDULED, State.PAUSED, State.STARTING, State.SENDING)


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Body:
    """What is said. `texts` by language; `in_french`: languages whose readers get the French text, by decision."""

    texts: Mapping[str, str] = field(default_factory=dict)
    in_french: tuple[str, ...] = ()
    link: Link | None = None
    joins: bool = False
    offers_language: bool = False
    attachment: Attachment | None = None

    def text(self, language: str) -> str:
        """The text this reader gets; French where theirs is missing."""
        own = None if language in self.in_french else self.texts.get(language)
        return own or self.texts.get("fr") or next(iter(self.texts.values()), "")


@dataclass(frozen=True, slots=True)
class Timing:
    """`at` None: as soon as it may. `until`: no repetition after it. Aware UTC."""

    at: datetime | None = None
    every: Repeat | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """`due_at` is set once it is on its way; `report_to` is where its coordinator follows it."""

    id: int
    code: str
    state: State
    body: Body
    audience: Audience
    timing: Timing
    created_by: int | None
    report_to: Address
    report_language: str = "fr"
    approved_by: int | None = None
    due_at: datetime | None = None
    started_at: datetime | None = None
    revision: int = 0

    @property
    def source(self) -> str:
        return source_of(self.id)


def source_of(announcement_id: int) -> str:
    """What its rows in the outbox belong to."""
    return f"announcement:{announcement_id}"


@dataclass(frozen=True, slots=True)
class Reach:
    """How many get it, by (channel, language); who cannot be reached, who stopped; `chats` by channel.

    `windowed`: of those on a channel with a window for free words, how many are inside it, and how many are not.
    """

    people: Mapping[tuple[str, str], int] = field(default_factory=dict)
    unreachable: int = 0
    stopped: int = 0
    chats: Mapping[str, int] = field(default_factory=dict)
    windowed: tuple[int, int] = (0, 0)

    @property
    def total(self) -> int:
        return sum(self.people.values()) + sum(self.chats.values())

    @property
    def languages(self) -> tuple[str, ...]:
        found = {language for (_, language), count in self.people.items() if count}
        if self.chats:
            found.add("fr")
        return tuple(language for language in LANGUAGES if language in found)

    def by_channel(self) -> dict[str, int]:
        channels = {channel for channel, _ in self.people} | set(self.chats)
        return {
            channel: sum(n for (c, _), n in self.people.items() if c == channel) + self.chats.get(channel, 0)
            for channel in sorted(channels)
        }

    def by_language(self) -> dict[str, int]:
        return {
            language: sum(n for (_, spoken), n in self.people.items() if spoken == language)
            for language in LANGUAGES
            if any(spoken == language for _, spoken in self.people)
        }


class Obstacle(StrEnum):
    """What must be settled before it may leave."""

    NO_TEXT = "no_text"
    NO_AUDIENCE = "no_audience"
    NOBODY = "nobody"
    MISSING = "missing"
    TOO_LONG = "too_long"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Problem:
    obstacle: Obstacle
    language: str = ""
    channel: str = ""
    length: int = 0
    limit: int = 0


def problems(body: Body, audience: Audience, timing: Timing, reach: Reach, now: datetime) -> list[Problem]:
    """Everything that stands in the way, the first to be settled first."""
    if not body.texts and body.attachment is None:
        return [Problem(Obstacle.NO_TEXT)]
    if audience.empty:
        return [Problem(Obstacle.NO_AUDIENCE)]
    if reach.total == 0:
        return [Problem(Obstacle.NOBODY)]
    if timing.every is None and timing.at is not None and timing.at < now - timedelta(minutes=5):
        return [Problem(Obstacle.PAST)]
    return [*_missing(body, reach), *_too_long(body, reach)]


def _missing(body: Body, reach: Reach) -> list[Problem]:
    if not body.texts:
        return []
    needed = ["fr" if language in body.in_french else language for language in reach.languages]
    return [Problem(Obstacle.MISSING, code) for code in dict.fromkeys(needed) if code not in body.texts]


def _too_long(body: Body, reach: Reach) -> list[Problem]:
    pairs = {*reach.people, *((channel, "fr") for channel in reach.chats)}
    found = []
    for channel, language in sorted(pairs):
        length, limit = len(printed(body.text(language), "2" * 7)), TEXT_LIMITS.get(channel, SHORTEST_LIMIT)
        if length > limit:
            found.append(Problem(Obstacle.TOO_LONG, language, channel, length, limit))
    return found


def printed(text: str, code: str) -> str:
    """The text as it is sent, with its number."""
    number = f"N° {shown_code(code)}"
    return f"{text}\n\n{number}" if text else number


def new_code() -> str:
    """Six random characters and one that proves them typed right."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return drawn + _check(drawn)


def shown_code(code: str) -> str:
    return f"{code[:3]}-{code[3:]}"


def codes_in(text: str) -> Sequence[str]:
    """Numbers of announcements in a text, in order; only those typed right. Case does not matter in one alone."""
    found = [first + rest for first, rest in _CODE.findall(text)]
    alone = re.sub(r"[\s°.:]|^(?i:n°?|no|num[ée]ro)(?=[\s:°])", "", text.strip()).upper()
    if not found and (match := _CODE.fullmatch(alone)):
        found = [match[1] + match[2]]
    return [code for code in found if is_code(code)]


def looks_like_code(text: str) -> bool:
    """A text that is nothing but a number with its hyphen, typed right or not."""
    return bool(re.fullmatch(r"(?:n°\s*)?[0-9a-z]{3}[-‑–][0-9a-z]{4}", text.strip().lower()))


def is_code(code: str) -> bool:
    return len(code) == 7 and code[6] == _check(code[:6])


def _check(drawn: str) -> str:
    digest = hashlib.sha256(f"oscbot {drawn}".encode()).digest()
    return ALPHABET[digest[0] % len(ALPHABET)]


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of its messages so far; `arrived` and `read` of those whose platform tells."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    unreachable: int = 0
    stopped: int = 0
    unknown: int = 0
    cancelled: int = 0
    arrived: int = 0
    read: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.sent + self.waiting + self.settled_badly

    @property
    def settled_badly(self) -> int:
        return self.failed + self.unreachable + self.stopped + self.unknown + self.cancelled

    def bar(self, width: int = 10) -> str:
        """Its progress as ten squares."""
        done = self.total - self.waiting
        full = 0 if not self.total else done * width // self.total
        return "▓" * full + "░" * (width - full)
