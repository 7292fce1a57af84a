"""How one Outgoing is written in the Bot API: the calls it takes, and their keyboards."""

from dataclasses import dataclass
from typing import Any

from bot.channels.long_text import split_text, units
from bot.channels.telegram_api import Params, Upload
from bot.messages import MAX_PAYLOAD_BYTES, Address, Attachment, Button, Outgoing

SHORT_TITLE = 14
"""UTF-16 units of a title of which two fit side by side on a 360 px screen."""

CAPTION_LIMIT = 1024
"""Bot API, sendPhoto and sendDocument: 0–1024 characters after entities parsing."""

UPLOADED = "upload"

Keyboard = dict[str, Any]

REMOVE_KEYBOARD: Keyboard = {"remove_keyboard": True}


@dataclass(frozen=True, slots=True)
class Call:
    """One method of the Bot API with its parameters."""

    method: str
    params: Params

    def with_params(self, **more: Any) -> "Call":
        return Call(self.method, {**self.params, **more})

    def without(self, name: str) -> "Call":
        return Call(self.method, {key: value for key, value in self.params.items() if key != name})


def is_private(chat_id: str) -> bool:
    """Ids of groups and channels are negative (Bot API, Chat)."""
    return not chat_id.startswith("-")


def destination(address: Address) -> dict[str, Any]:
    """chat_id, and message_thread_id inside a forum topic."""
    where: dict[str, Any] = {"chat_id": int(address.chat_id)}
    if address.thread_id is not None:
        where["message_thread_id"] = int(address.thread_id)
    return where


def asks_contact(message: Outgoing) -> bool:
    """Whether it shows the button that shares one's number, which exists in private chats only (Bot API)."""
    return is_private(message.address.chat_id) and any(button.asks_contact for button in message.buttons)


def calls_for(message: Outgoing, file: str | Upload | None = None) -> list[Call]:
    """The calls, in order; the keyboard is under the last. `file`: the attachment, or Telegram's id of it.

    Raises ValueError for an address that is not Telegram's.
    """
    if message.withdraws is not None:
        return [Call("deleteMessage", _place(message, message.withdraws))]
    if message.edits is not None:
        return [_edit(message, file)]
    calls = _new_message(message, file)
    if keyboard := keyboard_of(message):
        calls[-1] = calls[-1].with_params(reply_markup=keyboard)
    return calls


def _new_message(message: Outgoing, file: str | Upload | None) -> list[Call]:
    """A caption too long for the file follows it as a message of its own."""
    text = _text(message)
    if message.attachment is None or file is None:
        return _texts(message, text)
    sent = _file(message.attachment, destination(message.address), file)
    if units(text) <= CAPTION_LIMIT:
        return [sent.with_params(caption=text) if text else sent]
    return [sent, *_texts(message, text)]


def _texts(message: Outgoing, text: str) -> list[Call]:
    """Link previews cost data: off."""
    base = destination(message.address) | {"link_preview_options": {"is_disabled": True}}
    return [Call("sendMessage", base | {"text": part}) for part in split_text(text)]


def _file(attachment: Attachment, where: dict[str, Any], file: str | Upload) -> Call:
    if attachment.is_picture:
        return Call("sendPhoto", where | {"photo": file})
    return Call("sendDocument", where | {"document": file})


def _edit(message: Outgoing, file: str | Upload | None) -> Call:
    """A text too long for a caption is a message of its own, and the one that is changed."""
    place = _place(message, message.edits or "")
    keyboard = _inline_keyboard(message.buttons) or {"inline_keyboard": []}
    if message.attachment is not None and message.swaps_file and file is not None:
        return Call("editMessageMedia", place | _media(message, file) | {"reply_markup": keyboard})
    if message.attachment is not None and units(message.text) <= CAPTION_LIMIT:
        return Call("editMessageCaption", place | {"caption": message.text, "reply_markup": keyboard})
    text = {"text": message.text, "link_preview_options": {"is_disabled": True}}
    return Call("editMessageText", place | text | {"reply_markup": keyboard})


def _media(message: Outgoing, file: str | Upload) -> dict[str, Any]:
    """InputMedia of the Bot API; an upload goes beside it under the name it refers to."""
    kind = "photo" if message.attachment and message.attachment.is_picture else "document"
    media = {"type": kind, "caption": message.text}
    if isinstance(file, Upload):
        return {"media": media | {"media": f"attach://{UPLOADED}"}, UPLOADED: file}
    return {"media": media | {"media": file}}


def _place(message: Outgoing, message_id: str) -> dict[str, Any]:
    return {"chat_id": int(message.address.chat_id), "message_id": int(message_id)}


def keyboard_of(message: Outgoing) -> Keyboard | None:
    return _reply_keyboard(message.buttons) if asks_contact(message) else _inline_keyboard(message.buttons)


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
