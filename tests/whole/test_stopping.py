"""How the process ends: asked to, in the way of another, or wrongly configured."""

import socket
from pathlib import Path

import httpx
import pytest

from tests.whole.running import running

TOKEN = "123456:not/a/token"
AWAY = {
    "TELEGRAM_TOKEN": "123456:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghi",
    "TELEGRAM_API_URL": "http://127.0.0.1:1",
}


async def test_termination_signal_ends_bot_and_database_even_while_telegram_is_away(data_dir: Path) -> None:
    async with running(data_dir, AWAY) as bot:
        await bot.ready()
        assert await bot.stops() == 0
    assert not (data_dir / "postgres" / "postmaster.pid").exists()


async def test_second_bot_on_a_data_directory_is_refused_in_one_line(data_dir: Path) -> None:
    async with running(data_dir, {}) as first:
        address = await first.ready()
        async with running(data_dir, {}) as second:
            assert await second.ends() == 1
        async with httpx.AsyncClient() as client:
            assert (await client.get(address)).is_success
    assert second.lines[-1].startswith("oscbot: another bot (process ")
    assert _only_progress(second.lines[:-1])


async def test_port_in_use_is_told_in_one_line(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        async with running(data_dir, {"PORT": str(taken.getsockname()[1])}) as bot:
            assert await bot.ends() == 1
    assert "OSCBOT_PORT: cannot listen on 127.0.0.1:" in bot.lines[-1]
    assert _only_progress(bot.lines[:-1])


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"PORT": "eighty"}, "OSCBOT_PORT: "),
        ({"PORT": "70000"}, "OSCBOT_PORT: "),
        ({"TELEGRAM_TOKEN": TOKEN}, "OSCBOT_TELEGRAM_TOKEN "),
        ({"TELEGRAM_MODE": "webhook"}, "OSCBOT_PUBLIC_URL"),
        ({"DATABASE_URL": "postgresql://oscbot:geheim@127.0.0.1:1/oscbot"}, "127.0.0.1:1/oscbot"),
    ],
)
async def test_wrong_setting_is_told_in_one_line(data_dir: Path, wrong: dict[str, str], named: str) -> None:
    async with running(data_dir, wrong) as bot:
        assert await bot.ends() == 1
    assert len(bot.lines) == 1
    assert bot.lines[0].startswith("oscbot: ")
    assert named in bot.lines[0]
    assert not any(secret in bot.lines[0] for secret in (TOKEN, "geheim"))


def _only_progress(lines: list[str]) -> bool:
    return all(line.endswith("…") or " WARNING bot.store.cluster " in line for line in lines)
