"""Spellings that are a name in one language and an ordinary word in another."""

from pathlib import Path

import pytest

from nlu.examples import Example, plain
from nlu.lexicon import Lexicon

GAZETTEER = Path(__file__).parents[2] / "data" / "gazetteer.yml"
AFAR = ['[lee]{"entity": "theme", "value": "eau"} faxa', 'nih [lee]{"entity": "theme", "value": "eau"} egla']
FRENCH = ["où est le cyber", "le prix", "association de [sport](theme)", "[sport](theme) et jeux"]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    examples = [
        Example(text, "find_osc", language, entities)
        for language, lines in (("aa", AFAR), ("fr", FRENCH))
        for text, entities in (plain(Path("test"), line) for line in lines)
    ]
    return Lexicon.learn(GAZETTEER, examples)


def named(lexicon: Lexicon, text: str, language: str | None) -> list[tuple[str, str]]:
    return [(e.value, e.text) for e in lexicon.find(text, language)]


def test_word_of_one_language_is_no_name_in_another(lexicon: Lexicon) -> None:
    assert named(lexicon, "lee", "aa") == [("eau", "lee")]
    assert named(lexicon, "le cyber", "fr") == []


def test_name_keeps_its_case_ending_in_its_span(lexicon: Lexicon) -> None:
    assert named(lexicon, "sportih egla Tagorril", "aa") == [("sport", "sportih"), ("Tadjourah", "Tagorril")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Quelle est la capitale du Japon", []),
        ("chez Djibouti Telecom", []),
        ("les associations de Djibouti ville", [("Djibouti-Ville", "Djibouti ville")]),
    ],
)
def test_words_inside_other_names_are_none(lexicon: Lexicon, text: str, found: list[tuple[str, str]]) -> None:
    assert named(lexicon, text, "fr") == found
