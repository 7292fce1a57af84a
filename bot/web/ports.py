"""What the pages and routes need from the rest of the bot, and the values they exchange with it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.channels.port import Inbox, Payload, Received
from bot.channels.web import WebChannel
from bot.messages import Attachment, Button


class Author(StrEnum):
    ME = "me"
    BOT = "bot"


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One message of a session's chat, in either direction.

    `id` is its place in the chat, both directions together; it may be committed later than the next one
    (a reply, when the person writes again meanwhile), by `bot.web.stream.LATE` at most. For the person's own
    messages `client_id` is the id the page gave (the external id of the stored event); of a button pressed,
    `text` is its title and `payload` what it carried. `language`: of the bot's text (fr, so, aa), if known.
    `edited`: the text has changed since it was first said.
    """

    id: int
    author: Author
    text: str
    at: datetime
    buttons: tuple[Button, ...] = ()
    client_id: str | None = None
    payload: str | None = None
    language: str | None = None
    attachment: Attachment | None = None
    edited: bool = False


class ReadsFile(Protocol):
    async def __call__(self, key: str, /) -> tuple[Attachment, bytes]:
        """Raises Refused when there is no such file, TryLater when its platform is away."""


class KeepsFiles(Protocol):
    async def may_send(self, session: str) -> bool:
        """Whether this session's person may send files at all."""

    async def keep_file(self, name: str, media_type: str, content: bytes) -> str:
        """Keep a file; its secret key."""


class History(Protocol):
    async def __call__(self, session: str, after_id: int | None, limit: int, /) -> Sequence[HistoryItem]:
        """Committed messages in order: the first `limit` after `after_id`, or with None the last `limit`."""


@dataclass(frozen=True, slots=True)
class Health:
    """`outbox_age`: seconds the oldest unsent row has waited; None when nothing waits or nobody knows."""

    database: bool
    model: bool
    version: str
    outbox_depth: int | None = None
    outbox_age: float | None = None

    @property
    def ok(self) -> bool:
        return self.database and self.model


class TelegramWebhook(Protocol):
    def accepts(self, secret: str | None) -> bool:
        """Whether this X-Telegram-Bot-Api-Secret-Token is ours; compared in constant time."""

    async def received(self, payload: Payload) -> None:
        """The update is committed to the inbox; whoever waits for it may be woken."""


class WhatsAppWebhook(Protocol):
    def knows(self, token: str | None) -> bool:
        """Whether this hub.verify_token is ours; compared in constant time."""

    def accepts(self, signature: str | None, body: bytes) -> bool:
        """Whether this X-Hub-Signature-256 signs the body as it came; compared in constant time."""

    def events(self, body: Any) -> list[Received]:
        """Every event of every entry, in order; what has no known shape is an event too."""

    def unreadable(self, body: bytes) -> Received:
        """A signed body that is no JSON."""

    def received(self, events: Sequence[Received]) -> None:
        """The events are committed to the inbox; does not wait for anything."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class WebPorts:
    """`texts`: language (fr, so, aa) → label (see `bot.web.page.LABELS`) → text; French must be complete.

    `heartbeat`: seconds between signs of life of a stream; mobile networks and proxies drop links silent for
    30 s or more.
    """

    inbox: Inbox
    web_channel: WebChannel
    history: History
    health: Callable[[], Awaitable[Health]]
    metrics: Callable[[], bytes]
    texts: Mapping[str, Mapping[str, str]]
    files: ReadsFile | None = None
    uploads: KeepsFiles | None = None
    telegram: TelegramWebhook | None = None
    whatsapp: WhatsAppWebhook | None = None
    now: Callable[[], datetime] = _now
    heartbeat: float = 15.0
