"""The clock: calls what is due to be called, late rather than never; inside `make run`, or alone as a process.

APScheduler only ticks here; what is due lies in tables and is claimed there, so any number may run at once.
"""

import asyncio
import logging
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.errors import StartError
from bot.log import begin_log
from bot.settings import Settings, read_settings
from bot.store.engine import DatabaseAway
from bot.ticks import Tick

logger = logging.getLogger(__name__)

SET_BACK = timedelta(seconds=5)
"""A clock set back by more than this would silence APScheduler until the old time is reached again."""
WATCH_SECONDS = 2.0

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Clockwork:
    """Drives ticks until closed; a tick that fails is logged and comes again."""

    def __init__(self, ticks: Sequence[Tick], clock: Clock = utc_now) -> None:
        self._ticks = ticks
        self._clock = clock
        self._silent: set[str] = set()
        self._closing = False
        self._running: set[asyncio.Task[None]] = set()
        # However late, a tick is never dropped (None), and many missed ones are one.
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)

    def start(self) -> None:
        """Every tick comes at once, and then every so many seconds."""
        for tick in self._ticks:
            self._scheduler.add_job(
                self.fire,
                "interval",
                args=[tick],
                seconds=tick.seconds,
                id=tick.name,
                next_run_time=utc_now(),
            )
        self._scheduler.start()

    async def fire(self, tick: Tick) -> None:
        """One tick, whatever becomes of it."""
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            await tick.run(self._clock())
            self._silent.discard(tick.name)
        except DatabaseAway as away:
            if tick.name not in self._silent:
                logger.warning("tick %s waits: %s", tick.name, away)
            self._silent.add(tick.name)
        except asyncio.CancelledError:
            if not self._closing:
                raise
        except Exception:
            logger.exception("tick %s failed", tick.name)
        finally:
            self._running.discard(task)

    async def watch(self, wall: Clock = utc_now, steady: Callable[[], float] = time.monotonic) -> None:
        """Notice a clock set back and begin ticking anew; until cancelled."""
        before = wall() - timedelta(seconds=steady())
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            before = self.heed(before, wall() - timedelta(seconds=steady()))

    def heed(self, before: datetime, after: datetime) -> datetime:
        """Moments at which steady time began, as the clock on the wall has it; they differ where it was set."""
        if before - after > SET_BACK:
            logger.warning("the clock was set back by %d s", (before - after).total_seconds())
            for job in self._scheduler.get_jobs():
                job.modify(next_run_time=utc_now())
        return after

    async def close(self) -> None:
        """Ticks under way are undone; their work stays due."""
        self._closing = True
        running = list(self._running)
        self._scheduler.shutdown(wait=False)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


@asynccontextmanager
async def ticking(ticks: Sequence[Tick]) -> AsyncIterator[None]:
    """The clock goes while the context lasts."""
    clockwork = Clockwork(ticks)
    clockwork.start()
    watching = asyncio.create_task(clockwork.watch())
    try:
        yield
    finally:
        watching.cancel()
        await clockwork.close()


async def _run(settings: Settings) -> None:
    from bot import app  # noqa: PLC0415  app knows everything; the clock inside the bot needs none of it

    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with app.clockroom(settings, _say) as room:
        ticks = app.ticks(room)
        async with ticking(ticks):
            _say(f"The clock ticks ({', '.join(tick.name for tick in ticks) or 'nothing to do'}).")
            await stop.wait()


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201  a command line prints


def main() -> int:
    """Gives the exit status: 0, or 1 after one clear line on standard error."""
    try:
        settings = read_settings()
        begin_log(settings.log_level)
        asyncio.run(_run(settings))
    except StartError as error:
        _say(f"oscbot: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
