"""How long a person in the web chat waits for an answer, over HTTP, from `python -m bot run` as it is."""

import asyncio
import json
import secrets
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import httpx

from bench.figures import Figure, latencies
from bench.messages import SMALL_TALK
from bench.processes import memory_mb
from bench.start import running_bot

ANSWER = "an answer over HTTP"
AT_ONCE = "answers over HTTP, 8 people at once"
PEOPLE = 12
CONVERSATIONS = 8
MESSAGES = 10
"""Of each person; with the first one just below what the site takes at once from one session."""


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="oscbot-bench-") as folder:
        data_dir = Path(folder) / "var"
        with running_bot(data_dir) as (pid, url):
            alone, rate = asyncio.run(_talked(url))
            memory = memory_mb(pid, data_dir)
    return [
        *latencies(ANSWER, alone),
        Figure(AT_ONCE, "per s", rate, higher=True),
        Figure("memory after work", "MB", memory, target=220.0),
    ]


async def _talked(url: str) -> tuple[list[float], float]:
    """Seconds of each answer to one person at a time, and answers a second to several at once."""
    async with httpx.AsyncClient(base_url=url, timeout=60.0) as client:
        alone = [seconds for _ in range(PEOPLE) for seconds in await _one_person(client)]
        gate = asyncio.Barrier(CONVERSATIONS + 1)
        people = [asyncio.create_task(_one_person(client, gate)) for _ in range(CONVERSATIONS)]
        await gate.wait()
        began = time.perf_counter()
        await asyncio.gather(*people)
        return alone, CONVERSATIONS * MESSAGES / (time.perf_counter() - began)


async def _one_person(client: httpx.AsyncClient, gate: asyncio.Barrier | None = None) -> list[float]:
    """Says one thing after the other; the greeting at first contact is not timed."""
    session = secrets.token_urlsafe(24)
    async with client.stream("GET", "/chat/events", headers={"X-Chat-Session": session}) as stream:
        answers = _answers(stream)
        await _asked(client, session, SMALL_TALK[0], answers)
        if gate is not None:
            await gate.wait()
        return [await _asked(client, session, said, answers) for said in _sayings()]


def _sayings() -> Sequence[str]:
    return [SMALL_TALK[i % len(SMALL_TALK)] for i in range(MESSAGES)]


async def _asked(client: httpx.AsyncClient, session: str, said: str, answers: AsyncIterator[None]) -> float:
    message = {"id": str(uuid.uuid4()), "session": session, "text": said, "language": "fr"}
    began = time.perf_counter()
    sent = {**message, "sent_at": datetime.now(UTC).isoformat()}
    (await client.post("/chat/messages", json=sent)).raise_for_status()
    await anext(answers)
    return time.perf_counter() - began


async def _answers(stream: httpx.Response) -> AsyncIterator[None]:
    """One item for each message of the bot in this stream."""
    async for line in stream.aiter_lines():
        if line.startswith("data: ") and json.loads(line.removeprefix("data: ")).get("from") == "bot":
            yield
