"""Names, numbers and addresses are taken out of what others read; the words of the domain stay."""

from pathlib import Path

import pytest

from bot.masking import is_worded, masked
from nlu.examples import read_examples

NLU = Path(__file__).parent.parent / "data" / "nlu"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("appelez 77 81 22 33 svp", "appelez … svp"),
        ("+25377812233", "…"),
        ("mon mail ali.b@gmail.com merci", "mon mail … merci"),
        ("mon code 12345", "mon code …"),
        ("mon pin 4521", "mon pin …"),
        ("77o12345", "…"),
        ("77 12 3o 45", "…"),
        ("@alihassan", "…"),
        ("wa.me/25377123456", "…"),
        ("ali.b arobase gmail point com", "…"),
        ("tel soixante dix-sept douze trente quatre cinquante six", "tel …"),
        ("toddobaatan iyo toddoba, laba iyo toban, soddon iyo afar", "…"),
    ],
)
def test_numbers_and_addresses_are_masked(typed: str, kept: str) -> None:
    assert masked(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("je m'appelle Kadra Omar et la formation ?", "je m'appelle … et la formation ?"),
        ("je m'appelle fatouma ali je cherche une formation", "je m'appelle … je cherche une formation"),
        ("moi c est Hodan", "moi c est …"),
        ("c'est moussa", "c'est …"),
        ("M. Ali Guedi", "M. …"),
        ("mr. ali guedi", "mr. …"),
        ("Dr Omar", "Dr …"),
        ("docteur zorbin est la", "docteur … est la"),
        ("magaceygu waa Caasha Cali", "magaceygu waa …"),
        ("magacaygu yahay Cali", "magacaygu yahay …"),
        ("magacaygu waa zorbina belkacem waxaan rabaa tababar", "magacaygu waa … waxaan rabaa tababar"),
        ("anigu waxaan ahay Cali Warsame", "anigu waxaan ahay …"),
        ("yi migaqa Qali", "yi migaqa …"),
        ("contactez Hodan Barkhad Robleh", "contactez …"),
        ("contactez Zorbina Belkacem", "contactez …"),
        ("JE M'APPELLE FATOUMA ALI", "JE M'APPELLE …"),
        ("magacaygu waa Xaawo Cumar, kombiyuutar", "magacaygu waa …, kombiyuutar"),
        ("je m'appelle : Zorbina", "je m'appelle : …"),
        ("xaawo iyo qabdalla", "… iyo …"),
    ],
)
def test_names_are_masked(typed: str, kept: str) -> None:
    assert masked(typed) == kept


def test_their_own_name_is_masked() -> None:
    assert masked("ici amina, la formation de 2026 ?", "Amina Ali") == "ici …, la formation de 2026 ?"
    assert masked("ici bou, la formation ?", "Bou Ly") == "ici …, la formation ?"


@pytest.mark.parametrize(
    "typed",
    [
        "je cherche une formation à Ali Sabieh",
        "waxaan rabaa tababar Cali Sabiix",
        "JE CHERCHE UNE FORMATION A BALBALA",
        "réunion de 14h30 pour 25 personnes en 2026",
        "mon association s'appelle Femmes de Tadjourah",
        "Formation Excel à Dikhil avec le PNUD",
        "une salle au quartier Cité Hodan",
        "Bradfitz zorglub quomodo",
        "kestion formasion kombien",
        "M. le président",
        "waxaan ahay haween",
    ],
)
def test_words_of_the_domain_and_misspelt_ones_stay(typed: str) -> None:
    assert masked(typed) == typed


@pytest.mark.parametrize("language", ["fr", "so", "aa"])
def test_few_of_our_examples_are_touched(language: str) -> None:
    """They hold words of the domain, and names seldom."""
    texts = [example.text for example in read_examples([NLU / language])]
    touched = [text for text in texts if masked(text) != text]
    assert len(touched) < len(texts) * 0.03


@pytest.mark.parametrize("language", ["fr", "so", "aa"])
def test_masking_again_takes_nothing_more(language: str) -> None:
    """What is kept masked is masked once more where it is shown."""
    texts = {masked(example.text) for example in read_examples([NLU / language]) if "…" not in example.text}
    assert [text for text in texts if "…" in text and masked(text) != text] == []


def test_what_is_masked_whole_holds_no_word() -> None:
    assert not is_worded(masked("Fatouma Ali 77 12 34 56"))
    assert is_worded(masked("Fatouma veut une formation"))
