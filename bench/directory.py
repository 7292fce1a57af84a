"""The directory with 1,000 made-up organisations and 3,000 projects: imported, found, doubled, taken away."""

import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from bench.figures import Figure, latencies
from bench.osc import PLACES, SEED, THEMES, Made, as_csv, disguised, mistyped, organisations, projects
from bot import app
from bot.actions.context import Person
from bot.directory_index import Sought
from bot.directory_indexes import DirectoryIndexes
from bot.domain import Domain, load_domain
from bot.exporting import Exporting, Form
from bot.finding import StoredFinding
from bot.import_plan import Outcome
from bot.imports import Importing, Plan
from bot.store.embedded import embedded_postgres
from bot.store.engine import Database

ORGANISATIONS, PROJECTS = 1_000, 3_000
SEEDED, STRANGERS = 150, 150
QUESTIONS = 300
SHOWN = 5
SLOWEST = 50.0
"""Milliseconds a search may take, 95 of 100 (issue 6)."""
NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
NAMED = frozenset({Outcome.UPDATE, Outcome.DUPLICATE})


@cache
def load() -> Domain:
    return load_domain(app.ROOT)


def run() -> list[Figure]:
    return asyncio.run(_measured())


async def _measured() -> list[Figure]:
    chance = random.Random(SEED)
    made = organisations(ORGANISATIONS + STRANGERS, chance)
    known, strangers = made[:ORGANISATIONS], made[ORGANISATIONS:]
    indexes = DirectoryIndexes.load(app.ROOT / "data")
    async with _database() as database:
        began = time.perf_counter()
        plan = await _take(database, indexes, as_csv(known), projects(known, PROJECTS, chance))
        took = time.perf_counter() - began
        assert plan.counts["new"] >= 0.99 * (ORGANISATIONS + PROJECTS), plan.counts
        return [
            Figure("directory: 1,000 organisations and 3,000 projects imported", "s", took),
            *await _duplicates(database, indexes, disguised(known, SEEDED, chance), strangers),
            *await _found(database, indexes, known, chance),
            *await _taken_away(database, indexes),
        ]


@asynccontextmanager
async def _database() -> AsyncIterator[Database]:
    with tempfile.TemporaryDirectory(prefix="oscbot-bench-") as folder:
        async with embedded_postgres(Path(folder)) as url:
            database = await Database.open(url)
            await database.migrate()
            yield database
            await database.close()


async def _take(database: Database, indexes: DirectoryIndexes, *files: bytes) -> Plan:
    async with database.transaction() as tx:
        importing = Importing(tx, indexes.words, None, NOW)
        return await importing.apply(await importing.plan(files), "bench")


async def _duplicates(
    database: Database, indexes: DirectoryIndexes, twins: Sequence[Made], strangers: Sequence[Made]
) -> list[Figure]:
    """Rows that are second entries, among as many that are not: which are told, and which wrongly."""
    async with database.transaction() as tx:
        plan = await Importing(tx, indexes.words, None, NOW).plan([as_csv([*twins, *strangers])])
    told = [line.outcome in NAMED for line in plan.lines]
    right = sum(told[: len(twins)])
    return [
        Figure("directory: duplicates told, recall", "%", 100 * right / len(twins), higher=True),
        Figure("directory: duplicates told, precision", "%", 100 * right / max(sum(told), 1), higher=True),
    ]


async def _found(
    database: Database, indexes: DirectoryIndexes, known: Sequence[Made], chance: random.Random
) -> list[Figure]:
    """Names with a typing mistake or two, and themes and regions, each its own transaction as a turn has."""
    meant = [chance.choice(known) for _ in range(QUESTIONS)]
    names = [mistyped(mistyped(one.name, chance), chance) for one in meant]
    fields = [f"{chance.choice(THEMES)} à {chance.choice(list(PLACES))}" for _ in range(QUESTIONS)]
    await _ask(database, indexes, "santé")  # the first search lays the directory out
    seconds, right = [], 0
    for one, name in zip(meant, names, strict=True):
        began = time.perf_counter()
        shown = await _ask(database, indexes, name)
        seconds.append(time.perf_counter() - began)
        right += one.name in shown
    by_field = []
    for field in fields:
        began = time.perf_counter()
        await _ask(database, indexes, field)
        by_field.append(time.perf_counter() - began)
    return [
        *_times("directory: found by a mistyped name", seconds),
        *_times("directory: found by theme and region", by_field),
        Figure("directory: mistyped name among the five shown", "%", 100 * right / QUESTIONS, higher=True),
    ]


def _times(name: str, seconds: Sequence[float]) -> list[Figure]:
    half, most = latencies(name, seconds)
    return [half, replace(most, target=SLOWEST)]


async def _ask(database: Database, indexes: DirectoryIndexes, words: str) -> list[str]:
    async with database.transaction() as tx:
        finding = StoredFinding(tx, load(), indexes, Person(0), "bench", "fr", NOW)
        page = await finding.organisations(Sought(words), 0, SHOWN)
    return [osc.name for osc in page.items]


async def _taken_away(database: Database, indexes: DirectoryIndexes) -> list[Figure]:
    exporting = Exporting(load(), indexes.words)
    began = time.perf_counter()
    async with database.transaction() as tx:
        snapshot = await exporting.snapshot(tx, NOW, all_contacts=True)
    page = exporting.written(snapshot, Form.HTML)
    took = time.perf_counter() - began
    return [
        Figure("directory: offline page of all, made", "s", took),
        Figure("directory: offline page of all, size", "MB", len(page) / 1e6, target=2.0),
    ]
