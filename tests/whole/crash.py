"""kill -9, again and again, while a bulk is frozen and goes out: who lost a message, and who got it twice?

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
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
from sqlalchemy import insert, literal, select

from bot.announcement import Announcement, Body, State, Timing, new_code
from bot.audiences import EVERYBODY, Audience
from bot.messages import Address, Kind
from bot.reminding import Due
from bot.store.base import UtcTimestamp
from bot.store.embedded import embedded_postgres
from bot.store.engine import Database, Transaction
from bot.store.tables import PersonRow
from bot.store.training_tables import EnrolmentRow
from bot.training import Plan as Planned
from bot.training import Seat, Status, Texts
from tests.channels.telegram_emulator import TelegramEmulator
from tests.channels.telegram_limits import Limits, Window

ROOT = Path(__file__).parent.parent.parent
FIRST_CHAT = 100_000
TIMES = 10
"""How many times Telegram's overall limit; the emulator enforces it."""
LONGEST = 500.0
CHUNKS = 40
"""Steps in which recipients are given their rows, so that kills fall between and within them."""
COORDINATOR = 99
"""The chat that gets the report of the announcement; not one of those counted."""


@dataclass(frozen=True, slots=True)
class Plan:
    recipients: int
    kills: int
    kind: Kind
    seed: int = 1


