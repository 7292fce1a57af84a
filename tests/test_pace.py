"""The pace of a channel: bulk flows evenly below the limit, replies keep room, chats and frozen times are heeded."""

import math

from bot.channels.port import Limits, Window
from bot.channels.telegram_channel import LIMITS
from bot.pace import PLENTY, Pace, Room


class Steady:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def started() -> tuple[Pace, Steady]:
    steady = Steady()
    return Pace(LIMITS, steady), steady


def arrivals_in_bulk(pace: Pace, steady: Steady, seconds: float) -> list[float]:
    """Moments at which messages to different people arrive, each answered at once."""
    arrivals: list[float] = []
    end = steady.now + seconds
    while steady.now < end:
        for _ in range(pace.room().bulk):
            slot = pace.take(str(len(arrivals)), pace.wait_for(str(len(arrivals)), bulk=True), bulk=True)
            arrivals.append(max(slot.start, steady.now))
            slot.end = arrivals[-1]
        steady.now += 0.01
    return arrivals


def test_bulk_flows_at_eighty_percent() -> None:
    pace, steady = started()
    arrivals = arrivals_in_bulk(pace, steady, 60)
    assert 0.97 * 24 * 60 < len(arrivals) <= 24 * 60.5


def test_bulk_is_even() -> None:
    pace, steady = started()
    arrivals = arrivals_in_bulk(pace, steady, 10)
    most = max(sum(begin <= moment < begin + 1 for moment in arrivals) for begin in arrivals)
    assert most <= 27


def test_replies_have_room_while_bulk_flows() -> None:
    pace, steady = started()
    arrivals_in_bulk(pace, steady, 5)
    assert pace.room().replies >= 3


def test_bulk_waits_while_replies_fill_the_window() -> None:
    pace, _ = started()
    for chat in range(27):
        pace.landed(pace.take(str(chat), 0, bulk=False))
    assert pace.room().bulk == 0
    assert pace.room().replies == 3


def test_message_on_its_way_counts_until_it_has_arrived() -> None:
    pace, steady = started()
    slots = [pace.take(str(chat), 0, bulk=False) for chat in range(30)]
    steady.now += 60
    assert pace.room().replies == 0
    for slot in slots:
        pace.landed(slot)
    steady.now += 1.1
    assert pace.room().replies == 30


def test_three_replies_go_at_once_and_the_fourth_waits() -> None:
    pace, _ = started()
    for _ in range(3):
        assert pace.wait_for("7", bulk=False) == 0
        pace.landed(pace.take("7", 0, bulk=False))
    assert 2.9 < pace.wait_for("7", bulk=False) < 3.2


def test_bulk_to_one_chat_waits_a_second() -> None:
    pace, _ = started()
    pace.landed(pace.take("7", 0, bulk=False))
    assert pace.wait_for("7", bulk=False) == 0
    assert 0.9 < pace.wait_for("7", bulk=True) < 1.2
    assert pace.wait_for("8", bulk=True) == 0


def test_group_gets_twenty_in_any_minute() -> None:
    pace, steady = started()
    for _ in range(20):
        assert pace.wait_for("-100", bulk=False) == 0
        pace.landed(pace.take("-100", 0, bulk=False))
        steady.now += 1
    assert 39 < pace.wait_for("-100", bulk=False) < 41
    steady.now += 41
    assert pace.wait_for("-100", bulk=False) == 0


def test_frozen_channel_lets_nothing_through_as_long_as_told() -> None:
    pace, steady = started()
    pace.freeze(10_072)
    pace.freeze(5)
    steady.now += 10_071
    assert pace.room() == Room(0, 0)
    steady.now += 1
    assert pace.room().replies == 30


def test_frozen_chat_leaves_the_others_alone() -> None:
    pace, _ = started()
    pace.freeze(40, "-100")
    assert pace.wait_for("-100", bulk=False) == 40
    assert pace.wait_for("-200", bulk=False) == 0
    assert pace.room().replies == 30


def test_channel_without_limits_takes_all() -> None:
    pace = Pace(Limits(), Steady())
    for _ in range(100):
        assert pace.wait_for("7", bulk=True) == 0
        pace.take("7", 0, bulk=True)
    assert pace.room() == Room(PLENTY, PLENTY)


def test_chats_of_the_past_are_forgotten() -> None:
    pace, steady = started()
    arrivals_in_bulk(pace, steady, 120)
    assert len(pace._chats) < 24 * 15


def test_another_platforms_limits_are_kept() -> None:
    whatsapp = Limits(overall=Window(80, 1.0), private=(Window(5, 30.0),))
    pace = Pace(whatsapp, Steady())
    for _ in range(5):
        pace.landed(pace.take("253", 0, bulk=False))
    assert 29 < pace.wait_for("253", bulk=False) < 31
    assert not math.isinf(pace.wait_for("253", bulk=False))
