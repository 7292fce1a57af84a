"""What a row of a directory file says: an organisation or a project with checked values, or why it says none."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import phonenumbers

from bot.directory_words import PARTS, DirectoryWords, Names
from bot.organisation import SIZES, ProjectStatus
from bot.search_words import fold
from bot.sheets import Row, Sheet

COUNTRY = "DJ"
OLDEST_YEAR = 1900
EMAIL = re.compile(r"[^@\s;,<>]{1,64}@[^@\s.;,<>]+(\.[^@\s.;,<>]+)+")
YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
LONGEST = {"name": 120, "title": 160, "acronym": 20, "description": 500, "result": 500}
LONGEST_TEXT = 200
MOST_ITEMS = 20
HEADING_ROWS = 10
"""The line of headings is looked for among so many: files often begin with a title."""
LISTS = ("addresses", "social_pages", "target_groups", "capacities", "equipment", "partners", "funders")
RANGES = ("members_range", "volunteers_range")


class Why(StrEnum):
    """Why a row is where it is; the texts are for the command line, responses of these names for chats."""

    ADDED = "will be added"
    CHANGES = "changes {fields}"
    UNCHANGED = "already in the directory as “{name}” (no. {id}), and says nothing new"
    LIKE = "looks like “{name}” (no. {id}): {signs}"
    REPEATS = "the same as row {row}: {signs}"
    NO_NAME = "no name"
    BAD_NAME = "“{value}” is no name: 2 to 120 characters, with letters"
    NO_REGION = "no region"
    UNKNOWN = "{field}: “{value}” is not known"
    TWO_REGIONS = "“{value}” is not in the region {region}"
    PHONE = "phone: “{value}” is not a valid number"
    EMAIL = "email: “{value}” is not a valid address"
    YEAR = "year: “{value}” is no year between 1900 and today"
    DATE = "{field}: “{value}” is no date (day/month/year)"
    TOO_LONG = "{field}: more than {most} characters"
    TOO_MANY = "more cells than headings: put values that hold the delimiter between quotation marks"
    FORMULA = "{field}: a formula, not a value"
    NO_ORGANISATION = "no organisation is named for the project"
    NOT_LISTED = "“{value}” is not in the directory"
    NOT_ONE = "“{value}” may be several organisations of the directory"
    NO_SUCH_ID = "no organisation has the number {value}"
    GONE = "“{name}” (no. {id}) was refused or merged"


@dataclass(frozen=True, slots=True)
class Reason:
    """`values` fill the text of `why`."""

    why: Why
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.why.format(**self.values)


@dataclass(frozen=True, slots=True)
class Draft:
    """One row that could be read: `values` by column of the directory, only those the row gives."""

    sheet: str
    row: int
    values: Mapping[str, Any]
    project: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """One row that could not be, with everything wrong in it."""

    sheet: str
    row: int
    name: str
    reasons: tuple[Reason, ...]
    project: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the rows of sheets; `today` bounds the years."""

    words: DirectoryWords
    today: date

    def headings(self, sheet: Sheet) -> tuple[int, dict[int, str]]:
        """The row of headings (its place among the rows) and the field of each column; empty when there is none."""
        best: tuple[int, dict[int, str]] = (0, {})
        for place, row in enumerate(sheet.rows[:HEADING_ROWS]):
            fields: dict[int, str] = {}
            for column, cell in enumerate(row.cells):
                name = self._heading(cell)
                if name and name not in fields.values():
                    fields[column] = name
            if "title" in fields.values():
                # "Statut" is an organisation's legal form, but a project's state.
                fields = {c: "status" if n == "legal_form" else n for c, n in fields.items()}
            if len(fields) > len(best[1]) and {"name", "title"} & set(fields.values()):
                best = place, fields
        return best

    def _heading(self, cell: str) -> str | None:
        if len(cell) > 60:
            return None
        if fold(cell) == "id":
            return "id"
        without_hint = re.sub(r"\(.*?\)|\*", " ", cell)
        return self.words.headings.read(without_hint)

    def unknown_headings(self, sheet: Sheet) -> list[str]:
        """Columns that are not read."""
        place, fields = self.headings(sheet)
        return [c for i, c in enumerate(sheet.rows[place].cells) if c and i not in fields]

    def read(self, sheet: Sheet) -> list[Draft | Unread]:
        place, fields = self.headings(sheet)
        project = "title" in fields.values()
        wide = len(sheet.rows[place].cells) if sheet.rows else 0
        rows = [row for row in sheet.rows[place + 1 :] if any(row.cells) or row.formulas]
        return [
            _overflown(sheet.title, row, project)
            if any(row.cells[wide:])
            else self._read(sheet.title, row, fields, project)
            for row in rows
        ]

    def _read(self, title: str, row: Row, fields: Mapping[int, str], project: bool) -> Draft | Unread:
        cells = {name: row.cells[i] for i, name in fields.items() if i < len(row.cells) and row.cells[i]}
        told = _Row(self, cells)
        for column in row.formulas:
            if column in fields:
                told.wrong(Why.FORMULA, field=fields[column])
                cells.pop(fields[column], None)
        values = told.project() if project else told.organisation()
        name = cells.get("title" if project else "name", "")
        if told.reasons:
            return Unread(title, row.number, name, tuple(told.reasons), project)
        return Draft(title, row.number, values, project, tuple(told.notes))


