"""The directory as files: CSV and JSON for programs, XLSX for people; each can be imported again."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from typing import Any

from bot.sheets import guarded

OSC_COLUMNS = (
    "id", "name", "acronym", "legal_form", "region", "place", "themes", "year", "contact_name", "contact_role",
    "phone", "email", "languages", "description", "receipt_number", "addresses", "social_pages", "members_range",
    "volunteers_range", "target_groups", "capacities", "equipment", "connection", "contact_visibility", "standing",
    "verified_on",
)  # fmt: skip
PROJECT_COLUMNS = (
    "title", "organisation", "themes", "region", "place", "starts_on", "ends_on", "partners", "funders", "status",
    "result",
)  # fmt: skip
DELIMITER = ";"
"""What spreadsheets set to French take for one; the byte order mark tells them that it is UTF-8."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The directory at one moment: rows by column; what the reader may not see is not in them."""

    at: datetime
    organisations: Sequence[Mapping[str, Any]]
    projects: Sequence[Mapping[str, Any]]


def as_csv(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Cells a spreadsheet would calculate begin with an apostrophe."""
    text = io.StringIO()
    lines = csv.writer(text, delimiter=DELIMITER)
    lines.writerow(columns)
    lines.writerows([guarded(cell(row.get(name))) for name in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_json(snapshot: Snapshot) -> bytes:
    content = {
        "at": snapshot.at.isoformat(),
        "organisations": [_plain(OSC_COLUMNS, row) for row in snapshot.organisations],
        "projects": [_plain(PROJECT_COLUMNS, row) for row in snapshot.projects],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def as_xlsx(snapshot: Snapshot, headings: Mapping[str, str]) -> bytes:
    """Two sheets with a frozen, filtered line of headings; every cell is text, so nothing is calculated."""
    openpyxl = import_module("openpyxl")  # 15 MB that most processes never need
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheets = (
        (headings["organisations"], OSC_COLUMNS, snapshot.organisations),
        (headings["projects"], PROJECT_COLUMNS, snapshot.projects),
    )
    for title, columns, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.append([headings.get(name, name) for name in columns])
        for row in rows:
            sheet.append([_typed(row.get(name)) for name in columns])
        for line in sheet.iter_rows(min_row=2):
            for one in line:
                if isinstance(one.value, str):
                    one.data_type = "s"
        sheet.freeze_panes = "B2"
        sheet.auto_filter.ref = sheet.dimensions
        _widen(sheet)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _widen(sheet: Any) -> None:
    """Columns as wide as their longest value, within reason; the headings in bold."""
    font = import_module("openpyxl.styles").Font(bold=True)
    for column in sheet.iter_cols():
        column[0].font = font
        longest = max(len(str(one.value or "")) for one in column[:200])
        sheet.column_dimensions[column[0].column_letter].width = min(max(longest + 2, 8), 50)


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _typed(value: Any) -> str | int | None:
    return value if isinstance(value, int) else guarded(cell(value)) or None


def _plain(columns: Sequence[str], row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value := row.get(name), date) else value for name in columns
    }
