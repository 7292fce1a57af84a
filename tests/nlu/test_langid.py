"""The language of short messages, and when it is sure enough to change the answers' language."""

import json
from pathlib import Path

import pytest

from nlu.langid import LANGUAGES, LanguageIdentifier, build

COUNTS = Path(__file__).parents[2] / "data" / "langid" / "counts.json"


@pytest.fixture(scope="module")
def languages() -> LanguageIdentifier:
    return LanguageIdentifier.load(COUNTS)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("je cherche une formation pour mon association", "fr"),
        ("slt jveux minscrire", "fr"),
        ("waxaan rabaa inaan helo tababar", "so"),
        ("ururka aan ka tirsanahay ayaa u baahan kombuyuutar", "so"),
        ("anu barittoh gexak inkih maca", "aa"),
        ("yoh maca kinni anke gadda gey", "aa"),
        ("مرحبا كيف حالك", "ar"),
    ],
)
def test_a_sentence_is_in_its_language(languages: LanguageIdentifier, text: str, language: str) -> None:
    guess = languages.identify(text)
    assert (guess.language, guess.sure) == (language, True)


@pytest.mark.parametrize("text", ["ok", "Obock", "internet"])
def test_one_word_of_any_language_does_not_change_the_answers(
    languages: LanguageIdentifier, text: str
) -> None:
    assert not languages.identify(text).sure


def test_signs_alone_are_in_the_language_last_used(languages: LanguageIdentifier) -> None:
    guess = languages.identify("77 12 34 56", prior="aa")
    assert (guess.language, guess.sure) == ("aa", False)


def test_signs_of_a_stranger_are_in_no_language(languages: LanguageIdentifier) -> None:
    assert languages.identify("…").language == "other"


def test_a_word_of_every_language_is_in_the_one_last_used(languages: LanguageIdentifier) -> None:
    assert [languages.identify("ok", prior=own).language for own in LANGUAGES] == [*LANGUAGES]


def test_counts_built_from_texts_tell_them_apart(tmp_path: Path) -> None:
    target = tmp_path / "counts.json"
    build({"fr": ["zut zut"], "so": ["qaq qaq"], "aa": ["yiy yiy"]}, target)
    assert set(json.loads(target.read_text())) == set(LANGUAGES)
    assert LanguageIdentifier.load(target).identify("zuzu").language == "fr"
