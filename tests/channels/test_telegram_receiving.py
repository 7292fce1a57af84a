"""Receiving through both libraries: nothing is confirmed before it is stored, and nothing ends the loop."""

import asyncio

import pytest

from bot.channels.telegram_api import ALLOWED_UPDATES, TelegramOptions
from bot.channels.telegram_channel import TelegramChannel
from bot.channels.telegram_poll import LONG_POLL
from bot.errors import StartError, Unparsable
from bot.messages import Button, Tap, Text
from tests.channels.telegram_answers import LOST_AFTER, LOST_BEFORE, Fault
from tests.channels.telegram_bench import (
    Pauses,
    RememberingInbox,
    build,
    options_for,
    receiving,
    words,
)
from tests.channels.telegram_emulator import TelegramEmulator
from tests.channels.telegram_people import Person

CONFLICT = Fault.refusal(409, "Conflict: terminated by other getUpdates request")


async def test_update_reaches_the_inbox_raw(
    channel: TelegramChannel, emulator: TelegramEmulator, inbox: RememberingInbox, fatouma: Person
) -> None:
    fatouma.says("slt")
    update = emulator.pending[0]
    async with receiving(channel, inbox):
        await emulator.until(lambda: not emulator.pending)
    assert [(event.external_id, event.payload) for event in inbox.events] == [
        (str(update["update_id"]), update)
    ]


async def test_every_poll_names_the_updates_it_wants(
    channel: TelegramChannel, emulator: TelegramEmulator, inbox: RememberingInbox, fatouma: Person
) -> None:
    async with receiving(channel, inbox):
        fatouma.says("slt")
        await emulator.until(lambda: len(emulator.calls["getUpdates"]) > 1)
    wanted = '["message", "edited_message", "callback_query", "my_chat_member"]'
    assert {call["allowed_updates"] for call in emulator.calls["getUpdates"]} == {wanted}
    assert len(ALLOWED_UPDATES) == 4


async def test_poll_waits_on_the_server(
    channel: TelegramChannel, emulator: TelegramEmulator, inbox: RememberingInbox
) -> None:
    async with receiving(channel, inbox):
        await emulator.until(lambda: bool(emulator.calls["getUpdates"]))
    assert emulator.calls["getUpdates"][0]["timeout"] == str(LONG_POLL)


async def test_backlog_of_three_batches_comes_in_order(
    channel: TelegramChannel, emulator: TelegramEmulator, inbox: RememberingInbox, fatouma: Person
) -> None:
    for number in range(250):
        fatouma.says(str(number))
    async with receiving(channel, inbox):
        await emulator.until(lambda: not emulator.pending)
    texts = [found.content.text for found in inbox.read if found and isinstance(found.content, Text)]
    assert texts == [str(number) for number in range(250)]


async def test_update_is_not_confirmed_while_the_database_is_away(
    channel: TelegramChannel,
    emulator: TelegramEmulator,
    inbox: RememberingInbox,
    fatouma: Person,
    pauses: Pauses,
) -> None:
    inbox.refusals = 3
    fatouma.says("slt")
    async with receiving(channel, inbox):
        await emulator.until(lambda: not emulator.pending)
    assert (inbox.attempts, len(inbox.events), pauses.taken) == (4, 1, [1.0, 2.0, 4.0])


async def test_update_that_does_not_parse_does_not_stop_the_next(
    channel: TelegramChannel, emulator: TelegramEmulator, inbox: RememberingInbox, fatouma: Person
) -> None:
    emulator.push("message", {"message_id": 1, "chat": "nonsense", "date": 1, "text": "x"})
    fatouma.says("slt")
    async with receiving(channel, inbox):
        await emulator.until(lambda: not emulator.pending)
    with pytest.raises(Unparsable):
        channel.read(inbox.events[0].payload)
    read = channel.read(inbox.events[1].payload)
    assert read is not None
    assert read.content == Text("slt")


async def test_tap_is_answered_once_it_is_stored(
    channel: TelegramChannel, emulator: TelegramEmulator, inbox: RememberingInbox, fatouma: Person
) -> None:
    emulator.tap(fatouma.user, emulator.message(fatouma.chat, emulator.bot_user, {"text": "?"}), "/menu")
    async with receiving(channel, inbox):
        await emulator.until(lambda: bool(emulator.answered))
    assert [found.content for found in inbox.read if found] == [Tap("/menu")]


async def test_tap_too_old_to_be_answered_is_kept_all_the_same(
    channel: TelegramChannel, emulator: TelegramEmulator, inbox: RememberingInbox, fatouma: Person
) -> None:
    message = emulator.message(fatouma.chat, emulator.bot_user, {"text": "?"})
    emulator.push(
        "callback_query",
        {"id": "1", "from": fatouma.user, "message": message, "chat_instance": "1", "data": "/a"},
    )
    async with receiving(channel, inbox):
        await emulator.until(lambda: bool(emulator.calls["answerCallbackQuery"]))
    assert (len(inbox.events), emulator.answered) == (1, [])


