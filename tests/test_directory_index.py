"""The directory asked as people ask: by name with mistakes, by theme, place and skill, in three languages, mixed."""

from pathlib import Path

import pytest

from bot.directory_index import DirectoryIndex, Entry, Sought
from bot.directory_words import DirectoryWords
from bot.search_words import SearchTerms

DATA = Path(__file__).parents[1] / "data"
WORDS = DirectoryWords.load(DATA)
TERMS = SearchTerms.load(DATA / "search_terms.yml")


def osc(number: int, name: str, region: str, themes: str, **more: object) -> Entry:
    return Entry(number, name, regions=frozenset({region}), themes=frozenset(themes.split(";")), **more)  # type: ignore[arg-type]


ENTRIES = (
    osc(
        1,
        "Association des femmes de Balbala",
        "Djibouti-Ville",
        "femmes;santé",
        acronym="AFB",
        places=frozenset({"Balbala"}),
    ),
    osc(2, "Femmes d'Obock debout", "Obock", "économie", about="couture", acts=frozenset({"eau", "Dikhil"})),
    osc(3, "Coopérative des pêcheurs d'Obock", "Obock", "économie;environnement", form="coopérative"),
    osc(4, "Jeunes connectés", "Obock", "numérique;jeunesse", can=("formation au numérique", "dépannage")),
    osc(5, "Ururka Dhalinyarada Tajuura", "Tadjourah", "jeunesse;sport", merit=(0, 2)),
    osc(6, "Iftin solidarité", "Arta", "éducation", merit=(3, 0)),
    osc(7, "Horumar", "Tadjourah", "jeunesse", merit=(1, 0)),
)
INDEX = DirectoryIndex(ENTRIES, WORDS, TERMS)


def found(words: str, language: str = "fr", **named: str) -> list[int]:
    return list(INDEX.search(Sought(words, **named), language).ids)


@pytest.mark.parametrize(
    ("words", "language", "first"),
    [
        ("AFB", "fr", 1),
        ("association femme balballa", "fr", 1),
        ("asociation des fames de Balbala", "fr", 1),
        ("Iftin solidarite", "fr", 6),
        ("iftin soldarité", "fr", 6),
        ("le téléphone de Horumar svp", "fr", 7),
        ("cooperatives à Hayyu", "fr", 3),
        ("pecheur", "fr", 3),
        ("qui peut former au numérique à Obock ?", "fr", 4),
        ("ki fai la couture", "fr", 2),
        ("ururrada haweenka Obock", "so", 2),
        ("dhalinyarada Tajuura ciyaaraha", "so", 5),
        ("tababar dijitaal Hayyu", "so", 4),
        ("Tagorri qunxaaneyta egla", "aa", 5),
        ("egla agabu Balbala", "aa", 1),
        ("association dijitaal Hayyu svp", "fr", 4),
    ],
)
def test_question_finds_its_organisation_first(words: str, language: str, first: int) -> None:
    assert found(words, language)[:1] == [first]


@pytest.mark.parametrize("words", ["licornes", "football américain à Arta", "santé à Dikhil", "xyzzy blorp"])
def test_what_nobody_does_is_not_found(words: str) -> None:
    assert found(words) == []


def test_words_that_only_ask_find_everything() -> None:
    assert sorted(found("liste des associations svp")) == [1, 2, 3, 4, 5, 6, 7]


def test_project_counts_as_acting_somewhere_after_those_who_are_there() -> None:
    assert found("", region="Dikhil") == [2]
    assert found("", theme="eau", region="Dikhil") == [2]


def test_equal_matches_go_by_freshness_then_trust() -> None:
    assert found("", theme="jeunesse", region="Tadjourah") == [5, 7]


def test_what_was_understood_is_told() -> None:
    understood = INDEX.search(Sought("des plombiers pour la santé à Tajuura"), "fr").understood
    assert understood.sought.demands == {"region": "Tadjourah", "theme": "santé"}
    assert understood.words == ("plombiers",)


def test_named_value_leads_over_the_words() -> None:
    assert found("femmes", region="Djibouti-Ville") == [1]


@pytest.mark.parametrize("words", ["' OR 1=1 --", "\x00", "é" * 5000, "a " * 3000, "?!"])
def test_hostile_words_are_only_words(words: str) -> None:
    assert len(found(words)) <= len(ENTRIES)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("AFB", [1]),
        ("Iftin solidarité", [6]),
        ("iftin solidarte", [6]),
        ("horumar", [7]),
        ("femmes Obock", []),
        ("les jeunes ont besoin d'internet", []),
        ("", []),
    ],
)
def test_name_alone_is_recognised(text: str, wanted: list[int]) -> None:
    assert list(INDEX.named(text, "fr").ids) == wanted


def test_empty_directory_finds_nothing() -> None:
    assert DirectoryIndex((), WORDS, TERMS).search(Sought("femmes"), "fr").ids == ()
