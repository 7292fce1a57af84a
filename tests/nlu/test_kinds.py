"""Words of everyday life that are a theme beside a word for an organisation, and nowhere else."""

import pytest

from nlu.kinds import sought, themes_of_organisations
from nlu.meaning import Entity

BALBALA = Entity("place", "Balbala", 12, 19, "Balbala")


@pytest.mark.parametrize(
    ("text", "value", "typed"),
    [
        ("associations de femme à Balbala", "femmes", "femme"),
        ("groupement de la femme", "femmes", "femme"),
        ("asso ecole balbala", "éducation", "ecole"),
        ("associations pour les écoles à Obock", "éducation", "écoles"),
        ("une ONG qui aide les écoles", "éducation", "écoles"),
        ("École", "éducation", "École"),
    ],
)
def test_everyday_word_is_the_theme_of_an_organisation(text: str, value: str, typed: str) -> None:
    assert [(e.value, e.text) for e in themes_of_organisations(text)] == [(value, typed)]


@pytest.mark.parametrize(
    "text",
    [
        "ma femme est enceinte",
        "l'association de ma femme",
        "notre école associative",
        "je cherche l'école du quartier",
        "l'association a élu une femme",
        "projets avec les écoles",
    ],
)
def test_everyday_word_elsewhere_is_none(text: str) -> None:
    assert themes_of_organisations(text) == []


def test_something_is_sought_only_beside_where_or_what_about() -> None:
    assert sought("association Balbala", [BALBALA]) == "find_osc"
    assert sought("une association", []) is None
    assert sought("tout près de Balbala", [BALBALA]) is None


def test_word_for_a_kind_within_a_name_is_nothing_sought() -> None:
    name = Entity("organisation", "7", 0, 19, "Association Balbala")
    assert sought("Association Balbala", [name]) is None