async def test_webhook_left_by_an_earlier_life_is_removed_without_losing_updates(
    channel: TelegramChannel, emulator: TelegramEmulator, inbox: RememberingInbox, fatouma: Person
) -> None:
    emulator.webhook = {"url": "http://127.0.0.1:9/", "secret": None}
    fatouma.says("slt")
    async with receiving(channel, inbox):
        await emulator.until(lambda: not emulator.pending)
    assert (emulator.webhook, len(inbox.events)) == ({}, 1)


async def test_webhook_set_while_polling_is_removed_again(
    channel: TelegramChannel, emulator: TelegramEmulator, inbox: RememberingInbox, fatouma: Person
) -> None:
    async with receiving(channel, inbox):
        await emulator.until(lambda: bool(emulator.calls["getUpdates"]))
        emulator.webhook = {"url": "http://127.0.0.1:9/", "secret": None}
        fatouma.says("un")
        await emulator.until(lambda: not emulator.webhook)
        fatouma.says("deux")
        await emulator.until(lambda: not emulator.pending)
    assert len(inbox.events) == 2


@pytest.mark.parametrize(
    "fault",
    [
        LOST_BEFORE,
        LOST_AFTER,
        CONFLICT,
        Fault.page(502),
        Fault.page(404),
        Fault.page(200),
        Fault.refusal(401, "Unauthorized"),
        Fault.refusal(429, "Too Many Requests: retry after 3", retry_after=3),
    ],
    ids=["lost before", "lost after", "409", "502", "404 of a proxy", "nonsense", "401", "429"],
)
async def test_polling_survives(
    channel: TelegramChannel,
    emulator: TelegramEmulator,
    inbox: RememberingInbox,
    fatouma: Person,
    fault: Fault,
) -> None:
    emulator.fail_next("getUpdates", fault, times=8)
    fatouma.says("slt")
    async with receiving(channel, inbox):
        await emulator.until(lambda: not emulator.pending)
    assert len(inbox.events) == 1


async def test_retry_after_is_obeyed_while_polling(
    channel: TelegramChannel,
    emulator: TelegramEmulator,
    inbox: RememberingInbox,
    fatouma: Person,
    pauses: Pauses,
) -> None:
    emulator.fail_next("getUpdates", Fault.refusal(429, "Too Many Requests: retry after 3", retry_after=3))
    fatouma.says("slt")
    async with receiving(channel, inbox):
        await emulator.until(lambda: not emulator.pending)
    assert pauses.taken == [3.5]


async def test_pauses_grow_to_thirty_seconds(
    channel: TelegramChannel,
    emulator: TelegramEmulator,
    inbox: RememberingInbox,
    fatouma: Person,
    pauses: Pauses,
) -> None:
    emulator.fail_next("getUpdates", Fault.page(502), times=7)
    fatouma.says("slt")
    async with receiving(channel, inbox):
        await emulator.until(lambda: not emulator.pending)
    assert pauses.taken == [1, 2, 4, 8, 16, 30, 30]


@pytest.mark.parametrize(
    ("fault", "line"),
    [(CONFLICT, "another process receives"), (Fault.page(404), "check OSCBOT_TELEGRAM_TOKEN")],
    ids=["409", "404"],
)
async def test_operator_is_told_what_to_do(
    channel: TelegramChannel,
    emulator: TelegramEmulator,
    inbox: RememberingInbox,
    caplog: pytest.LogCaptureFixture,
    fault: Fault,
    line: str,
) -> None:
    emulator.fail_next("getUpdates", fault)
    async with receiving(channel, inbox):
        await emulator.until(lambda: len(emulator.calls["getUpdates"]) > 1)
    assert line in caplog.text


async def test_starting_without_network_waits_for_it(
    channel: TelegramChannel,
    emulator: TelegramEmulator,
    inbox: RememberingInbox,
    fatouma: Person,
    pauses: Pauses,
) -> None:
    await emulator.goes_away()
    fatouma.says("slt")
    async with receiving(channel, inbox):
        await pauses.reach(3)
        await emulator.comes_back()
        await emulator.until(lambda: not emulator.pending)
    assert len(inbox.events) == 1


async def test_network_lost_while_polling_comes_back(
    channel: TelegramChannel,
    emulator: TelegramEmulator,
    inbox: RememberingInbox,
    fatouma: Person,
    pauses: Pauses,
) -> None:
    async with receiving(channel, inbox):
        await emulator.until(lambda: bool(emulator.calls["getUpdates"]))
        await emulator.goes_away()
        await pauses.reach(14)
        await emulator.comes_back()
        fatouma.says("slt")
        await emulator.until(lambda: not emulator.pending)
    assert len(inbox.events) == 1


