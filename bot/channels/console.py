"""The terminal as a channel: a line in, the reply out with its buttons numbered."""

import asyncio
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from bot.channels.port import Files, Inbox, NoFiles, Payload, Received, Traits
from bot.errors import Refused, Unparsable
from bot.messages import Address, Attachment, Incoming, Outgoing, Sender, Text

NAME = "console"


class ConsoleChannel:
    """Reads one message a line until the input ends; a person at a terminal is greeted first.

    `place`: where attachments come from, and the folder they are written to.
    """

    def __init__(
        self,
        person: str,
        source: TextIO = sys.stdin,
        sink: TextIO = sys.stdout,
        place: tuple[Files, Path] = (NoFiles(), Path()),
    ) -> None:
        self._files, self._folder = place
        self._person = person
        self._source = source
        self._sink = sink

    @property
    def name(self) -> str:
        return NAME

    @property
    def traits(self) -> Traits:
        return Traits(lasting=False)

    def read(self, payload: Payload) -> Incoming | None:
        try:
            sent_at = datetime.fromisoformat(payload["sent_at"])
            person, text, message_id = payload["person"], payload["text"], payload["id"]
        except (KeyError, ValueError, TypeError) as error:
            raise Unparsable(f"console: {error}") from error
        if not text.strip():
            return None
        return Incoming(message_id, Address(NAME, person), Sender(person), Text(text), sent_at)

    async def send(self, message: Outgoing) -> str:
        if message.withdraws is not None:
            return message.withdraws
        lines = [message.text] if message.text else []
        if message.attachment is not None:
            lines.append(f"  📎 {await self._saved(message.attachment)}")
        number = 0
        for button in message.buttons:
            if button.payload:
                number += 1
                lines.append(f"  {number}. {button.title}")
            elif button.url:
                lines.append(f"  → {button.title} : {button.url}")
        print("\n".join(lines), end="\n\n", file=self._sink, flush=True)
        return uuid.uuid4().hex

    async def _saved(self, attachment: Attachment) -> Path:
        """The file lies where the person finds it; a name taken already gets the key beside it."""
        content = await self._files.content(attachment.key)
        path = self._folder / Path(attachment.name).name
        if await asyncio.to_thread(path.exists):
            path = path.with_name(f"{path.stem}-{attachment.key[:6]}{path.suffix}")
        await asyncio.to_thread(_write, path, content)
        return path

    async def fetch(self, file_id: str) -> bytes:
        raise Refused("a terminal sends no files")

    async def show_typing(self, address: Address) -> None:
        """A terminal shows nothing while one waits."""

    async def prepare(self) -> None:
        """Nothing to learn."""

    async def run(self, inbox: Inbox) -> None:
        """Until the end of the input; `inbox.store` decides how long to wait before the next line is read."""
        at_terminal = self._source.isatty()
        if at_terminal:
            await inbox.store(NAME, [self._received("/start")])
        while True:
            if at_terminal:
                print("> ", end="", file=self._sink, flush=True)
            line = await asyncio.to_thread(self._source.readline)
            if not line:
                return
            if line.strip():
                await inbox.store(NAME, [self._received(line.strip())])

    def _received(self, text: str) -> Received:
        message_id = uuid.uuid4().hex
        sent_at = datetime.now(UTC).isoformat()
        return Received(
            message_id, {"id": message_id, "person": self._person, "text": text, "sent_at": sent_at}
        )

    async def close(self) -> None:
        """Nothing to free."""


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
