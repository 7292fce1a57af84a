"""The messages that judge the understanding: enough of each intent, canonical values, none twice."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from nlu.examples import Example, read_examples

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WRITTEN = [HERE / f"{language}.yml" for language in ("fr", "so", "aa")]
MIXED = HERE / "mixed.yml"
LEAST_PER_INTENT = {"fr": 9, "so": 9, "aa": 6}
# What the bot must leave alone, and bare answers, are of many kinds: more messages are needed to judge them.
LEAST_OF_MANY_KINDS = {
    "fr": {"out_of_scope": 40, "inform": 20},
    "so": {"out_of_scope": 40, "inform": 20},
    "aa": {"out_of_scope": 25, "inform": 15},
}
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
    least = dict.fromkeys(intents_of_the_domain(), LEAST_PER_INTENT[file.stem])
    least |= LEAST_OF_MANY_KINDS[file.stem]
    assert not {intent: found[intent] for intent, enough in least.items() if found[intent] < enough}


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
