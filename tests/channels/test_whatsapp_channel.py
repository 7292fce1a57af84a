"""The WhatsApp channel besides reading and sending: its subscription, read receipts, files and account."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.channels.whatsapp import WhatsAppChannel
from bot.errors import Refused
from tests.channels.telegram_answers import Fault
from tests.channels.telegram_bench import NOW
from tests.channels.telegram_http import Reply
from tests.channels.whatsapp_bench import message, text, value, webhook
from tests.channels.whatsapp_emulator import ACCOUNT_ID, PHONE_ID, WhatsAppEmulator, graph_error


class NoInbox:
    async def store(self, channel: str, events: object) -> None:
        raise AssertionError("nothing to store")


@pytest.fixture
async def whatsapp() -> AsyncIterator[WhatsAppEmulator]:
    async with WhatsAppEmulator(now=NOW.timestamp) as emulator:
        yield emulator


@pytest.fixture
async def meta_channel(whatsapp: WhatsAppEmulator) -> AsyncIterator[WhatsAppChannel]:
    channel = WhatsAppChannel(whatsapp.options(), clock=lambda: NOW)
    yield channel
    await channel.close()


async def test_the_app_is_subscribed_to_its_account_at_the_start(
    whatsapp: WhatsAppEmulator, meta_channel: WhatsAppChannel
) -> None:
    await meta_channel.run(NoInbox())
    assert whatsapp.subscribed


async def test_a_subscription_refused_is_told_and_stops_nothing(
    whatsapp: WhatsAppEmulator, meta_channel: WhatsAppChannel, caplog: pytest.LogCaptureFixture
) -> None:
    whatsapp.fail_next("subscribed_apps", graph_error(190, 401))
    await meta_channel.run(NoInbox())
    assert "OSCBOT_WHATSAPP_TOKEN" in caplog.text
    assert whatsapp.options().token not in caplog.text


async def test_the_last_message_of_each_chat_is_marked_as_read(
    whatsapp: WhatsAppEmulator, meta_channel: WhatsAppChannel
) -> None:
    other = {"wa_id": "25377999999", "user_id": "DJ.2"}
    his = value(messages=[text("salut", "wamid.3") | {"from": "25377999999"}], contacts=[other])
    hers = value(messages=[text("un", "wamid.1"), text("deux", "wamid.2")])
    meta_channel.received(meta_channel.events(webhook(hers, his)))
    await whatsapp.until(lambda: len(whatsapp.read) == 2)
    assert sorted(whatsapp.read) == ["wamid.2", "wamid.3"]
    assert [params["typing_indicator"] for _, _, params in whatsapp.calls] == [{"type": "text"}] * 2


async def test_what_is_not_answered_is_not_marked_as_read(
    whatsapp: WhatsAppEmulator, meta_channel: WhatsAppChannel
) -> None:
    reaction = message(type="reaction", reaction={"message_id": "wamid.0", "emoji": "👍"})
    revoked = message("wamid.2", type="revoke", revoke={"original_message_id": "wamid.0"})
    meta_channel.received(meta_channel.events(webhook(value(messages=[reaction, revoked, {}]))))
    await meta_channel.close()
    assert whatsapp.calls == []


async def test_a_read_receipt_that_fails_is_no_failure(
    whatsapp: WhatsAppEmulator, meta_channel: WhatsAppChannel
) -> None:
    whatsapp.fail_next("messages", graph_error(131000, 500))
    meta_channel.received(meta_channel.events(webhook(value(messages=[text("un")]))))
    await whatsapp.until(lambda: bool(whatsapp.calls))
    await meta_channel.close()
    assert whatsapp.read == []


async def test_typing_is_shown_under_the_last_message(
    whatsapp: WhatsAppEmulator, meta_channel: WhatsAppChannel
) -> None:
    body = webhook(value(messages=[text("un")]))
    meta_channel.received(meta_channel.events(body))
    await whatsapp.until(lambda: len(whatsapp.read) == 1)
    heard = meta_channel.read(meta_channel.events(body)[0].payload)
    assert heard is not None
    await meta_channel.show_typing(heard.address)
    await meta_channel.show_typing(replace(heard.address, chat_id="DJ.unknown"))
    assert whatsapp.read == ["wamid.1", "wamid.1"]


async def test_a_file_description_without_a_link_is_refused(
    whatsapp: WhatsAppEmulator, meta_channel: WhatsAppChannel
) -> None:
    whatsapp.fail_next("object", Fault(Reply(200, b'{"id": "7"}')))
    with pytest.raises(Refused):
        await meta_channel.fetch("7")


def test_an_account_is_served_by_one_process_and_known_by_a_digest() -> None:
    first = WhatsAppChannel(WhatsAppEmulator().options())
    account = first.traits.account
    assert account is not None
    assert PHONE_ID not in account
    assert ACCOUNT_ID not in account
    assert account == WhatsAppChannel(WhatsAppEmulator().options(token="another")).traits.account
