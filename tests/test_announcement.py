"""Numbers that anybody can check, and what stops an announcement before it leaves."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.announcement import (
    Body,
    Obstacle,
    Reach,
    Repeat,
    Timing,
    codes_in,
    is_code,
    looks_like_code,
    new_code,
    printed,
    problems,
    shown_code,
)
from bot.audiences import EVERYBODY, Audience

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ALL = Audience(EVERYBODY)
REACH = Reach({("telegram", "fr"): 3, ("whatsapp", "so"): 2})


def test_a_new_number_is_found_in_what_is_printed_and_alone_in_any_case() -> None:
    for _ in range(50):
        code = new_code()
        assert codes_in(printed("Réunion lundi", code)) == [code]
        assert codes_in(shown_code(code).lower()) == [code]
        assert not set("01IO") & set(code)


def test_one_wrong_character_is_nearly_always_noticed() -> None:
    code = new_code()
    wrong = [code[:5] + c + code[6:] for c in "23456789ABCDEFGHJKLMNPQRSTUVWXYZ" if c != code[5]]
    assert sum(is_code(w) for w in wrong) <= 6
    assert looks_like_code(shown_code(wrong[0]))


@pytest.mark.parametrize(
    "text", ["Bonjour tout le monde", "RÉUNION LUNDI", "77 83 12 34", "COVID-2020 est fini"]
)
def test_plain_words_are_no_number(text: str) -> None:
    assert codes_in(text) == []
    assert not looks_like_code(text)


@pytest.mark.parametrize(
    ("body", "audience", "timing", "found"),
    [
        (Body(), ALL, Timing(), [Obstacle.NO_TEXT]),
        (Body({"fr": "x"}), Audience(), Timing(), [Obstacle.NO_AUDIENCE]),
        (Body({"fr": "x"}), ALL, Timing(), [Obstacle.MISSING]),
        (Body({"fr": "x"}, in_french=("so",)), ALL, Timing(), []),
        (Body({"so": "x"}, in_french=("so",)), ALL, Timing(), [Obstacle.MISSING]),
        (Body({"fr": "x", "so": "y" * 4100}), ALL, Timing(), [Obstacle.TOO_LONG]),
        (Body({"fr": "x", "so": "y"}), ALL, Timing(NOW - timedelta(days=1)), [Obstacle.PAST]),
        (Body({"fr": "x", "so": "y"}), ALL, Timing(NOW - timedelta(days=1), Repeat.DAY), []),
    ],
)
def test_what_stands_in_the_way_is_named(
    body: Body, audience: Audience, timing: Timing, found: list[Obstacle]
) -> None:
    assert [p.obstacle for p in problems(body, audience, timing, REACH, NOW)] == found


def test_a_text_too_long_names_its_language_and_channel_only() -> None:
    (problem,) = problems(Body({"fr": "x" * 1100, "so": "y" * 4100}), ALL, Timing(), REACH, NOW)
    assert (problem.language, problem.channel, problem.limit) == ("so", "whatsapp", 4096)


def test_nobody_reached_is_said_before_anything_else() -> None:
    (problem,) = problems(Body({"fr": "x"}), ALL, Timing(), Reach(), NOW)
    assert problem.obstacle is Obstacle.NOBODY
