"""The WhatsApp channel (Cloud API): who may deliver to its webhook, what is read, sent, fetched and acknowledged."""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.port import Inbox, Limits, Payload, Received, Traits, Window
from bot.channels.whatsapp_api import CallError, Graph, NotSent, Rejected, WhatsAppOptions
from bot.channels.whatsapp_errors import reaction
from bot.channels.whatsapp_events import events_of, unreadable
from bot.channels.whatsapp_sending import WhatsAppSending
from bot.channels.whatsapp_updates import CHANNEL, read_event
from bot.errors import Refused, TryLater, Unparsable
from bot.messages import Address, Incoming, Membership, Outgoing, Receipt, TakenBack

logger = logging.getLogger(__name__)

SIGNED = "sha256="
FETCH_PAUSE = 5.0
LARGEST_FILE = 100 * 1024 * 1024
"""Documents of WhatsApp (Cloud API, Media); everything else is smaller."""
MOST_CHATS = 5000
"""Chats whose last message is kept in mind, for the typing indicator."""

LIMITS = Limits(
    overall=Window(80, 1.0),
    private=(Window(40, 240.0),),
    private_bulk=Window(1, 6.0),
)
"""Cloud API, "Throughput" and "Pair rate limits": 80 messages a second for a number, one in six seconds to a
person, where a burst is paid back by silence afterwards."""

WINDOW = timedelta(hours=24)
"""Cloud API, "Customer service windows": after a person's message; beyond it only templates."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class WhatsAppChannel:
    """Implements `bot.channels.port.Channel`, and `bot.web.ports.WhatsAppWebhook` for the webhook's route."""

    def __init__(
        self,
        options: WhatsAppOptions,
        graph: Graph | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._options = options
        self._graph = graph or Graph(options)
        self._clock = clock
        self._sending = WhatsAppSending(self._graph, options)
        self._last: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def name(self) -> str:
        return CHANNEL

    @property
    def traits(self) -> Traits:
        account = hashlib.sha256(f"whatsapp {self._options.phone_id}".encode()).hexdigest()
        limits = replace(LIMITS, people_a_day=self._options.people_a_day)
        return Traits(limits, account, window=WINDOW, each_costs=True)

    def read(self, payload: Payload) -> Incoming | None:
        return read_event(payload, self._options.phone_id, self._clock())

    def knows(self, token: str | None) -> bool:
        """Whether this hub.verify_token is ours, in constant time."""
        return hmac.compare_digest(
            self._options.verify_token.encode(), (token or "").encode(errors="replace")
        )

    def accepts(self, signature: str | None, body: bytes) -> bool:
        """Whether X-Hub-Signature-256 signs this body, as its bytes came, with the app's secret; constant time."""
        expected = hmac.new(self._options.app_secret.encode(), body, hashlib.sha256).hexdigest()
        given = (signature or "").encode(errors="replace")
        return hmac.compare_digest(f"{SIGNED}{expected}".encode(), given)

    def events(self, body: Any) -> list[Received]:
        return events_of(body)

    def unreadable(self, body: bytes) -> Received:
        return unreadable(body)

    def received(self, events: Sequence[Received]) -> None:
        """They are committed: their senders see that they were read and that an answer comes. Best effort."""
        for message_id in self._latest(events):
            task = asyncio.create_task(self._mark_read(message_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def show_typing(self, address: Address) -> None:
        """For 25 seconds or until the answer; WhatsApp shows it only under a message of theirs."""
        if message_id := self._last.get(address.chat_id):
            await self._mark_read(message_id)

    async def send(self, message: Outgoing) -> str:
        return await self._sending.send(message)

    async def fetch(self, file_id: str) -> bytes:
        """The link to a file lives five minutes, the file itself seven days (Cloud API, Media)."""
        try:
            found = await self._graph.get_media_url(file_id)
            return await self._graph.download(str(found["url"]), LARGEST_FILE)
        except Rejected as failure:
            error = reaction(failure.code)
            if isinstance(error, (TryLater, Refused)):
                raise error from failure
            raise Refused(str(failure)) from failure
        except CallError as failure:
            raise TryLater(f"no answer from WhatsApp: {failure}", FETCH_PAUSE) from failure
        except (KeyError, ValueError) as failure:
            raise Refused(f"no such file: {failure}") from failure

    async def prepare(self) -> None:
        """Nothing to learn: events name their sender and our number."""

    async def run(self, inbox: Inbox) -> None:
        """The webhook receives. Without this subscription, easily forgotten, Meta delivers nothing to it."""
        try:
            await self._graph.send_raw_request("POST", f"/{self._options.account_id}/subscribed_apps")
        except CallError as failure:
            logger.error(
                "WhatsApp: the app is not subscribed to the account (%s): check OSCBOT_WHATSAPP_TOKEN and "
                "OSCBOT_WHATSAPP_BUSINESS_ACCOUNT_ID; without it no messages come",
                failure,
            )

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._graph.close()

    def _latest(self, events: Sequence[Received]) -> list[str]:
        """Ids of messages to answer, noted as the last of their chats; read ones take earlier ones with them."""
        latest: dict[str, str] = {}
        for event in events:
            incoming = self._message(event.payload)
            if incoming is not None:
                latest[incoming.address.chat_id] = incoming.message_id
        for chat_id, message_id in latest.items():
            self._last.pop(chat_id, None)
            self._last[chat_id] = message_id
        for chat_id in list(self._last)[:-MOST_CHATS]:
            del self._last[chat_id]
        return list(latest.values())

    def _message(self, payload: Payload) -> Incoming | None:
        try:
            incoming = self.read(payload)
        except Unparsable:
            return None
        unanswered = incoming is None or isinstance(incoming.content, Membership | Receipt | TakenBack)
        return None if unanswered else incoming

    async def _mark_read(self, message_id: str) -> None:
        try:
            await self._graph.set_indicator(self._options.phone_id, message_id, "text")
        except CallError as failure:
            level = logging.DEBUG if isinstance(failure, NotSent) else logging.INFO
            logger.log(level, "WhatsApp: a message is not shown as read (%s)", failure)
