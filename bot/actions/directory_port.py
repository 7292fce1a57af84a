"""What the chat may ask of the directory: cards, profiles, the people of an organisation, and who joins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.messages import Address, Attachment, Media
from bot.organisation import Part, Visibility


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """An organisation as registered; lists hold canonical values, `phone` is E.164."""

    name: str
    legal_form: str
    region: str
    themes: tuple[str, ...]
    id: int | None = None
    status: str = "declared"
    acronym: str | None = None
    place: str | None = None
    year: int | None = None
    contact_name: str | None = None
    contact_role: str | None = None
    phone: str | None = None
    email: str | None = None
    languages: tuple[str, ...] = ()
    description: str | None = None
    receipt_number: str | None = None
    addresses: tuple[str, ...] = ()
    social_pages: tuple[str, ...] = ()
    members_range: str | None = None
    volunteers_range: str | None = None
    target_groups: tuple[str, ...] = ()
    capacities: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    connection: str | None = None
    logo_key: str | None = None
    receipt_key: str | None = None
    contact_visibility: str = Visibility.COORDINATORS


class Directory(Protocol):
    """The organisations a person belongs to."""

    async def of_person(self, person_id: int) -> Sequence[OrganisationCard]: ...

    async def register(self, person_id: int, card: OrganisationCard) -> OrganisationCard: ...

    async def change(self, person_id: int, organisation_id: int, field_name: str, value: Any) -> bool: ...


@dataclass(frozen=True, slots=True)
class Contactable:
    """Somebody to be told, in their language."""

    address: Address
    language: str


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person of an organisation; `name` is known of those who consented."""

    person_id: int
    name: str | None
    part: Part
    since: datetime


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that an organisation can do what it says: `projects`, and trainings its people attended."""

    projects: int = 0
    trainings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """An organisation as its own people and coordinators see it. `part`: of the person who looks, if any."""

    card: OrganisationCard
    part: Part | None
    confirmed: Mapping[str, datetime]
    people: Sequence[Colleague]
    proof: Proof = Proof()
    logo: Attachment | None = None


class Joined(StrEnum):
    ASKED = "asked"
    ALREADY = "already"
    WAITING = "waiting"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Joining:
    """How asking to join ended. `told`: who may accept; nobody of the organisation: the coordinators."""

    result: Joined
    organisation: str = ""
    number: int = 0
    told: Sequence[Contactable] = ()


@dataclass(frozen=True, slots=True)
class JoinDecided:
    organisation: str
    name: str | None
    person: Contactable | None


@dataclass(frozen=True, slots=True)
class Left:
    """`alone`: nobody looks after the organisation any more."""

    organisation: str
    alone: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """One line of a history; `field` "entry" is the registration, `project` names the project it concerns."""

    id: int
    at: datetime
    who: str | None
    role: str
    field: str
    before: Any
    after: Any
    undone: bool
    project: str | None = None


class Undone(StrEnum):
    DONE = "done"
    GONE = "gone"
    CHANGED_SINCE = "changed_since"


@dataclass(frozen=True, slots=True)
class Undoing:
    result: Undone
    organisation_id: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What the clock asked about. `woke`: the organisation had been given up as dormant."""

    organisation_id: int
    organisation: str
    field: str
    woke: bool = False


class Profiles(Protocol):
    """Speaks for one person: their organisations, or any of them for a coordinator."""

    async def profile(self, organisation_id: int) -> Profile | None:
        """None when the person neither belongs to it nor coordinates."""

    async def answer_freshness(self, number: int, answer: str) -> Asked | None:
        """The answer to "is it still true?": "yes" confirms the field, "corrected" opens it for a new value.

        None when the question is unknown or not theirs to answer.
        """

    async def keep_picture(self, media: Media) -> str | None:
        """The key of a photo sent; None when it is none."""

    async def find(self, words: str) -> Sequence[OrganisationCard]:
        """Listed organisations of about this name, the likeliest first."""

    async def ask_to_join(self, organisation_id: int) -> Joining: ...

    async def decide_join(self, number: int, part: Part | None) -> JoinDecided | None:
        """Accept with this part, or refuse with None; None when decided before or not theirs to decide."""

    async def set_part(self, organisation_id: int, person_id: int, part: Part | None) -> bool:
        """The contact changes somebody's part or, with None, sends them away."""

    async def leave(self, organisation_id: int) -> Left | None: ...

    async def history(self, organisation_id: int, offset: int, limit: int) -> Sequence[Changed]: ...

    async def undo(self, change_id: int) -> Undoing: ...
