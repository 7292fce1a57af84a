"""What is learnt from use is written so that it reads back as what was typed."""

from pathlib import Path

import pytest

from nlu.__main__ import main
from nlu.examples import Example, read_examples
from nlu.learned import write


def test_examples_are_read_back_as_typed_and_once(tmp_path: Path) -> None:
    typed = Example("c'est quoi: le \n récépissé #2", "find_legal_info", "fr", ())
    write(tmp_path / "reviewed.yml", [typed, typed])
    (read,) = read_examples([tmp_path])
    assert (read.text, read.intent, read.language) == (
        "c'est quoi: le récépissé #2",
        "find_legal_info",
        "fr",
    )


def test_what_people_type_is_no_annotation(tmp_path: Path) -> None:
    write(tmp_path / "reviewed.yml", [Example("[ici](region:Mars)", "inform", "fr", ())])
    assert read_examples([tmp_path])[0].entities == ()


def test_export_merges_files_into_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "a.yml", [Example("slm", "greet", "so", ())])
    write(tmp_path / "b.yml", [Example("mrc", "thank", "fr", ())])
    assert main(["export", "--learned", str(tmp_path)]) == 0
    (tmp_path / "one.yml").write_text(capsys.readouterr().out, encoding="utf-8")
    assert [e.intent for e in read_examples([tmp_path / "one.yml"])] == ["greet", "thank"]


def test_export_looks_where_the_bot_keeps_its_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "kept" / "learned" / "reviewed.yml", [Example("slm", "greet", "so", ())])
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OSCBOT_DATA_DIR", raising=False)
    (tmp_path / ".env").write_text("OSCBOT_DATA_DIR=kept\n", encoding="utf-8")
    assert main(["export"]) == 0
    assert "- slm" in capsys.readouterr().out
    (tmp_path / ".env").unlink()
    monkeypatch.setenv("OSCBOT_DATA_DIR", str(tmp_path / "kept"))
    assert main(["export"]) == 0
    assert "- slm" in capsys.readouterr().out
