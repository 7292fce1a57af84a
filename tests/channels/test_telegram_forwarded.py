"""Messages passed on, documents with their names, and channels the bot is added to, as Telegram tells them."""

from datetime import UTC, datetime
from typing import Any

from bot.channels.telegram_api import Me
from bot.channels.telegram_updates import read_update
from bot.messages import Address, Change, ChatKind, Media, Membership, Text

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ME = Me(1, "oscbot")
SENDER = {"id": 7, "is_bot": False, "first_name": "Amina"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Amina"}
ORIGIN = {"type": "hidden_user", "sender_user_name": "Bender-Djedid", "date": 1795510000}


def _message(**content: Any) -> dict[str, Any]:
    message = {"message_id": 5, "from": SENDER, "chat": PRIVATE, "date": 1795510800, **content}
    return {"update_id": 9, "message": message}


def test_a_forwarded_message_is_told_from_one_written_here() -> None:
    passed_on = read_update(_message(text="Réunion lundi", forward_origin=ORIGIN), ME, NOW)
    written = read_update(_message(text="Réunion lundi"), ME, NOW)
    assert passed_on is not None
    assert written is not None
    assert (passed_on.content, passed_on.forwarded) == (Text("Réunion lundi"), True)
    assert not written.forwarded


def test_a_forwarded_document_keeps_its_name_type_and_caption() -> None:
    document = {
        "file_id": "F",
        "file_unique_id": "u",
        "file_name": "appel.pdf",
        "mime_type": "application/pdf",
    }
    update = _message(document=document, caption="L'appel", forward_origin=ORIGIN)
    incoming = read_update(update, ME, NOW)
    assert incoming is not None
    assert incoming.content == Media("document", "F", "L'appel", "appel.pdf", "application/pdf")
    assert incoming.forwarded


def test_a_channel_the_bot_is_added_to_is_known_and_its_posts_are_nothing_to_answer() -> None:
    channel = {"id": -100123, "type": "channel", "title": "Annonces OSC"}
    user = {"id": 1, "is_bot": True, "first_name": "bot"}
    change = {
        "chat": channel,
        "from": SENDER,
        "date": 1795510800,
        "old_chat_member": {"status": "left", "user": user},
        "new_chat_member": {"status": "administrator", "user": user},
    }
    incoming = read_update({"update_id": 10, "my_chat_member": change}, ME, NOW)
    assert incoming is not None
    assert incoming.content == Membership(Change.ADDED, title="Annonces OSC")
    assert (incoming.address, incoming.chat) == (Address("telegram", "-100123"), ChatKind.GROUP)
    post = {"message_id": 3, "chat": channel, "date": 1795510800, "text": "Bonjour"}
    assert read_update({"update_id": 11, "channel_post": post}, ME, NOW) is None
