"""How long our model takes to be trained and to understand one message, and how well it understands."""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bench.figures import Figure, latencies
from bench.messages import some_examples
from bench.processes import ROOT, Cost, Program, cost_of
from bench.public import public_sets
from bench.quality import Guess, Parse, Side, judged
from bench.sample import share, stratified, write_for_rasa
from nlu.examples import read_examples
from nlu.interpreter import Interpreter

MESSAGES = 500
TRAIN = """
import sys
from pathlib import Path
from nlu.model import ensure_model
ensure_model(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="oscbot-bench-") as name:
        folder = Path(name)
        few = _sampled(folder / "data")
        cost = _train(few, folder / "few.npz")
        whole = _train(ROOT / "data", folder / "all.npz")
        understanding = _parser(folder / "few.npz")
        everything = _parser(folder / "all.npz")
        return [
            Figure("training the model", "s", cost.seconds),
            Figure("memory while training", "MB", cost.peak_mb),
            Figure("model file", "MB", _size(folder / "few.npz")),
            *judged(understanding, Side.OURS),
            Figure("training the model, all examples", "s", whole.seconds, target=30.0),
            Figure("memory while training, all examples", "MB", whole.peak_mb),
            Figure("model file, all examples", "MB", _size(folder / "all.npz"), target=5.0),
            *judged(everything, Side.OURS, ", all examples"),
            *latencies("understanding a message", _timed(everything), 1.0, 3.0),
            *_public(),
        ]


def _sampled(folder: Path) -> Path:
    """Our data, with the sample in the place of all examples."""
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("nlu"))
    (folder / "nlu").mkdir()
    few = stratified(read_examples([ROOT / "data" / "nlu"]), share())
    write_for_rasa(few, folder / "nlu" / "sample.yml")
    return folder


def _train(data: Path, model: Path) -> Cost:
    """In a process of its own, imports included, as Rasa's is measured."""
    command = (sys.executable, "-c", TRAIN, str(data), str(model))
    return cost_of(Program(command, ROOT, {}, model.with_suffix(".log")))


def _size(model: Path) -> float:
    return model.stat().st_size / 2**20


def _parser(model: Path) -> Parse:
    interpreter = Interpreter.load(model, ROOT / "data")

    def parse(text: str) -> Guess:
        meaning = interpreter.parse(text)
        return Guess(meaning.ranking, meaning.entities)

    return parse


def _timed(parse: Parse) -> list[float]:
    texts = some_examples(ROOT / "data", MESSAGES)
    for text in texts[:20]:
        parse(text)
    seconds = []
    for text in texts:
        began = time.perf_counter()
        parse(text)
        seconds.append(time.perf_counter() - began)
    return seconds


def _public() -> list[Figure]:
    folder = os.environ.get("OSCBOT_BENCH_DATA")
    return public_sets(Path(folder)) if folder else []
