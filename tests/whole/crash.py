"""kill -9, again and again, while a bulk goes out: who lost a message, and who got it twice?

`python -m tests.whole.crash --recipients 10000 --kills 10 --seed 1` prints one line of JSON a kind of bulk.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from bot.messages import Address, Kind, Outgoing
from bot.store.embedded import embedded_postgres
from bot.store.engine import Database
from tests.channels.telegram_emulator import TelegramEmulator
from tests.channels.telegram_limits import Limits, Window

ROOT = Path(__file__).parent.parent.parent
FIRST_CHAT = 100_000
TIMES = 10
"""How many times Telegram's overall limit; the emulator enforces it."""
LONGEST = 500.0


@dataclass(frozen=True, slots=True)
class Plan:
    recipients: int
    kills: int
    kind: Kind
    seed: int = 1


@dataclass(slots=True)
class Verdict:
    """`in_flight_at_kills`: rows being sent, or sent and not recorded yet, when their process was killed."""

    kind: str
    recipients: int
    kills: int = 0
    lost: int = 0
    duplicates: int = 0
    in_flight_at_kills: int = 0
    to_stopped: int = 0
    throttled: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Trial:
    plan: Plan
    database_url: str
    database: Database
    emulator: TelegramEmulator
    connection: "asyncpg.Connection[asyncpg.Record]"
    verdict: Verdict
    workers: list[Process] = field(default_factory=list)
    stopped: set[int] = field(default_factory=set)
    """Chats that must get nothing any more."""
    holder: Process | None = None
    readers: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def delivered(self) -> int:
        return sum(bool(self.emulator.messages_to(chat)) for chat in self.chats)

    @property
    def chats(self) -> range:
        return range(FIRST_CHAT, FIRST_CHAT + self.plan.recipients)

    async def until_sent(self, count: float) -> None:
        calls = self.emulator.calls["sendMessage"]
        await self.emulator.until(lambda: len(calls) >= count, LONGEST)

    async def start_worker(self) -> None:
        arguments = (
            self.database_url,
            self.emulator.api_url,
            self.emulator.token,
            self.plan.kind,
            str(TIMES),
        )
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.whole.crash_worker", *arguments, cwd=ROOT, stdout=PIPE
        )
        self.workers.append(worker)
        reader = asyncio.create_task(self._hear(worker))
        self.readers.add(reader)
        reader.add_done_callback(self.readers.discard)

    async def _hear(self, worker: Process) -> None:
        assert worker.stdout is not None
        async for line in worker.stdout:
            if line.strip() == b"holds":
                self.holder = worker

    async def kill(self, dice: random.Random) -> None:
        """Most often the sender, sometimes the one that stands by; another takes its place."""
        victim = self.holder if self.holder in self.workers and dice.random() < 0.85 else self.workers[0]
        victim.kill()
        await victim.wait()
        self.workers.remove(victim)
        self.verdict.kills += 1
        self.verdict.in_flight_at_kills += await self.connection.fetchval(
            "SELECT count(*) FROM outbox WHERE state = 'sending'"
        )
        await self.start_worker()

    async def stop_some(self, dice: random.Random) -> None:
        """A hundredth of the people say STOP; whose message was not taken by then must never get it."""
        chats = [str(chat) for chat in dice.sample(self.chats, max(1, self.plan.recipients // 100))]
        await self.connection.execute(
            "UPDATE person SET stopped_at = now() FROM identity i WHERE i.person_id = person.id "
            "AND i.external_id = ANY($1)",
            chats,
        )
        rows = await self.connection.fetch(
            "SELECT external_id FROM identity WHERE external_id = ANY($1) AND NOT EXISTS (SELECT FROM outbox o "
            "WHERE o.chat_id = external_id AND (o.state <> 'waiting' OR o.first_claimed_at IS NOT NULL))",
            chats,
        )
        self.stopped |= {int(row["external_id"]) for row in rows}

    async def unfinished(self) -> int:
        """People of whom it is not settled yet whether they get their message."""
        left: int = await self.connection.fetchval(
            "SELECT count(*) FROM identity i LEFT JOIN outbox o ON o.chat_id = i.external_id "
            "WHERE o.state IS NULL OR o.state IN ('waiting', 'sending')"
        )
        return left


@asynccontextmanager
async def prepared(plan: Plan, database_url: str) -> AsyncIterator[Trial]:
    """People with Telegram accounts, what they will be told, and the platform with its limits."""
    database = await Database.open(database_url)
    await database.migrate()
    connection = await database.connect()
    await connection.execute("TRUNCATE person, identity, outbox, content, pause RESTART IDENTITY CASCADE")
    await connection.execute(
        "WITH p AS (INSERT INTO person (created_at) SELECT now() FROM generate_series(1, $1) RETURNING id) "
        "INSERT INTO identity (channel, external_id, person_id) "
        "SELECT 'telegram', ($2 + row_number() OVER (ORDER BY id) - 1)::text, id FROM p",
        plan.recipients,
        FIRST_CHAT,
    )
    async with database.transaction() as tx:
        await tx.outbox.add_content(
            Outgoing(Address("telegram", "0"), "Réunion lundi 9 h"), datetime.now(UTC)
        )
    limits = Limits(overall=Window(30 * TIMES, 1.0))
    async with TelegramEmulator(limits) as emulator:
        verdict = Verdict(plan.kind, plan.recipients)
        trial = Trial(plan, database_url, database, emulator, connection, verdict)
        for chat in trial.chats:
            emulator.person(chat)
        try:
            yield trial
        finally:
            for worker in trial.workers:
                worker.kill()
                await worker.wait()
            await asyncio.gather(*trial.readers)
            await connection.close()
            await database.close()


async def crash_test(plan: Plan, database_url: str) -> Verdict:
    """Raises TimeoutError when the bulk does not come to its end."""
    dice = random.Random(plan.seed)
    began = time.monotonic()
    async with prepared(plan, database_url) as trial:
        await trial.stop_some(dice)
        points = sorted(dice.uniform(0.02, 0.95) * plan.recipients for _ in range(plan.kills))
        for _ in range(2):
            await trial.start_worker()
        async with asyncio.timeout(LONGEST):
            for point in points:
                await trial.until_sent(point)
                await asyncio.sleep(dice.uniform(0, 0.05))
                await trial.stop_some(dice)
                await trial.kill(dice)
            while await trial.unfinished():  # noqa: ASYNC110  the end shows in the database only
                await asyncio.sleep(0.2)
        verdict = trial.verdict
        counts = {chat: len(trial.emulator.messages_to(chat)) for chat in trial.chats}
        wanted = await trial.connection.fetch(
            "SELECT external_id FROM identity i JOIN person p ON p.id = i.person_id WHERE p.stopped_at IS NULL"
        )
        verdict.lost = sum(counts[int(row["external_id"])] == 0 for row in wanted)
        verdict.duplicates = sum(max(0, count - 1) for count in counts.values())
        verdict.to_stopped = sum(counts[chat] > 0 for chat in trial.stopped)
        verdict.throttled = trial.emulator.limits.refused if trial.emulator.limits else 0
        verdict.seconds = round(time.monotonic() - began, 1)
    return verdict


async def main() -> int:
    """Gives the exit status: 1 when somebody lost a message, got too many, or got one after STOP."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    bad = False
    with tempfile.TemporaryDirectory() as place:
        async with embedded_postgres(Path(place)) as url:
            for kind in (Kind.ANNOUNCEMENT, Kind.REMINDER):
                plan = Plan(chosen.recipients, chosen.kills, kind, chosen.seed)
                verdict = await crash_test(plan, url)
                print(json.dumps(asdict(verdict)), flush=True)
                bad = bad or bool(verdict.lost or verdict.to_stopped)
                bad = bad or verdict.duplicates > verdict.in_flight_at_kills
    return int(bad)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
