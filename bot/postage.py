"""What writing to people on WhatsApp costs, and how many days it takes: rates from data/whatsapp_rates.yml."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.content import Source, read_yaml
from bot.templates import CATEGORIES

_KEYS = {"as_of", "source", "example", "currency", "templates", "replies", "free_replies_a_month"}


@dataclass(frozen=True, slots=True)
class Rates:
    """A message's price, in `currency`; `example`: not those of this account."""

    as_of: date
    source: str
    example: bool
    currency: str
    templates: Mapping[str, Decimal]
    replies: Decimal
    free_replies: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """`days`: until the last of them is written to; `cost`: at most, as if no free replies were left."""

    days: int
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Postage:
    """The terms of one WhatsApp account: rates, the category of its announcements, its tier (None: no limit)."""

    rates: Rates
    category: str
    people_a_day: int | None

    def estimate(self, inside: int, outside: int, opened: int) -> Estimate:
        """For so many people inside and outside the window, with `opened` of the tier used in these 24 hours."""
        price = self.rates.templates[self.category] * outside + self.rates.replies * inside
        return Estimate(self._days(outside, opened), price.quantize(Decimal("0.01")))

    def _days(self, outside: int, opened: int) -> int:
        if not outside or self.people_a_day is None:
            return 1
        left_today = max(0, self.people_a_day - opened)
        return 1 + math.ceil(max(0, outside - left_today) / self.people_a_day)


def read_rates(path: Path) -> Rates:
    """Raises ContentError naming file, line and key."""
    source = read_yaml(path)
    data = source.data
    if not isinstance(data, dict) or set(data) != _KEYS:
        raise source.error((), f"must hold exactly {', '.join(sorted(_KEYS))}")
    if type(data["as_of"]) is not date:
        raise source.error(("as_of",), "must be a date, as 2026-10-01")
    if not isinstance(data["templates"], dict) or set(data["templates"]) != set(CATEGORIES):
        raise source.error(("templates",), f"must hold exactly {', '.join(CATEGORIES)}")
    if not isinstance(data["example"], bool):
        raise source.error(("example",), "must be true or false")
    for key in ("source", "currency"):
        if not isinstance(data[key], str) or not data[key].strip():
            raise source.error((key,), "must be a text")
    free = data["free_replies_a_month"]
    if not isinstance(free, int) or free < 0:
        raise source.error(("free_replies_a_month",), "must be a number from 0 on")
    prices = {name: _price(source, ("templates", name), data["templates"][name]) for name in CATEGORIES}
    return Rates(
        data["as_of"],
        data["source"].strip(),
        data["example"],
        data["currency"].strip(),
        prices,
        _price(source, ("replies",), data["replies"]),
        free,
    )


def _price(source: Source, key: tuple[str, ...], value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 100:
        raise source.error(key, "must be a price, as 0.004")
    return Decimal(str(value))