async def test_stopping_does_not_wait_for_the_poll(
    channel: TelegramChannel, emulator: TelegramEmulator, inbox: RememberingInbox
) -> None:
    task = asyncio.create_task(channel.run(inbox))
    await emulator.until(lambda: bool(emulator.calls["getUpdates"]))
    task.cancel()
    async with asyncio.timeout(2):
        await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()


async def test_update_stored_but_unconfirmed_at_a_crash_comes_again_under_the_same_id(
    channel: TelegramChannel, emulator: TelegramEmulator, inbox: RememberingInbox, fatouma: Person
) -> None:
    fatouma.says("slt")
    inbox.crashing = True
    async with receiving(channel, inbox):
        await emulator.until(lambda: bool(emulator.calls["getUpdates"]))
        await inbox.stored.wait()
    inbox.crashing = False
    async with receiving(channel, inbox):
        await emulator.until(lambda: not emulator.pending)
    assert len(inbox.events) == 2
    assert inbox.events[0] == inbox.events[1]


async def test_menu_is_registered_in_each_language(library: str, emulator: TelegramEmulator) -> None:
    commands = {"": [("menu", "Menu")], "so": [("menu", "Liiska")], "aa": [("menu", "Menu aa")]}
    channel = build(library, options_for(emulator, commands=commands))
    await channel.prepare()
    await channel.close()
    assert emulator.commands == {
        language: [{"command": "menu", "description": description}]
        for language, [(_, description)] in commands.items()
    }


async def test_refused_menu_does_not_keep_the_bot_from_receiving(
    library: str, emulator: TelegramEmulator, fatouma: Person, caplog: pytest.LogCaptureFixture
) -> None:
    channel = build(library, options_for(emulator, commands={"": [("Not Valid", "x")]}))
    inbox = RememberingInbox(channel)
    fatouma.says("slt")
    async with receiving(channel, inbox):
        await emulator.until(lambda: not emulator.pending)
    await channel.close()
    assert (len(inbox.events), "menu of commands is not updated" in caplog.text) == (1, True)


async def test_webhook_is_registered_with_its_secret(library: str, emulator: TelegramEmulator) -> None:
    options = options_for(
        emulator, mode="webhook", webhook_url="https://bot.example/telegram", webhook_secret="s-3"
    )
    channel = build(library, options)
    await channel.run(RememberingInbox(channel))
    await channel.close()
    assert emulator.webhook == {"url": "https://bot.example/telegram", "secret": "s-3"}
    assert emulator.calls["setWebhook"][0]["allowed_updates"].count("my_chat_member") == 1


@pytest.mark.parametrize(
    ("header", "accepted"), [("s-3", True), ("s-4", False), ("", False), (None, False), ("é", False)]
)
async def test_webhook_takes_only_its_own_secret(
    library: str, emulator: TelegramEmulator, header: str | None, accepted: bool
) -> None:
    options = options_for(emulator, mode="webhook", webhook_url="https://bot.example/t", webhook_secret="s-3")
    channel = build(library, options)
    await channel.close()
    assert channel.accepts(header) is accepted


async def test_channel_without_secret_accepts_no_webhook(channel: TelegramChannel) -> None:
    assert not channel.accepts("")


@pytest.mark.parametrize("more", [{}, {"webhook_url": "https://bot.example/t"}, {"webhook_secret": "s-3"}])
def test_half_configured_webhook_stops_the_start(emulator: TelegramEmulator, more: dict[str, str]) -> None:
    with pytest.raises(StartError, match="webhook"):
        options_for(emulator, mode="webhook", **more)


async def test_webhook_tap_is_answered(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    query = emulator.tap(
        fatouma.user, emulator.message(fatouma.chat, emulator.bot_user, {"text": "?"}), "/menu"
    )
    await channel.received(emulator.pending[0])
    assert emulator.answered == [query]


async def test_button_sent_by_the_channel_comes_back_as_its_payload(
    channel: TelegramChannel, emulator: TelegramEmulator, inbox: RememberingInbox, fatouma: Person
) -> None:
    await channel.send(words("Langue ?", Button("Français", '/choose{"language":"fr"}')))
    fatouma.taps("Français")
    async with receiving(channel, inbox):
        await emulator.until(lambda: not emulator.pending)
    assert [found.content for found in inbox.read if found] == [Tap('/choose{"language":"fr"}')]


@pytest.mark.parametrize("token", ["", "nonsense", "abc:def", ":AAE"])
def test_token_that_cannot_be_one_stops_the_start(library: str, token: str) -> None:
    with pytest.raises(StartError, match="token"):
        build(library, TelegramOptions(token))
