"""How long our model takes to be trained and to understand one message."""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.figures import Figure, latencies
from bench.messages import some_examples
from bench.processes import ROOT, Cost, Program, cost_of
from nlu.interpreter import Interpreter

TRAININGS = 3
MESSAGES = 500
TRAIN = """
import sys
from pathlib import Path
from nlu.model import ensure_model
ensure_model(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="oscbot-bench-") as folder:
        costs = [_train(Path(folder), f"{i}.npz") for i in range(TRAININGS)]
        seconds = _parse(Path(folder) / "0.npz")
        size = (Path(folder) / "0.npz").stat().st_size / 2**20
    return [
        Figure("training the model", "s", statistics.median(cost.seconds for cost in costs)),
        Figure("memory while training", "MB", statistics.median(cost.peak_mb for cost in costs)),
        Figure("model file", "MB", size),
        *latencies("understanding a message", seconds, 1.0, 3.0),
    ]


def _train(folder: Path, name: str) -> Cost:
    """In a process of its own, imports included, as Rasa's is measured."""
    command = (sys.executable, "-c", TRAIN, str(ROOT / "data"), str(folder / name))
    return cost_of(Program(command, ROOT, {}, folder / "train.log"))


def _parse(model: Path) -> list[float]:
    interpreter = Interpreter.load(model, ROOT / "data")
    texts = some_examples(ROOT / "data", MESSAGES)
    for text in texts[:20]:
        interpreter.parse(text)
    seconds = []
    for text in texts:
        began = time.perf_counter()
        interpreter.parse(text)
        seconds.append(time.perf_counter() - began)
    return seconds
