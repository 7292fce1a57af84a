"""When what an organisation said of itself is to be asked again: half-lives of fields, months and tries."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from bot.content import read_yaml

MONTH = timedelta(days=30)
BETWEEN = MONTH
"""At most one question per organisation in that time."""
TRIES = 3
"""Questions without an answer before another person is asked, or nobody is left."""


def load_half_lives(data_dir: Path) -> Mapping[str, timedelta]:
    """Fields with the time they stay fresh, from freshness.yml. Raises ContentError."""
    source = read_yaml(data_dir / "freshness.yml")
    if not isinstance(source.data, dict):
        raise source.error((), "must name fields with their months")
    for field, months in source.data.items():
        if not isinstance(months, int) or months < 1:
            raise source.error((field,), "must be a whole number of months")
    return {field: months * MONTH for field, months in source.data.items()}


def most_overdue(
    confirmed: Mapping[str, datetime], half_lives: Mapping[str, timedelta], now: datetime
) -> str | None:
    """The field whose age is the greatest multiple of its half-life, of those past it."""
    ages = {f: (now - confirmed[f]) / life for f, life in half_lives.items() if f in confirmed}
    stale = {field: age for field, age in ages.items() if age >= 1}
    return max(stale, key=lambda field: stale[field], default=None)
