"""A bot of a few lines behind the web's ports: it keeps what it is told and answers as its script says."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from operator import attrgetter

from fastapi import FastAPI

from bot.channels.port import Payload, Received
from bot.channels.web import WebChannel
from bot.errors import OscbotError, Refused
from bot.messages import Address, Attachment, Button, Incoming, Outgoing, Tap, Text
from bot.web.page import LABELS, LANGUAGES
from bot.web.ports import Author, Health, HistoryItem, WebPorts, WhatsAppWebhook
from bot.web.site import create_web

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
SESSION = "s" * 22
TEXTS = {language: {label: f"{label} ({language})" for label in LABELS} for language in LANGUAGES}

Answer = Callable[[Incoming], Iterable[Outgoing]]


def nothing(heard: Incoming) -> Iterable[Outgoing]:
    """The script of a bot that is still thinking."""
    return ()


@dataclass
class FakeWebhook:
    secret: str
    known: list[Payload] = field(default_factory=list)

    def accepts(self, secret: str | None) -> bool:
        return secret == self.secret

    async def received(self, payload: Payload) -> None:
        self.known.append(payload)


@dataclass
class ScriptedBot:
    """Inbox, history and health in one; `stored` holds each event once, as (channel, event)."""

    answer: Answer = nothing
    texts: dict[str, dict[str, str]] = field(default_factory=lambda: TEXTS)
    telegram: FakeWebhook | None = None
    whatsapp: WhatsAppWebhook | None = None
    healthy: Health = field(default_factory=lambda: Health(database=True, model=True, version="1.2.3"))
    channel: WebChannel = field(default_factory=WebChannel)
    clock: Callable[[], datetime] = lambda: NOW
    stored: list[tuple[str, Received]] = field(default_factory=list)
    items: dict[str, list[HistoryItem]] = field(default_factory=dict)
    trouble: OscbotError | None = None
    files: dict[str, tuple[Attachment, bytes]] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)
    """Sessions whose files are not taken."""

    def site(self) -> FastAPI:
        """A new site of the same bot, as after a restart."""
        self.channel = WebChannel()
        ports = WebPorts(
            inbox=self,
            web_channel=self.channel,
            history=self.history,
            health=self.health,
            metrics=lambda: b"oscbot_turns_total 3\n",
            texts=self.texts,
            telegram=self.telegram,
            whatsapp=self.whatsapp,
            files=self.file,
            uploads=self,
            now=self.clock,
        )
        return create_web(ports)

    async def store(self, channel: str, events: Sequence[Received]) -> None:
        if self.trouble:
            raise self.trouble
        for event in events:
            if (channel, event.external_id) not in [(name, known.external_id) for name, known in self.stored]:
                self.stored.append((channel, event))
                if channel == "web":
                    await self._turn(event)

    async def history(self, session: str, after_id: int | None, limit: int) -> Sequence[HistoryItem]:
        items = self.items.get(session, [])
        if after_id is None:
            return items[-limit:]
        return [item for item in items if item.id > after_id][:limit]

    async def file(self, key: str) -> tuple[Attachment, bytes]:
        if self.trouble:
            raise self.trouble
        if key not in self.files:
            raise Refused("unknown")
        return self.files[key]

    async def may_send(self, session: str) -> bool:
        return session not in self.strangers

    async def keep_file(self, name: str, media_type: str, content: bytes) -> str:
        key = f"{len(self.files):024}"
        self.files[key] = Attachment(key, name, media_type), content
        return key

    async def changes(self, text: str) -> None:
        """The bot's last message in the only session says something else now."""
        (session,) = self.items
        last = self.items[session][-1]
        self.items[session][-1] = replace(last, text=text, buttons=(), edited=True)
        self.channel.wake(session)

    async def health(self) -> Health:
        return self.healthy

    async def say(self, text: str, *buttons: Button, session: str = SESSION, language: str = "fr") -> None:
        """What the bot writes by itself."""
        await self._write(Outgoing(Address("web", session), text, buttons), language)

    @property
    def sessions(self) -> list[str]:
        return list(self.items)

    async def _turn(self, event: Received) -> None:
        heard = self.channel.read(event.payload)
        tapped = heard.content.payload if isinstance(heard.content, Tap) else None
        text = heard.content.text if isinstance(heard.content, Text) else event.payload["title"]
        self.keep(heard.sender.external_id, Author.ME, text, client_id=event.external_id, payload=tapped)
        for message in self.answer(heard):
            await self._write(message, heard.sender.language_code or "fr")

    async def _write(self, message: Outgoing, language: str) -> None:
        session = message.address.chat_id
        self.keep(session, Author.BOT, message.text, buttons=message.buttons, language=language)
        self.items[session][-1] = replace(self.items[session][-1], attachment=message.attachment)
        await self.channel.send(message)

    def keep(
        self,
        session: str,
        author: Author,
        text: str,
        *,
        buttons: tuple[Button, ...] = (),
        client_id: str | None = None,
        payload: str | None = None,
        language: str | None = None,
        number: int | None = None,
        at: datetime | None = None,
    ) -> None:
        place = number or sum(map(len, self.items.values())) + 1
        item = HistoryItem(place, author, text, at or self.clock(), buttons, client_id, payload, language)
        self.items[session] = sorted([*self.items.get(session, []), item], key=attrgetter("id"))
