"""Taking the directory out: forms, who gets which contact details, the way back in, the weekly copy, in chat."""

import io
import json
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]

from bot.directory_commands import give_out
from bot.directory_words import DirectoryWords
from bot.domain import Domain
from bot.errors import StartError
from bot.exporting import Exporting, Form, WeeklyExport
from bot.import_plan import Outcome
from bot.imports import Importing
from bot.store.engine import Database
from tests.fakes import Chat
from tests.planners import consenting, coordinating

DATA = Path(__file__).parents[1] / "data"
WORDS = DirectoryWords.load(DATA)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OSCS = """name,acronym,region,place,themes,phone,description,members,contact_visibility
Association des femmes de Balbala,AFB,Djibouti-Ville,Balbala,femmes; santé,77831234,"Santé; \"\"aide\"\"",20,public
Jeunes connectés d'Obock,JCO,Obock,Obock,numérique,77000004,</script><b>gras</b>,,coordinators
@Tech,,Arta,,numérique,,-2+3 ateliers,,public
"""
PROJECTS = """title,organisation,themes,region,start,end,partners,status
Eau propre,AFB,eau,Dikhil,2023,2024,UNICEF; FNUAP,done
"""


async def take(database: Database, *files: bytes) -> list[str]:
    async with database.transaction() as tx:
        importing = Importing(tx, WORDS, None, NOW)
        plan = await importing.plan(files)
        await importing.apply(plan, "test")
        return [line.outcome.value for line in plan.lines]


@pytest.fixture
async def filled(database: Database) -> Database:
    assert await take(database, OSCS.encode(), PROJECTS.encode()) == ["new"] * 4
    return database


@pytest.fixture
def exporting(domain: Domain) -> Exporting:
    return Exporting(domain, WORDS)


async def written(
    database: Database, exporting: Exporting, form: Form, *, all_contacts: bool = False
) -> bytes:
    async with database.transaction() as tx:
        snapshot = await exporting.snapshot(tx, NOW, all_contacts=all_contacts)
    return exporting.written(snapshot, form)


@pytest.mark.parametrize("form", list(Form))
async def test_numbers_that_are_not_public_stay_inside(
    filled: Database, exporting: Exporting, form: Form
) -> None:
    content = await written(filled, exporting, form)
    if form is Form.XLSX:
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        content = "\n".join(str(cell) for row in sheet.values for cell in row).encode()
    assert b"77000004" not in content
    assert (b"77831234" in content) is (form is not Form.PROJECTS)


async def test_coordinators_file_has_every_number(filled: Database, exporting: Exporting) -> None:
    assert b"77000004" in await written(filled, exporting, Form.CSV, all_contacts=True)


@pytest.mark.parametrize("form", [Form.CSV, Form.XLSX])
async def test_what_went_out_comes_in_again_and_changes_nothing(
    filled: Database, exporting: Exporting, form: Form
) -> None:
    files = [await written(filled, exporting, form, all_contacts=True)]
    if form is Form.CSV:
        files.append(await written(filled, exporting, Form.PROJECTS))
    async with filled.transaction() as tx:
        plan = await Importing(tx, WORDS, None, NOW).plan(files)
    assert {line.outcome for line in plan.lines} == {Outcome.DUPLICATE}
    assert len(plan.lines) == 4


async def test_table_corrected_by_hand_updates_the_entry(filled: Database, exporting: Exporting) -> None:
    content = await written(filled, exporting, Form.CSV, all_contacts=True)
    corrected = content.decode("utf-8-sig").replace("Jeunes connectés d'Obock", "Jeunes connectés de Hayyu")
    assert (await take(filled, corrected.encode())).count("update") == 1


async def test_no_cell_is_calculated_by_a_spreadsheet(filled: Database, exporting: Exporting) -> None:
    text = (await written(filled, exporting, Form.CSV)).decode("utf-8-sig")
    assert "'@Tech" in text
    assert "'-2+3 ateliers" in text
    book = load_workbook(io.BytesIO(await written(filled, exporting, Form.XLSX)))
    assert {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row} <= {"s", "n"}


async def test_json_keeps_lists_and_days(filled: Database, exporting: Exporting) -> None:
    told = json.loads(await written(filled, exporting, Form.JSON))
    assert told["organisations"][0]["themes"] == ["femmes", "santé"]
    assert (told["projects"][0]["starts_on"], told["projects"][0]["partners"]) == (
        "2023-01-01",
        ["UNICEF", "FNUAP"],
    )


async def test_refused_entries_are_not_in_it(filled: Database, exporting: Exporting) -> None:
    async with filled.transaction() as tx:
        row = (await tx.imports.organisations())[0]
        row.status = "refused"
    assert "Balbala" not in (await written(filled, exporting, Form.CSV)).decode("utf-8-sig")
    assert "Eau propre" not in (await written(filled, exporting, Form.PROJECTS)).decode("utf-8-sig")


async def test_command_writes_a_folder_or_one_file(
    filled: Database, exporting: Exporting, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await give_out(filled, exporting, tmp_path / "out", all_contacts=False)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {f"annuaire.{form}" for form in Form}
    await give_out(filled, exporting, tmp_path / "liste.xlsx", all_contacts=False)
    assert (tmp_path / "liste.xlsx").read_bytes()[:2] == b"PK"
    with pytest.raises(StartError, match="can be written as csv"):
        await give_out(filled, exporting, tmp_path / "liste.doc", all_contacts=False)
    assert str(tmp_path / "liste.xlsx") in capsys.readouterr().out


async def test_clock_renews_the_copy_every_week(
    filled: Database, exporting: Exporting, tmp_path: Path
) -> None:
    weekly = WeeklyExport(filled, exporting, tmp_path)
    await weekly.renew(NOW)
    page = tmp_path / "directory" / "annuaire.html"
    first = page.read_bytes()
    assert {path.name for path in page.parent.iterdir()} == {f"annuaire.{form}" for form in Form}
    assert (page.parent / "annuaire.xlsx").read_bytes()[:2] == b"PK"
    os.utime(page, (NOW.timestamp(), NOW.timestamp()))
    await take(filled, b"name,region\nNouvelle venue,Arta\n")
    await weekly.renew(NOW + timedelta(days=6))
    assert page.read_bytes() == first
    await weekly.renew(NOW + timedelta(days=7))
    assert b"Nouvelle venue" in page.read_bytes()


async def test_anybody_may_take_the_offline_page_in_chat(
    filled: Database, chats: Callable[[str], Chat]
) -> None:
    member = await consenting(chats("amina"))
    await member.sends(tap="/find_osc")
    member.hears("3 organisations")
    assert "Exporter (Excel)" not in member.titles
    await member.taps("Annuaire hors ligne")
    file = member.replies[0].attachment
    assert file is not None
    assert (file.name, file.media_type) == ("annuaire-2026-11-24.html", "text/html")
    await member.sends(tap='/find_osc{"tell": "take:xlsx"}')
    member.hears("réservée aux coordinateurs")


async def test_coordinator_takes_the_table_and_it_is_logged(
    filled: Database, chats: Callable[[str], Chat], invited: Callable[[str], Awaitable[str]]
) -> None:
    coordinator = await coordinating(chats("coord"), invited)
    await coordinator.sends(tap="/find_osc")
    await coordinator.taps("Exporter (Excel)")
    coordinator.hears("ne le transmettez pas")
    async with filled.transaction() as tx:
        assert [act.act for act in await tx.audit.about("directory")] == ["directory.export"]
