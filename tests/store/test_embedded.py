"""The private server: one owner, found again after any crash, one clear line when it cannot start."""

import asyncio
import os
import signal
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import StartError
from bot.store.cluster import Programs, installed, version_of
from bot.store.embedded import embedded_postgres
from bot.store.engine import Database, DatabaseAway
from bot.store.tables import IncomingState


async def start_owner(data_dir: Path, external_id: str = "1") -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.store.owner", str(data_dir), external_id, stdout=PIPE, stderr=PIPE
    )


async def ready_owner(data_dir: Path, external_id: str = "1") -> Process:
    process = await start_owner(data_dir, external_id)
    assert process.stdout is not None
    assert process.stderr is not None
    line = await process.stdout.readline()
    assert line == b"ready\n", (await process.stderr.read()).decode()
    return process


async def end(process: Process, sign: signal.Signals) -> None:
    process.send_signal(sign)
    await process.communicate()


async def waiting_events(data_dir: Path) -> int:
    async with embedded_postgres(data_dir) as url:
        database = await Database.open(url)
        async with database.transaction() as tx:
            counted = await tx.inbox.count(IncomingState.WAITING)
        await database.close()
    return counted


def server_pid(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])


def is_running(pid: int) -> bool:
    """Not merely a number that its parent has not collected yet."""
    said = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(said.stdout.strip()) and not said.stdout.startswith("Z")


@pytest.fixture(scope="module")
async def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that a bot used and left properly."""
    data_dir = tmp_path_factory.mktemp("used")
    await end(await ready_owner(data_dir, "first"), signal.SIGTERM)
    return data_dir


async def test_what_was_committed_is_there_after_a_restart(used: Path) -> None:
    assert await waiting_events(used) >= 1


async def test_sigterm_stops_the_server(used: Path) -> None:
    assert not (used / "postgres" / "postmaster.pid").exists()


async def test_second_process_on_one_directory_is_told_in_one_line(used: Path) -> None:
    owner = await ready_owner(used)
    _, said = await (await start_owner(used)).communicate()
    await end(owner, signal.SIGTERM)
    assert said.decode().strip() == f"another bot (process {owner.pid}) already uses {used}"


async def test_second_process_may_join_the_running_server(used: Path) -> None:
    owner = await ready_owner(used, "joined")
    async with embedded_postgres(used, join=True) as url:
        database = await Database.open(url)
        async with database.transaction() as tx:
            counted = await tx.inbox.count(IncomingState.WAITING)
        await database.close()
    assert is_running(server_pid(used))
    await end(owner, signal.SIGTERM)
    assert counted == await waiting_events(used)


async def test_who_would_join_and_finds_nobody_starts_the_server(used: Path) -> None:
    async with embedded_postgres(used, join=True) as url:
        assert is_running(server_pid(used))
        await (await Database.open(url)).close()


async def test_guest_of_a_server_that_ends_is_told_that_it_is_away(used: Path) -> None:
    owner = await ready_owner(used, "away")
    async with embedded_postgres(used, join=True) as url:
        database = await Database.open(url)
        await end(owner, signal.SIGTERM)
        with pytest.raises(DatabaseAway):
            async with database.transaction() as tx:
                await tx.inbox.count(IncomingState.WAITING)
        await database.close()


async def test_killed_bot_loses_nothing_and_frees_the_directory(used: Path) -> None:
    before = await waiting_events(used)
    await end(await ready_owner(used, "killed bot"), signal.SIGKILL)
    assert await waiting_events(used) == before + 1


async def test_server_of_a_killed_bot_is_ended_by_the_next(used: Path) -> None:
    await end(await ready_owner(used), signal.SIGKILL)
    orphan = server_pid(used)
    await waiting_events(used)
    assert not is_running(orphan)


async def test_killed_bot_and_killed_server_lose_nothing(used: Path) -> None:
    before = await waiting_events(used)
    owner = await ready_owner(used, "both killed")
    os.kill(server_pid(used), signal.SIGKILL)
    await end(owner, signal.SIGKILL)
    assert await waiting_events(used) == before + 1


async def test_killed_server_is_started_again_under_a_living_bot(used: Path) -> None:
    async with embedded_postgres(used) as url:
        database = await Database.open(url)
        os.kill(server_pid(used), signal.SIGKILL)
        assert await usable(database, tries=100)
        await database.close()


async def usable(database: Database, tries: int) -> bool:
    for _ in range(tries):
        try:
            async with database.transaction() as tx:
                return await tx.inbox.count(IncomingState.WAITING) >= 1
        except DatabaseAway:
            await asyncio.sleep(0.1)
    return False


async def test_note_with_the_number_of_a_foreign_process_is_forgotten(used: Path) -> None:
    note = used / "postgres" / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{used / 'postgres'}\n")
    assert await waiting_events(used) >= 1


async def test_creation_cut_short_is_begun_again(tmp_path: Path) -> None:
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    async with embedded_postgres(tmp_path) as url:
        await (await Database.open(url)).close()
    assert not half.exists()


async def test_long_path_still_gets_a_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    async with embedded_postgres(deep) as url:
        await (await Database.open(url)).close()
        assert "host=" in url


async def test_directory_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(StartError, match=f"cannot write in {file / 'data'}: Not a directory"):
        async with embedded_postgres(file / "data"):
            pass


async def test_broken_cluster_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("18\n")
    with pytest.raises(StartError) as caught:
        async with embedded_postgres(tmp_path):
            pass
    assert "\n" not in str(caught.value)
    assert str(tmp_path / "postgres") in str(caught.value)


@pytest.fixture
async def old_cluster(tmp_path: Path) -> Path:
    """The data directory of an older PostgreSQL."""
    newest, data = await Programs.find(), tmp_path / "postgres"
    older = replace(newest, directory=installed()[0])
    if older.version >= newest.version:
        pytest.skip("this wheel holds a single version of PostgreSQL")
    newest.let_through(data)
    data.mkdir(mode=0o700)
    newest.give(data)
    said = await older.run(
        "initdb", "-D", data, "-U", "postgres", "--locale=C", "-E", "UTF8", "-k", "-A", "trust"
    )
    assert said is None
    return tmp_path


async def test_cluster_of_an_older_version_is_upgraded(old_cluster: Path) -> None:
    older = version_of(old_cluster / "postgres")
    async with embedded_postgres(old_cluster) as url:
        await (await Database.open(url)).close()
    assert version_of(old_cluster / "postgres") == (await Programs.find()).version
    assert version_of(old_cluster / f"postgres.{older}.0") == older


async def test_upgrade_cut_between_its_renames_is_finished(used: Path) -> None:
    (used / "postgres").rename(used / "postgres.upgraded")
    assert await waiting_events(used) >= 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 MB."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", tmp_path], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("a small disk can only be mounted by root")
    yield tmp_path
    subprocess.run(["umount", tmp_path], check=True)


async def test_full_disk_is_one_line(small_disk: Path) -> None:
    with pytest.raises(StartError, match=r"disk full: \d+ MB free for .*, the database needs 96 MB"):
        async with embedded_postgres(small_disk):
            pass
