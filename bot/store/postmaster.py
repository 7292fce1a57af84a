"""One private PostgreSQL server process: its settings, its start, its end, and what a killed one left."""

import asyncio
import hashlib
import os
import signal
import sys
import tempfile
from pathlib import Path

import asyncpg

from bot.errors import StartError
from bot.store.cluster import Programs, make_cluster, reason, version_of
from bot.store.cluster_upgrade import upgrade_cluster

START_SECONDS = 60.0  # crash recovery on a slow disk may take most of it
STOP_SECONDS = 20.0
LONGEST_SOCKET_PATH = 100  # sockaddr_un holds 107 bytes on Linux, 103 on macOS
SOCKET = ".s.PGSQL.5432"
LARGEST_LOG = 2**20

SETTINGS = {
    # a small server: one bot, few connections
    "shared_buffers": "20MB",
    "max_connections": "30",
    "superuser_reserved_connections": "1",
    "work_mem": "2MB",
    "maintenance_work_mem": "16MB",
    "jit": "off",
    "io_method": "sync",
    "max_worker_processes": "2",
    "max_parallel_workers": "0",
    "max_logical_replication_workers": "0",
    "autovacuum_max_workers": "1",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "32MB",
    "max_wal_size": "64MB",
    # nothing committed is lost in a power cut
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    # only this account's processes, on this machine
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # messages and phone numbers stay out of the log
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class Postmaster:
    """A server on one data directory, whose lock the caller holds."""

    def __init__(self, programs: Programs, data: Path) -> None:
        self.data = data
        self.log = data.with_name(f"{data.name}.log")
        self.socket_dir = socket_dir(data)
        self._programs = programs
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Make the cluster if there is none, end what an earlier bot left, start; raises StartError."""
        try:
            self._programs.let_through(self._programs.directory, self.data, self.socket_dir)
            await self._end_leftover()
            await upgrade_cluster(self._programs, self.data)
            if version_of(self.data) is None:
                await make_cluster(self._programs, self.data)
            await self._launch()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            why = getattr(error, "strerror", None) or str(error).partition("\n")[0] or type(error).__name__
            raise StartError(f"the private database in {self.data} cannot start: {why}") from None

    async def ended(self) -> None:
        """Return when the server process is no more."""
        if self._process is not None:
            await self._process.wait()

    async def stop(self) -> None:
        """End all sessions, write everything, exit; one too slow is cut and recovers at its next start."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        except TimeoutError:
            self._process.send_signal(signal.SIGQUIT)
            await self._process.wait()

    async def _end_leftover(self) -> None:
        """Stop the server of a bot that was killed; forget the notes of a server that was killed itself."""
        pid = _noted_pid(self.data / "postmaster.pid")
        for sign, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            if pid is None or await _is_gone(pid, self.data, 0.0):
                break
            os.kill(pid, sign)
            await _is_gone(pid, self.data, seconds)
        # The number may belong to any process by now, and PostgreSQL would refuse to start.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.socket_dir / f"{SOCKET}.lock").unlink(missing_ok=True)

    async def _launch(self) -> None:
        if self.socket_dir != self.data:
            self.socket_dir.mkdir(mode=0o700, exist_ok=True)
            self._programs.give(self.socket_dir)
        for _ in range(40):
            said = await self._try_launch()
            if said is None:
                return
            # Processes of a server that was killed hold its memory until they notice, a moment later.
            if "shared memory block" not in said:
                break
            await asyncio.sleep(0.25)
        raise StartError(f"the private database in {self.data} does not start: {reason(said or '')}")

    async def _try_launch(self) -> str | None:
        """What the server said when it did not start, else None."""
        begins = _rotate(self.log)
        settings = SETTINGS | {"unix_socket_directories": str(self.socket_dir)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        with self.log.open("ab") as log:
            self._process = await self._programs.start("postgres", "-D", self.data, *options, output=log)
        if await self._is_ready(self._process):
            await self._ensure_database()
            return None
        return self.log.read_bytes()[begins:].decode(errors="replace")

    async def _is_ready(self, process: asyncio.subprocess.Process) -> bool:
        deadline = asyncio.get_running_loop().time() + START_SECONDS
        while process.returncode is None:
            if _status(self.data, process.pid) == "ready":
                return True
            if asyncio.get_running_loop().time() > deadline:
                await self.stop()
                raise StartError(
                    f"the private database was not ready after {START_SECONDS:.0f} s; see {self.log}"
                )
            await asyncio.sleep(0.01)
        return False

    async def _ensure_database(self) -> None:
        try:
            connection = await self._connect("oscbot")
        except asyncpg.InvalidCatalogNameError:
            connection = await self._connect("postgres")
            await connection.execute("CREATE DATABASE oscbot")
        await connection.close()

    async def _connect(self, database: str) -> "asyncpg.Connection[asyncpg.Record]":
        return await _connect(self.socket_dir, database)


async def _connect(host: Path, database: str) -> "asyncpg.Connection[asyncpg.Record]":
    return await asyncpg.connect(host=str(host), user="postgres", database=database, timeout=10)


async def wait_until_ready(data: Path) -> None:
    """The server that another process starts on this directory can be used; raises StartError."""
    deadline = asyncio.get_running_loop().time() + START_SECONDS
    while True:
        try:
            connection = await _connect(socket_dir(data), "oscbot")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            if asyncio.get_running_loop().time() > deadline or isinstance(error, PermissionError):
                raise StartError(
                    f"the database of the bot that runs on {data.parent} cannot be used: {type(error).__name__}"
                ) from None
            await asyncio.sleep(0.1)
        else:
            await connection.close()
            return


def socket_dir(data: Path) -> Path:
    """The data directory itself, or one with a short name where that path is too long for a socket."""
    if len(os.fsencode(data)) + len(f"/{SOCKET}") <= LONGEST_SOCKET_PATH:
        return data
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"oscbot-{os.geteuid()}-{name}"


def _status(data: Path, pid: int) -> str:
    """Line 8 of postmaster.pid (PostgreSQL, storage/lmgr/README and pidfile.h): starting, ready, stopping."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return ""
    return lines[7].strip() if len(lines) > 7 and lines[0] == str(pid) else ""


def _rotate(log: Path) -> int:
    """Keep one old log; gives where the new lines will begin."""
    size = log.stat().st_size if log.exists() else 0
    if size <= LARGEST_LOG:
        return size
    log.replace(log.with_suffix(".log.old"))
    return 0


def _noted_pid(note: Path) -> int | None:
    try:
        return int(note.read_text().partition("\n")[0])
    except (FileNotFoundError, ValueError):
        return None


async def _is_gone(pid: int, data: Path, seconds: float) -> bool:
    deadline = asyncio.get_running_loop().time() + seconds
    while f"postgres -D {data} " in await _command_line(pid):
        if asyncio.get_running_loop().time() >= deadline:
            return False
        await asyncio.sleep(0.02)
    return True


async def _command_line(pid: int) -> str:
    """The words a process was started with, empty when there is no such process."""
    if sys.platform == "linux":
        return _read_command_line(pid)
    asking = await asyncio.create_subprocess_exec(
        "ps", "-ww", "-o", "args=", "-p", str(pid), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await asking.communicate()
    return said.decode(errors="replace")


def _read_command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