def _overflown(title: str, row: Row, project: bool) -> Unread:
    """Its cells have moved into columns that are not theirs: none can be trusted."""
    return Unread(title, row.number, row.cells[0], (Reason(Why.TOO_MANY),), project)


class _Row:
    """One row being read: its cells by field, and what turned out to be wrong with them."""

    def __init__(self, reader: Reader, cells: dict[str, str]) -> None:
        self._words = reader.words
        self._today = reader.today
        self._cells = cells
        self.reasons: list[Reason] = []
        self.notes: list[str] = []

    def wrong(self, why: Why, **values: Any) -> None:
        self.reasons.append(Reason(why, values))

    def organisation(self) -> dict[str, Any]:
        values: dict[str, Any] = {
            "id": self._number("id"),
            "name": self._name("name"),
            **self._where(required=True),
        }
        values["themes"] = self._several("themes", self._words.themes)
        values["languages"] = self._several("languages", self._words.languages)
        values["legal_form"] = self._one("legal_form", self._words.forms)
        values["contact_visibility"] = self._one("contact_visibility", self._words.visibilities)
        values["year"] = self._year()
        values["phone"] = self._phone()
        values["email"] = self._email()
        for name in RANGES:
            values[name] = self._size(name)
        for name in (
            "acronym",
            "contact_name",
            "contact_role",
            "description",
            "receipt_number",
            "connection",
        ):
            values[name] = self._text(name)
        values |= {name: self._items(name) for name in LISTS[:5]}
        return {name: value for name, value in values.items() if value not in (None, [], ())}

    def project(self) -> dict[str, Any]:
        values: dict[str, Any] = {"title": self._name("title"), **self._where(required=False)}
        values["organisation"] = self._cells.get("name")
        if not values["organisation"]:
            self.wrong(Why.NO_ORGANISATION)
        themes = self._several("themes", self._words.themes)
        values["theme"] = themes[0] if themes else None
        values["starts_on"], values["ends_on"] = self._day("starts_on"), self._day("ends_on")
        values["status"] = self._one("status", self._words.statuses) or self._status(values)
        values["result"] = self._text("result")
        values |= {name: self._items(name) for name in LISTS[5:]}
        return {name: value for name, value in values.items() if value not in (None, [], ())}

    def _status(self, values: Mapping[str, Any]) -> str | None:
        """From its dates, where the file does not say."""
        begins, ends = values["starts_on"], values["ends_on"]
        if ends and ends < self._today:
            return ProjectStatus.DONE.value
        return ProjectStatus.PLANNED.value if begins and begins > self._today else None

    def _name(self, name: str) -> str | None:
        value = " ".join(self._cells.get(name, "").split())
        if not value:
            self.wrong(Why.NO_NAME)
        elif not 2 <= len(value) <= LONGEST[name] or not any(c.isalpha() for c in value):
            self.wrong(Why.BAD_NAME, value=value[:60])
        return value or None

    def _where(self, *, required: bool) -> dict[str, str | None]:
        """Region and place; a known place tells its region."""
        region, place = self._region(), " ".join(self._cells.get("place", "").split()) or None
        known = self._words.places.read(place) if place else None
        home = self._words.region_of[known] if known else None
        if home and region and home != region and known and fold(known) == fold(place or ""):
            self.notes.append(f"{known} is known to be in {home}, not {region}")
        region = region or home
        if required and region is None and not self._cells.get("region"):
            self.wrong(Why.NO_REGION)
        return {"region": region, "place": known if home == region and known else place}

    def _region(self) -> str | None:
        cell = self._cells.get("region")
        value = (
            self._words.regions_in_cells.read(re.sub(r"(?i)^r[ée]gion\s+(d[e']\s*|du\s+)?", "", cell))
            if cell
            else None
        )
        if cell and value is None:
            self.wrong(Why.UNKNOWN, field="region", value=cell[:60])
        return value

    def _one(self, name: str, names: Names) -> str | None:
        cell = self._cells.get(name)
        value = names.read(cell) if cell else None
        if cell and value is None:
            self.wrong(Why.UNKNOWN, field=name, value=cell[:60])
        return value

    def _several(self, name: str, names: Names) -> list[str]:
        known, unknown = self._words.several(self._cells.get(name, ""), names)
        for part in unknown:
            self.wrong(Why.UNKNOWN, field=name, value=part[:60])
        return list(known)

    def _text(self, name: str) -> str | None:
        value = " ".join(self._cells.get(name, "").split())
        most = LONGEST.get(name, LONGEST_TEXT)
        if len(value) > most:
            self.wrong(Why.TOO_LONG, field=name, most=most)
        return value or None

    def _items(self, name: str) -> list[str]:
        items = [
            " ".join(part.split())[:LONGEST_TEXT] for part in re.split(r"[;|\n]", self._cells.get(name, ""))
        ]
        return list(dict.fromkeys(item for item in items if item))[:MOST_ITEMS]

    def _number(self, name: str) -> int | None:
        cell = self._cells.get(name, "")
        return int(cell) if cell.isdigit() and len(cell) < 10 else None

    def _size(self, name: str) -> str | None:
        """A range as it is, or the range a number is in."""
        cell = self._cells.get(name)
        if cell is None:
            return None
        plain = cell.replace(" ", "").replace("–", "-").replace("à", "-")
        numbers = [int(n) for n in re.findall(r"\d{1,6}", plain)]
        if plain in SIZES or not numbers:
            if not numbers:
                self.wrong(Why.UNKNOWN, field=name, value=cell[:60])
            return plain if plain in SIZES else None
        limits = (10, 50, 200, 1000)
        return SIZES[sum(numbers[-1] > limit for limit in limits)]

    def _year(self) -> int | None:
        cell = self._cells.get("year")
        found = YEAR.search(cell) if cell else None
        if cell and not (found and OLDEST_YEAR <= int(found[1]) <= self._today.year):
            self.wrong(Why.YEAR, value=cell[:60])
            return None
        return int(found[1]) if found else None

    def _day(self, name: str) -> date | None:
        """A year alone is its first day, or for an end its last."""
        cell = self._cells.get(name)
        if cell is None:
            return None
        if re.fullmatch(r"\d{4}", cell):
            return date(int(cell), 12, 31) if name == "ends_on" else date(int(cell), 1, 1)
        found = DAY.match(cell)
        numbers = [int(n) for n in found.groups() if n] if found else []
        try:
            return date(*(numbers if found and found[1] else numbers[::-1]))
        except (ValueError, TypeError):
            self.wrong(Why.DATE, field=name, value=cell[:60])
            return None

    def _phone(self) -> str | None:
        return self._first("phone", phone_of, Why.PHONE)

    def _email(self) -> str | None:
        return self._first("email", email_of, Why.EMAIL)

    def _first(self, name: str, read: Callable[[str], str | None], why: Why) -> str | None:
        """The first of several; the others are named in a note, so that nobody thinks they were kept."""
        parts = [part.strip() for part in PARTS.split(self._cells.get(name, "")) if part.strip()]
        values = [read(part) for part in parts]
        for part, value in zip(parts, values, strict=True):
            if value is None:
                self.wrong(why, value=part[:60])
        others = parts[1:]
        if others:
            self.notes.append(f"{name}: only {parts[0]} is kept, not {', '.join(others)}")
        return values[0] if values else None


def phone_of(text: str) -> str | None:
    """E.164; a number without a country is one of Djibouti. None when it is no valid number."""
    try:
        number = phonenumbers.parse(re.sub(r"^\s*00", "+", text), COUNTRY)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_of(text: str) -> str | None:
    typed = text.strip().lower().removeprefix("mailto:")
    return typed if EMAIL.fullmatch(typed) and len(typed) <= 254 else None


def kinds_of(reader: Reader, sheets: Sequence[Sheet]) -> list[Sheet]:
    """Sheets that hold organisations or projects, the organisations first."""
    fields = {sheet.title: set(reader.headings(sheet)[1].values()) for sheet in sheets if sheet.rows}
    told = [sheet for sheet in sheets if fields.get(sheet.title)]
    return sorted(told, key=lambda sheet: "title" in fields[sheet.title])
