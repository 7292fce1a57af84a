"""Fakes at the ports: a channel, a clock, and a person who chats."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.channels.port import Inbox, Payload, Received, Traits
from bot.errors import DeliveryError, Unparsable
from bot.intake import Intake
from bot.messages import (
    Address,
    ChatKind,
    Content,
    Incoming,
    Media,
    Outgoing,
    Sender,
    SharedContact,
    Tap,
    Text,
)
from bot.store.engine import Database
from bot.turn import Turns


@dataclass
class Clock:
    """Time that passes only when told."""

    now: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class PlainChannel:
    """A channel whose payloads are its messages; `failures` are raised by the next sends."""

    name: str = "plain"
    traits: Traits = field(default_factory=Traits)
    sent: list[Outgoing] = field(default_factory=list)
    failures: list[DeliveryError] = field(default_factory=list)

    def read(self, payload: Payload) -> Incoming | None:
        if "unreadable" in payload:
            raise Unparsable("unreadable")
        chat = str(payload.get("chat") or payload["from"])
        kind = ChatKind.GROUP if "chat" in payload else ChatKind.PRIVATE
        return Incoming(
            payload["id"],
            Address(self.name, chat),
            Sender(payload["from"], name=payload.get("name")),
            _content(payload),
            datetime.fromisoformat(payload["at"]),
            kind,
            forwarded=bool(payload.get("forwarded")),
        )

    async def send(self, message: Outgoing) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
        return str(len(self.sent))

    async def fetch(self, file_id: str) -> bytes:
        return f"bytes of {file_id}".encode()

    async def show_typing(self, address: Address) -> None:
        return None

    async def prepare(self) -> None:
        return None

    async def run(self, inbox: Inbox) -> None:
        return None

    async def close(self) -> None:
        return None


def _content(payload: Payload) -> Content:
    if "tap" in payload:
        return Tap(payload["tap"])
    if "phone" in payload:
        return SharedContact(payload["phone"], payload["own"])
    if "media" in payload:
        return Media(payload["media"], payload.get("file_id"), payload.get("caption"))
    return Text(payload["text"])


class Watcher:
    """Counts turns by outcome."""

    def __init__(self) -> None:
        self.outcomes: list[str] = []

    def turn(self, channel: str, outcome: str, seconds: float) -> None:
        self.outcomes.append(outcome)

    def understood(self, verdict: str, confidence: float) -> None:
        return None


class Chat:
    """One person's chat with the whole bot but its delivery: says, taps, and what was answered."""

    channel = "plain"

    def __init__(self, database: Database, intake: Intake, turns: Turns, clock: Clock, person: str) -> None:
        self.database = database
        self._intake = intake
        self._turns = turns
        self._number = 0
        self.clock = clock
        self.person = person
        self.replies: list[Outgoing] = []
        """The messages that answered the last thing said."""

    async def says(self, text: str) -> None:
        await self.sends(text=text)

    async def sends(self, **content: object) -> None:
        self._number += 1
        event = {"id": f"{self.person}-{self._number}", "from": self.person, "at": self.clock().isoformat()}
        await self.receives({**event, **content})

    async def receives(self, payload: Payload) -> None:
        """Also for redeliveries: the payload is stored and everything due is handled."""
        before = len(await self.everything())
        await self._intake.store(self.channel, [Received(payload["id"], payload)])
        while await self._turns.take_one():
            pass
        self.replies = (await self.everything())[before:]

    async def takes_one(self) -> bool:
        """One more waiting message of anybody is handled; False when none waits."""
        return await self._turns.take_one()

    async def taps(self, title: str) -> None:
        """Press a button of the last messages by its title."""
        payloads = [b.payload for m in self.replies for b in m.buttons if b.title == title]
        assert payloads, f"no button {title!r} among {self.titles}"
        await self.sends(tap=payloads[-1])

    async def taps_last(self, title: str) -> None:
        """Press a button of the last message, also of one nobody asked for."""
        last = (await self.everything())[-1]
        await self.sends(tap=next(b.payload for b in last.buttons if b.title == title))

    async def everything(self, person: str | None = None) -> list[Outgoing]:
        chat = person or self.person
        async with self.database.transaction() as tx:
            past = await tx.outbox.history(self.channel, chat, limit=1000)
        there = Address(self.channel, chat)
        return [Outgoing(there, row.text, row.buttons, attachment=row.attachment) for row in past]

    @property
    def text(self) -> str:
        return "\n".join(message.text for message in self.replies)

    @property
    def titles(self) -> list[str]:
        return [button.title for message in self.replies for button in message.buttons]

    def hears(self, words: str) -> None:
        assert words in self.text, f"{words!r} not in {self.text!r}"
