"""What the NLU makes of texts: with the real model where meaning counts, without it where code decides."""

from datetime import date
from pathlib import Path

import pytest

from nlu.__main__ import main
from nlu.classifier import train
from nlu.dates import find_dates
from nlu.examples import BadExamples, plain, read_examples
from nlu.interpreter import Interpreter
from nlu.langid import LanguageIdentifier
from nlu.meaning import Verdict
from nlu.model import ensure_model, stored_digest
from nlu.normalise import fold, skeleton, words

ROOT = Path(__file__).parent.parent.parent
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def model() -> Path:
    path = ROOT / "var" / "model.npz"
    ensure_model(ROOT / "data", path, progress=lambda line: None)
    return path


@pytest.fixture(scope="module")
def parser(model: Path) -> Interpreter:
    return Interpreter.load(model, ROOT / "data")


@pytest.fixture(scope="module")
def languages() -> LanguageIdentifier:
    return LanguageIdentifier.load(ROOT / "data" / "langid" / "counts.json")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Éducation", "education"), ("Tagórri", "tagorri"), ("L’ASSO", "l'asso")],
)
def test_case_and_accents_do_not_matter(text: str, expected: str) -> None:
    assert fold(text) == expected


def test_elongations_are_shortened_and_signs_that_mean_something_are_words() -> None:
    assert words("saluuuuut 👍") == ["saluut", "ok"]


def test_northern_and_southern_somali_have_one_skeleton() -> None:
    assert skeleton("gaadh")[0] == skeleton("gaar")[0]
    assert skeleton("jabuuti") == skeleton("jabuti")


def test_annotations_become_entities_with_offsets_in_the_plain_text() -> None:
    text, entities = plain(
        Path("x.yml"), 'à [Tagorri]{"entity": "region", "value": "Tadjourah"} [eau](theme)'
    )
    assert text == "à Tagorri eau"
    assert [(e.name, e.value, text[e.start : e.end]) for e in entities] == [
        ("region", "Tadjourah", "Tagorri"),
        ("theme", "eau", "eau"),
    ]


@pytest.mark.parametrize(
    "content", ["nlu: [", "- a list", 'nlu:\n- intent: a\n  examples: |\n    - [x]{"no": 1}\n']
)
def test_unusable_examples_name_the_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadExamples, match=r"bad\.yml"):
        read_examples([path])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("bonjour je cherche une formation", "fr"),
        ("waxaan rabaa formation-ka internetka", "so"),
        ("ururkayaga waxaan u baahanahay kombuyuutar", "so"),
        ("salaamata", "aa"),
        ("gadda gey", "aa"),
        ("yeey", "aa"),
        ("haa", "so"),
        ("oui", "fr"),
        ("السلام عليكم", "ar"),
    ],
)
def test_language_of_a_message(languages: LanguageIdentifier, text: str, language: str) -> None:
    assert languages.identify(text).language == language


def test_language_last_used_decides_where_nothing_else_does(languages: LanguageIdentifier) -> None:
    assert languages.identify("ok", prior="so").language == "so"
    assert not languages.identify("ok", prior="so").sure


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("demain", "2026-11-25"),
        ("lundi prochain", "2026-11-30"),
        ("berri galab", "2026-11-25"),
        ("beera", "2026-11-25"),
        ("le 3 décembre", "2026-12-03"),
        ("le 03/12/2026", "2026-12-03"),
        ("Isniinta", "2026-11-30"),
    ],
)
def test_dates_in_three_languages(text: str, value: str) -> None:
    assert [e.value for e in find_dates(text, TODAY) if e.name == "date"] == [value]


def test_somali_hours_and_afar_months_are_named_ambiguous() -> None:
    assert [e.name for e in find_dates("saacadda 2", TODAY)] == ["ambiguous_time"]
    assert [e.name for e in find_dates("5 Diteli", TODAY)] == ["ambiguous_date"]


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("les associations de femmes à Tagorri", "region", "Tadjourah"),
        ("Cali Sabiix", "region", "Ali Sabieh"),
        ("un cyber à Balballa", "place", "Balbala"),
        ("un cyber a Tadjoura", "region", "Tadjourah"),
        ("mon numéro est le 77 83 12 34", "phone", "+25377831234"),
        ("écrivez à Contact@Exemple.dj", "email", "contact@exemple.dj"),
        ("créée en 2015", "year", "2015"),
        ("haweenka", "theme", "femmes"),
    ],
)
def test_entities_have_canonical_values_and_true_spans(
    parser: Interpreter, text: str, name: str, value: str
) -> None:
    found = [e for e in parser.parse(text, today=TODAY).entities if e.name == name]
    assert [e.value for e in found] == [value]
    assert text[found[0].start : found[0].end] == found[0].text


@pytest.mark.parametrize("text", ["un espace public numérique", "une agence de Djibouti Telecom"])
def test_words_of_a_name_are_no_entities(parser: Interpreter, text: str) -> None:
    assert not [e for e in parser.parse(text).entities if e.value in ("numérique", "Djibouti-Ville")]


@pytest.mark.parametrize("text", ["", " ", "...", "zxqv wkjh", "hhhhhhh", "\0", "🦄", "x" * 5000])
def test_noise_is_never_acted_on(parser: Interpreter, text: str) -> None:
    meaning = parser.parse(text)
    assert meaning.verdict is not Verdict.ACT or meaning.intent == "out_of_scope"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("bonjour", "greet"),
        ("merci beaucoup", "thank"),
        ("mahadsanid", "thank"),
        ("gadda gey", "thank"),
        ("annuler", "cancel"),
        ("Djibouti-Ville", "inform"),
        ("77 83 12 34", "inform"),
    ],
)
def test_plain_messages_are_acted_on(parser: Interpreter, text: str, intent: str) -> None:
    meaning = parser.parse(text)
    assert (meaning.intent, meaning.verdict) == (intent, Verdict.ACT)


def test_training_twice_gives_the_same_model() -> None:
    texts = ["bonjour", "salut", "merci bien", "merci", "au revoir", "bye"] * 4
    intents = ["greet", "greet", "thank", "thank", "goodbye", "goodbye"] * 4
    first, second = train(texts, intents, 3), train(texts, intents, 3)
    assert first.classify("salut merci") == second.classify("salut merci")


def test_model_is_small_and_knows_what_it_was_made_from(model: Path) -> None:
    assert model.stat().st_size < 5_000_000
    assert stored_digest(model) is not None
    assert stored_digest(model.with_name("no-such-model")) is None


def test_evaluation_from_the_command_line(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "set.yml"
    path.write_text(
        "nlu:\n- intent: greet\n  examples: |\n    - bonjour\n- intent: greet\n  examples: |\n    - salut\n"
    )
    assert main(["evaluate", str(path), "--json", "--model", str(model)]) == 0
    printed = capsys.readouterr().out
    assert '"messages": 2' in printed
    assert '"language_accuracy": null' in printed


def test_missing_file_is_one_clear_line(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "no-such.yml", "--model", str(model)]) == 1
    assert capsys.readouterr().err.strip().endswith("No such file or directory")
