"""Which entries are taken for one, and which are not although they look alike."""

import pytest

from bot.duplicates import Known, Reason, Roll, initials, name_words

KNOWN = (
    Known(1, "Association des femmes de Balbala", "AFB", "Djibouti-Ville", "+25377831234"),
    Known(2, "Association pour le développement d'Obock", "ADO", "Obock", "+25377000001", "ado@exemple.dj"),
    Known(3, "Ururka Dhalinyarada Tadjourah", None, "Tadjourah"),
    Known(4, "Association des femmes de Boulaos", None, "Djibouti-Ville"),
    Known(5, "Comité du Quartier 1", None, "Djibouti-Ville"),
    Known(6, "Bender-Djedid", None, "Djibouti-Ville"),
)


def found(one: Known) -> list[tuple[int, tuple[Reason, ...]]]:
    roll = Roll(KNOWN, {"tajuura": "tadjourah", "hayyu": "obock"})
    return [(candidate.id, candidate.reasons) for candidate in roll.like(one)]


@pytest.mark.parametrize(
    ("name", "region", "wanted"),
    [
        ("ASSOCIATION DES FEMMES DE BALBALA", "Djibouti-Ville", 1),
        ("Balbala : femmes (association des)", "Djibouti-Ville", 1),
        ("Ururka femmes Balbala", "Djibouti-Ville", 1),
        ("Egla femmes Balballa", "Djibouti-Ville", 1),
        ("AFB", "Djibouti-Ville", 1),
        ("Asso devloppement Obok", "Obock", 2),
        ("ururka dhalinyarada Tajuura", "Tadjourah", 3),
        ("ONG Bendr Djedid", "Djibouti-Ville", 6),
        ("Benderdjedid", None, 6),
    ],
)
def test_same_organisation_is_found_under_another_spelling(
    name: str, region: str | None, wanted: int
) -> None:
    assert [number for number, _ in found(Known(0, name, region=region))][:1] == [wanted]


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("Association des femmes de Tadjourah", "Tadjourah"),
        ("Association des femmes de Boulaos", "Arta"),
        ("Comité du Quartier 2", "Arta"),
        ("Association", "Obock"),
        ("Club de football de Balbala", "Djibouti-Ville"),
        ("", None),
    ],
)
def test_other_organisations_are_left_alone(name: str, region: str | None) -> None:
    assert found(Known(0, name, region=region)) == []


def test_signs_are_named_the_strongest_first() -> None:
    one = Known(0, "Association ADO", "ado", None, "+25377000001", "ADO@exemple.dj")
    assert found(one) == [(2, (Reason.EMAIL, Reason.PHONE, Reason.ACRONYM))]


def test_one_phone_for_two_names_is_asked_about() -> None:
    assert found(Known(0, "Club de football", phone="+25377831234")) == [(1, (Reason.PHONE,))]


def test_an_entry_is_not_its_own_duplicate() -> None:
    assert [number for number, _ in found(KNOWN[1])] == []


def test_words_that_only_say_association_do_not_count() -> None:
    assert (
        name_words("L'Association des Femmes d'Obock")
        == name_words("Ururka femmes Obock")
        == ("femmes", "obock")
    )


def test_acronym_is_derived_with_and_without_small_words() -> None:
    assert {"afb", "adfdb"} <= initials("Association des femmes de Balbala")
