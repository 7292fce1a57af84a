"""The people and groups of the emulated Telegram: what they do becomes updates as the Bot API writes them."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.channels.telegram_emulator import TelegramEmulator

Json = dict[str, Any]

ENTITY = re.compile(r"(?P<bot_command>^/\w+(?:@\w+)?)|(?P<mention>(?<!\w)@\w{4,})", re.ASCII)
GROUP_ANONYMOUS: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}


@dataclass(slots=True)
class Chat:
    """One chat the bot may know; `away` is the description of the 403 or 400 that answers a message to it."""

    id: int
    kind: str
    title: str
    forum: bool = False
    away: tuple[int, str] | None = None
    moved_to: int | None = None
    topics: dict[int, str] = field(default_factory=dict)
    """Open topics by id; a closed one is "closed"."""

    def json(self) -> Json:
        if self.kind == "private":
            return {"id": self.id, "type": "private", "first_name": self.title}
        return {"id": self.id, "type": self.kind, "title": self.title} | (
            {"is_forum": True} if self.forum else {}
        )


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of the bot as its chat shows it."""

    message_id: int
    chat_id: int
    text: str
    thread_id: int | None = None
    markup: Json = field(default_factory=dict)
    file: tuple[str, str, str] | None = None
    """kind (photo or document), name and file id of what is attached."""

    @property
    def rows(self) -> list[list[Json]]:
        rows: list[list[Json]] = self.markup.get("inline_keyboard") or self.markup.get("keyboard") or []
        return rows

    @property
    def buttons(self) -> list[str]:
        """The titles, row by row."""
        return [key["text"] for row in self.rows for key in row]


def entities_of(text: str) -> list[Json]:
    """Commands at the start and mentions, counted in UTF-16 units as Telegram does."""
    return [
        {
            "type": found.lastgroup,
            "offset": len(text[: found.start()].encode("utf-16-le")) // 2,
            "length": found.end() - found.start(),
        }
        for found in ENTITY.finditer(text)
    ]


@dataclass(frozen=True, slots=True)
class Group:
    """A group, supergroup or forum; the bot is in it from the start."""

    emulator: "TelegramEmulator"
    chat: Chat

    def adds_bot(self, by: "Person") -> None:
        self.chat.away = None
        self.emulator.push("my_chat_member", self.emulator.membership(self.chat, by.user, "left", "member"))

    def removes_bot(self, by: "Person") -> None:
        """The service message comes as well as my_chat_member."""
        self.chat.away = (403, f"Forbidden: bot was kicked from the {self.chat.kind} chat")
        self.emulator.push("my_chat_member", self.emulator.membership(self.chat, by.user, "member", "kicked"))
        gone = {"left_chat_member": self.emulator.bot_user}
        self.emulator.push("message", self.emulator.message(self.chat, by.user, gone))

    def becomes_supergroup(self, new_id: int, by: "Person") -> "Group":
        """The four updates of a live migration, in their order."""
        new = self.emulator.group(new_id, self.chat.title)
        self.chat.moved_to = new_id
        self.emulator.push("my_chat_member", self.emulator.membership(new.chat, by.user, "left", "member"))
        to = {"migrate_to_chat_id": new_id}
        self.emulator.push("message", self.emulator.message(self.chat, by.user, to))
        echo = {"migrate_from_chat_id": self.chat.id, "sender_chat": new.chat.json()}
        self.emulator.push("message", self.emulator.message(new.chat, GROUP_ANONYMOUS, echo))
        return new


@dataclass(frozen=True, slots=True)
class Person:
    """Writes in private, or with `in_group` in a group. Every act is one update and gives its message_id."""

    emulator: "TelegramEmulator"
    chat: Chat
    user: Json
    in_group: Group | None = None
    thread: int | None = None

    def within(self, group: Group, thread: int | None = None) -> "Person":
        """The same person, writing in that group (and topic)."""
        return Person(self.emulator, self.chat, self.user, group, thread)

    def says(self, text: str, *, reply_to: Sent | Json | None = None) -> int:
        content: Json = {"text": text}
        if entities := entities_of(text):
            content["entities"] = entities
        return self.sends(content, reply_to=reply_to)

    def sends(self, content: Json, *, reply_to: Sent | Json | None = None) -> int:
        """Any content of a Message, in the Bot API's own words."""
        message = self.emulator.message(self._place, self.user, self._topic() | content)
        if reply_to is not None:
            shown = self.emulator.shown(reply_to) if isinstance(reply_to, Sent) else reply_to
            message["reply_to_message"] = shown
        self.emulator.push("message", message)
        return int(message["message_id"])

    def edits(self, message_id: int, text: str) -> None:
        message = self.emulator.message(self._place, self.user, {"text": text} | self._topic())
        now = self.emulator.now()
        self.emulator.push("edited_message", message | {"message_id": message_id, "edit_date": now})

    def shares_contact(self, phone: str = "77123456", owner: int | None = None) -> int:
        """The own card carries one's user id; somebody else's carries none."""
        card: Json = {"phone_number": phone, "first_name": self.user["first_name"]}
        if owner is None:
            card["user_id"] = self.user["id"]
        return self.sends({"contact": card})

    def taps(self, button: str) -> str:
        """The newest button with this title or payload; gives the id of the callback query ("" for a key)."""
        sent, key = self._find(button)
        if "callback_data" in key:
            return self.emulator.tap(self.user, self.emulator.shown(sent), key["callback_data"])
        if key.get("request_contact"):
            self.shares_contact()
        else:
            self.says(key["text"])
        return ""

    def _find(self, button: str) -> tuple[Sent, Json]:
        for sent in reversed(self.emulator.messages_to(self._place.id)):
            for key in (key for row in sent.rows for key in row):
                if button in (key["text"], key.get("callback_data")):
                    return sent, key
        raise LookupError(f"no button {button!r} in chat {self._place.id}")

    def blocks(self) -> None:
        self.chat.away = (403, "Forbidden: bot was blocked by the user")
        change = self.emulator.membership(self.chat, self.user, "member", "kicked")
        self.emulator.push("my_chat_member", change)

    def unblocks(self) -> None:
        self.chat.away = None
        change = self.emulator.membership(self.chat, self.user, "kicked", "member")
        self.emulator.push("my_chat_member", change)

    def deletes_account(self) -> None:
        self.chat.away = (403, "Forbidden: user is deactivated")

    async def hears(self, after: int = 0, seconds: float = 20.0) -> Sent:
        """The bot's message number `after` (from 0) in this chat, as soon as it is there."""
        place = self._place.id
        await self.emulator.until(lambda: len(self.emulator.messages_to(place)) > after, seconds)
        return self.emulator.messages_to(place)[after]

    @property
    def _place(self) -> Chat:
        return self.in_group.chat if self.in_group else self.chat

    def _topic(self) -> Json:
        """In a topic every plain message "replies" to the service message which opened it."""
        if self.thread is None:
            return {}
        topic = {"message_thread_id": self.thread, "is_topic_message": True}
        creation = {"forum_topic_created": {"name": "Sujet", "icon_color": 7322096}}
        opened = self.emulator.message(self._place, self.emulator.bot_user, topic | creation)
        return topic | {"reply_to_message": opened | {"message_id": self.thread}}
