"""Folding keeps offsets, reads chat spellings and sees what is no message."""

import pytest

from nlu.normalise import fold, is_noise, respell, skeleton, tokens, words


def test_accents_and_case_do_not_count() -> None:
    assert fold("ÉTÉ à Ali-Sabieh") == "ete a ali-sabieh"


def test_tokens_say_where_they_stood_as_typed() -> None:
    text = "L’été à Tadjourah !"
    assert [text[t.start : t.end] for t in tokens(text)] == ["L", "été", "à", "Tadjourah"]


def test_letters_held_down_count_twice_at_most() -> None:
    assert words("merciiiii") == words("mercii") == ["merci"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("slt", "salut"),
        ("cmt", "comment"),
        ("jveux", "je veux"),
        ("dsolé", "desole"),
        ("rdv", "rendez vous"),
        ("2m1", "demain"),
        ("asso", "association"),
    ],
)
def test_french_chat_spellings_become_standard_words(typed: str, meant: str) -> None:
    assert words(typed) == meant.split()


@pytest.mark.parametrize("own", ["ku", "ka", "ke", "kan", "mar", "asc", "num", "ya", "di", "la"])
def test_somali_and_afar_words_are_not_taken_for_chat_french(own: str) -> None:
    assert words(own) == [own]


def test_offsets_are_of_the_typed_text_not_of_the_standard_words() -> None:
    assert [(t.word, t.start, t.end) for t in tokens("rdv demain")] == [("rdv", 0, 3), ("demain", 4, 10)]


def test_emoji_that_mean_something_are_words() -> None:
    assert words("👍") == ["ok"]


def test_two_spellings_of_a_somali_word_come_to_one() -> None:
    assert respell("dhoobaad") == respell("dobad")


def test_a_skeleton_is_what_remains_without_vowels() -> None:
    assert skeleton("formation") == skeleton("frmtn")


def test_a_word_of_vowels_is_its_own_skeleton() -> None:
    assert skeleton("oui") == "oui"


@pytest.mark.parametrize("typed", ["hhhhh", "AAAA", "12345", "12 34", "jjjj 99"])
def test_keys_held_down_and_bare_digits_are_noise(typed: str) -> None:
    assert is_noise(typed)


@pytest.mark.parametrize("typed", ["ok", "aa", "merciiii", "pk12", "", "👍"])
def test_words_and_signs_are_not_noise(typed: str) -> None:
    assert not is_noise(typed)
