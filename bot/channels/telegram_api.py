"""The Bot API as the bot needs it, whichever library carries it: options, one raw call, and how a call fails.

CallError
├── NotSent     no connection: Telegram has not seen the request
├── NoAnswer    the request was written, no readable answer came: it may have been obeyed
└── Rejected    Telegram (or a proxy before it) answered no
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Literal, Protocol

from bot.channels.port import Files, NoFiles, Payload
from bot.errors import StartError

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""Named in every getUpdates and setWebhook: when omitted, Telegram keeps the previous setting (Bot API)."""

SECRET_LENGTH = 256

STATUSES_OF_ANYONE = frozenset({401, 404, 413, 429})
"""Client errors that mean the same without a Bot API body; others from a stranger are trouble on the way."""

Params = Mapping[str, Any]
Commands = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class TelegramOptions:
    """`api_url` has no /bot suffix; `commands`: "" (default) or a language code to (command, description).

    Raises StartError for a token that cannot be one, for a webhook without address, and for one whose secret
    is not 1–256 of A-Za-z0-9_- (Bot API, setWebhook).
    """

    token: str = field(repr=False)
    api_url: str = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    webhook_url: str | None = None
    webhook_secret: str | None = field(default=None, repr=False)
    commands: Commands = field(default_factory=dict)
    files: Files = field(default_factory=NoFiles, repr=False, compare=False)

    def __post_init__(self) -> None:
        Me.from_token(self.token)
        if self.mode == "webhook" and not self.webhook_url:
            raise StartError("Telegram by webhook needs the public address of the bot")
        if self.mode == "webhook" and not _valid_secret(self.webhook_secret or ""):
            raise StartError("Telegram by webhook needs a secret of 1 to 256 letters, digits, _ or -")


def _valid_secret(secret: str) -> bool:
    plain = secret.replace("_", "a").replace("-", "a")
    return 0 < len(secret) <= SECRET_LENGTH and plain.isascii() and plain.isalnum()


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself; the id is the first half of its token, the username comes with getMe."""

    id: int
    username: str | None = None

    @classmethod
    def from_token(cls, token: str) -> "Me":
        """Raises StartError when the token does not begin with a number and a colon."""
        number, colon, _ = token.partition(":")
        if not (colon and number.isascii() and number.isdigit()):
            raise StartError("the Telegram token does not look like 123456:letters; copy it from @BotFather")
        return cls(int(number))


@dataclass(frozen=True, slots=True)
class Upload:
    """A file among the parameters of a call, sent as multipart/form-data."""

    name: str
    content: bytes = field(repr=False)


class CallError(Exception):
    """A call of the Bot API did not give its result."""


class NotSent(CallError):
    """No connection was made: Telegram has not seen the request."""


class NoAnswer(CallError):
    """The request was written and no readable answer came back."""


class Rejected(CallError):
    """The answer was no. `code` is Telegram's error_code, or the HTTP status of whoever answered instead."""

    def __init__(
        self, code: int, description: str, *, retry_after: float | None = None, new_chat_id: str | None = None
    ) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.new_chat_id = new_chat_id

    def says(self, *phrases: str) -> bool:
        """Whether the description holds one of the phrases (lower case)."""
        return any(phrase in self.description.lower() for phrase in phrases)


class Wire(Protocol):
    """What a library adapter provides; all rules of Telegram are on this side of it."""

    async def call(self, method: str, params: Params, patience: float) -> Any:
        """The raw JSON `result` of one method; waits `patience` seconds for an answer. Raises CallError.

        An `Upload` among the parameters goes as a file.
        """

    async def download(self, file_path: str, patience: float) -> bytes:
        """The file at a `file_path` that getFile gave. Raises CallError."""

    def check(self, payload: Payload) -> None:
        """Raises Unparsable when the library's own types refuse the update."""

    async def renew(self) -> None:
        """Drop all connections and cached addresses: some sessions never recover from a change of network."""

    async def close(self) -> None:
        """Free connections."""


def result_of(status: int, body: bytes) -> Any:
    """The `result` inside an answer of the Bot API. Raises Rejected; NoAnswer for an unreadable success."""
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if isinstance(answer, dict) and answer.get("ok") is True and "result" in answer:
        return answer["result"]
    if isinstance(answer, dict) and answer.get("ok") is False:
        raise _rejection(status, answer)
    if status < HTTPStatus.MULTIPLE_CHOICES:
        raise NoAnswer(f"HTTP {status} with an answer that is not the Bot API's")
    raise _foreign(status)


def _foreign(status: int) -> Rejected:
    """A captive portal's 403 must not pass for Telegram's: everybody would be marked as having blocked us."""
    code = status if status in STATUSES_OF_ANYONE or status >= 500 else HTTPStatus.BAD_GATEWAY
    return Rejected(code, f"HTTP {status} {_phrase(status)}, not from the Bot API")


def _rejection(status: int, answer: Payload) -> Rejected:
    parameters = answer.get("parameters") or {}
    new_chat_id = parameters.get("migrate_to_chat_id")
    return Rejected(
        answer.get("error_code") or status,
        str(answer.get("description") or _phrase(status)),
        retry_after=parameters.get("retry_after"),
        new_chat_id=None if new_chat_id is None else str(new_chat_id),
    )


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown HTTP status"
