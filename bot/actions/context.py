"""What an action may see, what it may ask for, and the only two things it gives back: events and replies."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.actions.announcement_port import Announcing, Following, Roles
from bot.actions.calls_port import Calls
from bot.actions.directory_port import Directory, Profiles
from bot.actions.finding_port import Finding
from bot.actions.linking_port import Linking
from bot.actions.needs_port import Needs
from bot.actions.personal_port import Personal
from bot.actions.project_port import Projects
from bot.actions.review_port import Reviewing
from bot.actions.statistics_port import Statistics
from bot.actions.training_port import Planning, Reminders, Trainings
from bot.actions.trust_port import Trusting
from bot.conversation import Conversation, Event
from bot.domain import Domain
from bot.messages import Address, Attachment, Media, Opening
from nlu.meaning import Interpretation

DJIBOUTI = ZoneInfo("Africa/Djibouti")
"""The clock on the wall where nothing else is set."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who talks, as far as the bot may know; `consented` allows keeping personal data."""

    id: int
    role: str = "member"
    consented: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A button of a reply: its title is a response of the domain, or `title` as it is (a name, a number)."""

    payload: str
    response: str | None = None
    title: str | None = None
    url: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Say:
    """Say a response of the domain with these values; `labels` are added to the response's own buttons.

    `to` and `language` are set when it goes to somebody else; `mentions` are values that are themselves
    responses, said in the language of the reply. `apart`: never in one message with others.
    `opening`: how it is told where only approved words may open a talk.
    """

    response: str
    values: Mapping[str, Any] = field(default_factory=dict)
    labels: tuple[Label, ...] = ()
    to: Address | None = None
    language: str | None = None
    asks_contact: bool = False
    mentions: Mapping[str, str] = field(default_factory=dict)
    attachment: Attachment | None = None
    apart: bool = False
    opening: Opening | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action wants to happen. `stops`: the steps planned after it are dropped."""

    events: tuple[Event, ...] = ()
    says: tuple[Say, ...] = ()
    stops: bool = False


@dataclass(frozen=True, slots=True)
class ResourceText:
    """One resource in the language asked for, or in French where it has no other wording."""

    id: str
    title: str
    short: str
    more: str
    source: str
    as_of: str
    url: str | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search; `total` counts all that matched."""

    items: Sequence[ResourceText]
    total: int


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: a kind of resource, words, and places or themes by canonical name."""

    kind: str | None = None
    words: str = ""
    region: str | None = None
    place: str | None = None
    theme: str | None = None
    offset: int = 0


class Library(Protocol):
    """The resources the bot may state."""

    async def find(self, query: Query, language: str, limit: int) -> Found: ...

    async def get(self, resource_id: str, language: str) -> ResourceText | None: ...


@dataclass(frozen=True, slots=True)
class Question:
    """A message kept for the coordinators, and where its answer goes."""

    id: int
    text: str
    language: str
    address: Address


class Desk(Protocol):
    """The coordinators' desk: what the bot could not answer, and who answers it."""

    async def keep(self, kind: str, text: str, details: Mapping[str, Any]) -> int:
        """Keep what this person sends to the coordinators, whole, under a kind: to_human, feedback."""

    async def note(self, kind: str, text: str, details: Mapping[str, Any]) -> bool:
        """Keep, masked, what the bot could not do: not_understood, not_found. False: no consent, or no word."""

    async def tell_later(self) -> bool:
        """The person wants to hear about their last question; False when there is none."""

    async def coordinators(self) -> Sequence[tuple[Address, str]]:
        """Addresses of those who answer, each with their language."""

    async def question(self, question_id: int) -> Question | None: ...

    async def waiting(self, limit: int) -> Sequence[Question]: ...

    async def answered(self, question_id: int, answer: str) -> bool:
        """Keep a coordinator's answer; False when somebody answered before."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is kept of a person; `messages` counts theirs and ours."""

    name: str | None
    language: str | None
    consented: bool
    role: str
    organisations: int
    messages: int
    trainings: int = 0
    reminders: int = 0


class Registry(Protocol):
    """What the bot remembers of the person who talks."""

    async def remembered(self) -> Remembered: ...

    async def forget(self) -> None:
        """Erase messages, questions, name, consent and the entries this person declared."""

    async def set_language(self, language: str) -> None: ...

    async def consent(self) -> None: ...

    async def redeem(self, code: str) -> str | None:
        """The role an invitation code gives, or None; a code works once."""


@dataclass(frozen=True, slots=True)
class Context:
    """One message being handled: who, what was meant, and the ports to the rest."""

    domain: Domain
    conversation: Conversation
    meaning: Interpretation
    text: str
    person: Person
    address: Address
    now: datetime
    library: Library
    directory: Directory
    profiles: Profiles
    trust: Trusting
    projects: Projects
    desk: Desk
    registry: Registry
    trainings: Trainings
    planning: Planning
    reminders: Reminders
    announcing: Announcing
    following: Following
    roles: Roles
    reviews: Reviewing
    linking: Linking
    needs: Needs
    calls: Calls
    personal: Personal
    finding: Finding
    statistics: Statistics
    zone: ZoneInfo = DJIBOUTI
    media: Media | None = None
    in_group: bool = False

    def entity(self, name: str) -> str | None:
        return next((e.value for e in self.meaning.entities if e.name == name), None)

    def words(self, response: str) -> str:
        """A short text of the domain in the person's language."""
        return self.domain.words(response, self.conversation.language).text


Action = Callable[[Context], Awaitable[Outcome]]


def say(response: str, *labels: Label, **values: Any) -> Outcome:
    """An outcome that only says one response."""
    return Outcome(says=(Say(response, values, labels),))
