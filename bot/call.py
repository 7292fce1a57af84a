"""What a call for projects is: what it offers, to whom, and until when it is open."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CallPlan:
    """What its publisher says. No theme means every theme, no region the whole country; `closes_at` is the last moment.

    `amount` and `conditions` are words: what is binding is said as the publisher wrote it.
    """

    title: str
    closes_at: datetime
    opens_at: datetime
    description: str | None = None
    amount: str | None = None
    conditions: str | None = None
    url: str | None = None
    themes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    id: int
    plan: CallPlan
    withdrawn: bool = False

    @property
    def key(self) -> str:
        """How reminders and buttons name it beside the resources."""
        return f"call:{self.id}"

    def is_coming(self, now: datetime) -> bool:
        return not self.withdrawn and now < self.plan.opens_at

    def suits(self, themes: tuple[str, ...], regions: tuple[str, ...]) -> bool:
        """Whether somebody of these themes and regions may answer it; without any, everybody may."""
        by_theme = not self.plan.themes or not themes or set(themes) & set(self.plan.themes)
        by_region = not self.plan.regions or not regions or set(regions) & set(self.plan.regions)
        return bool(by_theme and by_region)


def number_of_key(key: str | None) -> int | None:
    """The number in "call:12"; None for anything else."""
    kind, _, number = (key or "").partition(":")
    return int(number) if kind == "call" and number.isdigit() else None
