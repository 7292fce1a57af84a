"""The linter finds what would spoil the training, and our own data gives it nothing to find."""

from dataclasses import replace
from pathlib import Path

import pytest

from nlu import lint as linter
from nlu.__main__ import main
from nlu.lint import Alike, Findings, lint

GAZETTEER = "regions:\n  Obock: [Obok]\nplaces:\n  Balbala: {region: Djibouti-Ville, also: []}\n"


@pytest.fixture
def linted(tmp_path: Path) -> "Linted":
    return Linted(tmp_path)


class Linted:
    """Examples as `intent, language, line`, linted in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        (folder / "nlu").mkdir()
        (folder / "gazetteer.yml").write_text(GAZETTEER, encoding="utf-8")
        self.folder = folder

    def of(self, *taught: tuple[str, str, str], tested: str = "") -> Findings:
        (self.folder / "nlu" / "taught.yml").write_text(_file(*taught), encoding="utf-8")
        judged = self.folder / "judged.yml"
        judged.write_text(_file(("greet", "fr", tested or "slt")), encoding="utf-8")
        found = lint(self.folder, [judged])
        return replace(found, errors=tuple(e for e in found.errors if "are needed" not in e))


def _file(*examples: tuple[str, str, str]) -> str:
    blocks = [
        f"- intent: {intent}\n  metadata: {{language: {language}}}\n  examples: |\n    - {line}\n"
        for intent, language, line in examples
    ]
    return "nlu:\n" + "".join(blocks)


def test_one_message_of_two_intents_is_an_error_whatever_its_accents(linted: Linted) -> None:
    (error,) = linted.of(("greet", "fr", "À bientôt"), ("goodbye", "fr", "a  bientot")).errors
    assert "also an example of greet" in error


def test_nearly_the_same_example_twice_in_an_intent_is_a_remark(linted: Linted) -> None:
    line = "où trouver des ordinateurs pour notre association"
    found = linted.of(("find_equipment", "fr", line), ("find_equipment", "fr", f"{line} ?"))
    assert found.errors == ()
    assert ["nearly" in remark for remark in found.remarks] == [True]


def test_a_judged_message_may_not_be_learnt(linted: Linted) -> None:
    taught = ("greet", "fr", "bonjour à toute l'équipe du projet")
    (error,) = linted.of(taught, tested="Bonjour a toute l'equipe du projet!").errors
    assert "judged by the test set too" in error


def test_short_messages_may_be_judged_and_learnt(linted: Linted) -> None:
    assert linted.of(("greet", "fr", "bonjour à tous"), tested="bonjour à tous").errors == ()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("[Oubouck](region)", "region has no value 'Oubouck'"),
        ('[asso]{"entity": "theme", "value": "tricot"}', "theme has no value 'tricot'"),
        ("[demain](day)", "day has no value"),
        ("la rÃ©union", "wrong encoding"),
        ("quâ€™est-ce", "wrong encoding"),
    ],
)
def test_unknown_values_and_broken_letters_are_errors(linted: Linted, line: str, told: str) -> None:
    (error,) = linted.of(("inform", "fr", line)).errors
    assert told in error


def test_canonical_values_are_none(linted: Linted) -> None:
    assert linted.of(("inform", "fr", "[Obok](region:Obock) [Balbala](place) [santé](theme)")).errors == ()


def test_an_example_needs_a_language_of_ours(linted: Linted) -> None:
    (error,) = linted.of(("greet", "en", "hello everybody")).errors
    assert "no language" in error


def test_intents_with_too_few_examples_are_told_by_language(linted: Linted) -> None:
    linted.of(("greet", "fr", "bonjour"))
    errors = lint(linted.folder, [], ["greet", "thank"]).errors
    assert "greet: 1 examples in fr, 60 are needed" in errors
    assert "thank: 0 examples in aa, 20 are needed" in errors


def test_an_intent_with_far_more_examples_than_the_others_is_a_remark(
    linted: Linted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linter, "UNBALANCED", 2.0)
    many = [("greet", "fr", f"bonjour {name}") for name in ("Ali", "Fatouma", "Kadra")]
    found = linted.of(*many, ("thank", "fr", "merci"), ("deny", "fr", "non"))
    assert found.remarks == ("greet: 3 examples in fr, where 1 are usual",)


def test_texts_alike_are_found_wherever_they_differ() -> None:
    text = "je voudrais inscrire notre association"
    varied = [text[:i] + "x" + text[i + 1 :] for i in range(len(text))]
    assert [list(Alike([other]).to(text)) for other in varied] == [[0]] * len(text)


def test_our_own_examples_are_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["lint"])
    assert status == 0, capsys.readouterr().out
