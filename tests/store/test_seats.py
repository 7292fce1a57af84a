"""Seats: one holder at a time, the next within seconds, however the first ended."""

import asyncio

from bot.store.engine import Database
from bot.store.seats import Seat, seated

ACCOUNTS = {"telegram": "digest"}
SOON = 10.0


def seat_of(seats: object) -> Seat:
    seat = seats.of("telegram")  # type: ignore[attr-defined]
    assert isinstance(seat, Seat)
    return seat


async def test_free_seat_is_taken_at_once(database: Database) -> None:
    async with seated(database, ACCOUNTS) as seats:
        await asyncio.wait_for(seat_of(seats).taken.wait(), SOON)
        assert seat_of(seats).held
    assert not seat_of(seats).held


async def test_second_process_stands_by_and_follows(database: Database) -> None:
    async with seated(database, ACCOUNTS) as standby:
        async with seated(database, ACCOUNTS) as first:
            holders = [seat_of(standby), seat_of(first)]
            waiting = [asyncio.create_task(seat.taken.wait()) for seat in holders]
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED, timeout=SOON)
            for task in waiting:
                task.cancel()
            assert sum(seat.held for seat in holders) == 1
        await asyncio.wait_for(seat_of(standby).taken.wait(), SOON)


async def test_holder_whose_connection_is_cut_knows_that_it_lost_its_seat(database: Database) -> None:
    async with seated(database, ACCOUNTS) as seats:
        seat = seat_of(seats)
        await asyncio.wait_for(seat.taken.wait(), SOON)
        connection = await database.connect()
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 "
            "AND ((classid::bigint << 32) | objid::bigint) = $1",
            seat.key,
        )
        await connection.close()
        await asyncio.wait_for(seat.lost.wait(), SOON)
        await asyncio.wait_for(seat.taken.wait(), SOON)
        assert seat.times_taken == 2


async def test_channel_without_an_account_needs_no_seat(database: Database) -> None:
    async with seated(database, {}) as seats:
        assert seats.of("web") is None
