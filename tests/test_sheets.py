"""Files as people make them: encodings, delimiters, sheets, merged cells, formulas, and what is no table."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]

from bot.sheets import BadFile, Problem, guarded, read_sheets, unguarded


def workbook(rows: Sequence[Sequence[Any]], *merged: str, title: str = "OSC") -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def cells(content: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in read_sheets(content)[0].rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_recognised(encoding: str, delimiter: str) -> None:
    text = delimiter.join(("Nom", "Région")) + "\r\n" + delimiter.join(("Éveil", '"Ali, Sabieh;"')) + "\r\n"
    assert cells(text.encode(encoding))[0] == ("Nom", "Région")
    assert cells(text.encode(encoding))[1][0] == "Éveil"


def test_rows_keep_the_numbers_of_the_spreadsheet() -> None:
    content = b'name,region\n\n"two\nlines",Obock\nthird,Arta\n'
    assert [(row.number, row.cells[0]) for row in read_sheets(content)[0].rows] == [
        (1, "name"),
        (3, "two\nlines"),
        (5, "third"),
    ]


def test_numbers_dates_and_blanks_of_a_workbook_become_text() -> None:
    content = workbook([["name", "year", "phone"], ["  A  B ", 2012.0, 77831234]])
    assert cells(content)[1] == ("A B", "2012", "77831234")


def test_value_merged_over_rows_is_that_of_each() -> None:
    content = workbook([["name", "region"], ["A", "Obock"], ["B", None], ["C", "Arta"]], "B2:B3")
    assert [row[1] for row in cells(content)[1:]] == ["Obock", "Obock", "Arta"]
    assert read_sheets(content)[0].merged == 1


def test_formula_without_a_value_is_named() -> None:
    rows = read_sheets(workbook([["name", "year"], ["A", "=1+2011"]]))[0].rows
    assert rows[1].formulas == (1,)
    assert read_sheets(b"name,year\n=cmd|' /C calc'!A0,2012\n")[0].rows[1].formulas == (0,)


def archive(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", Problem.EMPTY),
        (b"\n \n", Problem.EMPTY),
        (b"%PDF-1.7\n...", Problem.PDF),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, Problem.OLD_EXCEL),
        (b"\x89PNG\r\n\x1a\n\0\0\0", Problem.NO_TABLE),
        (archive("word/document.xml", b"<w/>"), Problem.NO_TABLE),
        (archive("xl/workbook.xml", b"<broken"), Problem.BROKEN),
        (workbook([["name"], ["A"]])[:900], Problem.BROKEN),
        (b"name\n" + b"A\n" * 20_002, Problem.TOO_LARGE),
        (b"x" * 20_000_001, Problem.TOO_LARGE),
        (b'name,region\n"never closed,Obock\nB,Arta\n', Problem.QUOTES),
        (b"name\n\x81\x8d\x8f\n", Problem.ENCODING),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(content: bytes, problem: Problem) -> None:
    with pytest.raises(BadFile) as caught:
        read_sheets(content)
    assert caught.value.problem is problem
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "-2+3", "+cmd|x", "\tx"])
def test_what_a_spreadsheet_would_calculate_is_guarded_and_comes_back(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["+253 77 83 12 34", "Femmes d'Obock", "'ilm", "-12", ""])
def test_other_values_stay_as_they_are(cell: str) -> None:
    assert guarded(cell) == unguarded(cell) == cell
