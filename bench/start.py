"""How soon the bot answers after `python -m bot run`, and how much memory all its processes hold together."""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure
from bench.processes import ROOT, Program, free_port, memory_mb, started, until_it_answers

STARTS = 5
SETTLING = 2.0
"""Seconds after which the memory is read: what start-up needed only once is given back by then."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Seconds until /healthz gave 200, and the memory a moment later."""

    seconds: float
    memory_mb: float


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="oscbot-bench-") as folder:
        data_dir = Path(folder) / "var"
        first = _start(data_dir)
        later = [_start(data_dir) for _ in range(STARTS)]
    return [
        Figure("ready from an empty directory (training included)", "s", first.seconds),
        Figure("ready from cold", "s", statistics.median(r.seconds for r in later), target=3.0),
        Figure("memory when ready", "MB", statistics.median(r.memory_mb for r in later), target=220.0),
    ]


def _start(data_dir: Path) -> Ready:
    began = time.perf_counter()
    with running_bot(data_dir) as (pid, _):
        seconds = time.perf_counter() - began
        time.sleep(SETTLING)
        return Ready(seconds, memory_mb(pid, data_dir))


@contextmanager
def running_bot(data_dir: Path, settings: Mapping[str, str] | None = None) -> Iterator[tuple[int, str]]:
    """A bot that answers, with the web chat and what `settings` (without prefix) add; its process id and address."""
    port, log = free_port(), data_dir.with_suffix(".log")
    variables = {
        "OSCBOT_DATA_DIR": str(data_dir),
        "OSCBOT_PORT": str(port),
        "PYTHONPATH": str(ROOT),
        **{f"OSCBOT_{name}": text for name, text in (settings or {}).items()},
    }
    # Started in a folder without .env, so that nobody's real bot is woken.
    program = Program((sys.executable, "-m", "bot", "run"), data_dir.parent, variables, log)
    with started(program) as process:
        until_it_answers(process, f"http://127.0.0.1:{port}/healthz", log)
        yield process.pid, f"http://127.0.0.1:{port}"
