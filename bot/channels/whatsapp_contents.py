"""What a message of WhatsApp holds, by its type, in our vocabulary."""

import json
import math
from collections.abc import Callable
from typing import Any

from bot.messages import (
    Content,
    Edited,
    Location,
    Media,
    Sender,
    SharedContact,
    TakenBack,
    Tap,
    Text,
)

Json = dict[str, Any]

TOKEN_OF_FLOW = "flow_token"  # noqa: S105 - the name of a field
WELCOME = "/greet"
"""The chat was opened for the first time (request_welcome)."""

MEDIA = {"image": "photo", "video": "video", "document": "document", "sticker": "sticker"}


def content_of(message: Json, sender: Sender) -> Content | None:
    """None for what asks for no answer. Raises KeyError, TypeError or ValueError when its parts are missing.

    A type nobody knows yet, or one Meta itself marks unsupported, is still a person's message: it is media
    that cannot be used, which is said politely.
    """
    kind = message.get("type") or next((name for name in READERS if name in message), None)
    reader = READERS.get(str(kind))
    return Media("unsupported") if reader is None else reader(message, sender)


def _text(message: Json, _sender: Sender) -> Content:
    return Text(_string(message["text"]["body"]))


def _button(message: Json, _sender: Sender) -> Content:
    """A quick reply of a template."""
    button = message["button"]
    return _tap(button.get("payload"), button.get("text"))


def _interactive(message: Json, _sender: Sender) -> Content | None:
    """Without a body when Meta could not put it in a webhook (131000)."""
    interactive = message.get("interactive")
    if not isinstance(interactive, dict):
        return Media("interactive")
    match interactive.get("type"):
        case "button_reply" | "list_reply" as kind:
            return _tap(interactive[kind].get("id"), interactive[kind].get("title"))
        case "nfm_reply":
            return _flow(interactive["nfm_reply"])
        case "call_permission_reply":
            return None
        case _:
            return Media("interactive")


def _flow(reply: Json) -> Content:
    """What was filled in, in its order, as if it had been written."""
    answers = json.loads(reply["response_json"])
    filled = answers.items() if isinstance(answers, dict) else ()
    words = [
        str(value).strip() for name, value in filled if name != TOKEN_OF_FLOW and isinstance(value, str | int)
    ]
    text = ", ".join(word for word in words if word)
    return Text(text) if text else Media("flow")


def _tap(payload: object, title: object) -> Content:
    """Buttons of ours carry a payload with a slash; any other is as good as its words."""
    if isinstance(payload, str) and payload.startswith("/"):
        return Tap(payload)
    return Text(_string(title if title else payload))


def _location(message: Json, _sender: Sender) -> Content:
    place = message["location"]
    latitude, longitude = float(place["latitude"]), float(place["longitude"])
    if not (math.isfinite(latitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError("no place on earth")
    return Location(latitude, longitude)


def _cards(message: Json, sender: Sender) -> Content:
    """The first card with a number. It is the sender's own if WhatsApp knows that number by the sender's id."""
    phones = [
        phone
        for card in message["contacts"]
        for phone in card.get("phones") or ()
        if isinstance(phone, dict) and (phone.get("phone") or phone.get("wa_id"))
    ]
    if not phones:
        return Media("contacts")
    known = phones[0].get("wa_id")
    own = bool(known) and known in (sender.external_id, sender.also)
    return SharedContact(f"+{known}" if own else str(phones[0].get("phone") or f"+{known}"), own)


def _media(message: Json, _sender: Sender) -> Content:
    kind = message["type"] if message.get("type") in MEDIA else next(k for k in MEDIA if k in message)
    file = message[kind]
    return Media(
        MEDIA[kind],
        _optional(file.get("id")),
        _optional(file.get("caption")),
        _optional(file.get("filename")),
        _optional(file.get("mime_type")),
    )


def _audio(message: Json, _sender: Sender) -> Content:
    audio = message["audio"]
    return Media("voice" if audio.get("voice") else "audio", _optional(audio.get("id")))


def _edit(message: Json, _sender: Sender) -> Content | None:
    """Words only, also those under a picture."""
    edited = message["edit"]["message"]
    kind = edited.get("type")
    part = edited.get(kind) if isinstance(kind, str) else None
    words = part.get("body") or part.get("caption") if isinstance(part, dict) else None
    return Edited(_string(words)) if words else None


def _revoke(message: Json, _sender: Sender) -> Content:
    return TakenBack(_string(message["revoke"]["original_message_id"]))


def _welcome(_message: Json, _sender: Sender) -> Content:
    return Tap(WELCOME)


def _nothing(_message: Json, _sender: Sender) -> None:
    """A reaction to a message, a change of identity keys: nothing to answer."""


READERS: dict[str, Callable[[Json, Sender], Content | None]] = {
    "text": _text,
    "button": _button,
    "interactive": _interactive,
    "location": _location,
    "contacts": _cards,
    "image": _media,
    "video": _media,
    "document": _media,
    "sticker": _media,
    "audio": _audio,
    "voice": _audio,
    "reaction": _nothing,
    "edit": _edit,
    "revoke": _revoke,
    "request_welcome": _welcome,
    "system": _nothing,
}


def _string(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("no words")
    return value


def _optional(value: object) -> str | None:
    return str(value) if value else None
