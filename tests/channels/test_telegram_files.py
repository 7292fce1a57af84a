"""Attachments, changed and withdrawn messages on Telegram: one contract for both libraries."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest

from bot.channels.telegram_channel import TelegramChannel
from bot.errors import Refused, TryLater
from bot.messages import Attachment, Button, Outgoing
from tests.channels.telegram_answers import Fault
from tests.channels.telegram_bench import LIBRARIES, build, options_for, words
from tests.channels.telegram_emulator import TelegramEmulator
from tests.channels.telegram_http import Uploaded

PICTURE = Attachment("k1", "affiche.png", "image/png")
LIST = Attachment("k2", "présents à Obock.csv", "text/csv")


@dataclass
class Files:
    """What the bot keeps; notes what it was asked for."""

    contents: dict[str, bytes] = field(default_factory=lambda: {"k1": b"\x89PNG...", "k2": b"nom\nHawa\n"})
    known: dict[str, str] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)

    async def content(self, key: str) -> bytes:
        self.read.append(key)
        return self.contents[key]

    async def known_as(self, key: str, channel: str) -> str | None:
        return self.known.get(key)

    async def remember(self, key: str, channel: str, platform_id: str) -> None:
        assert channel == "telegram"
        self.known[key] = platform_id


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture(params=LIBRARIES)
async def channel(
    request: pytest.FixtureRequest, emulator: TelegramEmulator, files: Files
) -> AsyncIterator[TelegramChannel]:
    emulator.person(7)
    channel = build(request.param, options_for(emulator, files=files))
    yield channel
    await channel.close()


def with_file(attachment: Attachment, text: str = "Voici", *buttons: Button) -> Outgoing:
    return replace(words(text, *buttons), attachment=attachment)


@pytest.mark.parametrize(("attachment", "kind"), [(PICTURE, "photo"), (LIST, "document")])
async def test_file_arrives_with_its_name_words_and_buttons(
    channel: TelegramChannel, emulator: TelegramEmulator, files: Files, attachment: Attachment, kind: str
) -> None:
    await channel.send(with_file(attachment, "Voici", Button("Oui", payload="/affirm")))
    (sent,) = emulator.messages_to(7)
    assert sent.file is not None
    assert (sent.file[0], sent.file[1], sent.text, sent.buttons) == (kind, attachment.name, "Voici", ["Oui"])
    assert emulator.files.content(sent.file[2]) == files.contents[attachment.key]


async def test_file_is_uploaded_once_and_then_named_by_telegrams_id(
    channel: TelegramChannel, emulator: TelegramEmulator, files: Files
) -> None:
    await channel.send(with_file(PICTURE))
    await channel.send(with_file(PICTURE))
    assert len({sent.file for sent in emulator.messages_to(7)}) == 1
    assert files.read == ["k1"]


async def test_file_that_telegram_has_forgotten_is_uploaded_again(
    channel: TelegramChannel, emulator: TelegramEmulator, files: Files
) -> None:
    files.known["k2"] = "document-of-an-older-bot"
    await channel.send(with_file(LIST))
    (sent,) = emulator.messages_to(7)
    assert sent.file is not None
    assert files.known["k2"] == sent.file[2]


async def test_words_too_long_for_a_caption_follow_the_file(
    channel: TelegramChannel, emulator: TelegramEmulator
) -> None:
    await channel.send(with_file(PICTURE, "é" * 1025, Button("Oui", payload="/affirm")))
    first, second = emulator.messages_to(7)
    assert (first.text, first.buttons, len(second.text), second.buttons) == ("", [], 1025, ["Oui"])


async def test_message_is_changed_in_place(channel: TelegramChannel, emulator: TelegramEmulator) -> None:
    message_id = await channel.send(words("1 sur 10", Button("Arrêter", payload="/cancel")))
    assert await channel.send(replace(words("10 sur 10"), edits=message_id)) == message_id
    (sent,) = emulator.messages_to(7)
    assert (sent.text, sent.buttons) == ("10 sur 10", [])


async def test_words_under_a_picture_are_changed_in_place(
    channel: TelegramChannel, emulator: TelegramEmulator, files: Files
) -> None:
    message_id = await channel.send(with_file(PICTURE, "lundi"))
    await channel.send(replace(with_file(PICTURE, "mardi"), edits=message_id))
    (sent,) = emulator.messages_to(7)
    assert sent.text == "mardi"
    assert files.read == ["k1"]


async def test_picture_is_replaced_in_place_with_words_and_buttons(
    channel: TelegramChannel, emulator: TelegramEmulator
) -> None:
    message_id = await channel.send(with_file(PICTURE, "lundi", Button("Oui", payload="/affirm")))
    new = replace(with_file(LIST, "mardi", Button("Je viens", payload="/affirm")), swaps_file=True)
    for _ in range(2):
        assert await channel.send(replace(new, edits=message_id)) == message_id
    (sent,) = emulator.messages_to(7)
    assert sent.file is not None
    assert (sent.text, sent.buttons, sent.file[:2]) == ("mardi", ["Je viens"], ("document", LIST.name))


async def test_picture_is_added_to_words_that_were_sent_without(
    channel: TelegramChannel, emulator: TelegramEmulator
) -> None:
    message_id = await channel.send(words("lundi"))
    await channel.send(replace(with_file(PICTURE, "lundi"), edits=message_id, swaps_file=True))
    (sent,) = emulator.messages_to(7)
    assert sent.file is not None
    assert (sent.text, sent.file[0]) == ("lundi", "photo")


async def test_words_too_long_for_a_caption_are_changed_where_they_stand(
    channel: TelegramChannel, emulator: TelegramEmulator
) -> None:
    message_id = await channel.send(with_file(PICTURE, "é" * 1025))
    await channel.send(replace(with_file(PICTURE, "è" * 1030), edits=message_id))
    assert [len(sent.text) for sent in emulator.messages_to(7)] == [0, 1030]


async def test_change_to_the_same_words_is_no_failure(
    channel: TelegramChannel, emulator: TelegramEmulator
) -> None:
    message_id = await channel.send(words("même"))
    assert await channel.send(replace(words("même"), edits=message_id)) == message_id


async def test_change_of_a_message_that_is_gone_is_refused(channel: TelegramChannel) -> None:
    with pytest.raises(Refused):
        await channel.send(replace(words("trop tard"), edits="4711"))


async def test_message_is_taken_back_and_a_second_time_does_no_harm(
    channel: TelegramChannel, emulator: TelegramEmulator
) -> None:
    message_id = await channel.send(words("erreur"))
    for _ in range(2):
        await channel.send(replace(words(""), withdraws=message_id))
    assert emulator.messages_to(7) == []


async def test_file_somebody_sent_is_downloaded(channel: TelegramChannel, emulator: TelegramEmulator) -> None:
    file_id = emulator.files.put("photo", Uploaded("recu.jpg", b"\xff\xd8 the receipt"))
    assert await channel.fetch(file_id) == b"\xff\xd8 the receipt"


async def test_file_that_is_gone_is_refused_and_a_sick_server_is_asked_later(
    channel: TelegramChannel, emulator: TelegramEmulator
) -> None:
    with pytest.raises(Refused):
        await channel.fetch("nothing")
    emulator.fail_next("getFile", Fault.page(502))
    with pytest.raises(TryLater):
        await channel.fetch("nothing")


async def test_addresses_of_other_channels_are_refused(channel: TelegramChannel) -> None:
    message = with_file(PICTURE)
    with pytest.raises(Refused):
        await channel.send(replace(message, address=replace(message.address, chat_id="not a number")))
