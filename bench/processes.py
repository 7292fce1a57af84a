"""Programs started to be measured: how long until they answer, how much memory they and their children hold."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent
LONGEST_START = 300.0
LONGEST_STOP = 30.0


class DidNotStart(RuntimeError):
    """The program ended, or did not answer in time; str() ends with the last lines it wrote."""


@dataclass(frozen=True, slots=True)
class Program:
    """What is started, where, with which variables beside this process's own, and where its words go."""

    command: Sequence[str]
    folder: Path
    variables: Mapping[str, str]
    log: Path


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall time in seconds and the largest resident memory of one process in MB."""

    seconds: float
    peak_mb: float


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def started(program: Program) -> Iterator[subprocess.Popen[bytes]]:
    """The running program; it is asked to stop at the end, and killed when it does not."""
    with program.log.open("ab") as log:
        process = subprocess.Popen(
            program.command,
            cwd=program.folder,
            env={**os.environ, **program.variables},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(LONGEST_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def until_it_answers(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Return at the first 200 from this address. Raises DidNotStart."""
    give_up = time.monotonic() + LONGEST_START
    with httpx.Client(timeout=2.0) as client:
        while process.poll() is None and time.monotonic() < give_up:
            try:
                if client.get(url).status_code == httpx.codes.OK:
                    return
            except httpx.HTTPError:
                pass  # nobody listens yet
            time.sleep(0.02)
    last = log.read_text(encoding="utf-8", errors="replace")[-800:]
    raise DidNotStart(f"{url} never answered; the end of {log}:\n{last}")


def cost_of(program: Program) -> Cost:
    """Run the program to its end. Raises DidNotStart when it fails."""
    began = time.perf_counter()
    with program.log.open("wb") as log:
        process = subprocess.Popen(
            program.command,
            cwd=program.folder,
            env={**os.environ, **program.variables},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        last = program.log.read_text(encoding="utf-8", errors="replace")[-800:]
        raise DidNotStart(f"{' '.join(program.command)} failed; the end of {program.log}:\n{last}")
    return Cost(seconds, usage.ru_maxrss / 1024)


def memory_mb(root: int, data_dir: Path | None = None) -> float:
    """Proportional memory (PSS: shared pages counted once) of a process, its descendants, and of those
    whose command line names `data_dir`, which a database server does that left its parent."""
    return sum(_pss_kb(pid) for pid in _family(root, data_dir)) / 1024


def _family(root: int, data_dir: Path | None) -> set[int]:
    parents = {pid: _parent(pid) for pid in (int(p.name) for p in Path("/proc").glob("[0-9]*"))}
    family = {root}
    if data_dir is not None:
        family |= {pid for pid in parents if str(data_dir) in _command(pid)}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def _parent(pid: int) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return None


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _pss_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
