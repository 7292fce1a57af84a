"""The commands as one calls them: figures and errors, in English, on the right stream."""

import io
import json
from pathlib import Path

import pytest

from nlu.__main__ import main

FIGURES = {
    *("file", "messages", "accuracy", "macro_f1", "entity_f1", "acted_wrong", "asked", "abstained"),
    *("language_accuracy", "latency_ms_p50", "latency_ms_p95", "errors"),
}


@pytest.fixture
def options(small_data: Path, tmp_path: Path) -> list[str]:
    return ["--data", str(small_data), "--model", str(tmp_path / "model.npz")]


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Two blocks of one intent, one of them without a language, and one message labelled wrongly."""
    file = tmp_path / "labelled.yml"
    file.write_text(
        "nlu:\n- intent: greet\n  metadata: {language: fr}\n  examples: |\n    - bonjour à vous\n"
        "- intent: greet\n  examples: |\n    - bonsoir madame\n"
        "- intent: thank\n  examples: |\n    - les formations prévues\n",
        encoding="utf-8",
    )
    return file


def test_training_writes_the_model_once(
    small_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "made" / "model.npz"
    command = ["train", "--data", str(small_data), "--out", str(out)]
    assert main(command) == 0
    made = out.stat().st_mtime_ns
    assert main(command) == 0
    assert out.stat().st_mtime_ns == made
    assert "MB" in capsys.readouterr().err


def test_texts_are_parsed_to_json_lines(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse", "bonjour à tous", "à Obock", "--json", *options]) == 0
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["text"], first["intent"], first["language"]) == ("bonjour à tous", "greet", "fr")
    assert second["entities"][0]["value"] == "Obock"


def test_lines_of_the_input_are_parsed_when_no_text_is_given(
    options: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("bonjour\nmerci\n"))
    assert main(["parse", *options]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_evaluation_gives_one_object_a_file(
    options: list[str], labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(labelled), str(labelled), "--json", *options]) == 0
    results = json.loads(capsys.readouterr().out)
    assert [set(result) for result in results] == [FIGURES, FIGURES]


def test_evaluation_counts_messages_and_tells_errors(
    options: list[str], labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["evaluate", str(labelled), "--json", *options])
    (result,) = json.loads(capsys.readouterr().out)
    assert (result["messages"], result["accuracy"], result["language_accuracy"]) == (3, 0.6667, 1.0)
    assert result["errors"] == [
        {"text": "les formations prévues", "expected": "thank", "got": "find_training"}
    ]


def test_language_accuracy_is_null_when_the_file_names_no_language(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plain.yml"
    file.write_text("nlu:\n- intent: greet\n  examples: |\n    - bonjour\n", encoding="utf-8")
    main(["evaluate", str(file), "--json", *options])
    assert json.loads(capsys.readouterr().out)[0]["language_accuracy"] is None


@pytest.mark.parametrize("content", ["nlu: [\n", "words\n", "nlu: []\n"])
def test_a_bad_file_is_one_line_on_standard_error(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    main(["train", *options])
    capsys.readouterr()
    bad = tmp_path / "bad.yml"
    bad.write_text(content, encoding="utf-8")
    assert main(["evaluate", str(bad), *options]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_missing_file_is_one_line_on_standard_error(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["train", *options])
    capsys.readouterr()
    assert main(["evaluate", str(tmp_path / "gone.yml"), *options]) == 1
    assert capsys.readouterr().err.splitlines() == [f"nlu: {tmp_path}/gone.yml: No such file or directory"]


def test_a_missing_folder_of_texts_is_one_line_on_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["langid-build", str(tmp_path / "gone")]) == 1
    said = capsys.readouterr().err
    assert (said.count("\n"), said.startswith(f"nlu: {tmp_path}/gone")) == (1, True)


def test_evaluation_writes_its_page_and_cross_validates(
    small_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "report.html"
    file = small_data / "nlu" / "fr.yml"
    own = ["--data", str(small_data), "--model", str(tmp_path / "m.npz")]
    assert main(["evaluate", str(file), *own, "--html", str(page), "--cv", "2"]) == 0
    said = capsys.readouterr().out
    assert "in 2 folds: 19 messages" in said
    assert "calibration" in said
    assert page.read_text(encoding="utf-8").count("<svg") == 1
