"""What the tests of the NLU share: the real model, and a folder of data small enough to train on in a moment."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from nlu.interpreter import Interpreter
from nlu.model import Trained, ensure_model, load

ROOT = Path(__file__).parents[2]
SMALL: Mapping[str, str] = {
    "greet": "bonjour, bonsoir, salut, salut à tous, bonjour monsieur, bonjour madame, coucou",
    "thank": "merci, merci beaucoup, merci bien, un grand merci, merci pour tout, je vous remercie",
    "find_training": "les formations, quelles formations, une formation à Obock, formations prévues, "
    "je cherche une formation, liste des formations",
}


@pytest.fixture(scope="session")
def model_file() -> Path:
    """Trained only when the data changed; the one that `make run` uses."""
    model = ROOT / "var" / "model.npz"
    ensure_model(ROOT / "data", model, progress=lambda line: None)
    return model


@pytest.fixture(scope="session")
def real(model_file: Path) -> Interpreter:
    return Interpreter.load(model_file, ROOT / "data")


@pytest.fixture(scope="session")
def real_model(model_file: Path) -> Trained:
    return load(model_file)


@pytest.fixture
def small_data(tmp_path: Path) -> Path:
    """A data folder of three intents, six or seven examples each."""
    data = tmp_path / "data"
    (data / "nlu").mkdir(parents=True)
    shutil.copy(ROOT / "data" / "gazetteer.yml", data)
    shutil.copytree(ROOT / "data" / "langid", data / "langid")
    lines = ["nlu:"]
    for intent, examples in SMALL.items():
        lines += [f"- intent: {intent}", "  metadata: {language: fr}", "  examples: |"]
        lines += [f"    - {example}" for example in examples.split(", ")]
    (data / "nlu" / "fr.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return data
