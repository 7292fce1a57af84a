"""How training and test utterances are read from Rasa's NLU YAML, inline entities included."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nlu.meaning import Entity

_INLINE = re.compile(r"\[(?P<text>[^\]]+)\](?:\((?P<name>[^):]+)(?::(?P<old>[^)]*))?\)|(?P<json>\{[^}]*\}))")


class BadExamples(ValueError):
    """A file is not Rasa NLU YAML; str() names file and line."""


@dataclass(frozen=True, slots=True)
class Example:
    """`language` comes from the block's metadata; None when it has none."""

    text: str
    intent: str
    language: str | None
    entities: tuple[Entity, ...]


def read_examples(paths: Iterable[Path]) -> list[Example]:
    """All examples of these files and folders, in a stable order. Raises BadExamples."""
    files = [f for path in paths for f in (sorted(path.rglob("*.yml")) if path.is_dir() else [path])]
    return [example for file in files for example in _read(file)]


def _read(path: Path) -> Iterator[Example]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadExamples(f"{path}:{line}: {error.problem}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadExamples(f"{path}: not text in UTF-8 and YAML: {' '.join(str(error).split())}") from error
    except OSError as error:
        raise BadExamples(f"{path}: {error.strerror}") from error
    if not isinstance(content, dict):
        raise BadExamples(f"{path}:1: not a mapping with the key nlu")
    blocks = content.get("nlu") or []
    if not isinstance(blocks, list):
        raise BadExamples(f"{path}: nlu is not a list")
    for block in blocks:
        if not isinstance(block, dict):
            raise BadExamples(f"{path}: an item of nlu is not a mapping: {str(block)[:60]}")
        if "intent" in block:
            yield from _block(path, block)


def _block(path: Path, block: dict[str, Any]) -> Iterator[Example]:
    language = _language(block)
    examples = block.get("examples") or ""
    if not isinstance(examples, (str, list)):
        raise BadExamples(f"{path}: examples of {block['intent']} are neither text nor list")
    for item in examples if isinstance(examples, list) else examples.splitlines():
        own, typed = language, item
        if isinstance(item, dict):
            own = _language(item) or language
            typed = item.get("text", "")
        line = str(typed).strip().removeprefix("- ").strip()
        if line:
            text, entities = plain(path, line)
            yield Example(text, str(block["intent"]), own, entities)


def _language(annotated: dict[str, Any]) -> str | None:
    metadata = annotated.get("metadata")
    found = metadata.get("language") if isinstance(metadata, dict) else None
    return None if found is None else str(found)


def plain(path: Path, line: str) -> tuple[str, tuple[Entity, ...]]:
    """The text without annotations, and the entities with offsets in it."""
    text, entities, at = "", [], 0
    for match in _INLINE.finditer(line):
        text += line[at : match.start()]
        surface, start, at = match["text"], len(text), match.end()
        text += surface
        name, value = match["name"], match["old"] or surface
        if match["json"]:
            try:
                annotation = json.loads(match["json"])
                name, value = annotation["entity"], str(annotation.get("value", surface))
            except (ValueError, KeyError) as error:
                raise BadExamples(f"{path}: unreadable annotation in {line[:80]!r}: {error}") from error
        entities.append(Entity(str(name), value, start, len(text), surface))
    return text + line[at:], tuple(entities)
