"""Fixtures of the whole-bot tests: a data directory with the trained model, and an emulated Telegram."""

import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.interpreters import OwnInterpreter
from tests.channels.telegram_emulator import TelegramEmulator
from tests.whole.running import ROOT, RunningBot, running


@pytest.fixture(scope="package")
def data_dir(interpreter: OwnInterpreter) -> Iterator[Path]:
    """One for all, for making the database takes longest; short, for its sockets' sake."""
    with tempfile.TemporaryDirectory(prefix="whole") as name:
        shutil.copy(ROOT / "var" / "model.npz", name)
        yield Path(name)
        _stop_database(Path(name))


def _stop_database(data_dir: Path) -> None:
    """A killed bot leaves its private server running."""
    with suppress(FileNotFoundError, ProcessLookupError):
        number = int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(number, signal.SIGQUIT)


@pytest.fixture(scope="package")
async def emulator() -> AsyncIterator[TelegramEmulator]:
    """As long-lived as the data directory: a second one would count its updates from the start again."""
    async with TelegramEmulator() as emulator:
        yield emulator


@pytest.fixture(params=["ptb", "aiogram"])
def library(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def settings(emulator: TelegramEmulator, library: str) -> dict[str, str]:
    """Those of a bot on this Telegram, without their prefix."""
    return _settings(emulator, library)


@pytest.fixture
def ptb_settings(emulator: TelegramEmulator) -> dict[str, str]:
    """Where the library does not matter."""
    return _settings(emulator, "ptb")


def _settings(emulator: TelegramEmulator, library: str) -> dict[str, str]:
    return {
        "TELEGRAM_TOKEN": emulator.token,
        "TELEGRAM_API_URL": emulator.api_url,
        "TELEGRAM_LIBRARY": library,
    }


@pytest.fixture
async def bot(data_dir: Path, settings: dict[str, str]) -> AsyncIterator[RunningBot]:
    async with running(data_dir, settings) as bot:
        await bot.ready()
        yield bot
