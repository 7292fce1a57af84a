"""The language of short messages, and when it is sure enough to change the answers' language."""

import json
from pathlib import Path

import numpy as np
import pytest

from nlu.chatwords import BUCKETS, LANGUAGES, ChatWords
from nlu.langid import Guess, LanguageIdentifier, build
from nlu.model import Trained

COUNTS = Path(__file__).parents[2] / "data" / "langid" / "counts.json"


@pytest.fixture(scope="module")
def languages(real_model: Trained) -> LanguageIdentifier:
    return LanguageIdentifier.load(COUNTS, real_model.chat)


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
        ("formation-ka goorma ayuu bilaabmayaa", "so"),
        ("appel à projets ma jiraa hadda", "so"),
        ("yi association maysarraqa faxa", "aa"),
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


@pytest.mark.parametrize(
    "text",
    [
        "hello how are you",
        "what is the price of internet",
        "where can we register",
        "Hello, do you speak English?",
        "what trainings do you have",
        "kayfa haluk ya akhi",
        "selam, dehna neh?",
        "akkam jirta",
        "hola como estas",
    ],
)
def test_another_language_is_none_of_ours(languages: LanguageIdentifier, text: str) -> None:
    assert languages.identify(text) == Guess("other", True)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("bye bye", "fr"),
        ("assalamu alaykum wa rahmatullah", "so"),
        ("je fais un meeting on line le week end", "fr"),
        ("waxaan rabaa in aan is diiwaangeliyo", "so"),
        ("anu is kaa gey faxa", "aa"),
        ("hello", "fr"),
    ],
)
def test_words_borrowed_from_another_language_are_ours(
    languages: LanguageIdentifier, text: str, language: str
) -> None:
    assert languages.identify(text, prior=language).language == language


def test_ethiopic_letters_are_none_of_ours(languages: LanguageIdentifier) -> None:
    assert languages.identify("ሰላም").language == "other"


def test_french_inside_a_somali_sentence_is_a_span_of_its_own(languages: LanguageIdentifier) -> None:
    text = "waxaan rabaa inaan ka qaybgalo la formation sur les réseaux sociaux berri galab"
    spans = [(span.language, text[span.start : span.end]) for span in languages.spans(text)]
    assert [language for language, _ in spans] == ["so", "fr", "so"]
    assert "réseaux sociaux" in spans[1][1]


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("une personne ii yeer svp", "so"),
        ("deux heures avant i xusuusi", "so"),
        ("parle moi en français gaba faxah", "aa"),
    ],
)
def test_who_puts_french_words_into_their_language_keeps_it(
    languages: LanguageIdentifier, text: str, own: str
) -> None:
    assert languages.identify(text, prior=own) == Guess(own, False)
    assert languages.identify(text, prior="fr").language == "fr"


@pytest.mark.parametrize("text", ["waxaan rabaa formation informatique", "waan rabaa inscription formation"])
def test_somali_with_french_nouns_is_somali_whatever_was_spoken_before(
    languages: LanguageIdentifier, text: str
) -> None:
    assert {languages.identify(text, prior) for prior in (None, "fr", "so", "aa")} == {Guess("so", True)}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("goorma tababarku bilaabmayaa؟", "so"),
        ("Bonjour السلام عليكم je cherche une formation", "fr"),
        ("السلام عليكم ورحمة الله ok", "ar"),
    ],
)
def test_a_few_arabic_signs_do_not_make_a_message_arabic(
    languages: LanguageIdentifier, text: str, language: str
) -> None:
    assert languages.identify(text) == Guess(language, True)


@pytest.mark.parametrize("own", ["so", "aa"])
def test_a_place_or_a_short_word_in_french_is_no_sign_of_another_language(
    languages: LanguageIdentifier, own: str
) -> None:
    for text in ("Merci ma fille que Dieu te bénisse", "comment joindre la coopérative de Sagallou"):
        assert languages.identify(text, prior=own) == Guess("fr", True)


def test_counts_built_from_texts_tell_them_apart(tmp_path: Path) -> None:
    target = tmp_path / "counts.json"
    build({"fr": ["zut zut"], "so": ["qaq qaq"], "aa": ["yiy yiy"]}, target)
    assert set(json.loads(target.read_text())) == set(LANGUAGES)
    untaught = ChatWords(np.zeros((BUCKETS, len(LANGUAGES)), np.float32))
    assert LanguageIdentifier.load(target, untaught).identify("qaqqaq qaq qaq qaqa").language == "so"
