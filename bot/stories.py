"""Test stories in Rasa's format, told to our own engine: what a message should do, and what it did."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bot.content import Key, Source, read_yaml
from bot.domain import Domain, load_domain
from bot.errors import ContentError
from bot.rehearsal import Heard, Rehearsal
from bot.taps import certain
from nlu.examples import plain
from nlu.meaning import Interpretation

ROOT = Path(__file__).parent.parent
NOT_SAID = "not said"


@dataclass(slots=True)
class Turn:
    """One message of a story and what must follow; `loop`: the form active afterwards, if said."""

    line: int
    meaning: Interpretation
    typed: str | None
    actions: list[str] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)
    loop: str | None = NOT_SAID


@dataclass(frozen=True, slots=True)
class Story:
    path: Path
    name: str
    turns: Sequence[Turn]


@dataclass(frozen=True, slots=True)
class Difference:
    """`line` of the message after which the story and the engine part, and on what."""

    line: int
    intent: str
    about: str
    expected: Any
    happened: Any


@dataclass(frozen=True, slots=True)
class Result:
    file: str
    story: str
    difference: Difference | None = None


def read_stories(path: Path, domain: Domain) -> list[Story]:
    """The stories of one file. Raises ContentError for a step that Rasa or the domain does not know."""
    source = read_yaml(path)
    raw = source.data.get("stories") if isinstance(source.data, dict) else None
    if not isinstance(raw, list):
        raise ContentError(f"{path}:1: no list of stories")
    return [_story(source, domain, i) for i in range(len(raw))]


def _story(source: Source, domain: Domain, i: int) -> Story:
    raw = source.data["stories"][i]
    turns: list[Turn] = []
    for j, step in enumerate(raw.get("steps") or []):
        key: Key = ("stories", i, "steps", j)
        if "intent" in step:
            turns.append(_turn(source, domain, key, step))
        elif not turns:
            raise source.error(key, "a story starts with what a person says")
        else:
            _expect(source, domain, key, turns[-1])
    if not turns:
        raise source.error(("stories", i), "a story needs steps")
    return Story(source.path, str(raw.get("story", "")), turns)


def _turn(source: Source, domain: Domain, key: Key, step: dict[str, Any]) -> Turn:
    intent, user = str(step["intent"]), step.get("user")
    if intent not in domain.intents:
        raise source.error(key, f"unknown intent {intent}")
    if user is None:
        pairs = [(str(n), str(v)) for item in step.get("entities") or [] for n, v in item.items()]
        typed = None
    else:
        typed, entities = plain(source.path, str(user).strip())
        pairs = [(entity.name, entity.value) for entity in entities]
    for name in sorted({name for name, _ in pairs} - domain.entities):
        raise source.error(key, f"unknown entity {name}")
    return Turn(source.lines[key], certain(intent, pairs), typed)


def _expect(source: Source, domain: Domain, key: Key, turn: Turn) -> None:
    step = source.data["stories"][key[1]]["steps"][key[3]]
    match step:
        case {"action": str(name)}:
            turn.actions.append(name)
        case {"active_loop": form} if form is None or form in domain.forms:
            turn.loop = form
        case {"slot_was_set": list(slots)}:
            for item in slots:
                turn.slots |= item
        case _:
            raise source.error(key, f"unknown step {step}")


async def run_stories(stories: Iterable[Story], domain: Domain) -> list[Result]:
    """Each story in a conversation of its own, up to its first difference."""
    return [Result(str(s.path), s.name, await _first_difference(s, domain)) for s in stories]


async def _first_difference(story: Story, domain: Domain) -> Difference | None:
    rehearsal = Rehearsal(domain)
    for turn in story.turns:
        heard = await rehearsal.hear(turn.meaning, turn.typed)
        for about, expected, happened in _compared(turn, heard):
            if expected != happened:
                return Difference(turn.line, turn.meaning.intent, about, expected, happened)
    return None


def _compared(turn: Turn, heard: Heard) -> Iterable[tuple[str, Any, Any]]:
    yield "actions", turn.actions, list(heard.actions)
    if turn.loop != NOT_SAID:
        yield "active_loop", turn.loop, heard.active_form
    for name, value in turn.slots.items():
        yield f"slot {name}", value, heard.slots.get(name)


async def run_files(paths: Sequence[Path], *, as_json: bool = False) -> int:
    """Run these files and folders, print each story's result; 1 when one differs. Raises ContentError."""
    domain = load_domain(ROOT)
    files = [file for path in paths for file in (sorted(path.glob("*.yml")) if path.is_dir() else [path])]
    results = await run_stories([s for file in files for s in read_stories(file, domain)], domain)
    failed = [result for result in results if result.difference]
    if as_json:
        sys.stdout.write(json.dumps([asdict(r) for r in results], ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.writelines(_line(result) + "\n" for result in results)
        sys.stdout.write(f"{len(results) - len(failed)} of {len(results)} stories as written\n")
    return 1 if failed else 0


def _line(result: Result) -> str:
    if result.difference is None:
        return f"ok    {result.story}"
    d = result.difference
    return (
        f"WRONG {result.story}\n      {result.file}:{d.line}: after {d.intent}, {d.about}: "
        f"expected {d.expected}, got {d.happened}"
    )
