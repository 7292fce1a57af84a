"""The operator's command that writes the synthesis of needs as HTML and PDF."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.errors import StartError
from bot.store.engine import Database
from bot.synthesis import Period, Synthesis, SynthesisWords
from bot.synthesis_html import to_html
from bot.synthesis_pdf import to_pdf


@dataclass(frozen=True, slots=True)
class Wanted:
    """`first` and `last` as typed, YYYY-MM-DD; None: the last twelve months, until today."""

    first: str | None
    last: str | None
    folder: Path


async def write_synthesis(database: Database, data_dir: Path, zone: ZoneInfo, wanted: Wanted) -> int:
    """Raises StartError for dates that are none, a period that ends before it begins, a folder that is closed."""
    now = datetime.now(UTC)
    period = _period(wanted, now.astimezone(zone).date(), zone)
    async with database.transaction() as tx:
        report = await Synthesis(tx, SynthesisWords.load(data_dir), period).report(now)
    name = f"synthese-{period.first}-{period.last}"
    try:
        wanted.folder.mkdir(parents=True, exist_ok=True)
        for suffix, content in (("html", to_html(report)), ("pdf", to_pdf(report))):
            path = wanted.folder / f"{name}.{suffix}"
            path.write_bytes(content)
            print(path)
    except OSError as error:
        raise StartError(f"{wanted.folder}: {error.strerror}") from error
    return 0


def _period(wanted: Wanted, today: date, zone: ZoneInfo) -> Period:
    last = _day("--to", wanted.last) or today
    first = _day("--from", wanted.first) or Period.year_to(last, zone).first
    if first > last:
        raise StartError(f"--from {first} is after --to {last}")
    return Period(first, last, zone)


def _day(option: str, typed: str | None) -> date | None:
    try:
        return None if typed is None else date.fromisoformat(typed)
    except ValueError:
        raise StartError(f"{option} {typed}: write a date as 2026-01-31") from None
