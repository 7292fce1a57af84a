"""An evaluation for people: by language and intent, confusions worst first, how honest the probabilities are."""

import html
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from nlu.evaluation import Pair
from nlu.meaning import Verdict

MOST_CONFUSIONS = 25
BINS = 10
CELL = 14
MARGIN = 170


def lines(pairs: Sequence[Pair]) -> Iterator[str]:
    """The report as lines of text."""
    yield from _by("language", pairs, lambda pair: pair[0].language or "?")
    yield from _by("intent", pairs, lambda pair: pair[0].intent)
    yield ""
    yield "confusions, worst first"
    for (expected, got), count in confusions(pairs)[:MOST_CONFUSIONS]:
        yield f"  {count:4d}  {expected} → {got}"
    yield ""
    yield "calibration: how often the likeliest intent is right, by the probability it is given"
    for said, right, count in calibration(pairs):
        yield f"  {said:.2f} said, {right:.2f} right, {count} messages"


def confusions(pairs: Sequence[Pair]) -> list[tuple[tuple[str, str], int]]:
    """((expected, got), how often), worst first."""
    wrong = Counter((e.intent, m.intent) for e, m in pairs if e.intent != m.intent)
    return sorted(wrong.items(), key=lambda item: (-item[1], item[0]))


def calibration(pairs: Sequence[Pair]) -> list[tuple[float, float, int]]:
    """(mean probability, share right, messages) of each tenth that has messages."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for example, meaning in pairs:
        place = min(int(meaning.confidence * BINS), BINS - 1)
        bins[place].append((meaning.confidence, meaning.intent == example.intent))
    return [
        (
            sum(said for said, _ in found) / len(found),
            sum(right for _, right in found) / len(found),
            len(found),
        )
        for _, found in sorted(bins.items())
    ]


def _by(what: str, pairs: Sequence[Pair], key: Callable[[Pair], str]) -> Iterator[str]:
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[key(pair)].append(pair)
    yield ""
    yield f"{what:22s} messages  right  acted wrong  asked  abstained"
    for name, found in sorted(groups.items(), key=lambda item: _right(item[1])):
        wrong = sum(e.intent != m.intent and m.verdict is Verdict.ACT for e, m in found) / len(found)
        asked = sum(m.verdict is Verdict.ASK for _, m in found) / len(found)
        abstained = sum(m.verdict is Verdict.ABSTAIN for _, m in found) / len(found)
        yield f"{name:22s} {len(found):8d}  {_right(found):5.3f}  {wrong:11.3f}  {asked:5.3f}  {abstained:9.3f}"


def _right(pairs: Sequence[Pair]) -> float:
    return sum(e.intent == m.intent for e, m in pairs) / len(pairs)


def page(pairs: Sequence[Pair]) -> str:
    """One HTML page that needs nothing else: the report's lines and the confusion matrix as a picture."""
    said = html.escape("\n".join(lines(pairs)))
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>Understanding, judged</title>"
        "<style>body{font:15px system-ui;margin:2em}text{font:11px system-ui}pre{line-height:1.35}</style>"
        f"<h1>Understanding, judged on {len(pairs)} messages</h1>{_matrix(pairs)}<pre>{said}</pre></html>\n"
    )


def _matrix(pairs: Sequence[Pair]) -> str:
    """Rows: what was meant; columns: what was understood; the darker, the larger the share of the row."""
    names = sorted({e.intent for e, _ in pairs} | {m.intent for _, m in pairs})
    counts = Counter((e.intent, m.intent) for e, m in pairs)
    rows = Counter(e.intent for e, _ in pairs)
    size = MARGIN + CELL * len(names)
    marks = [
        _cell(
            names.index(got),
            names.index(meant),
            (f"{meant} → {got}: {count}", count / rows[meant], meant == got),
        )
        for (meant, got), count in counts.items()
    ]
    for i, name in enumerate(names):
        middle = MARGIN + CELL * i + CELL // 2
        label = html.escape(name)
        marks.append(f"<text x='{MARGIN - 6}' y='{middle + 4}' text-anchor='end'>{label}</text>")
        marks.append(f"<text transform='translate({middle + 4},{MARGIN - 6}) rotate(-90)'>{label}</text>")
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{size}' height='{size}' role='img' "
        f"aria-label='confusion matrix'>{''.join(marks)}</svg>"
    )


def _cell(column: int, row: int, about: tuple[str, float, bool]) -> str:
    told, share, right = about
    colour = "0,110,90" if right else "200,30,30"
    return (
        f"<rect x='{MARGIN + CELL * column}' y='{MARGIN + CELL * row}' width='{CELL - 1}' height='{CELL - 1}' "
        f"fill='rgba({colour},{max(share, 0.12):.2f})'><title>{html.escape(told)}</title></rect>"
    )
