"""Rasa's NLU YAML in its several forms, and what is said of a file that is not."""

from pathlib import Path

import pytest

from nlu.examples import BadExamples, Example, plain, read_examples


def read(folder: Path, content: str) -> list[Example]:
    file = folder / "some.yml"
    file.write_text(content, encoding="utf-8")
    return read_examples([file])


def test_blocks_of_one_intent_keep_their_own_language(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "nlu:\n- intent: greet\n  metadata: {language: fr}\n  examples: |\n    - salut\n"
        "- intent: greet\n  metadata: {language: so}\n  examples: |\n    - iska warran\n",
    )
    assert [(e.text, e.intent, e.language) for e in found] == [
        ("salut", "greet", "fr"),
        ("iska warran", "greet", "so"),
    ]


def test_examples_may_be_a_list_with_metadata_of_their_own(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "nlu:\n- intent: greet\n  examples:\n  - text: |\n      - nabad\n    metadata: {language: so}\n  - allô\n",
    )
    assert [(e.text, e.language) for e in found] == [("nabad", "so"), ("allô", None)]


def test_synonyms_and_lookups_are_not_examples(tmp_path: Path) -> None:
    assert read(tmp_path, "nlu:\n- synonym: Obock\n  examples: |\n    - Hayyu\n") == []


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("à [Obock](region)", "Obock"),
        ("à [Obock](region:Hayyu)", "Hayyu"),
        ('à [Obock]{"entity": "region", "value": "Hayyu"}', "Hayyu"),
    ],
)
def test_annotations_give_name_value_and_offsets(line: str, value: str) -> None:
    text, (entity,) = plain(Path("f.yml"), line)
    assert (text, entity.name, entity.value) == ("à Obock", "region", value)
    assert text[entity.start : entity.end] == entity.text == "Obock"


def test_a_folder_is_read_in_a_stable_order(tmp_path: Path) -> None:
    for name in ("b", "a"):
        block = f"nlu:\n- intent: greet\n  examples: |\n    - {name}\n"
        (tmp_path / f"{name}.yml").write_text(block, encoding="utf-8")
    assert [e.text for e in read_examples([tmp_path])] == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("nlu:\n- intent: [greet\n", r"some\.yml:3: "),
        ("just words\n", "not a mapping"),
        ("nlu: 3\n", "nlu is not a list"),
        ("nlu:\n- greet\n", "an item of nlu is not a mapping"),
        ("nlu:\n- intent: greet\n  examples: 3\n", "examples of greet"),
        ("nlu:\n- intent: greet\n  examples: |\n    - [x]{entity}\n", "unreadable annotation"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong_on_one_line(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(BadExamples, match=said) as raised:
        read(tmp_path, content)
    assert "\n" not in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadExamples, match=r"gone\.yml: No such file"):
        read_examples([tmp_path / "gone.yml"])
