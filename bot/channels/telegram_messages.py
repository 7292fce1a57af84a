"""How one Outgoing is written in the Bot API: the sendMessage requests it takes, and their keyboards."""

from typing import Any

from bot.channels.telegram_text import split_text, units
from bot.messages import MAX_PAYLOAD_BYTES, Address, Button, Outgoing

SHORT_TITLE = 14
"""UTF-16 units of a title of which two fit side by side on a 360 px screen."""

Keyboard = dict[str, Any]
Request = dict[str, Any]

REMOVE_KEYBOARD: Keyboard = {"remove_keyboard": True}


def is_private(chat_id: str) -> bool:
    """Ids of groups and channels are negative (Bot API, Chat)."""
    return not chat_id.startswith("-")


def destination(address: Address) -> Request:
    """chat_id, and message_thread_id inside a forum topic."""
    where: Request = {"chat_id": int(address.chat_id)}
    if address.thread_id is not None:
        where["message_thread_id"] = int(address.thread_id)
    return where


def asks_contact(message: Outgoing) -> bool:
    """Whether it shows the button that shares one's number, which exists in private chats only (Bot API)."""
    return is_private(message.address.chat_id) and any(button.asks_contact for button in message.buttons)


def requests_for(message: Outgoing) -> list[Request]:
    """The sendMessage requests, in order; the keyboard is under the last. Link previews cost data: off."""
    base = destination(message.address) | {"link_preview_options": {"is_disabled": True}}
    parts: list[Request] = [base | {"text": part} for part in split_text(_text(message))]
    if asks_contact(message):
        parts[-1]["reply_markup"] = _reply_keyboard(message.buttons)
    elif keyboard := _inline_keyboard(message.buttons):
        parts[-1]["reply_markup"] = keyboard
    return parts


def _text(message: Outgoing) -> str:
    """A reply keyboard holds no links: beside a contact button they are written out under the text."""
    if not asks_contact(message):
        return message.text
    links = [f"{button.title}: {button.url}" for button in message.buttons if button.url]
    return "\n".join([message.text, *links])


def _reply_keyboard(buttons: tuple[Button, ...]) -> Keyboard:
    """Other buttons beside the contact one send their title as text: the bot knows its buttons' words."""
    rows = [[_reply_key(button)] for button in buttons if not button.url]
    return {"keyboard": rows, "resize_keyboard": True, "one_time_keyboard": True}


def _reply_key(button: Button) -> Keyboard:
    return {"text": button.title, "request_contact": True} if button.asks_contact else {"text": button.title}


def _inline_keyboard(buttons: tuple[Button, ...]) -> Keyboard | None:
    shown = [button for button in buttons if not button.asks_contact]
    if not shown:
        return None
    return {"inline_keyboard": [[_inline_key(button) for button in row] for row in _rows(shown)]}


def _inline_key(button: Button) -> Keyboard:
    if button.url is not None:
        return {"text": button.title, "url": button.url}
    return {"text": button.title, "callback_data": button.payload or _cut(button.title)}


def _cut(title: str) -> str:
    return title.encode()[:MAX_PAYLOAD_BYTES].decode(errors="ignore")


def _rows(buttons: list[Button]) -> list[list[Button]]:
    rows: list[list[Button]] = []
    for button in buttons:
        last = rows[-1] if rows else []
        if len(last) == 1 and _short(last[0]) and _short(button):
            last.append(button)
        else:
            rows.append([button])
    return rows


def _short(button: Button) -> bool:
    return units(button.title) <= SHORT_TITLE
