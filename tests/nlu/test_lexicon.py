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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("connexion-tayadu way go'day laba bilood", []),
        ("les gens d'Obock et l'Arta", ["Obock", "Arta"]),
        ("jusqu’à Day", ["Day"]),
    ],
)
def test_the_rest_of_a_word_behind_an_apostrophe_is_no_place(
    lexicon: Lexicon, text: str, found: list[str]
) -> None:
    assert [value for value, _ in named(lexicon, text, "fr")] == found


@pytest.fixture(scope="module")
def listed() -> Lexicon:
    """What the gazetteer alone teaches."""
    return Lexicon.learn(GAZETTEER, [])


@pytest.mark.parametrize("language", ["fr", "so", "aa"])
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Obokka", "Obock"),
        ("obokh", "Obock"),
        ("Hayyuk", "Obock"),
        ("Tajuurah", "Tadjourah"),
        ("Tagorrih", "Tadjourah"),
        ("Tagorril", "Tadjourah"),
        ("Dikhilka", "Dikhil"),
        ("Calisabiix", "Ali Sabieh"),
        ("alisabieh", "Ali Sabieh"),
        ("Balbalada", "Balbala"),
        ("arhibah", "Arhiba"),
        ("Ali sabié", "Ali Sabieh"),
        ("assayla", "As-Eyla"),
        ("Tago\u0301rri", "Tadjourah"),
    ],
)
def test_a_place_is_found_with_the_endings_and_spellings_of_three_languages(
    listed: Lexicon, text: str, value: str, language: str
) -> None:
    assert named(listed, f"x {text} y", language) == [(value, text)]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("les éleveurs de Dorra", "fr", "agriculture"),
        ("lutte contre la pollution", "fr", "environnement"),
        ("des cours d'alphabetisation", "fr", "éducation"),
        ("ururrada kalluumaysato", "so", "agriculture"),
        ("ururrada élevage", "so", "agriculture"),
        ("hooyooyinka xaafadda", "so", "femmes"),
        ("qaadah daarana", "aa", "culture"),
        ("sayyih egla anke tan", "aa", "femmes"),
        ("qui sait faire la gestion financière", "fr", "comptabilité"),
        ("urur wacyigelin sameeya", "so", "sensibilisation"),
    ],
)
def test_a_theme_or_a_capacity_has_other_words_too(
    listed: Lexicon, text: str, language: str, value: str
) -> None:
    assert value in [v for v, _ in named(listed, text, language)]


def test_a_listed_word_that_people_use_for_other_things_is_no_theme() -> None:
    ordinary = [Example(text, "x", "fr", ()) for text in ("un puits de science", "au fond du puits")]
    assert named(Lexicon.learn(GAZETTEER, ordinary), "le puits", "fr") == []
