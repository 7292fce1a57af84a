"""The vocabulary that crosses every boundary: what came in, what goes out, and to whom.

No type of telegram, aiogram, pywa or FastAPI passes a boundary; these frozen values do.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.errors import DeliveryError

MAX_PAYLOAD_BYTES = 64
"""Telegram's limit for callback_data (Bot API, InlineKeyboardButton); the tightest of all channels."""

PICTURES = frozenset({"image/png", "image/jpeg"})
"""Media types every channel shows inside the chat; anything else is a document to open."""


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"


class Kind(StrEnum):
    """What an outgoing message is; it decides priority and what is done when nobody knows if it arrived."""

    REPLY = "reply"
    REMINDER = "reminder"
    ANNOUNCEMENT = "announcement"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message is written to: one chat of one channel; in a Telegram forum, one topic of it."""

    channel: str
    chat_id: str
    thread_id: str | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, as the platform names them. `language_code` is the platform's guess (IETF), often absent.

    `also`: another id the platform vouches to be the same account's, by which it may be known already; the same
    as `external_id` where that is all the platform told, and the account may be known by a better one.
    """

    external_id: str
    name: str | None = None
    language_code: str | None = None
    also: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Tap:
    """A button pressed; `payload` is what the button carried, `/intent{"entity": "value"}`."""

    payload: str


@dataclass(frozen=True, slots=True)
class SharedContact:
    """A contact card; `own` only when the platform vouches that it is the sender's own number."""

    phone: str
    own: bool


@dataclass(frozen=True, slots=True)
class Location:
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Media:
    """Anything that is not text: voice, photo, document, sticker… `file_id` as the platform names it.

    `name` and `media_type` are what the sender's file is called and holds, where the platform says so.
    """

    media: str
    file_id: str | None = None
    caption: str | None = None
    name: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Edited:
    """The person corrected a message already sent."""

    text: str


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The person deleted a message for everybody; `message_id` is that of its event."""

    message_id: str


class Change(StrEnum):
    """MUTED and UNMUTED: the person used the platform's own switch for what is sent unasked."""

    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    ADDED = "added"
    REMOVED = "removed"
    MIGRATED = "migrated"
    MUTED = "muted"
    UNMUTED = "unmuted"


@dataclass(frozen=True, slots=True)
class Membership:
    """The bot's place in a chat changed. `new_chat_id` is set when a chat got another id (MIGRATED): a group that
    became a supergroup, a person with a new number."""

    change: Change
    new_chat_id: str | None = None
    title: str | None = None


class Progress(StrEnum):
    """How far a message of ours has come; it only goes forward, and FAILED only where nothing better came."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the platform tells of a message of ours, `platform_id`, after it took it; `error` when it FAILED."""

    platform_id: str
    progress: Progress
    error: DeliveryError | None = None


Content = Text | Tap | SharedContact | Location | Media | Edited | TakenBack | Membership | Receipt


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event from a person or a chat. `message_id` is unique in its channel: redeliveries carry the same.

    `forwarded`: the sender passes on what somebody (perhaps they themselves, perhaps this bot) wrote elsewhere.
    """

    message_id: str
    address: Address
    sender: Sender
    content: Content
    sent_at: datetime
    chat: ChatKind = ChatKind.PRIVATE
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """Either a payload that comes back as a `Tap`, or a link to open, or a request for one's own phone number.

    Raises ValueError for a payload over 64 bytes.
    """

    title: str
    payload: str | None = None
    url: str | None = None
    asks_contact: bool = False

    def __post_init__(self) -> None:
        if self.payload is not None and len(self.payload.encode()) > MAX_PAYLOAD_BYTES:
            raise ValueError(f"button payload over {MAX_PAYLOAD_BYTES} bytes: {self.payload}")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or document that goes with a message. `key` is the secret under which its bytes are kept."""

    key: str
    name: str
    media_type: str

    @property
    def is_picture(self) -> bool:
        return self.media_type in PICTURES


@dataclass(frozen=True, slots=True)
class Opening:
    """How a message is told where only words approved by the platform may open a talk (WhatsApp's templates).

    `template`: its name in data/whatsapp_templates.yml; `values`: what stands in it, in French.
    """

    template: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to write: plain text (never markup), its buttons in order, and what is attached.

    `edits`: the platform's id of an earlier message of this chat that this one takes the place of, its picture
    or document too where `swaps_file`;
    `withdraws`: of one that is taken back, where text and buttons do not count. `language`: that of the text.
    `opening`: how it is told to somebody who has not written for long; `held_as`: only that is told now, and
    the whole is kept under this number until they tap.
    """

    address: Address
    text: str
    buttons: tuple[Button, ...] = field(default=())
    kind: Kind = Kind.REPLY
    attachment: Attachment | None = None
    edits: str | None = None
    swaps_file: bool = False
    withdraws: str | None = None
    language: str = field(default="fr", compare=False)
    opening: Opening | None = field(default=None, compare=False)
    held_as: int | None = None
