"""How well an interpreter does on a file of labelled messages; figures are shares between 0 and 1."""

import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.examples import BadExamples, Example, read_examples
from nlu.interpreter import Interpreter
from nlu.meaning import Entity, Interpretation, Verdict


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`acted_wrong`: the bot would act on a wrong intent; `errors`: text, expected and got of each wrong intent.

    `language_accuracy` is None when the file does not say languages; latencies are of one message, warm.
    """

    file: str
    messages: int
    accuracy: float
    macro_f1: float
    entity_f1: float
    acted_wrong: float
    asked: float
    abstained: float
    language_accuracy: float | None
    latency_ms_p50: float
    latency_ms_p95: float
    errors: list[dict[str, str]]


Pair = tuple[Example, Interpretation]


@dataclass(frozen=True, slots=True)
class Heard:
    """Labelled messages with what was understood of each, and how many seconds each took."""

    pairs: list[Pair]
    seconds: list[float]


def hear(interpreter: Interpreter, path: Path) -> Heard:
    """Raises BadExamples when the file cannot be read or holds no example."""
    examples = read_examples([path])
    if not examples:
        raise BadExamples(f"{path}: holds no example of an intent")
    return hear_all(interpreter, examples)


def hear_all(interpreter: Interpreter, examples: Sequence[Example]) -> Heard:
    """Every message is parsed as the first of a person whose language is not known."""
    heard = Heard([], [])
    for example in examples:
        started = time.perf_counter()
        heard.pairs.append((example, interpreter.parse(example.text)))
        heard.seconds.append(time.perf_counter() - started)
    return heard


def judge(name: str, heard: Heard) -> Evaluation:
    pairs, seconds = heard.pairs, heard.seconds
    wrong = [(e, m) for e, m in pairs if m.intent != e.intent]
    spoken = [m.language == e.language for e, m in pairs if e.language]
    return Evaluation(
        file=name,
        messages=len(pairs),
        accuracy=_share(m.intent == e.intent for e, m in pairs),
        macro_f1=_macro_f1(pairs),
        entity_f1=_entity_f1(pairs),
        acted_wrong=_share(m.intent != e.intent and m.verdict is Verdict.ACT for e, m in pairs),
        asked=_share(m.verdict is Verdict.ASK for _, m in pairs),
        abstained=_share(m.verdict is Verdict.ABSTAIN for _, m in pairs),
        language_accuracy=_share(spoken) if spoken else None,
        latency_ms_p50=round(1000 * statistics.median(seconds), 3) if seconds else 0.0,
        latency_ms_p95=round(1000 * sorted(seconds)[int(0.95 * (len(seconds) - 1))], 3) if seconds else 0.0,
        errors=[{"text": e.text, "expected": e.intent, "got": m.intent} for e, m in wrong],
    )


def _share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return round(sum(found) / len(found), 4) if found else 0.0


def _macro_f1(pairs: Sequence[tuple[Example, Interpretation]]) -> float:
    """Mean of the intents' F1, over the intents that the file holds."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for example, meaning in pairs:
        if example.intent == meaning.intent:
            counts[example.intent][0] += 1
        else:
            counts[meaning.intent][1] += 1
            counts[example.intent][2] += 1
    wanted = {example.intent for example, _ in pairs}
    scores = [_f1(*counts[intent]) for intent in wanted]
    return round(statistics.fmean(scores), 4) if scores else 0.0


def _entity_f1(pairs: Sequence[tuple[Example, Interpretation]]) -> float:
    """An entity is right when name, value and span are; only kinds that the file annotates count."""
    kinds = {entity.name for example, _ in pairs for entity in example.entities}
    right = extra = missed = 0
    for example, meaning in pairs:
        wanted = {_mark(entity) for entity in example.entities}
        found = {_mark(entity) for entity in meaning.entities if entity.name in kinds}
        right += len(wanted & found)
        extra += len(found - wanted)
        missed += len(wanted - found)
    return round(_f1(right, extra, missed), 4)


def _mark(entity: Entity) -> tuple[str, str, int, int]:
    return entity.name, entity.value, entity.start, entity.end


def _f1(right: int, extra: int, missed: int) -> float:
    return 2 * right / (2 * right + extra + missed) if right else 0.0
