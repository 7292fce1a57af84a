"""The Telegram channel, whichever library carries it: start, receive, send, finish what was half sent."""

import asyncio
import contextlib
import hmac
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.channels.port import Inbox, Payload
from bot.channels.telegram_api import (
    ALLOWED_UPDATES,
    CallError,
    Me,
    NoAnswer,
    Params,
    Rejected,
    TelegramOptions,
    Wire,
)
from bot.channels.telegram_errors import delivery_error, topic_is_gone
from bot.channels.telegram_messages import REMOVE_KEYBOARD, Request, asks_contact, destination, requests_for
from bot.channels.telegram_patience import Rhythm, insist
from bot.channels.telegram_poll import Poller, finish
from bot.channels.telegram_updates import callback_id, read_update
from bot.errors import DeliveryError, Moved, Refused
from bot.messages import Address, Incoming, Outgoing

logger = logging.getLogger(__name__)

PATIENCE = 20.0
"""Seconds a send may wait for its answer before nobody knows."""

BRIEF_PATIENCE = 5.0
REMEMBERED = 1000
"""Half-sent messages and open keyboards kept in mind, in memory only."""


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
        self._written: dict[Outgoing, int] = {}
        self._keyboards: dict[str, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def name(self) -> str:
        return "telegram"

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
        """Learn our own username, needed to recognise mentions; register the menu of commands."""
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
        """The id of the last part, which holds the buttons.

        When a later part fails, the error is raised and sending the same Outgoing again starts at that part;
        after a restart of the process it starts at the first.
        """
        parts = self._requests(message)
        done = self._written.pop(message, 0)
        message_id = ""
        for number, request in enumerate(parts):
            if number < done:
                continue
            try:
                message_id = await self._send_part(request)
            except CallError as failure:
                raise self._half_sent(message, number, delivery_error(failure)) from failure
        self._note_keyboard(message)
        return message_id

    def _requests(self, message: Outgoing) -> list[Request]:
        """The contact keyboard of an earlier message is taken away by the first that needs no keyboard."""
        try:
            parts = requests_for(message)
        except ValueError as error:
            raise Refused(f"not an address of Telegram: {message.address}") from error
        if message.address.chat_id in self._keyboards and "reply_markup" not in parts[-1]:
            parts[-1]["reply_markup"] = REMOVE_KEYBOARD
        return parts

    def _note_keyboard(self, message: Outgoing) -> None:
        if asks_contact(message):
            _remember(self._keyboards, message.address.chat_id, None)
        elif not message.buttons:
            self._keyboards.pop(message.address.chat_id, None)

    async def _send_part(self, request: Request) -> str:
        """A topic closed or deleted since: the group's General topic gets the message."""
        try:
            return await self._send_request(request)
        except Rejected as failure:
            if "message_thread_id" not in request or not topic_is_gone(failure):
                raise
        return await self._send_request({k: v for k, v in request.items() if k != "message_thread_id"})

    async def _send_request(self, request: Request) -> str:
        sent = await self._call("sendMessage", request)
        if not isinstance(sent, dict) or "message_id" not in sent:
            raise NoAnswer("sendMessage answered without a message_id")
        return str(sent["message_id"])

    def _half_sent(self, message: Outgoing, number: int, error: DeliveryError) -> DeliveryError:
        if number > 0:
            if isinstance(error, Moved):
                message = replace(message, address=replace(message.address, chat_id=error.new_chat_id))
            _remember(self._written, message, number)
        return error

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


def _remember(notes: dict[Any, Any], key: Any, value: Any) -> None:
    """The oldest note goes when there are too many."""
    notes[key] = value
    if len(notes) > REMEMBERED:
        notes.pop(next(iter(notes)))
