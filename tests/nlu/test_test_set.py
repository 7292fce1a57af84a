"""The messages that judge the understanding: enough of each intent, canonical values, none twice."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from nlu.examples import Example, read_examples

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# so.yml and aa.yml are written apart from fr.yml; each joins when it lands.
LANGUAGE_FILES = [HERE / f"{language}.yml" for language in ("fr", "so", "aa")]
WRITTEN = [file for file in LANGUAGE_FILES if file.exists()]
MIXED = HERE / "mixed.yml"
LEAST_PER_INTENT = 6
# The sixteen domains an organisation may work in; a new one is a new choice in the profile too.
THEMES = frozenset(
    {"éducation", "santé", "environnement", "jeunesse", "femmes", "handicap", "culture", "sport"}
    | {"droits humains", "économie", "agriculture", "eau", "numérique", "humanitaire", "enfance", "migration"}
)
SPOKEN = frozenset({"français", "somali", "afar"})


def messages(*files: Path) -> list[Example]:
    return read_examples(files)


def intents_of_the_domain() -> set[str]:
    return set(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"])


@pytest.fixture(scope="module")
def canonical() -> dict[str, frozenset[str]]:
    """The values that each kind of entity may have."""
    gazetteer = yaml.safe_load((ROOT / "data" / "gazetteer.yml").read_text(encoding="utf-8"))
    return {
        "region": frozenset(gazetteer["regions"]),
        "place": frozenset(gazetteer["places"]),
        "theme": THEMES,
        "language": SPOKEN,
    }


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.stem)
def test_every_intent_is_judged_by_enough_messages(file: Path) -> None:
    found = Counter(example.intent for example in messages(file))
    few = {intent: found[intent] for intent in intents_of_the_domain() if found[intent] < LEAST_PER_INTENT}
    assert not few


@pytest.mark.parametrize("file", WRITTEN, ids=lambda file: file.stem)
def test_every_message_of_a_language_file_wants_its_answer_in_that_language(file: Path) -> None:
    assert {example.language for example in messages(file)} == {file.stem}


def test_mixed_messages_cover_every_intent_in_each_language_of_the_answer() -> None:
    covered = {(example.intent, example.language) for example in messages(MIXED)}
    assert covered == {
        (intent, language) for intent in intents_of_the_domain() for language in ("fr", "so", "aa")
    }


@pytest.mark.parametrize("file", [*WRITTEN, MIXED], ids=lambda file: file.stem)
def test_entities_have_canonical_values(file: Path, canonical: dict[str, frozenset[str]]) -> None:
    wrong = [
        (example.text, entity.name, entity.value)
        for example in messages(file)
        for entity in example.entities
        if entity.value not in canonical.get(entity.name, frozenset())
    ]
    assert not wrong


def test_no_message_is_judged_twice_within_one_language() -> None:
    """`STOP` or a number may stand in two language files: it is typed in both."""
    found = Counter((e.language, " ".join(e.text.casefold().split())) for e in messages(*WRITTEN, MIXED))
    assert not [text for text, times in found.items() if times > 1]
