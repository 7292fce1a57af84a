"""Telegram's webhook into the whole bot, and somebody who does not know its secret."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.channels.telegram_emulator import TelegramEmulator
from tests.whole.running import running

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def site(
    emulator: TelegramEmulator, data_dir: Path, ptb_settings: dict[str, str]
) -> AsyncIterator[str]:
    """The address of a bot that receives by webhook."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    webhook = {"TELEGRAM_MODE": "webhook", "TELEGRAM_WEBHOOK_SECRET": "right", "PUBLIC_URL": address}
    async with running(data_dir, ptb_settings | webhook | {"PORT": port}) as bot:
        await bot.ready()
        await emulator.until(lambda: bool(emulator.webhook))
        yield address
    emulator.webhook = {}


async def test_only_who_knows_the_secret_is_answered(emulator: TelegramEmulator, site: str) -> None:
    hodan, forged = emulator.person(21, "Hodan"), emulator.person(22, "Hodan")
    content = emulator.message(forged.chat, forged.user, {"text": "/start"})
    async with httpx.AsyncClient() as client:
        for headers in ({SECRET_HEADER: "wrong"}, {}):
            update = {"update_id": 400_000_000, "message": content}
            answer = await client.post(f"{site}/webhooks/telegram", json=update, headers=headers)
            assert answer.status_code in (401, 403)
    hodan.says("/start")
    assert "Français" in (await hodan.hears()).buttons
    assert emulator.messages_to(22) == []
