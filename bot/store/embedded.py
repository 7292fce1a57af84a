"""The private PostgreSQL server of a machine without one: made, started, watched and stopped by the bot."""

import asyncio
import fcntl
import logging
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import quote

from bot.errors import StartError
from bot.store.cluster import Programs
from bot.store.postmaster import Postmaster, socket_dir, wait_until_ready

logger = logging.getLogger(__name__)

NEW_CLUSTER_MB = 96  # it takes 40 MB, and its write-ahead log may grow to 64 MB
OLD_CLUSTER_MB = 16  # room for one more segment of the write-ahead log
LONGEST_PAUSE = 30.0


@asynccontextmanager
async def embedded_postgres(data_dir: Path, *, join: bool = False) -> AsyncIterator[str]:
    """Give the SQLAlchemy URL of a running private server whose data is under `data_dir`/postgres.

    The server is restarted if it dies and stopped at the end. With `join`, the server of a bot that runs
    already is used as it is; its end is a DatabaseAway for the guest. Raises StartError: directory not
    writable or already in use by another bot, disk full, server that does not start.
    """
    data_dir = _writable(data_dir)
    with _owner(data_dir) as owner:
        if owner is None:
            async with _own_server(data_dir) as url:
                yield url
        elif join:
            await wait_until_ready(data_dir / "postgres")
            yield _url(data_dir / "postgres")
        else:
            raise StartError(f"another bot (process {owner}) already uses {data_dir}")


@asynccontextmanager
async def _own_server(data_dir: Path) -> AsyncIterator[str]:
    _check_space(data_dir)
    postmaster = Postmaster(await Programs.find(), data_dir / "postgres")
    try:
        await postmaster.start()
        async with _kept_running(postmaster):
            yield _url(postmaster.data)
    finally:
        await postmaster.stop()


def _url(data: Path) -> str:
    return f"postgresql+asyncpg://postgres@/oscbot?host={quote(str(socket_dir(data)))}"


@asynccontextmanager
async def _kept_running(postmaster: Postmaster) -> AsyncIterator[None]:
    watch = asyncio.create_task(_keep_running(postmaster))
    try:
        yield
    finally:
        watch.cancel()
        await asyncio.wait([watch])


async def _keep_running(postmaster: Postmaster) -> None:
    pause = 0.5
    while True:
        await postmaster.ended()
        logger.error("the private database server has ended; starting it again")
        try:
            await postmaster.start()
            pause = 0.5
        except StartError as error:
            logger.error("%s; next try in %.0f s", error, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


def _writable(directory: Path) -> Path:
    data_dir = directory.expanduser().resolve()
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        probe = data_dir / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StartError(f"cannot write in {data_dir}: {error.strerror}") from None
    return data_dir


def _check_space(data_dir: Path) -> None:
    free = shutil.disk_usage(data_dir).free // 2**20
    needed = OLD_CLUSTER_MB if (data_dir / "postgres").exists() else NEW_CLUSTER_MB
    if free < needed:
        raise StartError(f"disk full: {free} MB free for {data_dir}, the database needs {needed} MB")


@contextmanager
def _owner(data_dir: Path) -> Iterator[str | None]:
    """Hold the directory's lock, which the kernel frees however the process ends; else who holds it."""
    with (data_dir / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            yield file.read().strip() or "unknown"
            return
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield None
