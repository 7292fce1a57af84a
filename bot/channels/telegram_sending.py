"""How an Outgoing gets to Telegram: its parts in order, files by their known ids, what was half sent finished."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from bot.channels.port import Files
from bot.channels.telegram_api import CallError, NoAnswer, Params, Rejected, Upload
from bot.channels.telegram_errors import already_done, delivery_error, file_is_forgotten, topic_is_gone
from bot.channels.telegram_messages import REMOVE_KEYBOARD, Call, asks_contact, calls_for
from bot.errors import DeliveryError, Moved, Refused
from bot.messages import Outgoing

CHANNEL = "telegram"
REMEMBERED = 1000
"""Half-sent messages and open keyboards kept in mind, in memory only."""

MakesCall = Callable[[str, Params], Awaitable[Any]]


class TelegramSending:
    """One per bot; `call` makes one call of the Bot API and raises CallError."""

    def __init__(self, call: MakesCall, files: Files) -> None:
        self._call = call
        self._files = files
        self._written: dict[Outgoing, int] = {}
        self._keyboards: dict[str, None] = {}

    async def send(self, message: Outgoing) -> str:
        """The id of the last part, which holds the buttons; of the message changed or taken back, its id.

        When a later part fails, the error is raised and sending the same Outgoing again starts at that part;
        after a restart of the process it starts at the first.
        """
        parts = await self._parts(message)
        done = self._written.pop(message, 0)
        message_id = ""
        for number, part in enumerate(parts):
            if number < done:
                continue
            try:
                message_id = await self._send_part(message, part)
            except CallError as failure:
                in_group = message.address.chat_id.startswith("-")
                error = delivery_error(failure, in_group=in_group)
                raise self._half_sent(message, number, error) from failure
        self._note_keyboard(message)
        return message_id

    async def _parts(self, message: Outgoing) -> list[Call]:
        """The contact keyboard of an earlier message is taken away by the first that needs no keyboard."""
        file = await self._file(message)
        try:
            parts = calls_for(message, file)
        except ValueError as error:
            raise Refused(f"not an address of Telegram: {message.address}") from error
        if message.address.chat_id in self._keyboards and "reply_markup" not in parts[-1].params:
            parts[-1] = parts[-1].with_params(reply_markup=REMOVE_KEYBOARD)
        return parts

    async def _file(self, message: Outgoing) -> str | Upload | None:
        attached = message.attachment
        kept = message.edits is not None and not message.swaps_file
        if attached is None or kept or message.withdraws is not None:
            return None
        known = await self._files.known_as(attached.key, CHANNEL)
        return known or Upload(attached.name, await self._files.content(attached.key))

    def _note_keyboard(self, message: Outgoing) -> None:
        if asks_contact(message):
            _remember(self._keyboards, message.address.chat_id, None)
        elif not message.buttons and message.edits is None and message.withdraws is None:
            self._keyboards.pop(message.address.chat_id, None)

    async def _send_part(self, message: Outgoing, part: Call) -> str:
        """A topic closed since: the General topic gets the message; a file id forgotten: the file itself goes."""
        try:
            return await self._made(message, part)
        except Rejected as failure:
            earlier = message.edits or message.withdraws
            if earlier is not None and already_done(failure):
                return earlier
            if "message_thread_id" in part.params and topic_is_gone(failure):
                return await self._made(message, part.without("message_thread_id"))
            if message.attachment is None or not file_is_forgotten(failure):
                raise
            fresh = Upload(message.attachment.name, await self._files.content(message.attachment.key))
            if part.method == "editMessageMedia":
                (again,) = calls_for(message, fresh)
                return await self._made(message, again)
            name = "photo" if part.method == "sendPhoto" else "document"
            return await self._made(message, part.with_params(**{name: fresh}))

    async def _made(self, message: Outgoing, part: Call) -> str:
        answer = await self._call(part.method, part.params)
        if earlier := message.edits or message.withdraws:
            await self._remember_file(message, answer)
            return earlier
        if not isinstance(answer, dict) or "message_id" not in answer:
            raise NoAnswer(f"{part.method} answered without a message_id")
        await self._remember_file(message, answer)
        return str(answer["message_id"])

    async def _remember_file(self, message: Outgoing, answer: Any) -> None:
        known = _file_id(answer) if isinstance(answer, dict) else None
        if message.attachment is not None and known:
            await self._files.remember(message.attachment.key, CHANNEL, known)

    def _half_sent(self, message: Outgoing, number: int, error: DeliveryError) -> DeliveryError:
        if number > 0:
            if isinstance(error, Moved):
                message = replace(message, address=replace(message.address, chat_id=error.new_chat_id))
            _remember(self._written, message, number)
        return error


def _file_id(answer: dict[str, Any]) -> str | None:
    """Of the largest size of a picture, or of the document."""
    if sizes := answer.get("photo"):
        return str(sizes[-1]["file_id"])
    document = answer.get("document")
    return str(document["file_id"]) if document else None


def _remember(notes: dict[Any, Any], key: Any, value: Any) -> None:
    """The oldest note goes when there are too many."""
    notes[key] = value
    if len(notes) > REMEMBERED:
        notes.pop(next(iter(notes)))
