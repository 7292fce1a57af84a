"""The Telegram channel, whichever library carries it: start, receive, answer taps, download."""

import asyncio
import contextlib
import hashlib
import hmac
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.channels.port import Inbox, Limits, Payload, Traits, Window
from bot.channels.telegram_api import (
    ALLOWED_UPDATES,
    CallError,
    Me,
    Params,
    TelegramOptions,
    Wire,
)
from bot.channels.telegram_errors import delivery_error
from bot.channels.telegram_messages import destination
from bot.channels.telegram_patience import Rhythm, insist
from bot.channels.telegram_poll import Poller, finish
from bot.channels.telegram_sending import TelegramSending
from bot.channels.telegram_updates import callback_id, read_update
from bot.errors import Refused, TryLater
from bot.messages import Address, Incoming, Outgoing

logger = logging.getLogger(__name__)

PATIENCE = 20.0
"""Seconds a send may wait for its answer before nobody knows."""

BRIEF_PATIENCE = 5.0
FETCH_PAUSE = 5.0


LIMITS = Limits(
    overall=Window(30, 1.0),
    private=(Window(3, 3.0),),
    private_bulk=Window(1, 1.0),
    group=(Window(20, 60.0),),
    is_group=lambda chat_id: chat_id.startswith(("-", "@")),
)
"""Bots FAQ, "My bot is hitting limits": about 30 messages a second, one a second in a chat with short bursts,
20 a minute in a group."""


def utc_now() -> datetime:
    return datetime.now(UTC)


class TelegramChannel:
    """Implements `bot.channels.port.Channel`.

    For a webhook's route: `accepts` the secret header, then `Inbox.store`, then `received`.
    """

    def __init__(
        self,
        options: TelegramOptions,
        wire: Wire,
        rhythm: Rhythm | None = None,
        patience: float = PATIENCE,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._options = options
        self._wire = wire
        self._rhythm = rhythm or Rhythm()
        self._patience = patience
        self._clock = clock
        self._me = Me.from_token(options.token)
        self._sending = TelegramSending(self._call, options.files)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def name(self) -> str:
        return "telegram"

    @property
    def traits(self) -> Traits:
        return Traits(LIMITS, hashlib.sha256(self._options.token.encode()).hexdigest())

    @property
    def me(self) -> Me:
        return self._me

    def read(self, payload: Payload) -> Incoming | None:
        """Twice through: the library's types must accept the update, then our rules read the raw JSON."""
        self._wire.check(payload)
        return read_update(payload, self._me, self._clock())

    async def run(self, inbox: Inbox) -> None:
        """Poll until cancelled, or register the webhook and return. No network at the start: keeps trying."""
        await self.prepare()
        if self._options.mode == "webhook":
            await self._insist("setWebhook", self._webhook())
            return
        await Poller(self._wire, self._rhythm, self._answer_later).run(inbox)

    async def prepare(self) -> None:
        """Learn our own username, needed to recognise mentions; register the menu of commands. Once."""
        if self._me.username is not None:
            return
        found = await self._insist("getMe", {})
        self._me = Me(found["id"], found.get("username"))
        logger.info("Telegram: receiving as @%s by %s", self._me.username, self._options.mode)
        for language, commands in self._options.commands.items():
            await self._register(language, [{"command": c, "description": d} for c, d in commands])

    async def _register(self, language: str, commands: list[dict[str, str]]) -> None:
        """A refusal does not keep the bot from answering: the menu of its last start stays."""
        params = {"commands": commands} | ({"language_code": language} if language else {})
        try:
            await self._call("setMyCommands", params)
        except CallError as failure:
            logger.warning("Telegram's menu of commands is not updated for %r: %s", language, failure)

    def _webhook(self) -> Params:
        return {
            "url": self._options.webhook_url,
            "secret_token": self._options.webhook_secret,
            "allowed_updates": list(ALLOWED_UPDATES),
        }

    def accepts(self, secret_header: str | None) -> bool:
        """Whether X-Telegram-Bot-Api-Secret-Token is ours, in constant time. Without a secret nothing is."""
        expected = self._options.webhook_secret
        if not expected or secret_header is None:
            return False
        return hmac.compare_digest(expected.encode(), secret_header.encode(errors="replace"))

    async def received(self, payload: Payload) -> None:
        """After the update is stored: stop the clock on the tapped button. Best effort."""
        if query := callback_id(payload):
            await self._best_effort("answerCallbackQuery", {"callback_query_id": query})

    def _answer_later(self, payload: Payload) -> None:
        if callback_id(payload) is None:
            return
        task = asyncio.create_task(self.received(payload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def show_typing(self, address: Address) -> None:
        await self._best_effort("sendChatAction", destination(address) | {"action": "typing"})

    async def send(self, message: Outgoing) -> str:
        return await self._sending.send(message)

    async def fetch(self, file_id: str) -> bytes:
        """Bots may download up to 20 MB (Bot API, getFile)."""
        try:
            found = await self._call("getFile", {"file_id": file_id})
            return await self._wire.download(str(found["file_path"]), self._patience)
        except CallError as failure:
            error = delivery_error(failure)
            if isinstance(error, (TryLater, Refused)):
                raise error from failure
            raise TryLater(str(error), FETCH_PAUSE) from failure

    async def close(self) -> None:
        await finish(self._tasks)
        await self._wire.close()

    async def _call(self, method: str, params: Params) -> Any:
        return await self._wire.call(method, params, self._patience)

    async def _insist(self, method: str, params: Params) -> Any:
        return await insist(self._wire, self._rhythm, lambda: self._call(method, params))

    async def _best_effort(self, method: str, params: Params) -> None:
        with contextlib.suppress(CallError):
            await self._wire.call(method, params, min(self._patience, BRIEF_PATIENCE))
