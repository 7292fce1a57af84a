"""What every channel offers and what it may ask of the bot; the contract all adapters are tested against."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from bot.errors import Refused
from bot.messages import Address, Incoming, Outgoing

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Received:
    """One raw event of a platform, as it is stored; `external_id` makes a redelivery recognisable."""

    external_id: str
    payload: Payload


class Inbox(Protocol):
    async def store(self, channel: str, events: Sequence[Received]) -> None:
        """Commit all events (a known external id changes nothing); only then may the platform be told.

        Reads each with `Channel.read`; what raises `Unparsable` is stored as quarantined.
        """


class Files(Protocol):
    """Where the bytes of attachments are, and what each platform calls a file it has already."""

    async def content(self, key: str) -> bytes:
        """Raises `Refused` when there is no such file, else what `Channel.fetch` raises."""

    async def known_as(self, key: str, channel: str) -> str | None:
        """The platform's own id of the file, once it was sent or received there."""

    async def remember(self, key: str, channel: str, platform_id: str) -> None: ...


class NoFiles:
    """For channels that never carry files."""

    async def content(self, key: str) -> bytes:
        raise Refused("no files are kept")

    async def known_as(self, key: str, channel: str) -> str | None:
        return None

    async def remember(self, key: str, channel: str, platform_id: str) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Window:
    """At most `count` messages in any `seconds`."""

    count: int
    seconds: float


def _no_groups(chat_id: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast a platform takes messages; without any, as fast as they come.

    `overall`: all chats together, of which what is sent unasked may use `bulk_share`. `private` and `group`:
    one chat, all messages; `private_bulk`: what is sent unasked waits for room in this one too. `is_group`
    tells a group's chat id. `people_a_day`: different people whose talk is opened by us in any 24 hours.
    """

    overall: Window | None = None
    bulk_share: float = 0.8
    private: tuple[Window, ...] = ()
    private_bulk: Window | None = None
    group: tuple[Window, ...] = ()
    is_group: Callable[[str], bool] = _no_groups
    people_a_day: int | None = None


@dataclass(frozen=True, slots=True)
class Traits:
    """What delivery must know of a channel besides how to use it.

    `account`: a digest of the account (a bot's token) that only one process at a time may send and poll for;
    None where every process serves its own readers. `lasting`: messages wait there for their reader, so that
    one who cannot be reached elsewhere may be written to here. `window`: so long after a person's last message they
    may be written to freely, then only in words the platform has approved. `each_costs`: every message is paid for.
    """

    limits: Limits = Limits()
    account: str | None = None
    lasting: bool = True
    window: timedelta | None = None
    each_costs: bool = False


class Channel(Protocol):
    @property
    def name(self) -> str:
        """The channel part of an `Address`: telegram, web, console."""

    @property
    def traits(self) -> Traits: ...

    def read(self, payload: Payload) -> Incoming | None:
        """Translate a stored event; None when it holds nothing for the bot. Pure; raises `Unparsable`."""

    async def send(self, message: Outgoing) -> str:
        """Write one message, or change or take back an earlier one; gives the platform's id of it.

        Raises `TryLater`, `Unreachable`, `Moved`, `Refused` or `Unknown`, nothing else.
        """

    async def fetch(self, file_id: str) -> bytes:
        """The bytes of a file somebody sent. Raises `TryLater` or `Refused`."""

    async def show_typing(self, address: Address) -> None:
        """Tell the person an answer is coming; best effort, never raises a `DeliveryError`."""

    async def prepare(self) -> None:
        """Learn what reading needs (the bot's own name), in every process, also where another receives."""

    async def run(self, inbox: Inbox) -> None:
        """Receive until cancelled; returns at once where a webhook or a page receives instead."""

    async def close(self) -> None:
        """Free connections."""
