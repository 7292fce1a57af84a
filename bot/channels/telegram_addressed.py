"""When a message of a group is meant for the bot: a command, a mention of it, or a reply to it."""

import re
from typing import Any

from bot.channels.long_text import utf16_slice
from bot.channels.telegram_api import Me

COMMAND = re.compile(r"^(/\w{1,32})(?:@(\w+))?(?=\s|$)", re.ASCII)
EDGES = " \t\n,:;-–—"
"""What is left hanging beside a mention taken out of a sentence."""

BARE_CALL = "/help"
"""What a mention with nothing else asks for."""

Json = dict[str, Any]


def plain_command(text: str, me: Me) -> str | None:
    """`/cmd@us …` without our name; None when the command names another bot."""
    found = COMMAND.match(text)
    if found is None or found[2] is None:
        return text
    if not _is_us(found[2], me):
        return None
    return found[1] + text[found.end() :]


def addressed_text(message: Json, text: str, me: Me) -> str | None:
    """What a group says to the bot, without our name; None when it speaks to others."""
    entities = message.get("entities") or message.get("caption_entities") or []
    mentions = [entity for entity in entities if _mentions(entity, text, me)]
    if COMMAND.match(text):
        return plain_command(text, me)
    if mentions:
        return _without(mentions, text) or BARE_CALL
    return text if _replies_to_bot(message, me) else None


def _replies_to_bot(message: Json, me: Me) -> bool:
    """In a topic every message "replies" to the service message that opened it, perhaps the bot's own."""
    reply = message.get("reply_to_message") or {}
    opens_topic = "forum_topic_created" in reply or (
        message.get("is_topic_message") is True
        and reply.get("message_id") == message.get("message_thread_id")
    )
    return not opens_topic and (reply.get("from") or {}).get("id") == me.id


def _is_us(name: str, me: Me) -> bool:
    return me.username is not None and name.casefold() == me.username.casefold()


def _mentions(entity: Json, text: str, me: Me) -> bool:
    if entity["type"] == "text_mention":
        return bool(entity["user"]["id"] == me.id)
    if entity["type"] != "mention":
        return False
    start, end = utf16_slice(text, entity["offset"], entity["length"])
    return _is_us(text[start:end].removeprefix("@"), me)


def _without(mentions: list[Json], text: str) -> str:
    for entity in sorted(mentions, key=lambda entity: -int(entity["offset"])):
        start, end = utf16_slice(text, entity["offset"], entity["length"])
        text = _join(text[:start], text[end:])
    return text


def _join(before: str, after: str) -> str:
    """A comma between both halves belongs to the name that went; a question mark belongs to the sentence."""
    left, right = before.rstrip(" "), after.lstrip(" ")
    if not left.strip(EDGES) or not right.strip(EDGES):
        return (left + right).strip(EDGES)
    space = "" if right[0] in "?!.,;:\n" or left.endswith("\n") else " "
    return left + space + right
