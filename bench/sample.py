"""The same few examples for every engine that is compared: a seeded sample of each intent and language."""

import json
import os
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

from nlu.examples import Example

SEED = 13
SHARE = 12
"""Examples per intent and language; DIET needs hours for all of them."""


def share() -> int:
    """Of each intent and language, from OSCBOT_BENCH_SHARE. Raises ValueError when it is no number above 0."""
    wanted = int(os.environ.get("OSCBOT_BENCH_SHARE", SHARE))
    if wanted < 1:
        raise ValueError("OSCBOT_BENCH_SHARE must be 1 or more")
    return wanted


def stratified(examples: Iterable[Example], each: int) -> list[Example]:
    """At most `each` of every intent and language, always the same for the same examples."""
    groups: dict[tuple[str, str], list[Example]] = defaultdict(list)
    for example in examples:
        groups[example.intent, example.language or ""].append(example)
    chance = random.Random(SEED)
    return [
        example
        for _, group in sorted(groups.items())
        for example in chance.sample(group, min(each, len(group)))
    ]


def write_for_rasa(examples: Sequence[Example], path: Path) -> None:
    """As Rasa's NLU YAML, entities inline with their canonical values."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        blocks[example.intent].append(f"- {_annotated(example)}\n")
    content = {
        "version": "3.1",
        "nlu": [{"intent": intent, "examples": "".join(lines)} for intent, lines in blocks.items()],
    }
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _annotated(example: Example) -> str:
    text = example.text
    for entity in sorted(example.entities, key=lambda e: -e.start):
        about = json.dumps({"entity": entity.name, "value": entity.value}, ensure_ascii=False)
        text = f"{text[: entity.start]}[{text[entity.start : entity.end]}]{about}{text[entity.end :]}"
    return text
