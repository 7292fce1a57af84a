"""The synthesis of needs for authorities and donors: what is counted, in which order, and the words around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from bot.charts import bars
from bot.content import read_yaml
from bot.masking import masked
from bot.need import Topic
from bot.store.engine import Transaction
from bot.store.figures import Answered, Counted
from bot.synthesis_blocks import Block, Heading, Paragraph, Picture, Quotation, Report, Table

QUOTED = 3
"""Of each theme."""
LISTED = 12
SECTIONS = ("key", "topics", "regions", "kinds", "quotations", "answered", "open", "method")
LINES = ("title", "period", "made", "nothing", "unknown", "country")


@dataclass(frozen=True, slots=True)
class SynthesisWords:
    """The words of synthesis.yml."""

    data: dict[str, Any]

    @classmethod
    def load(cls, data_dir: Path) -> Self:
        """Raises ContentError naming file and key."""
        source = read_yaml(data_dir / "synthesis.yml")
        if not isinstance(source.data, dict) or set(source.data) != {*SECTIONS, *LINES}:
            raise source.error((), f"must hold exactly {', '.join((*LINES, *SECTIONS))}")
        return cls(source.data)

    def line(self, name: str, /, **values: object) -> str:
        return str(self.data[name]).format_map(values)

    def of(self, section: str, name: str, /, **values: object) -> str:
        return str(self.data[section][name]).format_map(values)

    def columns(self, section: str, name: str = "columns") -> tuple[str, ...]:
        return tuple(self.data[section][name])

    def heading(self, section: str) -> Heading:
        return Heading(self.of(section, "heading"))

    def topic(self, topic: str) -> str:
        return self.of("topics", topic)

    def place(self, region: str | None) -> str:
        return region or self.line("country")


NO_SYNTHESIS = SynthesisWords({})


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both within it."""

    first: date
    last: date
    zone: ZoneInfo

    @classmethod
    def year_to(cls, last: date, zone: ZoneInfo) -> Self:
        """Twelve months with this day as the last."""
        return cls(last - timedelta(days=364), last, zone)

    @property
    def since(self) -> datetime:
        return datetime.combine(self.first, time(), self.zone)

    @property
    def until(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)


