"""Whole messages with the real model: what is understood, and what honestly is not."""

from datetime import date

import pytest

from nlu.interpreter import Interpreter
from nlu.meaning import Verdict

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        ("slt cmt tu va", "fr", "greet"),
        ("bjr jveux minscrire a la formation", "fr", "enroll_training"),
        ("jcherche un ordi pr lasso", "fr", "find_equipment"),
        ("quelles formations à Dikhil ?", "fr", "find_training"),
        ("c'est quoi le projet de plaidoyer numérique ?", "fr", "ask_project"),
        ("iska warran", "so", "greet"),
        ("waxaan rabaa inaan la hadlo qof", "so", "talk_to_human"),
        ("mannah tantoo?", "aa", "greet"),
    ],
)
def test_a_plain_message_is_acted_on(real: Interpreter, text: str, language: str, intent: str) -> None:
    meaning = real.parse(text)
    assert (meaning.language, meaning.intent, meaning.verdict) == (language, intent, Verdict.ACT)


@pytest.mark.parametrize(
    "text",
    ["asdf qwer", "hhhhh", "xxxx", "...", "12345", "qsdfgh jklm", "wxcvbn", "?", "", "   ", "😂😂", "مرحبا"],
)
def test_what_says_nothing_is_nothing_for_the_bot(real: Interpreter, text: str) -> None:
    meaning = real.parse(text)
    assert meaning.verdict is Verdict.ABSTAIN or meaning.intent == "out_of_scope"


def test_a_bare_number_is_still_there_for_a_form_that_asked_for_it(real: Interpreter) -> None:
    meaning = real.parse("12345")
    assert (meaning.intent, [e.value for e in meaning.entities]) == ("inform", ["12345"])


def test_figures_of_an_arabic_keyboard_are_figures(real: Interpreter) -> None:
    meaning = real.parse("٧٧١٢٣٤٥٦")
    assert [(e.name, e.start, e.end) for e in meaning.entities] == [("phone", 0, 8)]


def test_a_bare_name_is_an_answer(real: Interpreter) -> None:
    meaning = real.parse("Tagorri")
    assert (meaning.intent, meaning.verdict) == ("inform", Verdict.ACT)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("association au PK 12", "find_osc"),
        ("asso pk13", "find_osc"),
        ("ong environement arta", "find_osc"),
        ("urur Cali Sabiix deegaanka", "find_osc"),
        ("egla Tagorri", "find_osc"),
        ("tababar Obock", "find_training"),
        ("formation numérique Arta", "find_training"),
        ("aydakaakan Obokul", "find_training"),
        ("qusba Balbala", "find_project"),
        ("cyber PK12", "find_digital_space"),
    ],
)
def test_what_kind_of_thing_and_where_is_a_search_and_no_answer(
    real: Interpreter, text: str, intent: str
) -> None:
    meaning = real.parse(text)
    assert (meaning.intent, meaning.verdict) == (intent, Verdict.ACT)


@pytest.mark.parametrize("text", ["Balbala", "jeunesse, Arta", "école", "PK 12"])
def test_where_or_what_about_alone_is_an_answer(real: Interpreter, text: str) -> None:
    meaning = real.parse(text)
    assert (meaning.intent, meaning.verdict) == ("inform", Verdict.ACT)


def test_a_sign_that_means_yes_is_acted_on(real: Interpreter) -> None:
    meaning = real.parse("👍")
    assert (meaning.intent, meaning.verdict) == ("affirm", Verdict.ACT)


def test_intent_and_confidence_are_the_first_of_the_ranking(real: Interpreter) -> None:
    meaning = real.parse("les associations de femmes à Obock")
    assert meaning.ranking[0] == (meaning.intent, meaning.confidence)


def test_days_are_seen_from_the_given_day(real: Interpreter) -> None:
    meaning = real.parse("rappelle-moi la formation demain", today=TODAY)
    assert [e.value for e in meaning.entities if e.name == "date"] == ["2026-03-03"]


def test_only_the_first_thousand_characters_count(real: Interpreter) -> None:
    meaning = real.parse("bonjour " * 200 + "Obock")
    assert meaning.entities == ()
