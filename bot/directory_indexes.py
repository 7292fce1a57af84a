"""The searchable directory of one process: built from the tables, kept until they change."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Self

from bot.directory_index import DirectoryIndex, Entry
from bot.directory_words import DirectoryWords
from bot.organisation import Standing
from bot.search_words import SearchTerms
from bot.store.directory_search import ListedOsc
from bot.store.directory_tables import ProjectRow
from bot.store.engine import Transaction

TRUST = {Standing.VERIFIED: 0, Standing.ATTESTED: 1, Standing.DECLARED: 2}
AGES = (183, 365, 730)
"""Days since the last confirmation from which an entry counts as older, and comes after fresher ones."""


@dataclass(slots=True)
class DirectoryIndexes:
    """One for all turns of a process; what it holds is public to whoever may see the directory."""

    words: DirectoryWords
    terms: SearchTerms
    _stamp: tuple[object, ...] | None = None
    _built: dict[str, DirectoryIndex] = field(default_factory=dict)

    @classmethod
    def load(cls, data_dir: Path) -> Self:
        """Raises ContentError."""
        return cls(DirectoryWords.load(data_dir), SearchTerms.load(data_dir / "search_terms.yml"))

    async def organisations(self, tx: Transaction, now: datetime) -> DirectoryIndex:
        return await self._index("osc", tx, now)

    async def projects(self, tx: Transaction, now: datetime) -> DirectoryIndex:
        return await self._index("project", tx, now)

    async def _index(self, kind: str, tx: Transaction, now: datetime) -> DirectoryIndex:
        """What the transaction sees; freshness is counted in days, so a new day counts as a change."""
        stamp = (*await tx.directory_search.stamp(), now.date())
        if stamp != self._stamp:
            self._built, self._stamp = {}, stamp
        built = self._built.get(kind)
        if built is None:
            built = DirectoryIndex(await self._entries(kind, tx, now), self.words, self.terms)
            if self._stamp == stamp:  # another turn may have seen a newer directory meanwhile
                self._built[kind] = built
        return built

    async def _entries(self, kind: str, tx: Transaction, now: datetime) -> list[Entry]:
        if kind == "osc":
            return [_organisation(listed, now.date()) for listed in await tx.directory_search.organisations()]
        return [_project(row, name, now.date()) for row, name, _ in await tx.directory_search.projects()]


def _organisation(listed: ListedOsc, today: date) -> Entry:
    row = listed.row
    texts = (row.description, *row.addresses, *row.target_groups, *listed.titles)
    return Entry(
        id=row.id,
        name=row.name,
        acronym=row.acronym,
        form=row.legal_form,
        regions=frozenset({row.region}),
        places=frozenset({row.place} if row.place else ()),
        themes=frozenset(row.themes),
        acts=listed.acts,
        can=tuple(row.capacities),
        about=" ".join(filter(None, texts)),
        merit=(
            _age(listed.confirmed, today),
            row.status == Standing.DORMANT,
            TRUST.get(Standing(row.status), 3),
        ),
    )


def _project(row: ProjectRow, organisation: str, today: date) -> Entry:
    """The newest first; those still running before all."""
    ended = row.ends_on or (row.starts_on if row.status in ("done", "stopped") else None)
    texts = (row.result, organisation, *row.partners, *row.funders)
    return Entry(
        id=row.id,
        name=row.title,
        regions=frozenset({row.region} if row.region else ()),
        places=frozenset({row.place} if row.place else ()),
        themes=frozenset({row.theme} if row.theme else ()),
        about=" ".join(filter(None, texts)),
        merit=((today - ended).days // 365 + 1 if ended and ended < today else 0,),
    )


def _age(confirmed: datetime | None, today: date) -> int:
    if confirmed is None:
        return len(AGES)
    return sum((today - confirmed.date()).days > limit for limit in AGES)
