"""The synthesis of needs counts what was said, quotes without names, and prints as HTML and PDF."""

import io
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from bot.charts import bars
from bot.errors import StartError
from bot.need import Need, Origin, Topic, Urgency
from bot.store.engine import Database
from bot.synthesis import Period, Synthesis, SynthesisWords
from bot.synthesis_blocks import Heading, Quotation, Report, Table
from bot.synthesis_command import Wanted, write_synthesis
from bot.synthesis_html import to_html
from bot.synthesis_pdf import to_pdf
from tests.fakes import Chat
from tests.planners import consenting, coordinating

DATA = Path(__file__).parent.parent / "data"
ZONE = ZoneInfo("Africa/Djibouti")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
YEAR = Period.year_to(date(2026, 11, 24), ZONE)
Chats = Callable[[str], Chat]
Invite = Callable[[str], Awaitable[str]]

SAID = (
    Need("on n'a plus de connexion, appelez Ali au 77 12 34 56", "fr", Origin.SAID, Topic.ACCESS, "santé", "Obock",
         Urgency.NOW, "association"),
    Need("kombiyuutar ma hayno", "so", Origin.SAID, Topic.ACCESS, None, "Dikhil", Urgency.LATER, "coopérative"),
    Need("nous voulons apprendre à rédiger un projet", "fr", Origin.SAID, Topic.ORGANISATION, None, None, None),
    Need("document sur les huîtres", "fr", Origin.SEARCH, Topic.ACCESS, None, "Obock"),
)  # fmt: skip


async def keep(database: Database, needs: tuple[Need, ...] = SAID, at: datetime = NOW) -> list[int]:
    """The groups the needs were put in."""
    groups = []
    async with database.transaction() as tx:
        for need in needs:
            assert need.topic is not None
            number = await tx.needs.add(need, None, at)
            groups.append(await tx.needs.open_group(need.topic, need.region, at))
            await tx.needs.set(number, group_id=groups[-1])
    return groups


async def report_of(database: Database, period: Period = YEAR) -> Report:
    async with database.transaction() as tx:
        return await Synthesis(tx, SynthesisWords.load(DATA), period).report(NOW)


def figures(report: Report) -> dict[str, str]:
    return {row[0]: row[1] for row in table_under(report, "Chiffres clés").rows}


def table_under(report: Report, heading: str) -> Table:
    at = next(i for i, b in enumerate(report.blocks) if isinstance(b, Heading) and b.text == heading)
    return next(b for b in report.blocks[at:] if isinstance(b, Table))


async def test_needs_are_counted_by_theme_with_urgent_and_answered(database: Database) -> None:
    groups = await keep(database)
    async with database.transaction() as tx:
        person = await tx.people.find_or_create("plain", "coord", NOW)
        assert await tx.needs.answer(groups[1], {"answer": "Un cyber ouvre."}, person.id, NOW)
    report = await report_of(database)
    rows = table_under(report, "Les besoins par thème").rows
    assert [row[1:] for row in rows] == [
        ("1", "0", "0"),
        ("2", "1", "1"),
        ("0", "0", "0"),
        ("0", "0", "0"),
        ("0", "0", "0"),
    ]
    assert table_under(report, "Ce qui a été répondu").rows[0][2:] == ("1", "Un cyber ouvre.")
    key = figures(report)
    assert key["Besoins dits pendant la période"] == "3"
    assert key["Recherches restées sans réponse"] == "1"


async def test_quotations_name_nobody_and_say_their_language(database: Database) -> None:
    await keep(database)
    said = [b for b in (await report_of(database)).blocks if isinstance(b, Quotation)]
    texts = " ".join(b.text for b in said)
    assert "77 12 34 56" not in texts
    assert "plus de connexion" in texts
    assert "huîtres" not in texts
    assert any(b.source.endswith("en somali") for b in said)


async def test_days_of_the_period_are_whole_days_where_people_live(database: Database) -> None:
    first_minute = datetime(2026, 10, 31, 21, 0, tzinfo=UTC)  # 1 November, 00:00 in Djibouti
    await keep(database, SAID[:1], first_minute)
    await keep(database, SAID[1:2], first_minute - timedelta(minutes=1))
    november = await report_of(database, Period(date(2026, 11, 1), date(2026, 11, 30), ZONE))
    assert figures(november)["Besoins dits pendant la période"] == "1"


async def test_period_without_needs_says_so(database: Database) -> None:
    report = await report_of(database)
    assert "Aucun besoin" in to_html(report).decode()
    assert to_pdf(report).startswith(b"%PDF-")


async def test_page_needs_nothing_else_and_escapes_what_people_wrote(database: Database) -> None:
    await keep(database, (replace(SAID[0], text="<script>alert('connexion')</script>"),))
    page = to_html(await report_of(database)).decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r'(src|href)="(?!data:)', page)


async def test_paper_holds_long_words_and_many_rows(database: Database) -> None:
    long = replace(SAID[0], text="x" * 900, urgency=None)
    await keep(database, tuple(replace(long, region=f"R{i}") for i in range(40)))
    paper = to_pdf(await report_of(database))
    assert paper.count(b"/Type /Page\n") >= 3


def test_bars_are_a_picture_as_high_as_there_are_names() -> None:
    one, five = (Image.open(io.BytesIO(bars("É", [("Tadjourah", 3)] * n))) for n in (1, 5))
    assert five.height > one.height


async def test_command_writes_both_files(database: Database, tmp_path: Path) -> None:
    await keep(database, at=datetime.now(UTC))
    await write_synthesis(database, DATA, ZONE, Wanted(None, None, tmp_path / "out"))
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".html", ".pdf"]


@pytest.mark.parametrize(
    ("first", "last", "complaint"),
    [("2026-02-30", None, "write a date as"), ("2026-05-01", "2026-04-01", "is after")],
)
async def test_wrong_period_is_one_clear_line(
    database: Database, tmp_path: Path, first: str, last: str | None, complaint: str
) -> None:
    with pytest.raises(StartError, match=complaint):
        await write_synthesis(database, DATA, ZONE, Wanted(first, last, tmp_path))


async def test_coordinator_sees_key_figures_with_pictures_and_gets_the_synthesis(
    chats: Chats, invited: Invite, database: Database
) -> None:
    await keep(database)
    coordinator = await coordinating(chats("coord"), invited)
    await coordinator.sends(tap="/show_statistics")
    coordinator.hears("besoins dits : 3")
    assert [m.attachment.media_type for m in coordinator.replies if m.attachment] == ["image/png"]
    await coordinator.taps("Synthèse (PDF)")
    kinds = [m.attachment.media_type for m in coordinator.replies if m.attachment]
    assert kinds == ["application/pdf", "text/html"]


async def test_member_is_told_that_the_figures_are_not_theirs(chats: Chats) -> None:
    chat = await consenting(chats("amina"))
    await chat.sends(tap="/show_statistics")
    chat.hears("réservés aux coordinateurs et aux partenaires")
    await chat.sends(tap="/show_statistics" + json.dumps({"tell": "synthesis"}))
    assert [m.attachment for m in chat.replies] == [None]
