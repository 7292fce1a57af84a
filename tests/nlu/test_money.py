"""Sums in three currencies and three languages, and what is a number, a phone or a word instead."""

from datetime import date

import pytest

from nlu.entities import find_entities
from nlu.lexicon import Lexicon

TODAY = date(2026, 3, 2)
NO_NAMES = Lexicon({}, frozenset())


def found(text: str) -> list[tuple[str, str]]:
    return [(e.name, e.value) for e in find_entities(text, NO_NAMES, TODAY)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("500 000 francs Djibouti", "500000 DJF"),
        ("50 000 Fdj", "50000 DJF"),
        ("FDJ 12.500", "12500 DJF"),
        ("500 mille francs", "500000 DJF"),
        ("500 fr", "500 DJF"),
        ("2 millions de francs djiboutiens", "2000000 DJF"),
        ("trois cents dollars", "300 USD"),
        ("1500$", "1500 USD"),
        ("US$ 200", "200 USD"),
        ("mille euros", "1000 EUR"),
        ("12,50 €", "12.5 EUR"),
        ("shan boqol kun oo faran", "500000 DJF"),
        ("2 malyan oo faran Jabuuti", "2000000 DJF"),
        ("kun doolar", "1000 USD"),
        ("100 yuuro", "100 EUR"),
        ("taban kee nammay euro", "12 EUR"),
    ],
)
def test_a_sum_has_its_currency(text: str, value: str) -> None:
    assert found(f"ok {text}, merci") == [("money", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("notre budget est de 2 millions", "2000000 DJF"),
        ("on demande une subvention de 500 mille pour acheter", "500000 DJF"),
        ("lacag dhan 500 kun ayaan rabnaa", "500000 DJF"),
        ("lakqo 20000", "20000 DJF"),
    ],
)
def test_a_great_number_beside_a_word_for_money_is_in_francs(text: str, value: str) -> None:
    assert ("money", value) in found(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("entre 500 et 1000 fdj", ["500 DJF", "1000 DJF"]),
        ("20 à 30 mille francs", ["20000 DJF", "30000 DJF"]),
        ("2 ou 3 millions de francs", ["2000000 DJF", "3000000 DJF"]),
        ("kun ilaa laba kun oo faran", ["1000 DJF", "2000 DJF"]),
    ],
)
def test_a_range_has_a_first_and_a_last_sum(text: str, values: list[str]) -> None:
    assert found(text) == [("money", value) for value in values]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("500 mille", [("number", "500000")]),
        ("20 à 30 mille personnes", [("number", "20000"), ("number", "30000")]),
        ("un financement pour 1200 jeunes", [("number", "1200")]),
        ("soyez francs", []),
        ("77831234", [("phone", "+25377831234")]),
        ("lacag 77831200", [("phone", "+25377831200")]),
        ("envoyez 500 fdj au 77 83 12 34", [("money", "500 DJF"), ("phone", "+25377831234")]),
        ("appelez le 77 83 12", []),
        ("le 77.83.12.3", []),
        ("+253 77 83", []),
        ("moussa.77831234@gmail.com", [("email", "moussa.77831234@gmail.com")]),
        ("2 500 000", [("number", "2500000")]),
    ],
)
def test_what_is_no_sum_is_what_it_is(text: str, entities: list[tuple[str, str]]) -> None:
    assert found(text) == entities


def test_the_span_of_a_sum_holds_its_currency() -> None:
    text = "un appel de 2 millions de francs Djibouti pour"
    assert [e.text for e in find_entities(text, NO_NAMES, TODAY)] == ["2 millions de francs Djibouti"]
