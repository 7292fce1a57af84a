"""The same figures of Rasa 3.6 on the same data: training, understanding, start, memory, parsing and answering.

Rasa keeps its conversations in memory only, where ours are committed to a database. Its parsing is asked for
over HTTP, as a bot would; what a request costs that does nothing is given too.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import yaml

from bench.figures import Figure, rasas
from bench.messages import SMALL_TALK, some_examples
from bench.processes import ROOT, Cost, Program, cost_of, free_port, memory_mb, started, until_it_answers
from bench.quality import Guess, Side, judged
from bench.sample import share, stratified, write_for_rasa
from bench.web import ANSWER, AT_ONCE
from nlu.examples import read_examples
from nlu.meaning import Entity

PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
FOLDER = ROOT / "build" / "rasa" / "bench"
MODEL = FOLDER / "whole.tar.gz"
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
STARTS = 3
SETTLING = 2.0
PARSED = 200
ANSWERED = 240
CONVERSATIONS = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """One server's life: seconds to ready, memory before and after work, and the timings of its work."""

    start: float
    memory: float
    working: float = 0.0
    nothing: Sequence[float] = ()
    parsing: Sequence[float] = ()
    answering: Sequence[float] = ()
    rate: float = 0.0
    answered: float = 0.0
    quality: Sequence[Figure] = ()


def run(epochs: int | None = None) -> list[Figure]:
    """`epochs`: fewer than config.yml says, for all but the training time. Nothing when Rasa is not installed."""
    if not PYTHON.exists():
        print("Rasa's columns stay empty: `make rasa-check` installs it into .venv-rasa")
        return []
    FOLDER.mkdir(parents=True, exist_ok=True)
    cost = _train(epochs)
    training = "training the model" if epochs is None else f"training the model, only {epochs} epochs"
    starts = [_served(work=i == STARTS - 1) for i in range(STARTS)]
    worked = starts[-1]
    return [
        Figure(training, "s", rasa=cost.seconds),
        Figure("memory while training", "MB", rasa=cost.peak_mb),
        Figure("model file", "MB", rasa=MODEL.stat().st_size / 2**20),
        Figure("ready from cold", "s", rasa=statistics.median(seen.start for seen in starts)),
        Figure("memory when ready", "MB", rasa=statistics.median(seen.memory for seen in starts)),
        Figure("memory after work", "MB", rasa=worked.working),
        *worked.quality,
        *rasas("understanding a message", worked.parsing),
        *rasas(ANSWER, worked.answering),
        Figure("small talk answered", "%", rasa=worked.answered, higher=True),
        *rasas("a request that does nothing", worked.nothing),
        Figure(AT_ONCE, "per s", rasa=worked.rate, higher=True),
    ]


def _train(epochs: int | None) -> Cost:
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    for component in config["pipeline"]:
        if epochs is not None and component["name"] == "DIETClassifier":
            component["epochs"] = epochs
    (FOLDER / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    write_for_rasa(stratified(read_examples([ROOT / "data" / "nlu"]), share()), FOLDER / "nlu.yml")
    command = (
        str(PYTHON), "-m", "rasa", "train", "--force", "--config", str(FOLDER / "config.yml"), "--domain", "domain.yml",
        "--data", str(FOLDER / "nlu.yml"), "data/rules.yml", "--out", str(FOLDER), "--fixed-model-name", MODEL.name,
    )  # fmt: skip
    return cost_of(Program(command, ROOT, QUIET, FOLDER / "train.log"))


def _served(*, work: bool) -> Seen:
    began = time.perf_counter()
    with _running() as (pid, url):
        ready = time.perf_counter() - began
        time.sleep(SETTLING)
        memory = memory_mb(pid)
        if not work:
            return Seen(ready, memory)
        with httpx.Client(base_url=url, timeout=30.0) as client:
            nothing = _timed(ANSWERED, lambda i: client.get("/"))
            texts = some_examples(ROOT / "data", PARSED + 20)
            parsing = _timed(PARSED, lambda i: client.post("/model/parse", json={"text": texts[i]}), 20)
            replies: list[httpx.Response] = []
            answering = _timed(ANSWERED, lambda i: _say(client, str(i % CONVERSATIONS), i, replies))
            rate = asyncio.run(_rate(url))
            working = memory_mb(pid)
            quality = judged(lambda text: _guess(client, text), Side.RASA)
        return Seen(ready, memory, working, nothing, parsing, answering, rate, _share(replies), quality)


def _guess(client: httpx.Client, text: str) -> Guess:
    """DIET's own ranking: whether Rasa would fall back is a threshold, not what it understands."""
    response = client.post("/model/parse", json={"text": text})
    response.raise_for_status()
    parsed = response.json()
    ranking = [(i["name"], i["confidence"]) for i in parsed["intent_ranking"] if i["name"] != "nlu_fallback"]
    entities = [
        Entity(e["entity"], str(e["value"]), e["start"], e["end"], text[e["start"] : e["end"]])
        for e in parsed["entities"]
    ]
    return Guess(ranking, entities)


@contextmanager
def _running() -> Iterator[tuple[int, str]]:
    """A server with its REST channel; gives its process id and address."""
    credentials, log, port = FOLDER / "credentials.yml", FOLDER / "server.log", free_port()
    credentials.write_text("rest:\n", encoding="utf-8")
    command = (
        str(PYTHON), "-m", "rasa", "run", "--enable-api", "--interface", "127.0.0.1", "--port", str(port),
        "--model", str(MODEL), "--credentials", str(credentials),
    )  # fmt: skip
    with started(Program(command, FOLDER, QUIET, log)) as process:
        until_it_answers(process, f"http://127.0.0.1:{port}/status", log)
        yield process.pid, f"http://127.0.0.1:{port}"


def _say(client: httpx.Client, person: str, i: int, replies: list[httpx.Response]) -> httpx.Response:
    said = SMALL_TALK[(i // CONVERSATIONS) % len(SMALL_TALK)]
    replies.append(client.post("/webhooks/rest/webhook", json={"sender": person, "message": said}))
    return replies[-1]


def _share(replies: Sequence[httpx.Response]) -> float:
    """Percent of the messages that got words back; without an action server a fallback gets none."""
    return 100 * sum(bool(reply.json()) for reply in replies) / len(replies)


def _timed(count: int, ask: Callable[[int], httpx.Response], warm_up: int = 20) -> list[float]:
    for i in range(warm_up):
        ask(i).raise_for_status()
    seconds = []
    for i in range(count):
        began = time.perf_counter()
        ask(i).raise_for_status()
        seconds.append(time.perf_counter() - began)
    return seconds


async def _rate(url: str) -> float:
    """Answers a second to several people who each write again as soon as they are answered."""
    async with httpx.AsyncClient(base_url=url, timeout=60.0) as client:

        async def person(number: int) -> None:
            for i in range(ANSWERED // CONVERSATIONS):
                said = {"sender": f"p{number}", "message": SMALL_TALK[i % len(SMALL_TALK)]}
                (await client.post("/webhooks/rest/webhook", json=said)).raise_for_status()

        people: list[Awaitable[None]] = [person(number) for number in range(CONVERSATIONS)]
        began = time.perf_counter()
        await asyncio.gather(*people)
        return ANSWERED / (time.perf_counter() - began)
