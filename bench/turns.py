"""How long a turn takes from the stored update to the committed reply, with the real model and database."""

import asyncio
import statistics
import tempfile
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import Figure, latencies
from bench.messages import QUESTIONS, SMALL_TALK
from bot import app
from bot.channels.port import Received
from bot.channels.web import NAME
from bot.settings import Settings
from bot.store.tables import IncomingState
from bot.turn import MOST_PER_MINUTE, Turns

WARM_UP = 40
ALONE = 400
TOGETHER = 800
CONVERSATIONS = 8
REPEATS = 3


def run() -> list[Figure]:
    return asyncio.run(_measured())


async def _measured() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="oscbot-bench-") as folder:
        settings = Settings(data_dir=Path(folder), telegram_token=None, database_url=None, nlu_url=None)
        async with app.built(settings, lambda line: None) as bot:
            await _store(bot, QUESTIONS + SMALL_TALK, WARM_UP, 1)
            await _taken(bot.turns, WARM_UP)
            await _store(bot, QUESTIONS + SMALL_TALK, ALONE, CONVERSATIONS)
            alone = await _taken(bot.turns, ALONE)
            rates = [await _rate(bot) for _ in range(REPEATS)]
            await _all_were_handled(bot, WARM_UP + ALONE + REPEATS * TOGETHER)
    return [
        *latencies("a turn, one worker", alone, 15.0, 40.0),
        Figure(
            f"turns, {CONVERSATIONS} conversations at once",
            "per s",
            statistics.median(rates),
            target=150.0,
            higher=True,
        ),
    ]


async def _all_were_handled(bot: app.Bot, count: int) -> None:
    """A turn that fails is quick; it must not pass for a good one."""
    async with bot.database.transaction() as tx:
        handled = await tx.inbox.count(IncomingState.HANDLED)
    assert handled == count, f"{count - handled} turns failed"


async def _store(bot: app.Bot, texts: Sequence[str], count: int, conversations: int) -> None:
    """Updates of that many people in turn, committed as a channel would.

    Others take over before anybody has written so much in a minute that the bot would no longer answer.
    """
    people = [uuid.uuid4().hex for _ in range(conversations)]
    now = datetime.now(UTC).isoformat()
    for i in range(count):
        message_id = str(uuid.uuid4())
        said = texts[(i // conversations) % len(texts)]
        session = f"{people[i % conversations]}-{i // (conversations * MOST_PER_MINUTE)}"
        payload = {"id": message_id, "session": session, "text": said, "sent_at": now}
        await bot.intake.store(NAME, [Received(message_id, payload)])


async def _taken(turns: Turns, count: int) -> list[float]:
    """Seconds of each of so many turns, one after the other."""
    seconds = []
    for _ in range(count):
        began = time.perf_counter()
        done = await turns.take_one()
        seconds.append(time.perf_counter() - began)
        assert done, "an update was lost"
    return seconds


async def _rate(bot: app.Bot) -> float:
    """Turns a second when several workers empty the inbox; an update of a busy conversation waits for it."""
    await _store(bot, QUESTIONS + SMALL_TALK, TOGETHER, CONVERSATIONS)
    left = TOGETHER

    async def worker() -> None:
        nonlocal left
        while left > 0:
            if await bot.turns.take_one():
                left -= 1

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(app.WORKERS)))
    return TOGETHER / (time.perf_counter() - began)
