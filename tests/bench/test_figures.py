"""Figures say truthfully which is better, and whether a target is kept."""

import pytest

from bench.figures import Figure, latencies, table, together


@pytest.mark.parametrize(
    ("ours", "rasa", "higher", "times"),
    [(2.0, 10.0, False, 5.0), (10.0, 2.0, False, 0.2), (200.0, 50.0, True, 4.0), (None, 2.0, False, None)],
)
def test_times_better_knows_which_way_is_good(
    ours: float | None, rasa: float, higher: bool, times: float | None
) -> None:
    assert Figure("x", "s", ours, rasa, higher=higher).times_better == times


@pytest.mark.parametrize(
    ("ours", "higher", "met"),
    [(2.9, False, True), (3.1, False, False), (3.1, True, True), (None, True, None)],
)
def test_a_target_is_kept_or_missed(ours: float | None, higher: bool, met: bool | None) -> None:
    assert Figure("x", "s", ours, target=3.0, higher=higher).met is met


def test_figures_of_one_name_stand_side_by_side() -> None:
    figures = together([Figure("start", "s", ours=1.0, target=3.0), Figure("start", "s", rasa=15.0)])
    assert figures == [Figure("start", "s", 1.0, 15.0, 3.0)]


def test_latencies_are_given_in_milliseconds() -> None:
    half, most = latencies("turn", [i / 1000 for i in range(101)], 15.0, 40.0)
    assert [half.ours, most.ours] == pytest.approx([50.0, 95.0])


def test_the_table_tells_a_missed_target() -> None:
    row = table([Figure("start", "s", 4.0, 15.0, 3.0)]).splitlines()[-1]
    assert row.split() == ["start", "s", "4.00", "≤", "3", "MISSED", "15.0", "3.75"]
