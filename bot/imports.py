"""Directory files: what importing one would do, doing it in one transaction, and taking it back."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.directory import fold_name
from bot.directory_rows import Draft, Reader, Unread, kinds_of
from bot.directory_words import DirectoryWords
from bot.errors import OscbotError
from bot.import_plan import Line, Outcome, Planner, Stored
from bot.sheets import read_sheets
from bot.store.content_tables import OrganisationRow
from bot.store.directory import ENTRY, GIVEN, By
from bot.store.engine import Transaction
from bot.store.imports import Change

LISTS = ("themes", "languages", "addresses", "social_pages", "target_groups", "capacities", "equipment")
COLUMNS = (*(name for name in GIVEN if name != "logo_key"), "contact_visibility")
PROJECT_COLUMNS = (
    "title", "theme", "region", "place", "starts_on", "ends_on", "partners", "funders", "status", "result",
)  # fmt: skip
PROJECT_LISTS = ("partners", "funders")


class NoColumns(OscbotError):
    """No line of the file names the columns a directory needs; str() says which."""

    def __init__(self) -> None:
        super().__init__(
            "no column “name” (nom, organisation…) for organisations, nor “title” (titre, projet…) for projects"
        )


class NoSuchImport(OscbotError):
    """There is no import of this number, or it was taken back before; str() says which."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What importing a file does, row by row. `unread`: its columns that mean nothing here."""

    lines: tuple[Line, ...]
    unread: tuple[str, ...] = ()
    merged: int = 0
    id: int | None = None

    def of(self, outcome: Outcome) -> list[Line]:
        return [line for line in self.lines if line.outcome is outcome]

    @property
    def counts(self) -> dict[str, int]:
        found = Counter(line.outcome.value for line in self.lines)
        return {outcome.value: found[outcome.value] for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class Undone:
    """`kept`: names of what was changed since the import, and stays."""

    removed: int
    restored: int
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Importing:
    """Imports within one transaction. `by.batch` is set here."""

    tx: Transaction
    words: DirectoryWords
    person_id: int | None
    now: datetime

    async def plan(self, files: Sequence[bytes]) -> Plan:
        """What importing these files together would do; nothing is written. Raises BadFile and NoColumns."""
        await self.tx.imports.lock()
        reader = Reader(self.words, self.now.date())
        sheets = [sheet for content in files for sheet in read_sheets(content)]
        told = kinds_of(reader, sheets)
        if not told:
            raise NoColumns
        rows: list[Draft | Unread] = [row for sheet in told for row in reader.read(sheet)]
        planner = Planner(self.words, await self._organisations(), await self._projects())
        unread = [name for sheet in told for name in reader.unknown_headings(sheet)]
        return Plan(tuple(planner.plan(rows)), tuple(unread), sum(sheet.merged for sheet in told))

    async def apply(self, plan: Plan, name: str) -> Plan:
        """Write what is new and what is updated; gives the plan with the number of the import."""
        by = By(self.person_id, self.now)
        number = await self.tx.imports.begin(name, plan.counts, by)
        by = By(self.person_id, self.now, batch_of(number))
        new = plan.of(Outcome.NEW)
        fresh = [line for line in new if not line.project]
        ids = await self.tx.imports.add_organisations([_organisation(line.values) for line in fresh], by)
        numbered = {line.entry: id for line, id in zip(fresh, ids, strict=True)}
        projects = [
            _project(line.values, numbered.get(line.organisation, line.organisation))
            for line in new
            if line.project
        ]
        await self.tx.imports.add_projects(projects, by)
        for line in plan.of(Outcome.UPDATE):
            await self._update(line, by)
        return Plan(plan.lines, plan.unread, plan.merged, number)

    async def _update(self, line: Line, by: By) -> None:
        assert line.entry is not None
        if line.project:
            project = await self.tx.projects.get(line.entry)
            assert project is not None, line.entry
            for name in [name for name in line.values if name in PROJECT_COLUMNS]:
                await self.tx.projects.change(project, name, line.values[name], by)
            return
        organisation = await self.tx.organisations.lock(line.entry)
        assert organisation is not None, line.entry
        for name in [name for name in line.values if name in COLUMNS]:
            await self.tx.organisations.change(organisation, name, line.values[name], by)
        if "name" in line.values:
            organisation.folded_name = fold_name(str(line.values["name"]))
        await self.tx.imports.unconfirm(line.entry, list(line.values))

    async def undo(self, number: int) -> Undone:
        """Take an import back, but for what somebody changed since. Raises NoSuchImport."""
        await self.tx.imports.lock()
        record = await self.tx.imports.get(number)
        if record is None:
            raise NoSuchImport(f"there is no import {number}")
        if record.undone_at is not None:
            raise NoSuchImport(f"import {number} was taken back on {record.undone_at:%d/%m/%Y %H:%M} UTC")
        by = By(self.person_id, self.now, f"undo:{number}")
        changes = await self.tx.imports.changes(batch_of(number))
        touched = await self.tx.imports.touched_since(batch_of(number))
        added = {c.organisation_id for c in changes if c.field == ENTRY and c.project_id is None}
        gone = added - touched
        fields = [c for c in changes if c.field != ENTRY and c.organisation_id not in gone]
        restored = [c for c in fields if await self._restored(c, by)]
        projects = [c for c in changes if c.field == ENTRY and c.project_id and c.organisation_id not in gone]
        free = [c for c in projects if not await self._project_touched(c)]
        kept = {c.organisation_id for c in [*fields, *projects] if c not in restored and c not in free}
        names = await self.tx.imports.names(sorted(touched | kept))
        await self.tx.imports.undone(number, [c.id for c in [*restored, *free]], by)
        await self.tx.imports.remove(sorted(gone), [c.project_id for c in free if c.project_id])
        return Undone(len(gone) + len(free), len(restored), tuple(sorted(names.values())))

    async def _restored(self, change: Change, by: By) -> bool:
        """Put back what the field held before; False when it was changed again."""
        if await self.tx.imports.later_changes(change):
            return False
        row = (
            await self.tx.projects.get(change.project_id)
            if change.project_id
            else await self.tx.organisations.lock(change.organisation_id)
        )
        if row is None:
            return False
        value = date.fromisoformat(change.before) if _is_day(change) else change.before
        setattr(row, change.field, value if value is not None or change.field not in LISTS else [])
        row.updated_at = by.at
        if change.field == "name" and isinstance(row, OrganisationRow):
            row.folded_name = fold_name(str(value))
        return True

    async def _project_touched(self, change: Change) -> bool:
        assert change.project_id is not None
        project = await self.tx.projects.get(change.project_id)
        return project is None or project.updated_at != project.created_at

    async def _organisations(self) -> list[Stored]:
        rows = await self.tx.imports.organisations()
        return [Stored(row.id, {name: getattr(row, name) for name in COLUMNS}, row.status) for row in rows]

    async def _projects(self) -> list[Stored]:
        rows = await self.tx.imports.projects()
        return [
            Stored(row.id, {n: getattr(row, n) for n in PROJECT_COLUMNS}, organisation_id=row.organisation_id)
            for row in rows
        ]


def batch_of(number: int) -> str:
    return f"import:{number}"


def as_json(plan: Plan) -> str:
    """The lists `new`, `update`, `duplicate` and `rejected` of rows with their reasons."""
    sheets = len({line.sheet for line in plan.lines}) > 1
    rows: dict[str, Any] = {
        outcome.value: [_row(line, sheets=sheets) for line in plan.of(outcome)] for outcome in Outcome
    }
    rows |= {"import": plan.id, "counts": plan.counts, "unread_columns": list(plan.unread)}
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _row(line: Line, *, sheets: bool) -> Mapping[str, Any]:
    told: dict[str, Any] = {"row": line.row, "name": line.name, "reason": "; ".join(map(str, line.reasons))}
    if sheets:
        told["sheet"] = line.sheet
    if line.entry is not None and line.entry > 0:
        told["id"] = line.entry
    return {**told, "notes": list(line.notes)} if line.notes else told


def _organisation(values: Mapping[str, Any]) -> dict[str, Any]:
    """Every column, so that all rows are written in one statement."""
    row: dict[str, Any] = {name: values.get(name) for name in COLUMNS}
    row |= {name: values.get(name) or [] for name in LISTS}
    row["contact_visibility"] = values.get("contact_visibility") or "coordinators"
    return {**row, "folded_name": fold_name(str(values["name"]))}


def _project(values: Mapping[str, Any], organisation_id: int | None) -> dict[str, Any]:
    row: dict[str, Any] = {name: values.get(name) for name in PROJECT_COLUMNS}
    row |= {name: values.get(name) or [] for name in PROJECT_LISTS}
    row["status"] = values.get("status") or "running"
    return {**row, "organisation_id": organisation_id, "folded_title": fold_name(str(values["title"]))}


def _is_day(change: Change) -> bool:
    return change.field in ("starts_on", "ends_on") and change.before is not None
