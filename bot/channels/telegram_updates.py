"""How one update of Telegram is read: raw JSON of the Bot API in, Incoming (or nothing for the bot) out."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.channels.port import Payload
from bot.channels.telegram_addressed import addressed_text, plain_command
from bot.channels.telegram_api import Me
from bot.errors import Unparsable
from bot.messages import (
    Address,
    Change,
    ChatKind,
    Content,
    Edited,
    Incoming,
    Location,
    Media,
    Membership,
    Sender,
    SharedContact,
    Tap,
    Text,
)

Json = dict[str, Any]

GROUPS = ("group", "supergroup")
TELEGRAM_ITSELF = 777000
"""The account that writes service notices and forwards a linked channel's posts; not flagged as a bot."""

MEDIA = (
    "voice", "audio", "photo", "video", "video_note", "animation", "sticker", "document",
    "dice", "story", "poll", "game", "checklist", "paid_media",
)  # fmt: skip
"""animation stands before document: a GIF carries both (Bot API, Message)."""


def update_id(payload: Payload) -> str:
    """The id Telegram repeats when it delivers an update again. Raises Unparsable."""
    number = payload.get("update_id")
    if not isinstance(number, int):
        raise Unparsable("an update without update_id")
    return str(number)


def callback_id(payload: Payload) -> str | None:
    """The id of a tap that waits for answerCallbackQuery; until then the button shows a clock."""
    query = payload.get("callback_query")
    found = query.get("id") if isinstance(query, dict) else None
    return found if isinstance(found, str) else None


def read_update(payload: Payload, me: Me, now: datetime) -> Incoming | None:
    """None: nothing for the bot. `now` dates taps, to which Telegram gives no time. Raises Unparsable."""
    number = update_id(payload)
    try:
        for kind, reader in READERS.items():
            if event := payload.get(kind):
                return reader(event, number, me, now)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError) as error:
        raise Unparsable(f"update {number}: {type(error).__name__} {error}") from error
    return None


def _read_message(message: Json, number: str, me: Me, _now: datetime) -> Incoming | None:
    if message["chat"]["type"] not in ("private", *GROUPS) or not message.get("from"):
        return None
    if new_chat_id := message.get("migrate_to_chat_id"):
        return _incoming(number, message, _migrated(message, new_chat_id))
    if _automatic(message):
        return None
    content = _content(message, me)
    return None if content is None else _incoming(number, message, content)


def _read_edited(message: Json, number: str, me: Me, _now: datetime) -> Incoming | None:
    """Only words: every step of a live location arrives as an edit too."""
    if message["chat"]["type"] not in ("private", *GROUPS) or not message.get("from") or _automatic(message):
        return None
    text = _text(message, me)
    return None if text is None else _incoming(number, message, Edited(text), message.get("edit_date"))


def _read_callback(query: Json, number: str, _me: Me, now: datetime) -> Incoming | None:
    """Too old a message comes "inaccessible": its chat and id only. Inline mode and games: nothing for us."""
    message, data = query.get("message"), query.get("data")
    if not message or data is None or query["from"]["is_bot"]:
        return None
    event = message | {"from": query["from"]}
    return _incoming(number, event, Tap(data), now.timestamp())


def _read_membership(change: Json, number: str, _me: Me, _now: datetime) -> Incoming | None:
    """A migration begins with ADDED for the new id, just like a real one; MIGRATED of the old id follows."""
    kind = change["chat"]["type"]
    before, after = _present(change["old_chat_member"]), _present(change["new_chat_member"])
    if before == after or kind not in ("private", "channel", *GROUPS):
        return None
    in_private = kind == "private"
    came, left = (Change.UNBLOCKED, Change.BLOCKED) if in_private else (Change.ADDED, Change.REMOVED)
    content = Membership(came if after else left, title=change["chat"].get("title"))
    return _incoming(number, change, content)


Reader = Callable[[Json, str, Me, datetime], Incoming | None]

READERS: dict[str, Reader] = {
    "message": _read_message,
    "edited_message": _read_edited,
    "callback_query": _read_callback,
    "my_chat_member": _read_membership,
}


def _present(member: Json) -> bool:
    """left, kicked: away; restricted: it depends (Bot API, ChatMemberRestricted.is_member)."""
    status = member["status"]
    return status in ("creator", "administrator", "member") or (
        status == "restricted" and member.get("is_member", True)
    )


def _migrated(message: Json, new_chat_id: int) -> Membership:
    return Membership(Change.MIGRATED, new_chat_id=str(new_chat_id), title=message["chat"].get("title"))


def _automatic(message: Json) -> bool:
    """Other bots (anonymous admins and a migration's echo are GroupAnonymousBot), Telegram's notices."""
    sender = message["from"]
    return bool(
        sender["is_bot"] or sender["id"] == TELEGRAM_ITSELF or message.get("is_automatic_forward") is True
    )


def _content(message: Json, me: Me) -> Content | None:
    """None for service messages, and for whatever a group does not say to the bot."""
    if "text" in message:
        text = _text(message, me)
        return None if text is None else Text(text)
    caption = message.get("caption")
    if message["chat"]["type"] in GROUPS:
        heard = addressed_text(message, caption or "", me)
        if heard is None:
            return None
        caption = heard or None
    return _card(message) or _media(message, caption)


def _text(message: Json, me: Me) -> str | None:
    text = message.get("text")
    if text is None:
        return None
    if message["chat"]["type"] in GROUPS:
        return addressed_text(message, text, me)
    plain = plain_command(text, me)
    return text if plain is None else plain


def _card(message: Json) -> SharedContact | Location | None:
    if contact := message.get("contact"):
        return SharedContact(contact["phone_number"], own=contact.get("user_id") == message["from"]["id"])
    if place := message.get("location"):
        return Location(place["latitude"], place["longitude"])
    return None


def _media(message: Json, caption: str | None) -> Media | None:
    for media in MEDIA:
        if media in message:
            name, kind = _described(message[media]) if media == "document" else (None, None)
            return Media(media, _file_id(message[media]), caption, name, kind)
    return None


def _file_id(media: Json | list[Json]) -> str | None:
    """A photo comes in several sizes, the largest last (Bot API, Message.photo)."""
    largest = (media[-1] if media else {}) if isinstance(media, list) else media
    return largest.get("file_id")


def _described(document: Json) -> tuple[str | None, str | None]:
    """Name and MIME type as the sender's program gave them (Bot API, Document)."""
    return document.get("file_name"), document.get("mime_type")


def _incoming(number: str, event: Json, content: Content, date: float | None = None) -> Incoming:
    chat = event["chat"]
    return Incoming(
        message_id=number,
        address=Address("telegram", str(chat["id"]), _thread(event)),
        sender=_sender(event["from"]),
        content=content,
        sent_at=datetime.fromtimestamp(event["date"] if date is None else date, UTC),
        chat=ChatKind.PRIVATE if chat["type"] == "private" else ChatKind.GROUP,
        forwarded="forward_origin" in event,
    )


def _thread(event: Json) -> str | None:
    """Only real topics: elsewhere a chain of replies carries a thread id that sendMessage refuses."""
    return str(event["message_thread_id"]) if event.get("is_topic_message") is True else None


def _sender(user: Json) -> Sender:
    name = " ".join(part for part in (user.get("first_name"), user.get("last_name")) if part)
    return Sender(str(user["id"]), name or None, user.get("language_code"))
