"""The start: a model is trained when the examples changed, and examples that cannot be read are one clear line."""

from pathlib import Path

import pytest

from bot.app import ensure_trained
from bot.errors import StartError
from nlu.interpreter import Interpreter

EXAMPLES = """\
nlu:
- intent: greet
  metadata: {language: fr}
  examples: |
    - bonjour
    - bonsoir à tous
    - salut
- intent: thank
  metadata: {language: fr}
  examples: |
    - merci
    - merci beaucoup
    - je vous remercie
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    (data / "nlu").mkdir(parents=True)
    (data / "nlu" / "fr.yml").write_text(EXAMPLES, encoding="utf-8")
    real = Path(__file__).parent.parent / "data"
    (data / "gazetteer.yml").write_bytes((real / "gazetteer.yml").read_bytes())
    (data / "langid").mkdir()
    (data / "langid" / "counts.json").write_bytes((real / "langid" / "counts.json").read_bytes())
    return data


async def test_a_model_is_trained_in_a_process_of_its_own(data: Path, tmp_path: Path) -> None:
    model = tmp_path / "var" / "model.npz"
    await ensure_trained(data, model)
    assert Interpreter.load(model, data).parse("merci beaucoup").intent == "thank"
    made = model.stat().st_mtime_ns
    await ensure_trained(data, model)
    assert model.stat().st_mtime_ns == made


async def test_examples_that_cannot_be_read_stop_the_start(
    data: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (data / "nlu" / "fr.yml").write_text("nlu: [", encoding="utf-8")
    with pytest.raises(StartError, match="cannot be trained"):
        await ensure_trained(data, tmp_path / "model.npz")
    assert "fr.yml:2: " in capfd.readouterr().err
