"""What the chat may ask of the directory when people look for others: pages, profiles, messages passed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from bot.directory_index import Sought, Understood
from bot.messages import Address, Attachment
from bot.organisation import Visibility


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach an organisation outside the bot."""

    name: str | None = None
    role: str | None = None
    phone: str | None = None
    email: str | None = None
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundProject:
    """`status` is that of `bot.organisation.ProjectStatus`."""

    id: int
    title: str
    organisation_id: int
    organisation: str
    theme: str | None = None
    region: str | None = None
    place: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    status: str = "running"
    partners: tuple[str, ...] = ()
    funders: tuple[str, ...] = ()
    result: str | None = None


@dataclass(frozen=True, slots=True)
class FoundOsc:
    """An organisation as one reader may see it: `contact` None where it is not for them.

    `verified`: when something of it was last confirmed. `listens`: its people use the bot and can be written to.
    """

    id: int
    name: str
    status: str
    region: str
    themes: tuple[str, ...] = ()
    acronym: str | None = None
    legal_form: str = "association"
    place: str | None = None
    year: int | None = None
    description: str | None = None
    capacities: tuple[str, ...] = ()
    target_groups: tuple[str, ...] = ()
    verified: datetime | None = None
    contact: Contact | None = None
    contact_visibility: str = Visibility.COORDINATORS
    listens: bool = False
    mine: bool = False
    projects: Sequence[FoundProject] = ()


@dataclass(frozen=True, slots=True)
class OscPage:
    """One page of organisations; `total` counts all that fit."""

    items: Sequence[FoundOsc]
    total: int
    understood: Understood


@dataclass(frozen=True, slots=True)
class ProjectPage:
    items: Sequence[FoundProject]
    total: int
    understood: Understood


class MayWrite(StrEnum):
    YES = "yes"
    NOBODY = "nobody"
    TOO_MANY = "too_many"
    WAITING = "waiting"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message passed on. `to`: who gets it, each with their language; `back`: where its answer goes."""

    id: int
    organisation_id: int
    organisation: str
    text: str
    sender: str | None
    back: Address
    language: str
    to: Sequence[tuple[Address, str]] = ()


class Finding(Protocol):
    """The directory as one person may search it, and the messages it passes on."""

    async def organisations(self, sought: Sought, offset: int, limit: int) -> OscPage: ...

    async def named(self, text: str) -> OscPage:
        """Only those whose acronym or whole name the text is, perhaps mistyped; at most a page."""

    async def projects(self, sought: Sought, offset: int, limit: int) -> ProjectPage: ...

    async def organisation(self, organisation_id: int) -> FoundOsc | None:
        """None when it is not in the directory (any more)."""

    async def project(self, project_id: int) -> FoundProject | None: ...

    async def take_away(self, form: str, *, all_contacts: bool) -> Attachment:
        """The directory as a file ("html", "xlsx"). Raises NotAllowed: all contacts are for coordinators."""

    async def watch(self, kind: str, sought: Sought) -> bool:
        """Tell this conversation once when something fits; `kind` "osc" or "project". False: it waits already."""

    async def may_write(self, organisation_id: int) -> MayWrite: ...

    async def write(self, organisation_id: int, text: str) -> Letter | None:
        """Keep a message for the people of an organisation; None when it may not be sent (any more)."""

    async def letter(self, number: int) -> Letter | None:
        """A message to an organisation of this person; None when it is none, or was answered or declined."""

    async def settle(self, number: int, state: str) -> Letter | None:
        """ "answered", "declined" or "reported", once; None when it was settled before."""
