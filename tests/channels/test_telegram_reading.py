"""Reading through both libraries: what people do in private and in groups, as the bot understands it."""

from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram_channel import TelegramChannel
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
from tests.channels.telegram_bench import NOW, build, options_for, unconnected
from tests.channels.telegram_emulator import BOT_ID, TelegramEmulator
from tests.channels.telegram_people import GROUP_ANONYMOUS, Group, Json, Person

FORUM = -1001234567890
FILE: Json = {"file_id": "AAA", "file_unique_id": "a"}
STILL: Json = FILE | {"width": 1, "height": 1}


@pytest.fixture
async def reader(library: str, emulator: TelegramEmulator) -> AsyncIterator[TelegramChannel]:
    """A channel that knows its username."""
    channel = build(library, options_for(emulator), clock=lambda: NOW)
    await channel.prepare()
    yield channel
    await channel.close()


@pytest.fixture
def reseau(emulator: TelegramEmulator) -> Group:
    return emulator.group(-20)


def newest(channel: TelegramChannel, emulator: TelegramEmulator) -> Incoming | None:
    return channel.read(emulator.pending[-1])


def content(channel: TelegramChannel, emulator: TelegramEmulator) -> Content | None:
    found = newest(channel, emulator)
    return found.content if found else None


async def test_private_text_is_read_with_its_sender(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    fatouma.says("slt 👋🏾")
    assert newest(reader, emulator) == Incoming(
        message_id=str(emulator.pending[0]["update_id"]),
        address=Address("telegram", "7"),
        sender=Sender("7", "Fatouma", "fr"),
        content=Text("slt 👋🏾"),
        sent_at=NOW,
    )


def test_private_text_is_read_before_the_bot_knows_its_name(library: str) -> None:
    emulator = TelegramEmulator()
    emulator.person(7, language_code=None).says("/start@OscTestBot")
    found = newest(unconnected(library), emulator)
    assert found is not None
    assert (found.sender.language_code, found.content) == (None, Text("/start@OscTestBot"))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("/start osc_12", "/start osc_12"),
        ("/menu@OscTestBot", "/menu"),
        ("/menu@osctestbot vite", "/menu vite"),
        ("écris à @OscTestBot", "écris à @OscTestBot"),
    ],
)
async def test_private_command_is_read_without_our_name(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, written: str, read: str
) -> None:
    fatouma.says(written)
    assert content(reader, emulator) == Text(read)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("@OscTestBot formations ?", "formations ?"),
        ("@osctestbot, où est le cyber ?", "où est le cyber ?"),
        ("👋🏾 slt @OscTestBot tu vas bien ?", "👋🏾 slt tu vas bien ?"),
        ("quelles formations @OscTestBot?", "quelles formations?"),
        ("@OscTestBot @OscTestBot aide", "aide"),
        ("@OscTestBot", "/help"),
        ("@OscTestBot ?", "?"),
        ("/menu", "/menu"),
        ("/menu@OscTestBot so", "/menu so"),
        ("/menu@AnotherBot", None),
        ("@AnotherBot slt", None),
        ("@OscTestBotX slt", None),
        ("slt tout le monde", None),
    ],
)
async def test_group_is_heard_only_when_it_speaks_to_the_bot(
    reader: TelegramChannel,
    emulator: TelegramEmulator,
    fatouma: Person,
    reseau: Group,
    written: str,
    read: str | None,
) -> None:
    fatouma.within(reseau).says(written)
    assert content(reader, emulator) == (None if read is None else Text(read))


async def test_group_message_is_marked_as_such(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, reseau: Group
) -> None:
    fatouma.within(reseau).says("/menu")
    found = newest(reader, emulator)
    assert found is not None
    assert (found.chat, found.address) == (ChatKind.GROUP, Address("telegram", "-20"))


async def test_mention_by_name_link_counts_as_a_mention(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, reseau: Group
) -> None:
    mention = {"type": "text_mention", "offset": 0, "length": 3, "user": emulator.bot_user}
    fatouma.within(reseau).sends({"text": "OSC formations", "entities": [mention]})
    assert content(reader, emulator) == Text("formations")


async def test_reply_to_the_bot_is_for_the_bot(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, reseau: Group
) -> None:
    written = emulator.message(reseau.chat, emulator.bot_user, {"text": "Quelle région ?"})
    fatouma.within(reseau).says("Obock", reply_to=written)
    assert content(reader, emulator) == Text("Obock")


async def test_reply_to_somebody_else_is_not(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, reseau: Group
) -> None:
    written = emulator.message(reseau.chat, emulator.person(8).user, {"text": "Tu viens ?"})
    fatouma.within(reseau).says("Oui", reply_to=written)
    assert content(reader, emulator) is None


