"""How soon WhatsApp's webhook is confirmed, and how many events a second it takes, while the bot also answers them.

Meta wants a median of 250 ms at most and repeats what takes too long; ours is 50 ms.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from bench.figures import Figure, latencies
from bench.messages import SMALL_TALK
from bench.start import running_bot
from tests.channels.whatsapp_bench import signature, status, value, webhook
from tests.channels.whatsapp_emulator import WhatsAppEmulator
from tests.channels.whatsapp_people import Person

SINGLE = 400
PEOPLE = 40
"""Each says ten things: nobody writes more than the bot answers in a minute."""
BATCHES, IN_ONE, AT_ONCE = 40, 100, 4
"""Deliveries with so many statuses each, so many at a time, as after an announcement."""


def run() -> list[Figure]:
    return asyncio.run(_measured())


async def _measured() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="oscbot-bench-") as folder:
        async with WhatsAppEmulator() as emulator:
            people = [emulator.person(f"2537700{number:04}") for number in range(PEOPLE)]
            with running_bot(Path(folder) / "var", emulator.settings) as (_, url):
                async with httpx.AsyncClient(base_url=url, timeout=60.0) as client:
                    single = [await _delivered(client, body) for body in _sayings(people)]
                    rate = await _rate(client)
    return [
        *latencies("WhatsApp's webhook confirmed, one message", single, 50.0, 250.0),
        Figure("WhatsApp events stored, 100 in a delivery, 4 deliveries at once", "per s", rate, higher=True),
    ]


def _sayings(people: list[Person]) -> Iterator[dict[str, Any]]:
    for number in range(SINGLE):
        person = people[number % len(people)]
        said = {
            "id": f"wamid.IN{number:06}",
            "from": person.number,
            "timestamp": str(int(time.time())),
            "type": "text",
            "text": {"body": SMALL_TALK[(number // len(people)) % len(SMALL_TALK)]},
        }
        yield webhook(value(messages=[said], contacts=[person.card()]))


async def _delivered(client: httpx.AsyncClient, body: dict[str, Any]) -> float:
    """Seconds until the webhook was confirmed."""
    content = json.dumps(body).encode()
    headers = {"X-Hub-Signature-256": signature(content), "Content-Type": "application/json"}
    began = time.perf_counter()
    (await client.post("/webhooks/whatsapp", content=content, headers=headers)).raise_for_status()
    return time.perf_counter() - began


async def _rate(client: httpx.AsyncClient) -> float:
    bodies = [
        webhook(value(statuses=[status(f"wamid.OTHER{batch}.{n}", "sent") for n in range(IN_ONE)]))
        for batch in range(BATCHES)
    ]

    async def deliver() -> None:
        while bodies:
            await _delivered(client, bodies.pop())

    began = time.perf_counter()
    await asyncio.gather(*(deliver() for _ in range(AT_ONCE)))
    return BATCHES * IN_ONE / (time.perf_counter() - began)
