"""A small crash test; `make crash-test` is the large one."""

import pytest

from bot.messages import Kind
from bot.store.engine import Database
from tests.whole.crash import Plan, crash_test


@pytest.mark.parametrize("kind", [Kind.ANNOUNCEMENT, Kind.REMINDER])
async def test_nobody_is_lost_however_often_a_process_is_killed(
    database: Database, database_url: str, kind: Kind
) -> None:
    verdict = await crash_test(Plan(recipients=400, kills=3, kind=kind, seed=7), database_url)
    assert (verdict.lost, verdict.to_stopped, verdict.throttled) == (0, 0, 0)
    assert verdict.kills >= 3
    assert verdict.kills_while_freezing >= 1
    assert verdict.duplicates <= verdict.in_flight_at_kills
