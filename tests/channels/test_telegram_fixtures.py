"""Recorded payloads beside the repository: every one is read, or refused as its manifest says."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.channels.telegram_api import CallError, result_of
from bot.channels.telegram_errors import delivery_error
from bot.errors import Moved, Refused, TryLater, Unparsable, Unreachable
from bot.messages import Incoming
from tests.channels.telegram_answers import Fault
from tests.channels.telegram_bench import build, options_for, unconnected, words
from tests.channels.telegram_emulator import TelegramEmulator
from tests.channels.telegram_http import Reply

FOLDER = Path(__file__).parents[2].parent / "shared" / "fixtures" / "telegram"
MANIFEST = FOLDER / "MANIFEST.json"
ENTRIES: list[dict[str, str]] = json.loads(MANIFEST.read_text()) if MANIFEST.exists() else []
VERDICTS = {entry["file"]: entry for entry in ENTRIES}
FILES = sorted(path.name for path in FOLDER.glob("[0-9]*.json"))
ERRORS = [name for name in FILES if "_error_" in name]
UPDATES = [name for name in FILES if "_error_" not in name and "_response_" not in name]

TEXTS_OF_OTHER_METHODS = Refused
REACTIONS: dict[str, type[Exception]] = {
    "restarting": TryLater,
    "401_unauthorized": TryLater,
    "too_many_requests": TryLater,
    "409_conflict": TryLater,
    "500_internal": TryLater,
    "forbidden": Unreachable,
    "chat_not_found": Unreachable,
    "have_no_rights": Unreachable,
    "upgraded_to_a_supergrou": Moved,
}

pytestmark = pytest.mark.skipif(not FILES, reason="shared/fixtures/telegram is not beside the repository")


def payload_of(name: str) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads((FOLDER / name).read_text())
    return payload


def refused_by(library: str, name: str) -> bool:
    key = "ptb" if library == "ptb" else "aiogram"
    return VERDICTS[name][key].startswith("FAIL")


@pytest.mark.parametrize("name", UPDATES)
def test_recorded_update_is_read_or_refused_as_its_library_does(library: str, name: str) -> None:
    channel = unconnected(library)
    if refused_by(library, name):
        with pytest.raises(Unparsable):
            channel.read(payload_of(name))
        return
    found = channel.read(payload_of(name))
    assert found is None or (isinstance(found, Incoming) and found.address.channel == "telegram")


@pytest.mark.parametrize("name", [name for name in UPDATES if not refused_by("ptb", name)])
def test_both_libraries_read_a_recorded_update_alike(name: str) -> None:
    through_ptb, through_aiogram = (
        unconnected(library).read(payload_of(name)) for library in ("ptb", "aiogram")
    )
    assert through_ptb == through_aiogram


def reaction_to(name: str) -> type[Exception]:
    return next((error for part, error in REACTIONS.items() if part in name), TEXTS_OF_OTHER_METHODS)


def status_of(answer: dict[str, Any]) -> int:
    """Three recorded answers have no error_code: their HTTP status is taken from their words."""
    return int(answer.get("error_code", 403 if "Forbidden" in answer["description"] else 500))


@pytest.mark.parametrize("name", ERRORS)
def test_recorded_error_has_its_reaction(name: str) -> None:
    answer = payload_of(name)
    with pytest.raises(CallError) as caught:
        result_of(status_of(answer), json.dumps(answer).encode())
    assert type(delivery_error(caught.value)) is reaction_to(name)


@pytest.mark.parametrize("name", ERRORS)
async def test_recorded_error_reaches_delivery_through_the_library(
    library: str, emulator: TelegramEmulator, name: str
) -> None:
    answer = payload_of(name)
    emulator.fail_next("sendMessage", Fault(Reply(status_of(answer), json.dumps(answer).encode())))
    channel = build(library, options_for(emulator))
    with pytest.raises(reaction_to(name)):
        await channel.send(words())
    await channel.close()