async def test_plain_message_in_a_topic_opened_by_the_bot_is_no_reply_to_it(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    fatouma.within(emulator.group(FORUM, forum=True), thread=33).says("slt tout le monde")
    assert content(reader, emulator) is None


async def test_topic_is_kept_in_the_address(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    fatouma.within(emulator.group(FORUM, forum=True), thread=33).says("/menu")
    found = newest(reader, emulator)
    assert found is not None
    assert found.address == Address("telegram", str(FORUM), "33")


async def test_general_topic_has_no_thread(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    fatouma.within(emulator.group(FORUM, forum=True)).says("/menu")
    found = newest(reader, emulator)
    assert found is not None
    assert found.address.thread_id is None


async def test_chain_of_replies_in_an_ordinary_group_is_no_topic(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    fatouma.within(emulator.group(FORUM)).sends({"text": "/menu", "message_thread_id": 66})
    found = newest(reader, emulator)
    assert found is not None
    assert found.address.thread_id is None


@pytest.mark.parametrize("message", [{"text": "?"}, {"date": 0}], ids=["kept", "inaccessible"])
async def test_tap_is_read_and_dated_now(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, message: Json
) -> None:
    emulator.tap(fatouma.user, emulator.message(fatouma.chat, emulator.bot_user, message), "/menu")
    found = newest(reader, emulator)
    assert found is not None
    assert (found.content, found.sent_at, found.sender.external_id) == (Tap("/menu"), NOW, "7")


async def test_tap_in_a_topic_is_answered_there(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    forum = emulator.group(FORUM, forum=True)
    topic = {"text": "?", "is_topic_message": True, "message_thread_id": 33}
    emulator.tap(fatouma.user, emulator.message(forum.chat, emulator.bot_user, topic), "/menu")
    found = newest(reader, emulator)
    assert found is not None
    assert (found.address.thread_id, found.chat) == ("33", ChatKind.GROUP)


async def test_tap_without_its_message_is_nothing(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    event = {"id": "1", "from": fatouma.user, "chat_instance": "1", "inline_message_id": "x", "data": "/a"}
    emulator.push("callback_query", event)
    assert content(reader, emulator) is None


@pytest.mark.parametrize(("owner", "own"), [(None, True), (8, False)], ids=["own", "somebody else's"])
async def test_contact_is_own_only_when_telegram_vouches(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, owner: int | None, own: bool
) -> None:
    fatouma.shares_contact("77123456", owner)
    assert content(reader, emulator) == SharedContact("77123456", own)


async def test_contact_of_another_user_of_telegram_is_not_own(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    fatouma.sends({"contact": {"phone_number": "77", "first_name": "Ali", "user_id": 8}})
    assert content(reader, emulator) == SharedContact("77", own=False)


async def test_location_is_read_once_and_its_live_steps_are_not(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    place = {"latitude": 11.5, "longitude": 43.1}
    fatouma.sends({"location": place})
    assert content(reader, emulator) == Location(11.5, 43.1)
    step = emulator.message(fatouma.chat, fatouma.user, {"location": place})
    emulator.push("edited_message", step | {"edit_date": 1})
    assert content(reader, emulator) is None


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"voice": FILE | {"duration": 3}}, Media("voice", "AAA")),
        ({"photo": [STILL | {"file_id": "small"}, STILL], "caption": "vu"}, Media("photo", "AAA", "vu")),
        ({"document": FILE}, Media("document", "AAA")),
        ({"animation": STILL | {"duration": 1}, "document": FILE}, Media("animation", "AAA")),
        (
            {"sticker": STILL | {"type": "regular", "is_animated": False, "is_video": False}},
            Media("sticker", "AAA"),
        ),
        ({"video_note": FILE | {"length": 1, "duration": 1}}, Media("video_note", "AAA")),
        ({"dice": {"emoji": "🎲", "value": 2}}, Media("dice")),
    ],
    ids=lambda value: value.media if isinstance(value, Media) else "",
)
async def test_media_is_named_with_its_file(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, sent: Json, read: Media
) -> None:
    fatouma.sends(sent)
    assert content(reader, emulator) == read


async def test_media_in_a_group_is_heard_only_when_addressed(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, reseau: Group
) -> None:
    fatouma.within(reseau).sends({"voice": FILE | {"duration": 3}})
    assert content(reader, emulator) is None
    written = emulator.message(reseau.chat, emulator.bot_user, {"text": "?"})
    fatouma.within(reseau).sends({"voice": FILE | {"duration": 3}}, reply_to=written)
    assert content(reader, emulator) == Media("voice", "AAA")


async def test_edited_text_is_the_new_text(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    fatouma.edits(fatouma.says("Obok"), "Obock")
    assert content(reader, emulator) == Edited("Obock")


async def test_edited_text_of_a_group_among_its_members_is_not_for_the_bot(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, reseau: Group
) -> None:
    fatouma.within(reseau).edits(fatouma.within(reseau).says("slt"), "salut")
    assert content(reader, emulator) is None


async def test_blocking_and_coming_back_are_told(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    fatouma.blocks()
    assert content(reader, emulator) == Membership(Change.BLOCKED)
    fatouma.unblocks()
    assert content(reader, emulator) == Membership(Change.UNBLOCKED)


async def test_group_adding_the_bot_is_told_with_its_title(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, reseau: Group
) -> None:
    reseau.adds_bot(fatouma)
    assert content(reader, emulator) == Membership(Change.ADDED, title="Réseau")


async def test_removal_from_a_group_is_told_once_though_telegram_tells_it_twice(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, reseau: Group
) -> None:
    reseau.removes_bot(fatouma)
    found = [reader.read(update) for update in emulator.pending]
    assert [one.content for one in found if one] == [Membership(Change.REMOVED, title="Réseau")]


async def test_change_of_rights_is_nothing(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, reseau: Group
) -> None:
    change = emulator.membership(reseau.chat, fatouma.user, "member", "member")
    emulator.push("my_chat_member", change)
    assert content(reader, emulator) is None


async def test_migration_is_told_by_the_old_group(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, reseau: Group
) -> None:
    reseau.becomes_supergroup(FORUM, fatouma)
    found = [one for update in emulator.pending if (one := reader.read(update))]
    moved = found[-1]
    assert moved.address == Address("telegram", "-20")
    assert moved.content == Membership(Change.MIGRATED, str(FORUM), "Réseau")


@pytest.mark.parametrize(
    "sender",
    [
        {"id": 9, "is_bot": True, "first_name": "Autre"},
        GROUP_ANONYMOUS,
        {"id": 777000, "is_bot": False, "first_name": "Telegram"},
    ],
    ids=["a bot", "anonymous admin", "Telegram"],
)
async def test_what_no_person_wrote_is_nothing(
    reader: TelegramChannel, emulator: TelegramEmulator, reseau: Group, sender: Json
) -> None:
    emulator.push("message", emulator.message(reseau.chat, sender, {"text": "/menu"}))
    assert content(reader, emulator) is None


@pytest.mark.parametrize(
    "service",
    [
        {"new_chat_title": "X"},
        {"group_chat_created": True},
        {"new_chat_members": [{"id": BOT_ID, "is_bot": True, "first_name": "OSC"}]},
        {"video_chat_started": {}},
    ],
    ids=lambda service: next(iter(service)),
)
async def test_service_message_is_nothing(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, reseau: Group, service: Json
) -> None:
    fatouma.within(reseau).sends(service)
    assert content(reader, emulator) is None


async def test_channel_post_is_nothing(reader: TelegramChannel, emulator: TelegramEmulator) -> None:
    channel = {"id": FORUM, "type": "channel", "title": "C"}
    emulator.push("channel_post", {"message_id": 1, "date": 1, "chat": channel, "text": "/menu"})
    assert content(reader, emulator) is None


async def test_fields_of_tomorrow_are_ignored(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    fatouma.sends({"text": "slt", "aura": {"colour": 3}, "new_chat_participant": 1})
    assert content(reader, emulator) == Text("slt")


async def test_update_of_tomorrow_is_nothing(reader: TelegramChannel) -> None:
    assert reader.read({"update_id": 1, "telepathy": {"thought": "slt"}}) is None


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"update_id": "x"},
        {"update_id": 1, "message": "slt"},
        {"update_id": 1, "message": {"text": "slt"}},
        {
            "update_id": 1,
            "message": {"message_id": 1, "date": 10**18, "chat": {"id": 7, "type": "private"}, "text": "slt"},
        },
    ],
    ids=["empty", "id", "message", "no chat", "date"],
)
async def test_nonsense_is_unparsable(reader: TelegramChannel, payload: Json) -> None:
    with pytest.raises(Unparsable):
        reader.read(payload)


async def test_unparsable_names_the_place_and_not_the_words(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    message = emulator.message(fatouma.chat, {"id": 7, "first_name": "F"}, {"text": "mon secret"})
    emulator.push("message", message)
    with pytest.raises(Unparsable, match="is_bot") as caught:
        newest(reader, emulator)
    assert "secret" not in str(caught.value)


async def test_reading_leaves_the_payload_as_it_was(
    reader: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, reseau: Group
) -> None:
    fatouma.within(reseau).says("@OscTestBot slt")
    before = repr(emulator.pending[-1])
    assert content(reader, emulator) == Text("slt")
    assert repr(emulator.pending[-1]) == before
