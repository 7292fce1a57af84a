"""Key figures and the synthesis for whoever may see them, within one transaction."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.actions.context import Person
from bot.actions.statistics_port import KeyFigures
from bot.charts import bars
from bot.errors import NotAllowed
from bot.messages import Attachment
from bot.need import Topic
from bot.store.audit import Act
from bot.store.engine import Transaction
from bot.synthesis import Period, Synthesis, SynthesisWords
from bot.synthesis_html import to_html
from bot.synthesis_pdf import to_pdf

SEERS = frozenset({"partner", "coordinator", "admin"})


@dataclass(frozen=True, slots=True)
class StoredStatistics:
    tx: Transaction
    person: Person
    zone: ZoneInfo
    now: datetime
    words: SynthesisWords

    @property
    def _period(self) -> Period:
        return Period.year_to(self.now.astimezone(self.zone).date(), self.zone)

    async def key(self) -> KeyFigures:
        self._check()
        figures, since, until = self.tx.figures, self._period.since, self._period.until
        directory, held = await figures.directory(), await figures.trainings(since, self.now)
        topics = await figures.needs_by("topic", since, until)
        return KeyFigures(
            directory.organisations,
            directory.verified,
            directory.projects,
            directory.people,
            sum(t.needs for t in topics),
            sum(t.answered for t in topics),
            held.trainings,
            held.places,
            await figures.coming_trainings(self.now),
            await figures.by_region(),
            [(Topic(t.name), t.needs) for t in topics if t.name],
        )

    async def picture(self, title: str, values: Sequence[tuple[str, int]]) -> Attachment:
        self._check()
        content = await asyncio.to_thread(bars, title, values)
        return await self.tx.files.add("chiffres.png", "image/png", content, self.now)

    async def synthesis(self) -> Sequence[Attachment]:
        """Drawn in a thread: a page takes longer than others should wait for their answer."""
        self._check()
        report = await Synthesis(self.tx, self.words, self._period).report(self.now)
        name = f"synthese-{self._period.last}"
        pdf = await asyncio.to_thread(to_pdf, report)
        await self.tx.audit.add(Act("synthesis.make", f"synthesis:{name}", self.person.id, {}, self.now))
        return (
            await self.tx.files.add(f"{name}.pdf", "application/pdf", pdf, self.now),
            await self.tx.files.add(f"{name}.html", "text/html", to_html(report), self.now),
        )

    def _check(self) -> None:
        if self.person.role not in SEERS:
            raise NotAllowed(self.person.role)
