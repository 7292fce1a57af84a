"""How examples learnt from use are written as Rasa's NLU YAML and read back together."""

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from nlu.examples import Example, read_examples

_PLAIN = str.maketrans("[]", "()")
"""What people typed is no annotation."""


def as_yaml(examples: Iterable[Example]) -> str:
    """One block for each intent and language, each text once."""
    blocks: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for example in examples:
        text = " ".join(example.text.translate(_PLAIN).split())
        if text:
            blocks[example.intent, example.language or "fr"][text] = None
    lines = ['version: "3.1"', "nlu:"] if blocks else ['version: "3.1"', "nlu: []"]
    for (intent, language), texts in sorted(blocks.items()):
        lines += [f"- intent: {intent}", f"  metadata: {{language: {language}}}", "  examples: |"]
        lines += [f"    - {text}" for text in texts]
    return "\n".join(lines) + "\n"


def write(path: Path, examples: Iterable[Example]) -> None:
    """Moved into place when whole: no reader sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(as_yaml(examples), encoding="utf-8")
    draft.replace(path)


def exported(folder: Path) -> str:
    """All that was learnt, as one file. Raises BadExamples."""
    return as_yaml(read_examples([folder]))
