"""What the chat may ask about trust: entries that wait, whose word stands for them, and what coordinators decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.actions.directory_port import Contactable, OrganisationCard, Profile
from bot.messages import Attachment


@dataclass(frozen=True, slots=True)
class Alike:
    """An organisation that may be the same one; `reasons` name responses (utter_alike_…)."""

    id: int
    name: str
    region: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    text: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """An entry as a coordinator judges it."""

    profile: Profile
    waiting: int
    coordinators: int
    vouchers: tuple[str, ...]
    asked: Sequence[Asking]
    alike: Sequence[Alike]
    receipt: Attachment | None = None


class Judged(StrEnum):
    """How a decision ended. ONCE: one of two coordinators; BEFORE: they said so already."""

    DONE = "done"
    ONCE = "once"
    BEFORE = "before"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`told`: the people of the organisation; `number`: of a question that was asked."""

    result: Judged
    organisation: str = ""
    told: Sequence[Contactable] = ()
    number: int = 0
    status: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """`asker`: the coordinator who asked, if they can still be reached."""

    organisation_id: int
    organisation: str
    asker: Contactable | None


class Trusting(Protocol):
    """Speaks for one person; what only coordinators may do gives OVER or None to everybody else."""

    async def waiting(self) -> int: ...

    async def next(self, after: int | None) -> ReviewCard | None:
        """The next entry that waits, after that one; at the end the first again."""

    async def card(self, organisation_id: int) -> ReviewCard | None: ...

    async def alike(self, card: OrganisationCard) -> Sequence[Alike]:
        """Listed organisations that may be this one; for anybody who registers, without any contact detail."""

    async def accept(self, organisation_id: int) -> Verdict: ...

    async def attest(self, organisation_id: int) -> Verdict: ...

    async def refuse(self, organisation_id: int, reason: str) -> Verdict: ...

    async def ask(self, organisation_id: int, text: str) -> Verdict: ...

    async def answer(self, number: int, text: str) -> Answered | None:
        """By somebody of the organisation; None when it is answered or not theirs."""

    async def question(self, number: int) -> str | None:
        """What was asked, for the organisation's people."""

    async def ask_to_vouch(self, organisation_id: int, voucher_id: int) -> Verdict:
        """By an editor of the first; `told`: the editors of the second, which is verified."""

    async def vouch(self, organisation_id: int, voucher_id: int) -> Verdict:
        """By an editor of a verified organisation, for another one."""

    async def merge(self, duplicate_id: int, kept_id: int) -> Verdict: ...
