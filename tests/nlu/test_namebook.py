"""Names that change while the bot runs: typed in full, by acronym, in part, misspelt; and ordinary words."""

import pytest

from nlu.interpreter import Interpreter
from nlu.namebook import Known, NameBook

KNOWN = (
    Known("organisation", "1", ("Union Nationale des Femmes Djiboutiennes",), "UNFD"),
    Known("organisation", "2", ("Bender-Djedid",)),
    Known("organisation", "3", ("Association des femmes d'Obock",), "AFO"),
    Known("organisation", "4", ("Aide et Partage",), "AIDE"),
    Known("organisation", "5", ("Ururka Horumarinta Waddamo",)),
    Known("organisation", "6", ("Association Al-Birri",), "A.B"),
    Known("organisation", "7", ("Espérance Tadjourah",), "ET"),
    Known("organisation", "8", ("Réseau Nagaad",), "RN"),
    Known("organisation", "9", ("Groupement Nagaad",), "RN"),
    Known("organisation", "10", ("Ururka Haweenka Horseed",)),
    Known("organisation", "11", ("Caritas Djibouti",)),
    Known("training", "25", ("Protéger les données de nos membres",)),
    Known("training", "21", ("Word avancé", "Word sare")),
    Known("training", "22", ("Excel pour trésoriers", "Excel-ka khasnajiyada")),
    Known("training", "23", ("Excel pour débutants",)),
    Known("training", "24", ("Santé",)),
)


@pytest.fixture(scope="module")
def book(real: Interpreter) -> NameBook:
    return real.book(KNOWN)


def found(book: NameBook, text: str) -> list[tuple[str, str]]:
    return [(e.value, e.text) for e in book.find(text)]


@pytest.mark.parametrize(
    ("text", "value", "typed"),
    [
        (
            "je cherche l'Union Nationale des Femmes Djiboutiennes",
            "1",
            "Union Nationale des Femmes Djiboutiennes",
        ),
        ("union national des femme djiboutienne svp", "1", "union national des femme djiboutienne"),
        ("le numéro de l'unfd ?", "1", "unfd"),
        ("U.N.F.D", "1", "U.N.F.D"),
        ("c'est qui bender djedid", "2", "bender djedid"),
        ("BENDAR-DJEDIDE", "2", "BENDAR-DJEDIDE"),
        ("l'association des femmes d'Obock", "3", "association des femmes d'Obock"),
        ("le contact de AFO", "3", "AFO"),
        ("l'association AIDE à Arta", "4", "AIDE"),
        ("ururka horumarinta wadamo xaggee buu ku yaal", "5", "ururka horumarinta wadamo"),
        ("al birri egla anke", "6", "al birri"),
        ("je veux m'inscrire à la formation Word avancé", "21", "Word avancé"),
        ("word sare ayaan rabaa", "21", "word sare"),
        ("inscription excel pour tresorier", "22", "excel pour tresorier"),
        ("Horseed", "10", "Horseed"),
        ("le numero de horseed svp", "10", "horseed"),
        ("caritass", "11", "caritass"),
        ("la caritas", "11", "caritas"),
        ("albiri", "6", "albiri"),
        ("asso albiri", "6", "albiri"),
        ("benderdjedid", "2", "benderdjedid"),
        ("bender jedid", "2", "bender jedid"),
        ("unfdd", "1", "unfdd"),
        ("l'unfdd", "1", "unfdd"),
        ("la formation proteger donnees", "25", "proteger donnees"),
        ("formation proteger", "25", "proteger"),
    ],
)
def test_a_name_is_found_however_it_is_typed(book: NameBook, text: str, value: str, typed: str) -> None:
    assert found(book, text) == [(value, typed)]


@pytest.mark.parametrize(
    "text",
    [
        "les associations de femmes à Obock",
        "je cherche une aide pour mon association",
        "aide",
        "les formations sur la santé à Tadjourah",
        "et où ?",
        "ururka haweenka ee Obock",
        "excel",
        "formation excel avancé",
        "bonjour",
        "union des femmes",
        "",
    ],
)
def test_ordinary_words_are_no_names(book: NameBook, text: str) -> None:
    assert found(book, text) == []


@pytest.mark.parametrize("text", ["formation excel", "la formation excel à Obock", "tababar excel"])
def test_titles_that_begin_alike_are_all_found_behind_a_word_for_trainings(book: NameBook, text: str) -> None:
    assert found(book, text) == [("22", "excel"), ("23", "excel")]


def test_a_named_organisation_is_no_matter_of_others(real: Interpreter, book: NameBook) -> None:
    assert real.parse("numero de caritas", names=book).intent == "inform"


def test_what_two_bear_is_found_for_each_at_one_place(book: NameBook) -> None:
    assert found(book, "le contact de RN svp") == [("8", "RN"), ("9", "RN")]


def test_a_word_in_part_of_a_name_is_no_theme_and_no_place(real: Interpreter, book: NameBook) -> None:
    meaning = real.parse("je cherche l'union nationale des femmes djiboutiennes à Arta", names=book)
    assert [(e.name, e.value) for e in meaning.entities] == [("organisation", "1"), ("region", "Arta")]


def test_a_bare_name_is_an_answer(real: Interpreter, book: NameBook) -> None:
    assert real.parse("Word avancé", names=book).intent == "inform"


def test_no_names_are_found_where_none_are_known(real: Interpreter) -> None:
    assert real.book(()).find("UNFD, Bender-Djedid") == []


def test_the_country_alone_answers_where(real: Interpreter) -> None:
    meaning = real.parse(" Djibouti. ")
    assert [(e.value, e.text) for e in meaning.entities] == [("Djibouti-Ville", "Djibouti")]
    assert real.parse("les lois de Djibouti").entities == ()
