"""What linking accounts asks of memory: several accounts of one person, joined by a code and parted again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.messages import Address


class Linked(StrEnum):
    """What became of a code that somebody typed."""

    DONE = "done"
    WRONG = "wrong"
    TOO_MANY = "too_many"
    OWN = "own"
    """Typed into the account that asked for it, or into one linked already."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account of a person. `key` names it in a button without showing it; `here`: the one that writes."""

    address: Address
    key: str
    here: bool
    language: str


@dataclass(frozen=True, slots=True)
class LinkTried:
    """`other`: the account the code came from. `stopped`: a STOP said on one of them holds on both.

    `tries`: how many wrong codes may still be typed.
    """

    linked: Linked
    other: Account | None = None
    stopped: bool = False
    tries: int = 0


class Linking(Protocol):
    """The accounts of the person who talks."""

    async def accounts(self) -> Sequence[Account]: ...

    async def code(self) -> tuple[str, datetime]:
        """A new six-digit code to type in the other account, and until when it is good."""

    async def join(self, code: str) -> LinkTried:
        """Make this person and the one who asked for the code one person."""

    async def part(self, key: str) -> Account | None:
        """Part an account from this person; it keeps its language and nothing else. None: it is not theirs."""
