"""Names by their many spellings, numbers, phones and addresses, with offsets in the typed text."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from nlu.entities import find_entities
from nlu.examples import Example
from nlu.lexicon import Lexicon
from nlu.meaning import Entity

TODAY = date(2026, 3, 2)
GAZETTEER = Path(__file__).parents[2] / "data" / "gazetteer.yml"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    text = "les femmes"
    example = Example(text, "find_osc", "fr", (Entity("theme", "femmes", 4, 10, "femmes"),))
    other = Example("l'espace numérique", "x", "fr", (Entity("theme", "numérique", 9, 18, "numérique"),))
    return Lexicon.learn(GAZETTEER, [example, other])


def found(text: str, lexicon: Lexicon) -> list[tuple[str, str]]:
    return [(e.name, e.value) for e in find_entities(text, lexicon, TODAY)]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("à Tagorri", "region", "Tadjourah"),
        ("cali sabiix", "region", "Ali Sabieh"),
        ("OBOK", "region", "Obock"),
        ("Tadjouraa", "region", "Tadjourah"),
        ("balbalaa", "place", "Balbala"),
        ("Q7", "place", "Quartier 7"),
        ("pour les femmes", "theme", "femmes"),
        ("Contact@Asso.DJ", "email", "contact@asso.dj"),
        ("nous sommes 45", "number", "45"),
        ("créée en 1998", "year", "1998"),
    ],
)
def test_a_name_is_found_by_its_canonical_value(lexicon: Lexicon, text: str, name: str, value: str) -> None:
    assert (name, value) in found(text, lexicon)


@pytest.mark.parametrize("typed", ["77 83 12 34", "77831234", "+253 77 83 12 34", "00253 77831234"])
def test_a_phone_is_one_number_however_it_is_typed(lexicon: Lexicon, typed: str) -> None:
    assert found(f"appelez {typed}", lexicon) == [("phone", "+25377831234")]


@pytest.mark.parametrize(
    "typed",
    ["77 12 34 56/21 35 35 35", "77123456 / 21353535", "77 12 34 56 21 35 35 35", "+25377123456-21.35.35.35"],
)
def test_two_phones_beside_each_other_are_two(lexicon: Lexicon, typed: str) -> None:
    assert found(typed, lexicon) == [("phone", "+25377123456"), ("phone", "+25321353535")]


@pytest.mark.parametrize("typed", ["ali hassan@gmail.com", "Hassan ali.h@osc.dj "])
def test_an_address_with_a_blank_in_it_is_not_cut_short(lexicon: Lexicon, typed: str) -> None:
    assert found(typed, lexicon) == []


@pytest.mark.parametrize(
    "typed",
    [
        "mail hassan@gmail.com",
        "Hassan hassan@gmail.com",
        "mon mail : hassan@gmail.com",
        "imeel hassan@gmail.com",
    ],
)
def test_a_word_that_leads_to_an_address_is_no_part_of_it(lexicon: Lexicon, typed: str) -> None:
    assert found(typed, lexicon) == [("email", "hassan@gmail.com")]


def test_offsets_are_those_of_the_typed_text(lexicon: Lexicon) -> None:
    text = "Les FEMMES de Tagórri"
    assert [text[e.start : e.end] for e in find_entities(text, lexicon, TODAY)] == ["FEMMES", "Tagórri"]


def test_entities_never_overlap(lexicon: Lexicon) -> None:
    entities = find_entities("Quartier 7 le 12/05/2026 à Djibouti-Ville 77831234", lexicon, TODAY)
    assert all(one.end <= following.start for one, following in pairwise(entities))


@pytest.mark.parametrize("text", ["un espace public numérique", "chez Djibouti Telecom"])
def test_words_that_are_part_of_a_name_are_not_entities(lexicon: Lexicon, text: str) -> None:
    assert found(text, lexicon) == []


def test_a_common_word_near_a_name_is_not_that_name() -> None:
    common = Example("marabouts", "x", "fr", ())
    assert found("marabouts", Lexicon.learn(GAZETTEER, [common])) == []
