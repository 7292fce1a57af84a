"""Tables out of CSV and XLSX files as people make them: any encoding, delimiter, sheet; and what is wrong with one."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from importlib import import_module
from typing import Any

from bot.errors import OscbotError

MOST_BYTES = 20_000_000
MOST_UNPACKED = 300_000_000
"""Bytes an XLSX may hold once unpacked: a few of them can pack a hundred times as many."""
MOST_ROWS = 20_000
MOST_COLUMNS = 100
DELIMITERS = ",;\t"
FORMULA = "="
"""How a formula begins in a CSV file; what else a spreadsheet calculates (-, @) may well begin a plain text."""
CALCULATED = re.compile(r"[=@\t\r]|[+\-](?![\d ]*$)")
"""How a cell begins that some spreadsheet would calculate (OWASP, "CSV Injection"); a phone number is none."""
MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')


class Problem(StrEnum):
    """Why a file cannot be read; the texts are for the command line, responses of these names for chats."""

    EMPTY = "the file is empty"
    TOO_LARGE = "the file is too large (20 MB and 20,000 rows at most): split it"
    PDF = "this is a PDF, whatever its name says: export the table as CSV or XLSX"
    OLD_EXCEL = (
        "this is an old or password-protected Excel file: save it as XLSX without a password, or as CSV"
    )
    NO_TABLE = "this is not a table: CSV (UTF-8 or Windows-1252) or XLSX is needed"
    BROKEN = "the XLSX file is damaged: open it in a spreadsheet and save it again"
    ENCODING = "the encoding is not recognised: save the file as CSV UTF-8"
    QUOTES = "a quotation mark is opened and never closed, or closed within a cell"


class BadFile(OscbotError):
    """The whole file cannot be read; str() is one clear line. `line`: where, if known."""

    def __init__(self, problem: Problem, line: int | None = None) -> None:
        super().__init__(f"line {line}: {problem}" if line else str(problem))
        self.problem = problem
        self.line = line


@dataclass(frozen=True, slots=True)
class Row:
    """`number` as the spreadsheet shows it, from 1; `formulas`: columns, from 0, that hold no plain value."""

    number: int
    cells: tuple[str, ...]
    formulas: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """`merged`: how many areas of merged cells were read as the same value in each of their rows."""

    title: str
    rows: tuple[Row, ...]
    merged: int = 0


def read_sheets(content: bytes) -> tuple[Sheet, ...]:
    """The tables of a file, told by what it holds, not by its name. Raises BadFile."""
    if not content.strip():
        raise BadFile(Problem.EMPTY)
    if len(content) > MOST_BYTES:
        raise BadFile(Problem.TOO_LARGE)
    if content.lstrip()[:5] == b"%PDF-":
        raise BadFile(Problem.PDF)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadFile(Problem.OLD_EXCEL)
    sheets = _workbook(content) if content.startswith(b"PK") else (_csv(content),)
    if not any(sheet.rows for sheet in sheets):
        raise BadFile(Problem.EMPTY)
    return sheets


def _csv(content: bytes) -> Sheet:
    text = _decoded(content)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[Row] = []
    try:
        while True:
            number = lines.line_num + 1
            cells = next(lines, None)
            if cells is None:
                return Sheet("", tuple(rows))
            rows += _row(number, cells[:MOST_COLUMNS])
            if len(rows) > MOST_ROWS + 1:
                raise BadFile(Problem.TOO_LARGE)
    except csv.Error as error:
        raise BadFile(Problem.QUOTES, number) from error


def _row(number: int, cells: Sequence[str]) -> list[Row]:
    """A row of a CSV file, or none when all its cells are empty."""
    tidy = tuple(_tidy(cell) for cell in cells)
    formulas = tuple(i for i, cell in enumerate(tidy) if cell.startswith(FORMULA))
    return [Row(number, tuple(map(unguarded, tidy)), formulas)] if any(tidy) else []


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif b"\0" in content:
        raise BadFile(Problem.NO_TABLE)
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(not (c.isprintable() or c in "\r\n\t\f") for c in text[:4000]) > 5:
            raise BadFile(Problem.NO_TABLE)
        return text
    raise BadFile(Problem.ENCODING)


def _delimiter(text: str) -> str:
    """The one that parts the first lines most; Excel's own "sep=;" line needs no reading."""
    head = re.sub(r'"[^"]*"', "", "\n".join(text.splitlines()[:5]))
    return max(DELIMITERS, key=head.count)


def _workbook(content: bytes) -> tuple[Sheet, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise BadFile(Problem.NO_TABLE)
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise BadFile(Problem.TOO_LARGE)
        return tuple(_sheets(content))
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, SyntaxError, OSError) as error:
        # XML errors are SyntaxErrors; openpyxl raises ValueError and KeyError for parts that do not fit.
        raise BadFile(Problem.BROKEN) from error


def _sheets(content: bytes) -> Iterator[Sheet]:
    load_workbook = import_module("openpyxl").load_workbook  # takes 15 MB, and most processes never need it
    values = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    written = load_workbook(io.BytesIO(content), read_only=True)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for sheet in values.worksheets:
            path = str(sheet._worksheet_path)  # no other way to the part a sheet is read from
            areas = _merged(archive.read(path.lstrip("/")))
            sheet.reset_dimensions()
            written[sheet.title].reset_dimensions()
            rows = _cells(sheet.iter_rows(), written[sheet.title].iter_rows())
            yield Sheet(sheet.title, tuple(_filled(rows, areas)), len(areas))
    values.close()
    written.close()


def _cells(values: Iterable[Sequence[Any]], written: Iterable[Sequence[Any]]) -> Iterator[Row]:
    """Formulas count by the value the spreadsheet calculated last; one without is named."""
    for number, (shown, typed) in enumerate(zip(values, written, strict=True), 1):
        if number > MOST_ROWS + 1:
            raise BadFile(Problem.TOO_LARGE)
        cells = tuple(_tidy(cell.value) for cell in shown[:MOST_COLUMNS])
        formulas = tuple(
            i
            for i, cell in enumerate(typed[:MOST_COLUMNS])
            if getattr(cell, "data_type", "") == "f" and not cells[i]
        )
        yield Row(number, tuple(map(unguarded, cells)), formulas)


def _merged(xml: bytes) -> list[tuple[int, int, int, int]]:
    """First column, first row, last column, last row of each area; columns from 0, rows from 1."""
    return [
        (_column(first), int(top), _column(last), int(bottom))
        for first, top, last, bottom in MERGED.findall(xml)
    ]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.decode():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _filled(rows: Iterable[Row], areas: list[tuple[int, int, int, int]]) -> Iterator[Row]:
    """A value merged over several rows is that of each; over several columns it stays in the first."""
    above: dict[int, str] = {}
    for row in rows:
        cells = list(row.cells)
        for column, top, _, bottom in areas:
            if top <= row.number <= bottom:
                cells += [""] * (column + 1 - len(cells))
                above[column] = cells[column] if row.number == top else above.get(column, "")
                cells[column] = above[column]
        if any(cells) or row.formulas:
            yield Row(row.number, tuple(cells), row.formulas)


def _tidy(value: Any) -> str:
    """A cell as text: whole numbers without a fraction, dates in ISO form, blanks put in order."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).replace("\0", "").replace("\u00a0", " ").replace("\u202f", " ")
    return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()


def unguarded(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from calculating it."""
    return cell[1:] if cell[:1] == "'" and CALCULATED.match(cell[1:]) else cell


def guarded(cell: str) -> str:
    """With an apostrophe before it where a spreadsheet would calculate it."""
    return f"'{cell}" if CALCULATED.match(cell) else cell
