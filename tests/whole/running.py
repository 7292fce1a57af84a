"""The bot as its operator runs it: a process with its environment, its lines on standard error and its end."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
READY = re.compile(r"^Ready \(.*\): (http://\S+?)/\s")
START_SECONDS = 60.0
STOP_SECONDS = 20.0


class RunningBot:
    """One process; `lines` is what it has written to standard error so far."""

    def __init__(self, process: Process) -> None:
        self.lines: list[str] = []
        self.url = ""
        self._process = process
        self._ready = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def ready(self) -> str:
        """The address of its site once it works. Raises AssertionError if it ends before."""
        async with asyncio.timeout(START_SECONDS):
            await self._ready.wait()
        assert self.url, f"the bot did not start: {self.lines}"
        return self.url

    async def ends(self) -> int:
        """Wait for its end; the exit status, negative for a signal."""
        return await self._end(START_SECONDS)

    async def stops(self) -> int:
        """Ask it to end as a service manager does."""
        self._process.send_signal(signal.SIGTERM)
        return await self._end(STOP_SECONDS)

    async def dies(self) -> None:
        self._process.kill()
        await self.ends()

    async def put_away(self) -> None:
        """The end of a test, however it went."""
        if self._process.returncode is None:
            try:
                await self.stops()
            except TimeoutError:
                await self.dies()
        await self._reading

    async def _end(self, seconds: float) -> int:
        async with asyncio.timeout(seconds):
            await asyncio.shield(self._reading)
            return await self._process.wait()

    async def _read(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self.lines.append(line.decode().rstrip("\n"))
            if found := READY.match(self.lines[-1]):
                self.url = found[1]
                self._ready.set()
        self._ready.set()


@asynccontextmanager
async def running(data_dir: Path, settings: Mapping[str, str], *command: str) -> AsyncIterator[RunningBot]:
    """`settings` without their prefix; `command` after `python -m`, `bot run` by default.

    It works in the data directory, so that the `.env` of whoever runs the tests is not read.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OSCBOT_")}
    chosen = {"PORT": "0", "DATA_DIR": str(data_dir), **settings}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *(command or ("bot", "run")),
        cwd=data_dir,
        env=inherited | {"PYTHONPATH": str(ROOT)} | {f"OSCBOT_{name}": chosen[name] for name in chosen},
        stderr=PIPE,
    )
    bot = RunningBot(process)
    try:
        yield bot
    finally:
        await bot.put_away()
