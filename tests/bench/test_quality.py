"""How understanding is measured beside Rasa: the sample, the noise and the figures."""

from pathlib import Path

import pytest

from bench.noise import NOISES, sms, typos
from bench.quality import Guess, Side, accuracy, auroc, entity_f1, judged, macro_f1, refused
from bench.sample import share, stratified, write_for_rasa
from nlu.examples import Example, read_examples
from nlu.meaning import Entity

REGION = Entity("region", "Tadjourah", 12, 19, "Tagorri")


def example(text: str, intent: str = "greet", language: str = "fr") -> Example:
    return Example(text, intent, language, ())


def test_a_sample_takes_as_many_of_each_intent_and_language_and_is_always_the_same() -> None:
    many = [
        example(f"{i}", intent, language) for i in range(9) for intent in "ab" for language in ("fr", "so")
    ]
    few = stratified(many, 2)
    assert len(few) == 8
    assert {(e.intent, e.language) for e in few} == {(i, s) for i in "ab" for s in ("fr", "so")}
    assert few == stratified(many, 2)


def test_what_is_written_for_rasa_reads_back_as_it_was(tmp_path: Path) -> None:

    marked = [Example("internet à  Tagorri!", "find_internet_offer", None, (REGION,)), example("slt")]
    write_for_rasa(marked, tmp_path / "nlu.yml")
    assert [(e.text, e.intent, e.entities) for e in read_examples([tmp_path / "nlu.yml"])] == [
        (e.text, e.intent, e.entities) for e in marked
    ]


def test_a_wrong_share_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSCBOT_BENCH_SHARE", "0")
    with pytest.raises(ValueError, match="OSCBOT_BENCH_SHARE"):
        share()


def test_noise_is_the_same_each_time_and_about_as_much_as_said() -> None:
    text = " ".join(["formation", "association", "bonjour", "internet"] * 100)
    for spoil in NOISES.values():
        assert spoil(text) == spoil(text)
    changed = sum(a != b for a, b in zip(text.split(), typos(text, 0.3).split(), strict=True))
    assert 80 < changed < 160
    assert sms("bonjour merci") == "bjr mrc"


def test_typos_leave_nothing_but_short_words_alone() -> None:
    assert typos("a b c 12", 1.0) == "a b c 12"


def test_shares_of_right_answers() -> None:
    examples = [example("1"), example("2"), example("3", "thank")]
    guesses = [Guess([("greet", 0.9)]), Guess([("thank", 0.9)]), Guess([("thank", 0.9)])]
    assert accuracy(examples, guesses) == pytest.approx(2 / 3)
    assert macro_f1(examples, guesses) == pytest.approx(2 / 3)


def test_an_entity_counts_with_name_value_and_span_only() -> None:
    examples = [Example("internet à  Tagorri", "x", None, (REGION,))]
    other = Entity("region", "Dikhil", 12, 19, "Tagorri")
    unasked = Entity("number", "3", 0, 1, "3")
    assert entity_f1(examples, [Guess([], [REGION, unasked])]) == 1
    assert entity_f1(examples, [Guess([], [other])]) == 0


def test_out_of_scope_figures() -> None:
    assert auroc([0.9, 0.8], [0.1, 0.85]) == pytest.approx(0.75)
    assert refused([0.5 + i / 200 for i in range(100)], [0.1, 0.51, 0.9]) == pytest.approx(2 / 3)
    assert Guess([("out_of_scope", 0.8), ("greet", 0.2)]).inside == 0.2


def test_one_who_always_says_greet_is_right_on_greetings_alone() -> None:
    figures = judged(lambda text: Guess([("greet", 1.0)]), Side.RASA)
    assert all(figure.ours is None for figure in figures)
    assert {figure.name.partition(":")[0] for figure in figures} == {"fr", "so", "aa", "mixed"}
    right = [f.rasa for f in figures if "intent right, clean" in f.name]
    assert all(value is not None and 0 <= value < 10 for value in right)
