"""What the actions on announcements, topics and roles ask of the rest, and the words in which it answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.announcement import Announcement, Body, Counts, Reach, Timing
from bot.audiences import Audience
from bot.messages import Address, Attachment, Outgoing
from bot.postage import Estimate, Postage
from bot.quiet import Hours

COORDINATORS = frozenset({"coordinator", "admin"})


class Decided(StrEnum):
    """How a yes ended. CHANGED: it is not what was shown any more; ORPHAN: its author has lost the role."""

    ON_ITS_WAY = "on_its_way"
    PROPOSED = "proposed"
    CHANGED = "changed"
    OVER = "over"
    OWN = "own"
    ORPHAN = "orphan"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Decision:
    result: Decided
    announcement: Announcement | None = None


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat the bot is in; `number` is None until a coordinator adopts it."""

    number: int | None
    title: str
    address: Address


@dataclass(frozen=True, slots=True)
class Kept:
    """An audience saved by name."""

    number: int
    name: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class Origin:
    """What anybody may know of an announcement: whether and when it left, and in which role its author acts."""

    code: str
    left_at: datetime | None
    role: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Report:
    announcement: Announcement
    counts: Counts
    joined: int


@dataclass(frozen=True, slots=True)
class Mailing:
    """What WhatsApp adds to an announcement: people inside its window and outside, days and cost, and on what terms."""

    inside: int
    outside: int
    estimate: Estimate
    terms: Postage


class Announcing(Protocol):
    """Announcements for the person who talks. All but `origin` and `join` raise NotAllowed for members."""

    async def draft(self, body: Body, language: str) -> Announcement: ...

    async def get(self, number: int) -> Announcement | None: ...

    async def latest(self) -> Sequence[Announcement]: ...

    async def change(
        self,
        number: int,
        body: Body | None = None,
        audience: Audience | None = None,
        timing: Timing | None = None,
    ) -> Announcement | None:
        """What was approved or planned is a draft again; None when it has started or does not exist."""

    async def correct(self, number: int, body: Body) -> int | None:
        """Change one that has started, texts, buttons and picture, where it is shown; how many messages change."""

    async def reach(self, audience: Audience) -> Reach: ...

    async def mailing(self, reach: Reach) -> Mailing | None:
        """None where nobody would be written to on WhatsApp, or there is none."""

    async def quiet_until(self, moment: datetime) -> datetime | None:
        """When it leaves instead, if that moment is one at which people are not disturbed."""

    async def confirm(self, number: int, revision: int) -> Decision: ...

    async def approve(self, number: int, revision: int) -> Decision: ...

    async def refuse(self, number: int) -> Announcement | None: ...

    async def pause(self, number: int) -> Announcement | None: ...

    async def resume(self, number: int) -> Announcement | None: ...

    async def cancel(self, number: int) -> Announcement | None:
        """At any moment; what was not sent yet never will be."""

    async def withdraw(self, number: int) -> int | None:
        """Take back what was sent, where platforms allow; gives from how many chats."""

    async def colleagues(self) -> Sequence[tuple[Address, str]]:
        """Where the other coordinators are written to, each with their language."""

    async def report(self, number: int) -> Report | None: ...

    async def missed(self, number: int) -> Attachment: ...

    async def picture(self, number: int) -> Attachment | None:
        """Deliveries over time; None before there are any."""

    async def resend(self, number: int) -> Announcement | None:
        """A new draft of the same for those it did not reach."""

    async def chats(self) -> Sequence[Chat]: ...

    async def adopt(self, address: Address) -> bool: ...

    async def release(self, number: int) -> bool: ...

    async def save(self, name: str, audience: Audience) -> None: ...

    async def saved(self) -> Sequence[Kept]: ...

    async def keep_file(self, name: str, media_type: str, file_id: str) -> Attachment: ...

    async def origin(self, code: str) -> Origin | None: ...

    async def held(self, number: int) -> Announcement | Outgoing | None:
        """What was told to this chat in approved words only, whole: the announcement as it is now, or the message;
        None when it is not theirs, or was taken back."""

    async def join(self, number: int) -> bool | None:
        """None when there is nothing to take part in; False when they did already."""


class Following(Protocol):
    """The topics of the person who talks, their STOP, and their own quiet hours."""

    @property
    def usual_quiet(self) -> Hours:
        """The night of the installation, which holds for who has no hours of their own."""

    async def quiet(self) -> Hours | None:
        """Their own hours, if they set some; equal ends: no quiet night at all."""

    async def keep_quiet(self, hours: Hours | None) -> None:
        """None: those of the installation again."""

    async def topics(self) -> Sequence[str]: ...

    async def follow(self, topic: str) -> None: ...

    async def leave(self, topic: str) -> None: ...

    async def stopped(self) -> bool: ...

    async def stop(self) -> None: ...

    async def come_back(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody an admin may give a role to; `name` only with their consent."""

    person_id: int
    role: str
    name: str | None
    channel: str
    address: Address | None = None
    language: str = "fr"


class Roles(Protocol):
    """Roles for the admin who talks; raises NotAllowed for others."""

    async def people(self) -> Sequence[Known]:
        """Those who have a role, then those who wrote lately and may be named."""

    async def person_named(self, person_id: int) -> Known | None: ...

    async def give(self, person_id: int, role: str) -> bool:
        """False for the last admin: somebody must be able to give roles."""

    async def code(self, role: str) -> str: ...
