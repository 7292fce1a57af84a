"""Choosing one library must not load the other: aiogram alone costs three seconds and 160 MB."""

import subprocess
import sys
from pathlib import Path

import pytest

SHOW = "import sys, bot.channels.{module}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"


def printed_by(script: str) -> str:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def loaded_by(module: str) -> set[str]:
    return set(printed_by(SHOW.format(module=module)).split())


@pytest.mark.parametrize(
    ("module", "wanted", "unwanted"),
    [
        ("telegram_ptb", {"telegram"}, {"aiogram", "aiohttp"}),
        ("telegram_aiogram", {"aiogram"}, {"telegram", "httpx"}),
        ("telegram_channel", set(), {"telegram", "aiogram", "httpx", "aiohttp"}),
    ],
)
def test_only_the_chosen_library_is_loaded(module: str, wanted: set[str], unwanted: set[str]) -> None:
    loaded = loaded_by(module)
    assert (wanted <= loaded, loaded & unwanted) == (True, set())


def test_ptb_is_loaded_without_its_application_framework() -> None:
    script = "import sys, bot.channels.telegram_ptb; print('telegram.ext' in sys.modules)"
    assert printed_by(script) == "False"