@dataclass(slots=True)
class Verdict:
    """`in_flight_at_kills`: rows being sent, or sent and not recorded yet, when their process was killed.
    `kills_while_freezing`: those at which not everybody had been given their row yet.
    """

    kind: str
    recipients: int
    kills: int = 0
    kills_while_freezing: int = 0
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
    readers: dict[Process, asyncio.Task[None]] = field(default_factory=dict)

    @property
    def chats(self) -> range:
        return range(FIRST_CHAT, FIRST_CHAT + self.plan.recipients)

    async def until_sent(self, count: float) -> None:
        calls = self.emulator.calls["sendMessage"]
        await self.emulator.until(lambda: len(calls) >= count, LONGEST)

    async def until_frozen(self, count: float) -> None:
        """Until so many people have their row, or all who will get one do."""
        while await self.frozen() < count and await self.freezing():  # noqa: ASYNC110  shows in the database only
            await asyncio.sleep(0.002)

    async def frozen(self) -> int:
        found: int = await self.connection.fetchval(
            "SELECT count(*) FROM outbox WHERE recipient LIKE 'person:%'"
        )
        return found

    async def freezing(self) -> bool:
        """Whether somebody may still be given a row."""
        found: bool = await self.connection.fetchval(
            "SELECT EXISTS (SELECT FROM announcement WHERE state IN ('scheduled', 'starting')) "
            "OR EXISTS (SELECT FROM training_reminder WHERE state = 'planned')"
        )
        return found

    async def start_worker(self) -> None:
        arguments = (
            self.database_url,
            self.emulator.api_url,
            self.emulator.token,
            self.plan.kind,
            str(TIMES),
            str(max(1, self.plan.recipients // CHUNKS)),
        )
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.whole.crash_worker", *arguments, cwd=ROOT, stdout=PIPE
        )
        self.workers.append(worker)
        self.readers[worker] = asyncio.create_task(self._hear(worker))

    async def _hear(self, worker: Process) -> None:
        assert worker.stdout is not None
        async for line in worker.stdout:
            if line.strip() == b"holds":
                self.holder = worker

    async def kill(self, dice: random.Random) -> None:
        """Most often the sender, sometimes the one that stands by; another takes its place."""
        victim = self.holder if self.holder in self.workers and dice.random() < 0.85 else self.workers[0]
        assert victim is not None
        await self._kill([victim])

    async def cut_the_power(self, dice: random.Random) -> None:
        """Every process at once, or one: any of them may be the one that is freezing."""
        await self._kill(self.workers[:] if dice.random() < 0.5 else [dice.choice(self.workers)])

    async def _kill(self, victims: list[Process]) -> None:
        for victim in victims:
            victim.kill()
        for victim in victims:
            await victim.wait()
            await self.readers.pop(victim)
            self.workers.remove(victim)
        self.verdict.kills += len(victims)
        if await self.freezing():
            self.verdict.kills_while_freezing += len(victims)
        if self.holder in victims:
            self.verdict.in_flight_at_kills += await self.connection.fetchval(
                "SELECT count(*) FROM outbox WHERE state = 'sending'"
            )
        for _ in victims:
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

    async def unfinished(self) -> bool:
        """Whether it is not settled yet of somebody whether they get their message."""
        left: bool = await self.connection.fetchval(
            "SELECT EXISTS (SELECT FROM outbox WHERE state IN ('waiting', 'sending'))"
        )
        return left or await self.freezing()


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
        someone = insert(PersonRow).values(role="coordinator", created_at=datetime.now(UTC))
        coordinator = (await tx.session.scalars(someone.returning(PersonRow.id))).one()
        await (_announce if plan.kind is Kind.ANNOUNCEMENT else _open_training)(tx, coordinator)
    limits = Limits(overall=Window(30 * TIMES, 1.0))
    async with TelegramEmulator(limits) as emulator:
        verdict = Verdict(plan.kind, plan.recipients)
        trial = Trial(plan, database_url, database, emulator, connection, verdict)
        for chat in (COORDINATOR, *trial.chats):
            emulator.person(chat)
        try:
            yield trial
        finally:
            for worker in trial.workers:
                worker.kill()
                await worker.wait()
            await asyncio.gather(*trial.readers.values())
            await connection.close()
            await database.close()


async def _announce(tx: Transaction, coordinator: int) -> None:
    """To everybody, due now."""
    now = datetime.now(UTC)
    body, everybody = Body({"fr": "Réunion lundi 9 h", "so": "Shir Isniin 9:00"}), Audience(EVERYBODY)
    to = Address("telegram", str(COORDINATOR))
    announcement = Announcement(
        0, new_code(), State.SCHEDULED, body, everybody, Timing(), coordinator, to, due_at=now
    )
    await tx.announcements.add(announcement, now)


async def _open_training(tx: Transaction, coordinator: int) -> None:
    """Everybody else is enrolled, and the reminder of a day before is due now."""
    now = datetime.now(UTC)
    starts = now + timedelta(days=1)
    plan = Planned(
        {"fr": Texts("Excel")}, None, "Djibouti-Ville", "CDC de Balbala", starts, starts + timedelta(hours=2)
    )
    training = await tx.trainings.add(plan, coordinator, now)
    await tx.trainings.set_status(training, Status.OPEN, now)
    await tx.reminders.set_schedule(training, [Due(24 * 60)], starts)
    enrolled = select(
        literal(training), PersonRow.id, literal(Seat.ENROLLED.value), literal(now, UtcTimestamp())
    ).where(PersonRow.id != coordinator)
    columns = ["training_id", "person_id", "state", "enrolled_at"]
    await tx.session.execute(insert(EnrolmentRow).from_select(columns, enrolled))


async def crash_test(plan: Plan, database_url: str) -> Verdict:
    """Raises TimeoutError when the bulk does not come to its end."""
    dice = random.Random(plan.seed)
    began = time.monotonic()
    async with prepared(plan, database_url) as trial:
        await trial.stop_some(dice)
        for _ in range(2):
            await trial.start_worker()
        async with asyncio.timeout(LONGEST):
            for point in _points(dice, max(1, plan.kills // 3), plan.recipients):
                await trial.until_frozen(point)
                await trial.cut_the_power(dice)
            for point in _points(dice, plan.kills - trial.verdict.kills, plan.recipients):
                await trial.until_sent(point)
                await asyncio.sleep(dice.uniform(0, 0.05))
                await trial.stop_some(dice)
                await trial.kill(dice)
            while await trial.unfinished():  # noqa: ASYNC110  the end shows in the database only
                await asyncio.sleep(0.2)
        verdict = trial.verdict
        counts = {chat: len(trial.emulator.messages_to(chat)) for chat in trial.chats}
        wanted = await trial.connection.fetch(
            "SELECT external_id FROM identity i JOIN person p ON p.id = i.person_id "
            "WHERE p.stopped_at IS NULL AND i.channel = 'telegram'"
        )
        verdict.lost = sum(counts[int(row["external_id"])] == 0 for row in wanted)
        verdict.duplicates = sum(max(0, count - 1) for count in counts.values())
        verdict.to_stopped = sum(counts[chat] > 0 for chat in trial.stopped)
        verdict.throttled = trial.emulator.limits.refused if trial.emulator.limits else 0
        verdict.seconds = round(time.monotonic() - began, 1)
    return verdict


def _points(dice: random.Random, count: int, recipients: int) -> list[float]:
    return sorted(dice.uniform(0.02, 0.95) * recipients for _ in range(count))


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