@dataclass(frozen=True, slots=True)
class Synthesis:
    tx: Transaction
    words: SynthesisWords
    period: Period

    async def report(self, now: datetime) -> Report:
        """Everything is counted in the caller's transaction."""
        topics = await self._counted("topic")
        blocks: list[Block] = [*await self._key(topics)]
        if any(counted.needs for counted in topics):
            blocks += [*self._topics(topics), *await self._regions(), *await self._kinds()]
            blocks += [*await self._quotations(), *await self._groups()]
        else:
            blocks.append(Paragraph(self.words.line("nothing")))
        blocks += [self.words.heading("method"), Paragraph(self.words.of("method", "text"))]
        days = {"since": f"{self.period.first:%d/%m/%Y}", "until": f"{self.period.last:%d/%m/%Y}"}
        today = f"{now.astimezone(self.period.zone):%d/%m/%Y}"
        return Report(
            self.words.line("title"),
            self.words.line("period", **days),
            self.words.line("made", today=today),
            tuple(blocks),
        )

    async def _counted(self, column: str) -> list[Counted]:
        return await self.tx.figures.needs_by(column, self.period.since, self.period.until)

    async def _key(self, topics: Sequence[Counted]) -> list[Block]:
        since, until = self.period.since, self.period.until
        directory = await self.tx.figures.directory()
        held = await self.tx.figures.trainings(since, until)
        total = sum(counted.needs for counted in topics)
        figures = {
            "organisations": directory.organisations,
            "verified": directory.verified,
            "projects": directory.projects,
            "needs": total,
            "urgent": sum(counted.urgent for counted in topics),
            "answered": sum(counted.answered for counted in topics),
            "searches": await self.tx.figures.searches(since, until),
            "trainings": held.trainings,
            "participants": held.places,
        }
        rows = tuple((self.words.of("key", name), str(count)) for name, count in figures.items())
        blocks: list[Block] = [self.words.heading("key"), Table(("", ""), rows)]
        if total:
            most = {"name": self.words.topic(topics[0].name or ""), "count": topics[0].needs, "total": total}
            blocks.append(Paragraph(self.words.of("key", "most_topic", **most)))
        return blocks

    def _topics(self, counted: Sequence[Counted]) -> list[Block]:
        by_name = {c.name: c for c in counted}
        rows = [by_name.get(topic, Counted(topic, 0, 0, 0)) for topic in Topic]
        chart = bars(
            self.words.of("topics", "chart"), [(self.words.topic(r.name or ""), r.needs) for r in rows]
        )
        table = Table(
            self.words.columns("topics"),
            tuple(
                (self.words.topic(r.name or ""), str(r.needs), str(r.urgent), str(r.answered)) for r in rows
            ),
        )
        about = self.words.of("topics", "chart")
        return [
            self.words.heading("topics"),
            Picture(chart, about),
            table,
            Paragraph(self.words.of("topics", "source"), small=True),
        ]

    async def _regions(self) -> list[Block]:
        counted = await self._counted("region")
        named = [c for c in counted if c.name]
        blocks: list[Block] = [self.words.heading("regions")]
        about = self.words.of("regions", "chart")
        blocks.append(Picture(bars(about, [(self.words.place(c.name), c.needs) for c in counted]), about))
        rows = tuple((self.words.place(c.name), str(c.needs), str(c.urgent)) for c in counted)
        blocks.append(Table(self.words.columns("regions"), rows))
        if named and (len(named) == 1 or named[0].needs > named[1].needs):
            most = {"name": named[0].name, "count": named[0].needs, "total": sum(c.needs for c in counted)}
            blocks.append(Paragraph(self.words.of("key", "most_region", **most)))
        return blocks

    async def _kinds(self) -> list[Block]:
        unknown = self.words.line("unknown")
        blocks: list[Block] = [self.words.heading("kinds")]
        for column, columns in (("kind", "columns"), ("theme", "themes")):
            counted = sorted(await self._counted(column), key=lambda c: c.name is None)
            rows = tuple((c.name or unknown, str(c.needs)) for c in counted)
            blocks.append(Table(self.words.columns("kinds", columns), rows))
        return [*blocks, Paragraph(self.words.of("kinds", "note"), small=True)]

    async def _quotations(self) -> list[Block]:
        blocks: list[Block] = []
        for topic in Topic:
            said = await self.tx.figures.words(topic, self.period.since, self.period.until, QUOTED)
            for words in said:
                about = [self.words.topic(topic), self.words.place(words.region)]
                about += [words.kind] if words.kind else []
                about += (
                    [self.words.of("quotations", words.language)] if words.language in ("so", "aa") else []
                )
                blocks.append(Quotation(masked(words.text), ", ".join(about)))
        if not blocks:
            return []
        note = Paragraph(self.words.of("quotations", "note"), small=True)
        return [self.words.heading("quotations"), note, *blocks]

    async def _groups(self) -> list[Block]:
        groups = await self.tx.figures.groups(self.period.since, self.period.until)
        answered = [group for group in groups if group.answered_at is not None]
        waiting = [group for group in groups if group.answered_at is None]
        blocks: list[Block] = [self.words.heading("answered")]
        if answered:
            blocks.append(Table(self.words.columns("answered"), tuple(map(self._answer, answered[:LISTED]))))
        else:
            blocks.append(Paragraph(self.words.of("answered", "nothing")))
        blocks.append(self.words.heading("open"))
        if waiting:
            rows = tuple((self._name(g), str(g.needs), str(g.urgent)) for g in waiting[:LISTED])
            blocks.append(Table(self.words.columns("open"), rows))
        else:
            blocks.append(Paragraph(self.words.of("open", "nothing")))
        return blocks

    def _answer(self, group: Answered) -> tuple[str, ...]:
        assert group.answered_at is not None
        day = f"{group.answered_at.astimezone(self.period.zone):%d/%m/%Y}"
        return (day, self._name(group), str(group.needs), group.answer or "")

    def _name(self, group: Answered) -> str:
        return f"{self.words.topic(group.topic)} — {self.words.place(group.region)}"
