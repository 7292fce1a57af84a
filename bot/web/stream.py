"""The stream of one open page: what it is told, as Server-Sent Events, until it or the server goes."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta
from typing import Any

from bot.channels.web import Ear
from bot.errors import OscbotError
from bot.messages import Attachment, Button
from bot.web.files import address_of
from bot.web.ports import HistoryItem, WebPorts

RECENT = 40
"""Messages looked at for news; more than can be new at once, or they are read in several goes."""

LATE = timedelta(seconds=30)
"""How much later than those after it a message may be committed: longer than any turn takes."""

NO_FILE = '"file:none"}'
"""How the payload of the button "no file" ends: beside it the page offers to choose one."""
_LINKS = ("https://", "http://", "tel:", "mailto:")

log = logging.getLogger(__name__)


async def events(ports: WebPorts, session: str, after_id: int) -> AsyncGenerator[str, None]:
    """What is after `after_id` or was late, then what comes, until the channel is closed or in trouble."""
    with ports.web_channel.listen(session) as ear:
        # At once, so that the page and what lies between know that the line is open.
        yield ": open\n\n"
        try:
            async with aclosing(_heard(ports, ear, session, after_id)) as heard:
                async for event in heard:
                    yield event
        except OscbotError as error:
            # The page comes back by itself, a little later each time.
            log.warning("web chat: a stream ended (%s)", type(error).__name__)


async def _heard(ports: WebPorts, ear: Ear, session: str, after_id: int) -> AsyncGenerator[str, None]:
    told: dict[int, dict[str, Any]] = {}
    while not ear.closed:
        typing = ear.typing
        ear.clear()
        items = [item for item in await since(ports, session, after_id) if told.get(item.id) != as_json(item)]
        for item in items:
            told[item.id] = as_json(item)
            yield _event("message", told[item.id], item.id)
            after_id = max(after_id, item.id)
        if typing and not items:
            yield _event("typing", {})
        if not items and not await _news(ports, ear):
            yield ": alive\n\n"


async def since(ports: WebPorts, session: str, after_id: int) -> list[HistoryItem]:
    """What the page may not know yet: all after `after_id`, what was edited, and what may have come late.

    The page knows by the ids what it has. At most `RECENT`; the rest comes when asked again.
    """
    recent = await ports.history(session, None, RECENT)
    known = [item for item in recent if item.id <= after_id]
    if known:
        from_when = known[-1].at - LATE
        return [
            item
            for item in recent
            if item.id > after_id or item.edited or (item.id < after_id and item.at >= from_when)
        ]
    return list(await ports.history(session, after_id, RECENT) if recent else ())


async def _news(ports: WebPorts, ear: Ear) -> bool:
    """Wait until there may be something, a heartbeat at most; whether anything was heard."""
    try:
        async with asyncio.timeout(ports.heartbeat):
            await ear.wait()
    except TimeoutError:
        return False
    return True


def _event(name: str, data: dict[str, Any], number: int | None = None) -> str:
    line = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    head = "" if number is None else f"id: {number}\n"
    return f"{head}event: {name}\ndata: {line}\n\n"


def as_json(item: HistoryItem) -> dict[str, Any]:
    """What the page gets of a message; absent instead of null, since every byte is paid for."""
    known = {
        "id": item.id,
        "from": item.author.value,
        "text": item.text,
        "at": item.at.isoformat(timespec="seconds"),
        "buttons": [shown for button in item.buttons if (shown := _button(button))],
        "client_id": item.client_id,
        "payload": item.payload,
        "language": item.language,
        "file": _file(item.attachment),
        "edited": item.edited or None,
        "wants_file": any((button.payload or "").endswith(NO_FILE) for button in item.buttons) or None,
    }
    return {key: value for key, value in known.items() if value not in (None, [])}


def _file(attachment: Attachment | None) -> dict[str, Any] | None:
    if attachment is None:
        return None
    return {"name": attachment.name, "url": address_of(attachment), "picture": attachment.is_picture}


def _button(button: Button) -> dict[str, str] | None:
    """None for what a page cannot do: ask for the phone's own number, follow a link of another kind."""
    if button.payload is not None:
        return {"title": button.title, "payload": button.payload}
    if button.url is not None and button.url.lower().startswith(_LINKS):
        return {"title": button.title, "url": button.url}
    return None
