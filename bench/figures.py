"""What a benchmark gives: figures of ours and of Rasa under one name, and the table they make together."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number; `higher`: more is better. `target` is ours, None where nothing was promised."""

    name: str
    unit: str
    ours: float | None = None
    rasa: float | None = None
    target: float | None = None
    higher: bool = False

    @property
    def times_better(self) -> float | None:
        """How many times better ours is than Rasa's; below 1 it is worse."""
        if not self.ours or not self.rasa:
            return None
        return self.ours / self.rasa if self.higher else self.rasa / self.ours

    @property
    def met(self) -> bool | None:
        """Whether ours keeps its target; None without one."""
        if self.ours is None or self.target is None:
            return None
        return self.ours >= self.target if self.higher else self.ours <= self.target

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "times_better": self.times_better, "met": self.met}


def percentile(values: Sequence[float], percent: int) -> float:
    """Inclusive percentile, linear between neighbours; needs two values or more."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def latencies(name: str, seconds: Sequence[float], *targets: float) -> list[Figure]:
    """p50 and p95 in milliseconds of our own timings, with their targets."""
    aims: tuple[float | None, ...] = targets or (None, None)
    return [
        Figure(f"{name}, p{percent}", "ms", percentile(seconds, percent) * 1000, target=aim)
        for percent, aim in zip((50, 95), aims, strict=True)
    ]


def rasas(name: str, seconds: Sequence[float]) -> list[Figure]:
    """p50 and p95 in milliseconds of Rasa's timings."""
    return [
        Figure(f"{name}, p{percent}", "ms", rasa=percentile(seconds, percent) * 1000) for percent in (50, 95)
    ]


def together(figures: Iterable[Figure]) -> list[Figure]:
    """Figures of one name as one: ours beside Rasa's."""
    merged: dict[str, Figure] = {}
    for figure in figures:
        known = merged.get(figure.name)
        if known is None:
            merged[figure.name] = figure
            continue
        merged[figure.name] = Figure(
            figure.name,
            figure.unit,
            known.ours if figure.ours is None else figure.ours,
            known.rasa if figure.rasa is None else figure.rasa,
            known.target if figure.target is None else figure.target,
            known.higher or figure.higher,
        )
    return list(merged.values())


def table(figures: Sequence[Figure]) -> str:
    """All figures in aligned columns."""
    heads = ("what", "unit", "ours", "target", "", "Rasa 3.6", "times better")
    rows = [heads, *(_row(figure) for figure in figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(heads))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0]), row[1].ljust(widths[1])]
        cells += [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def _row(figure: Figure) -> tuple[str, ...]:
    aim = "" if figure.target is None else f"{'≥' if figure.higher else '≤'} {figure.target:g}"
    met = {True: "met", False: "MISSED", None: ""}[figure.met]
    return (
        figure.name,
        figure.unit,
        _number(figure.ours),
        aim,
        met,
        _number(figure.rasa),
        _number(figure.times_better),
    )


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
