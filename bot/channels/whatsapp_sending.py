"""How an Outgoing gets to WhatsApp: its parts in order, files by ids still alive, outside the window a template."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.channels.whatsapp_api import CallError, Graph, NoAnswer, Rejected, WhatsAppOptions
from bot.channels.whatsapp_errors import FILE_CODES, delivery_error
from bot.channels.whatsapp_messages import Hints, Part, parts_of, template_part
from bot.errors import DeliveryError, Refused, TemplateTrouble, TryLater, Unknown
from bot.messages import Attachment, Kind, Outgoing
from bot.templates import template_for

UPLOADED = "whatsapp:uploaded"
"""Under this name our uploads are remembered, with their moment; ids of what people sent are for fetching only."""
FILE_LIVES = timedelta(days=6)
"""Uploaded media live seven days (Cloud API, Media); one day is for messages still on their way."""
UPLOAD_PAUSE = 10.0
REMEMBERED = 1000
"""Half-sent messages kept in mind, in memory only."""
IMAGE_LIMIT, DOCUMENT_LIMIT = 5 * 2**20, 100 * 2**20
"""Cloud API, Media, supported types."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def recipient_of(chat_id: str) -> tuple[str | None, str | None]:
    """(to, recipient): a phone number, or the id of one who may show none (`SO.1349…`, business-scoped user id)."""
    return (chat_id, None) if chat_id.isdigit() else (None, chat_id)


class WhatsAppSending:
    """One per number."""

    def __init__(
        self, graph: Graph, options: WhatsAppOptions, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._graph = graph
        self._phone_id = options.phone_id
        self._files = options.files
        self._phrases = options.phrases
        self._clock = clock
        self._written: dict[Outgoing, int] = {}

    async def send(self, message: Outgoing) -> str:
        """The wamid of the last part, which holds the choices.

        When a later part fails, the error is raised and sending the same Outgoing again starts at that part;
        after a restart of the process it starts at the first. Nothing sent can be changed or taken back: what is
        sent unasked and corrected goes again as it is now, a live report that changes does not.
        """
        if message.withdraws is not None or (message.edits is not None and message.kind is Kind.REPLY):
            raise Refused("WhatsApp changes nothing that was sent")
        if message.held_as is not None:
            return await self._send_part(message, self._template(message))
        return await self._send_whole(message)

    async def _send_whole(self, message: Outgoing) -> str:
        """A file id that is forgotten before its time is uploaded anew, once."""
        try:
            return await self._send_parts(message, await self._uploaded(message.attachment))
        except Refused as refused:
            cause = refused.__cause__
            if message.attachment is None or not isinstance(cause, Rejected) or cause.code not in FILE_CODES:
                raise
        return await self._send_parts(message, await self._uploaded(message.attachment, anew=True))

    async def _send_parts(self, message: Outgoing, media_id: str | None) -> str:
        parts = parts_of(message, media_id, self._phrases.hints.get(message.language, Hints()))
        if not parts:
            raise Refused("there is nothing to send")
        done = min(self._written.pop(message, 0), len(parts) - 1)
        wamid = ""
        for number, part in enumerate(parts[done:], done):
            try:
                wamid = await self._send_part(message, part)
            except DeliveryError:
                self._half_sent(message, number)
                raise
        return wamid

    async def _send_part(self, message: Outgoing, part: Part) -> str:
        to, recipient = recipient_of(message.address.chat_id)
        try:
            answer = await self._graph.send_message(
                self._phone_id, to, recipient, "individual", part.type, part.content
            )
        except CallError as failure:
            raise delivery_error(failure) from failure
        match answer:
            case {"messages": [{"id": str(wamid)}, *_]}:
                return wamid
        raise Unknown("WhatsApp's answer names no message")

    def _template(self, message: Outgoing) -> Part:
        """The whole is read by a tap on the button of a language."""
        template = self._phrases.templates.get(template_for(message))
        if template is None:
            raise TemplateTrouble("the template is not in data/whatsapp_templates.yml")
        values = dict(message.opening.values) if message.opening else {}
        return template_part(template, values, message.held_as or 0)

    async def _uploaded(self, attachment: Attachment | None, *, anew: bool = False) -> str | None:
        if attachment is None:
            return None
        known = None if anew else await self._files.known_as(attachment.key, UPLOADED)
        media_id, _, since = (known or "").partition("@")
        if media_id and self._clock() - datetime.fromisoformat(since) < FILE_LIVES:
            return media_id
        media_id = await self._upload(attachment)
        await self._files.remember(attachment.key, UPLOADED, f"{media_id}@{self._clock().isoformat()}")
        return media_id

    async def _upload(self, attachment: Attachment) -> str:
        """Without an answer nothing was said yet: it may be tried again."""
        content = await self._files.content(attachment.key)
        if len(content) > (IMAGE_LIMIT if attachment.is_picture else DOCUMENT_LIMIT):
            raise Refused("the file is too large for WhatsApp")
        try:
            answer = await self._graph.upload_media(
                self._phone_id, content, attachment.media_type, attachment.name
            )
        except NoAnswer as failure:
            raise TryLater(f"the file did not get through: {failure}", UPLOAD_PAUSE) from failure
        except CallError as failure:
            raise delivery_error(failure) from failure
        if not (media_id := str(answer.get("id") or "")):
            raise Refused("WhatsApp took the file and gave no id for it")
        return media_id

    def _half_sent(self, message: Outgoing, number: int) -> None:
        if number > 0:
            self._written[message] = number
            if len(self._written) > REMEMBERED:
                self._written.pop(next(iter(self._written)))
