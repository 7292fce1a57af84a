"""Sending through both libraries: what the chat shows, and what each failure becomes."""

import pytest

from bot.channels.telegram_api import TelegramOptions
from bot.channels.telegram_channel import TelegramChannel
from bot.errors import DeliveryError, Moved, Refused, TryLater, Unknown, Unreachable
from bot.messages import Address, Button, Outgoing
from tests.channels.telegram_answers import LOST_AFTER, LOST_BEFORE, SILENT_AFTER, Fault
from tests.channels.telegram_bench import Pauses, build, options_for, words
from tests.channels.telegram_emulator import TelegramEmulator
from tests.channels.telegram_limits import Limits
from tests.channels.telegram_people import Person

LONG = "\n\n".join(f"Paragraphe {number}. " + "mot " * 200 for number in range(12))


async def failure_of(channel: TelegramChannel, message: Outgoing | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await channel.send(message or words())
    return caught.value


async def test_text_arrives_as_written(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    text = "*Bonjour* <b>Fatouma</b> 👋🏾 & _co_\n1. Été"
    await channel.send(words(text))
    assert [sent.text for sent in emulator.messages_to(7)] == [text]


async def test_send_gives_the_platforms_id(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    message_id = await channel.send(words())
    assert message_id == str(emulator.messages_to(7)[0].message_id)


async def test_links_are_not_previewed_to_save_data(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    await channel.send(words("https://example.org"))
    assert emulator.calls["sendMessage"][0]["link_preview_options"] == '{"is_disabled": true}'


async def test_two_short_buttons_share_a_row_and_a_long_one_stands_alone(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    titles = ["Oui", "Non", "Je ne sais pas encore", "Menu", "Aide", "Retour"]
    await channel.send(words("?", *(Button(title, f"/{number}") for number, title in enumerate(titles))))
    rows = [[key["text"] for key in row] for row in emulator.messages_to(7)[0].rows]
    assert rows == [["Oui", "Non"], ["Je ne sais pas encore"], ["Menu", "Aide"], ["Retour"]]


async def test_link_button_opens_its_address(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    await channel.send(words("Lire", Button("Site", url="https://example.org")))
    assert emulator.messages_to(7)[0].rows == [[{"text": "Site", "url": "https://example.org"}]]


async def test_payload_of_64_bytes_comes_back_whole(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    payload = "/é" + "x" * 61
    await channel.send(words("?", Button("Choix", payload)))
    assert emulator.messages_to(7)[0].rows[0][0]["callback_data"] == payload


async def test_contact_is_asked_by_a_key_of_the_keyboard(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    await channel.send(
        words("Votre numéro ?", Button("Partager", asks_contact=True), Button("Passer", "/skip"))
    )
    assert emulator.messages_to(7)[0].rows == [
        [{"text": "Partager", "request_contact": True}],
        [{"text": "Passer"}],
    ]


async def test_link_beside_a_contact_key_is_written_out(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    await channel.send(
        words("Numéro ?", Button("Partager", asks_contact=True), Button("Loi", url="https://a.dj"))
    )
    assert emulator.messages_to(7)[0].text == "Numéro ?\nLoi: https://a.dj"


async def test_contact_keyboard_is_taken_away_by_the_next_plain_message(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    for message in (words("Numéro ?", Button("Partager", asks_contact=True)), words("Merci"), words("Suite")):
        await channel.send(message)
    markups = [sent.markup for sent in emulator.messages_to(7)]
    assert markups[1:] == [{"remove_keyboard": True}, {}]


async def test_group_is_not_shown_a_contact_key(channel: TelegramChannel, emulator: TelegramEmulator) -> None:
    emulator.group(-20)
    await channel.send(
        words("Numéro ?", Button("Partager", asks_contact=True), to=Address("telegram", "-20"))
    )
    assert emulator.messages_to(-20)[0].markup == {}


async def test_long_text_is_split_at_paragraphs_with_buttons_under_the_last_part(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    await channel.send(words(LONG, Button("Menu", "/menu")))
    sent = emulator.messages_to(7)
    assert [part.text.startswith("Paragraphe") for part in sent] == [True] * len(sent)
    assert [part.buttons for part in sent] == [[]] * (len(sent) - 1) + [["Menu"]]


async def test_split_text_loses_no_word(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    await channel.send(words(LONG))
    shown = " ".join(sent.text for sent in emulator.messages_to(7))
    assert shown.split() == LONG.split()


async def test_topic_is_kept(channel: TelegramChannel, emulator: TelegramEmulator) -> None:
    emulator.group(-1001234567890, forum=True).chat.topics[33] = "open"
    await channel.send(words(to=Address("telegram", "-1001234567890", "33")))
    assert emulator.messages_to(-1001234567890)[0].thread_id == 33


@pytest.mark.parametrize("topics", [{}, {33: "closed"}], ids=["deleted", "closed"])
async def test_message_for_a_lost_topic_goes_to_the_general_one(
    channel: TelegramChannel, emulator: TelegramEmulator, topics: dict[int, str]
) -> None:
    emulator.group(-1001234567890, forum=True).chat.topics.update(topics)
    await channel.send(words(to=Address("telegram", "-1001234567890", "33")))
    assert [sent.thread_id for sent in emulator.messages_to(-1001234567890)] == [None]


async def test_throttling_tells_how_long_the_channel_waits(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    emulator.fail_next("sendMessage", Fault.refusal(429, "Too Many Requests: retry after 14", retry_after=14))
    error = await failure_of(channel)
    assert isinstance(error, TryLater)
    assert (error.throttled, error.whole_channel, 14 < error.after < 16) == (True, True, True)


async def test_flood_window_of_one_chat_is_met_as_throttling(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    emulator.limits = Limits(clock=lambda: 0.0)
    for _ in range(3):
        await channel.send(words())
    error = await failure_of(channel)
    assert isinstance(error, TryLater)
    assert error.throttled


@pytest.mark.parametrize(
    "fault",
    [Fault.refusal(500, "Internal Server Error"), Fault.page(502), Fault.page(503), Fault.page(403)],
    ids=["500", "502 page", "503 page", "403 of a stranger"],
)
async def test_trouble_of_a_server_is_tried_later_without_blaming_the_person(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, fault: Fault
) -> None:
    emulator.fail_next("sendMessage", fault)
    error = await failure_of(channel)
    assert isinstance(error, TryLater)
    assert (error.throttled, error.whole_channel) == (False, True)


async def test_no_connection_is_tried_later(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    await emulator.goes_away()
    error = await failure_of(channel)
    assert isinstance(error, TryLater)
    assert error.whole_channel


@pytest.mark.parametrize("fault", [LOST_BEFORE, LOST_AFTER], ids=["before delivery", "after delivery"])
async def test_connection_lost_after_the_request_leaves_the_outcome_unknown(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person, fault: Fault
) -> None:
    emulator.fail_next("sendMessage", fault)
    assert isinstance(await failure_of(channel), Unknown)
    assert len(emulator.messages_to(7)) == (1 if fault.obeyed else 0)


async def test_answer_that_never_comes_leaves_the_outcome_unknown(
    library: str, emulator: TelegramEmulator, fatouma: Person
) -> None:
    channel = build(library, options_for(emulator), patience=0.05)
    emulator.fail_next("sendMessage", SILENT_AFTER)
    assert isinstance(await failure_of(channel), Unknown)
    await channel.close()


async def test_unreadable_success_leaves_the_outcome_unknown(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    emulator.fail_next("sendMessage", Fault.page(200, obeyed=True))
    assert isinstance(await failure_of(channel), Unknown)


@pytest.mark.parametrize("act", ["blocks", "deletes_account"])
async def test_person_who_left_is_unreachable(channel: TelegramChannel, fatouma: Person, act: str) -> None:
    getattr(fatouma, act)()
    assert isinstance(await failure_of(channel), Unreachable)


async def test_unknown_chat_is_unreachable(channel: TelegramChannel) -> None:
    assert isinstance(await failure_of(channel), Unreachable)


async def test_group_that_removed_the_bot_is_unreachable(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    emulator.group(-20).removes_bot(fatouma)
    assert isinstance(await failure_of(channel, words(to=Address("telegram", "-20"))), Unreachable)


async def test_group_that_became_a_supergroup_has_moved(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    emulator.group(-20).becomes_supergroup(-1001234567890, fatouma)
    error = await failure_of(channel, words(to=Address("telegram", "-20")))
    assert isinstance(error, Moved)
    assert error.new_chat_id == "-1001234567890"


async def test_empty_text_is_refused(channel: TelegramChannel, fatouma: Person) -> None:
    assert isinstance(await failure_of(channel, words("  ")), Refused)


async def test_address_of_no_telegram_chat_is_refused(channel: TelegramChannel) -> None:
    assert isinstance(await failure_of(channel, words(to=Address("telegram", "x"))), Refused)


async def test_wrong_token_stops_the_channel_for_long_and_is_told(
    library: str, emulator: TelegramEmulator, caplog: pytest.LogCaptureFixture
) -> None:
    channel = build(library, TelegramOptions("1:AAE-revoked_token", emulator.api_url))
    error = await failure_of(channel)
    await channel.close()
    assert isinstance(error, TryLater)
    assert (error.whole_channel, error.after >= 60) == (True, True)
    assert "refuses the token" in caplog.text


async def test_token_is_never_in_an_error_or_the_log(
    channel: TelegramChannel,
    emulator: TelegramEmulator,
    fatouma: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    await channel.send(words())
    await emulator.goes_away()
    error = await failure_of(channel)
    assert emulator.token not in f"{error} {error.__cause__!r} {caplog.text}"


async def test_long_message_interrupted_goes_on_where_it_stopped(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    emulator.fail_next("sendMessage", None)
    emulator.fail_next("sendMessage", Fault.page(502))
    assert isinstance(await failure_of(channel, words(LONG)), TryLater)
    await channel.send(words(LONG))
    shown = " ".join(sent.text for sent in emulator.messages_to(7))
    assert shown.split() == LONG.split()


async def test_long_message_sent_twice_on_purpose_arrives_twice(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    emulator.fail_next("sendMessage", None)
    emulator.fail_next("sendMessage", Fault.page(502))
    await failure_of(channel, words(LONG))
    for _ in range(2):
        await channel.send(words(LONG))
    shown = " ".join(sent.text for sent in emulator.messages_to(7))
    assert shown.split() == LONG.split() * 2


async def test_typing_is_shown_where_the_person_waits(
    channel: TelegramChannel, emulator: TelegramEmulator, fatouma: Person
) -> None:
    await channel.show_typing(Address("telegram", "7"))
    assert emulator.calls["sendChatAction"] == [{"chat_id": "7", "action": "typing"}]


async def test_typing_that_fails_is_no_failure(
    channel: TelegramChannel, emulator: TelegramEmulator, pauses: Pauses
) -> None:
    emulator.fail_next("sendChatAction", LOST_BEFORE)
    await channel.show_typing(Address("telegram", "7"))
    assert (len(emulator.calls["sendChatAction"]), pauses.taken) == (1, [])
