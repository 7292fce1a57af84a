"""Cutting long texts and counting as Telegram counts."""

import pytest

from bot.channels.long_text import LIMIT, split_text, units, utf16_slice

FAMILY = "👩‍👩‍👧‍👦"


def test_text_at_the_limit_stays_whole() -> None:
    assert split_text("é" * LIMIT) == ["é" * LIMIT]


def test_emoji_count_twice() -> None:
    assert [units(part) for part in split_text("👋" * 3000)] == [4096, 1904]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("un deux\n\ntrois quatre", ["un deux", "trois quatre"]),
        ("un deux\ntrois quatre", ["un deux", "trois quatre"]),
        ("un deux. trois quatre", ["un deux.", "trois quatre"]),
        ("un deux trois quatre", ["un deux", "trois quatre"]),
        ("undeuxtroisquatre", ["undeuxtroisq", "uatre"]),
    ],
    ids=["paragraph", "line", "sentence", "word", "nothing"],
)
def test_text_is_cut_at_the_best_break(text: str, parts: list[str]) -> None:
    assert split_text(text, limit=12) == parts


def test_nearly_empty_first_paragraph_is_not_cut_off() -> None:
    assert split_text("a\n\n" + "mot " * 10, limit=20)[0] == "a\n\nmot mot mot mot"


def test_joined_emoji_is_not_cut_in_two() -> None:
    assert split_text("aaa" + FAMILY + "bbb", limit=8)[0] == "aaa"


@pytest.mark.parametrize("text", ["", "   ", "court"])
def test_short_or_empty_text_is_one_part(text: str) -> None:
    assert split_text(text) == [text]


@pytest.mark.parametrize("size", [5, 17, 100])
def test_no_part_is_over_the_limit(size: int) -> None:
    text = "Bonjour 👋🏾 à toutes.\n\nLes réunions ont lieu à Tadjourah ! " * 9
    assert max(units(part) for part in split_text(text, limit=size)) <= size


def test_entity_after_an_emoji_is_found_by_utf16() -> None:
    start, end = utf16_slice("👋🏾 @bot slt", 5, 4)
    assert "👋🏾 @bot slt"[start:end] == "@bot"
