"""The start: a model is trained when the examples changed, and examples that cannot be read are one clear line."""

from pathlib import Path

import pytest

from bot.errors import StartError
from bot.workshop import Workshop
from nlu.interpreter import Interpreter
from tests.learning import SmallPlace, small_place


@pytest.fixture
def place(tmp_path: Path) -> SmallPlace:
    """Few examples, and an empty data directory."""
    return small_place(tmp_path)


async def test_a_model_is_trained_in_a_process_of_its_own(place: SmallPlace) -> None:
    workshop = Workshop(place.root, place.folder)
    await workshop.ensure_first()
    assert Interpreter.load(workshop.first, workshop.data).parse("merci beaucoup").intent == "thank"
    made = workshop.first.stat().st_mtime_ns
    await workshop.ensure_first()
    assert workshop.first.stat().st_mtime_ns == made


async def test_examples_that_cannot_be_read_stop_the_start(
    place: SmallPlace, capfd: pytest.CaptureFixture[str]
) -> None:
    place.examples.write_text("nlu: [", encoding="utf-8")
    with pytest.raises(StartError, match="cannot be trained"):
        await Workshop(place.root, place.folder).ensure_first()
    assert "fr.yml:2: " in capfd.readouterr().err


async def test_a_damaged_model_is_no_model(tmp_path: Path, place: SmallPlace) -> None:
    damaged = tmp_path / "model.npz"
    damaged.write_bytes(b"PK\x03\x04 half of it")
    with pytest.raises(ValueError, match="no language model, or half of one"):
        Interpreter.load(damaged, place.root / "data")
