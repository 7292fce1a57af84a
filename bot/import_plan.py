"""What becomes of each row of a directory file: new, an update, a duplicate, or rejected, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from bot.directory_rows import Draft, Reason, Unread, Why
from bot.directory_words import DirectoryWords
from bot.duplicates import Candidate, Known, Roll, name_words
from bot.duplicates import Reason as Sign
from bot.organisation import LISTED
from bot.search_words import fold

SURE_ENOUGH = 0.55
"""Likeness from which a row is held back: a shared phone under quite another name is only noted."""
SIGNS = {
    Sign.SAME_NAME: "same name",
    Sign.EMAIL: "same e-mail",
    Sign.PHONE: "same phone",
    Sign.ALIKE: "similar name",
    Sign.ACRONYM: "same acronym",
}
NOT_COMPARED = frozenset({"id", "name", "title", "organisation"})


class Outcome(StrEnum):
    NEW = "new"
    UPDATE = "update"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry of the directory as it is; `values` by column, of a project or an organisation."""

    id: int
    values: Mapping[str, Any]
    status: str = ""
    organisation_id: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One row and its fate. `values`: to be written; `entry`: the id updated, or of the duplicate.

    `organisation`: of a project, the id of its organisation; negative: that of a new row of the same file.
    """

    sheet: str
    row: int
    outcome: Outcome
    name: str
    reasons: tuple[Reason, ...]
    values: Mapping[str, Any] = field(default_factory=dict)
    entry: int | None = None
    project: bool = False
    organisation: int | None = None
    notes: tuple[str, ...] = ()


class Planner:
    """Compares rows with the directory and with the rows before them."""

    def __init__(
        self, words: DirectoryWords, organisations: Iterable[Stored], projects: Iterable[Stored]
    ) -> None:
        self._words = words
        self._stored = {one.id: one for one in organisations}
        self._roll = Roll(
            (_known(one.id, one.values) for one in self._stored.values() if one.status in LISTED),
            words.one_spelling(),
        )
        self._projects = {(p.organisation_id, fold(str(p.values["title"]))): p for p in projects}
        self._rows: dict[int, tuple[str, int]] = {}
        self._by_name: dict[str, set[int]] = {}
        for one in self._stored.values():
            if one.status in LISTED:
                self._name(one.id, one.values)

    def plan(self, rows: Sequence[Draft | Unread]) -> list[Line]:
        """In the order of the rows; organisations must come before the projects that name them."""
        return [self._project(row) if row.project else self._organisation(row) for row in map(_read, rows)]

    def _name(self, number: int, values: Mapping[str, Any]) -> None:
        for name in (values["name"], values.get("acronym")):
            if name:
                self._by_name.setdefault(" ".join(name_words(str(name))), set()).add(number)

    def _organisation(self, row: "_Read") -> Line:
        if row.reasons:
            return row.line(Outcome.REJECTED, row.reasons)
        if (number := row.values.get("id")) is not None:
            return self._numbered(row, int(number))
        known = _known(-len(self._rows) - 1, row.values)
        found = self._roll.like(known)
        best = found[0] if found else None
        if best and best.certain and best.id > 0:
            return self._changed(row, self._stored[best.id])
        if best and (best.certain or best.score >= SURE_ENOUGH):
            return self._duplicate(row, best)
        self._rows[known.id] = row.sheet, row.row
        self._roll.add(known)
        self._name(known.id, row.values)
        values = {"legal_form": self._form(row.name), **row.values}
        notes = (*row.notes, self._likeness(best)) if best else row.notes
        return row.line(Outcome.NEW, (Reason(Why.ADDED),), values=values, entry=known.id, notes=notes)

    def _form(self, name: str) -> str:
        """What a name says of the legal form; most are associations, and their names say anything."""
        found = self._words.forms.find(fold(name).split())
        return (
            found[0][0]
            if found and found[0][0] in ("coopérative", "syndicat", "fondation")
            else "association"
        )

    def _numbered(self, row: "_Read", number: int) -> Line:
        """A row that came out of the directory, and names its entry."""
        stored = self._stored.get(number)
        if stored is None:
            return row.line(Outcome.REJECTED, (Reason(Why.NO_SUCH_ID, {"value": number}),))
        if stored.status not in LISTED:
            return row.line(
                Outcome.REJECTED, (Reason(Why.GONE, {"name": stored.values["name"], "id": number}),)
            )
        return self._changed(row, stored, also=("name",))

    def _changed(self, row: "_Read", stored: Stored, also: Sequence[str] = ()) -> Line:
        changes = {
            name: value
            for name, value in row.values.items()
            if (name in also or name not in NOT_COMPARED) and not _same(stored.values.get(name), value)
        }
        if not changes:
            told = {"name": stored.values.get("name") or stored.values["title"], "id": stored.id}
            return row.line(Outcome.DUPLICATE, (Reason(Why.UNCHANGED, told),), entry=stored.id)
        pairs = [f"{n}: {_shown(stored.values.get(n))} → {_shown(v)}" for n, v in changes.items()]
        reason = Reason(Why.CHANGES, {"fields": "; ".join(pairs)})
        return row.line(Outcome.UPDATE, (reason,), values=changes, entry=stored.id)

    def _duplicate(self, row: "_Read", like: Candidate) -> Line:
        signs = ", ".join(SIGNS[reason] for reason in like.reasons)
        if like.id < 0:
            reason = Reason(Why.REPEATS, {"row": self._rows[like.id][1], "signs": signs})
        else:
            told = {"name": self._stored[like.id].values["name"], "id": like.id, "signs": signs}
            reason = Reason(Why.LIKE, told)
        return row.line(Outcome.DUPLICATE, (reason,), entry=like.id)

    def _likeness(self, like: Candidate) -> str:
        signs = ", ".join(SIGNS[reason] for reason in like.reasons)
        if like.id > 0:
            return f"{signs} as “{self._stored[like.id].values['name']}” (no. {like.id})"
        return f"{signs} as row {self._rows[like.id][1]}"

    def _project(self, row: "_Read") -> Line:
        if row.reasons:
            return row.line(Outcome.REJECTED, row.reasons)
        named = str(row.values["organisation"])
        found = self._by_name.get(" ".join(name_words(named)), set())
        if len(found) != 1:
            why = Why.NOT_ONE if found else Why.NOT_LISTED
            return row.line(Outcome.REJECTED, (Reason(why, {"value": named}),))
        organisation = next(iter(found))
        key = organisation, fold(row.name)
        if known := self._projects.get(key):
            if known.id < 0:
                told = {"row": self._rows[known.id][1], "signs": "same title, same organisation"}
                return row.line(Outcome.DUPLICATE, (Reason(Why.REPEATS, told),), entry=known.id)
            return self._changed(row, known)
        number = -len(self._rows) - 1
        self._rows[number] = row.sheet, row.row
        self._projects[key] = Stored(number, row.values, organisation_id=organisation)
        added = (Reason(Why.ADDED),)
        return row.line(Outcome.NEW, added, values=row.values, entry=number, organisation=organisation)


@dataclass(frozen=True, slots=True)
class _Read:
    """A row read or not, in one form."""

    sheet: str
    row: int
    name: str
    project: bool
    values: Mapping[str, Any]
    reasons: tuple[Reason, ...]
    notes: tuple[str, ...]

    def line(self, outcome: Outcome, reasons: tuple[Reason, ...], **more: Any) -> Line:
        notes = more.pop("notes", self.notes)
        return Line(
            self.sheet, self.row, outcome, self.name, reasons, project=self.project, notes=notes, **more
        )


def _read(row: Draft | Unread) -> _Read:
    if isinstance(row, Unread):
        return _Read(row.sheet, row.row, row.name, row.project, {}, row.reasons, ())
    name = str(row.values["title" if row.project else "name"])
    return _Read(row.sheet, row.row, name, row.project, row.values, (), row.notes)


def _known(number: int, values: Mapping[str, Any]) -> Known:
    rest = {name: values.get(name) for name in ("acronym", "region", "phone", "email")}
    return Known(number, str(values["name"]), **rest)


def _same(stored: Any, given: Any) -> bool:
    if isinstance(given, list):
        return set(stored or ()) == set(given)
    return bool(stored == given)


def _shown(value: Any) -> str:
    if value is None or value == []:
        return "—"
    if isinstance(value, date):
        return value.isoformat()
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
