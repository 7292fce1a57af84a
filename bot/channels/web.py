"""What the web chat's page sends, and how the open pages of a session are woken when there is news."""

import asyncio
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeGuard

from bot.channels.port import Inbox, Payload, Traits
from bot.errors import Refused, Unparsable
from bot.messages import (
    MAX_PAYLOAD_BYTES,
    PICTURES,
    Address,
    Content,
    Incoming,
    Media,
    Outgoing,
    Sender,
    Tap,
    Text,
)

NAME = "web"
MAX_TEXT = 4000
"""Characters in one message; the page's field has the same limit."""

MAX_NAME = 100
MAX_PAGES = 8
"""Open pages of one session; one more ends the oldest, which on a bad network is most often a dead link."""

_SESSION = re.compile(r"[A-Za-z0-9_-]{22,64}")
_MESSAGE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")


def is_session(token: object) -> TypeGuard[str]:
    """Whether this can be a session's token: made by the page, 128 random bits in base64url, a secret."""
    return isinstance(token, str) and _SESSION.fullmatch(token) is not None


class Ear:
    """One open page of a session; what happened since the last `clear` is never missed."""

    def __init__(self) -> None:
        self._noise = asyncio.Event()
        self.typing = False
        self.closed = False

    def hear(self, *, typing: bool = False, closed: bool = False) -> None:
        self.typing = self.typing or typing
        self.closed = self.closed or closed
        self._noise.set()

    def clear(self) -> None:
        """Forget what was heard; to be called before looking at what is new, not after."""
        self._noise.clear()
        self.typing = False

    async def wait(self) -> None:
        await self._noise.wait()


class WebChannel:
    """The web chat. What is said lies in the outbox's table; sending is waking the pages that show it."""

    def __init__(self) -> None:
        self._ears: dict[str, list[Ear]] = {}
        self._closed = False

    @property
    def name(self) -> str:
        return NAME

    @property
    def traits(self) -> Traits:
        return Traits()

    def read(self, payload: Payload) -> Incoming:
        """Translate {id, session, text | payload, language?, sent_at}; `sent_at` is ISO 8601 with a zone."""
        if not isinstance(payload, dict):
            raise Unparsable("web: not an object")
        session = _matching(payload, "session", _SESSION)
        language = None if payload.get("language") is None else _matching(payload, "language", _LANGUAGE)
        return Incoming(
            message_id=_matching(payload, "id", _MESSAGE_ID),
            address=Address(NAME, session),
            sender=Sender(session, language_code=language),
            content=_content(payload),
            sent_at=_sent_at(payload.get("sent_at")),
        )

    async def send(self, message: Outgoing) -> str:
        self.wake(message.address.chat_id)
        return uuid.uuid4().hex

    async def fetch(self, file_id: str) -> bytes:
        raise Refused("the page sends no files")

    async def show_typing(self, address: Address) -> None:
        for ear in self._ears.get(address.chat_id, ()):
            ear.hear(typing=True)

    async def prepare(self) -> None:
        """Nothing to learn."""

    async def run(self, inbox: Inbox) -> None:
        """Return at once: the page's routes receive."""

    async def close(self) -> None:
        """End every open stream, now and from now on, so that the server can stop within seconds."""
        self._closed = True
        for ears in self._ears.values():
            for ear in ears:
                ear.hear(closed=True)

    def wake(self, session: str) -> None:
        """Make the open pages of this session look for news; also for news that other processes committed."""
        for ear in self._ears.get(session, ()):
            ear.hear()

    @property
    def listeners(self) -> int:
        """How many pages are open in this process."""
        return sum(len(ears) for ears in self._ears.values())

    @contextmanager
    def listen(self, session: str) -> Iterator[Ear]:
        ear = Ear()
        ears = self._ears.setdefault(session, [])
        ears.append(ear)
        for oldest in ears[:-MAX_PAGES]:
            oldest.hear(closed=True)
        if self._closed:
            ear.hear(closed=True)
        try:
            yield ear
        finally:
            ears.remove(ear)
            if not ears:
                del self._ears[session]


def _matching(payload: dict[str, Any], key: str, shape: re.Pattern[str]) -> str:
    value = payload.get(key)
    if not isinstance(value, str) or not shape.fullmatch(value):
        # The value itself stays out: the session is a secret and errors are logged.
        raise Unparsable(f"web: {key} missing or misshapen")
    return value


def _content(payload: dict[str, Any]) -> Content:
    text, tapped = payload.get("text"), payload.get("payload")
    if "file" in payload:
        if text is not None or tapped is not None:
            raise Unparsable("web: a file and something else")
        return _file(payload["file"])
    if isinstance(text, str) and tapped is None:
        if not text.strip() or len(text) > MAX_TEXT:
            raise Unparsable(f"web: text empty or over {MAX_TEXT} characters")
        return Text(text)
    if isinstance(tapped, str) and text is None:
        if not tapped.startswith("/") or len(tapped.encode("utf-8", "replace")) > MAX_PAYLOAD_BYTES:
            raise Unparsable(f"web: button's payload misshapen or over {MAX_PAYLOAD_BYTES} bytes")
        return Tap(tapped)
    raise Unparsable("web: neither text nor a button's payload, or both")


def _file(given: object) -> Media:
    """What was uploaded before, named by its key; the key alone is believed."""
    if not isinstance(given, dict) or not is_session(given.get("key")):
        raise Unparsable("web: a file without its key")
    name, media_type = str(given.get("name") or "document")[:MAX_NAME], str(given.get("type") or "")
    return Media("photo" if media_type in PICTURES else "document", given["key"], None, name, media_type)


def _sent_at(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Unparsable("web: sent_at is no moment with a zone")
    return moment
