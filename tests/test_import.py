"""Importing the directory: each row's fate, all or nothing, twice the same file, and taking it back."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.directory_commands import How, take_in
from bot.directory_words import DirectoryWords
from bot.errors import StartError
from bot.import_plan import Outcome
from bot.imports import Importing, NoColumns, NoSuchImport, Plan, Undone, as_json
from bot.store.content_tables import OrganisationRow
from bot.store.directory import By
from bot.store.engine import Database
from tests.test_sheets import workbook

DATA = Path(__file__).parents[1] / "data"
WORDS = DirectoryWords.load(DATA)
NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
FIRST = """name,acronym,legal_form,region,place,themes,phone,email,year,description
Association des femmes de Balbala,AFB,association,Djibouti-Ville,Balbala,femmes; santé,77831234,afb@exemple.dj,2012,Mère
Coopérative des pêcheurs d'Obock,,coopérative,Hayyu,,économie,77 00 00 01,,2015,
"""


Import = Callable[..., Awaitable[Plan]]


@pytest.fixture
def take(database: Database) -> Import:
    """Plan the text of a CSV file (or bytes), and write it unless it is only a rehearsal."""

    async def run(*files: str | bytes, dry: bool = False) -> Plan:
        contents = [file.encode() if isinstance(file, str) else file for file in files]
        async with database.transaction() as tx:
            importing = Importing(tx, WORDS, None, NOW)
            plan = await importing.plan(contents)
            return plan if dry else await importing.apply(plan, "test.csv")

    return run


async def organisations(database: Database) -> list[OrganisationRow]:
    async with database.transaction() as tx:
        return list(await tx.imports.organisations())


async def undo(database: Database, number: int) -> Undone:
    async with database.transaction() as tx:
        return await Importing(tx, WORDS, None, NOW).undo(number)


def fates(plan: Plan) -> list[str]:
    return [line.outcome.value for line in plan.lines]


def why(plan: Plan, row: int) -> str:
    return "; ".join(str(r) for line in plan.lines if line.row == row for r in line.reasons)


async def test_rows_are_added_with_canonical_values(take: Import, database: Database) -> None:
    assert fates(await take(FIRST)) == ["new", "new"]
    women, fishers = await organisations(database)
    assert (women.region, women.place, women.themes) == ("Djibouti-Ville", "Balbala", ["femmes", "santé"])
    assert (women.phone, women.email, women.year) == ("+25377831234", "afb@exemple.dj", 2012)
    assert (fishers.region, fishers.legal_form, fishers.acronym) == ("Obock", "coopérative", None)
    assert {women.status, women.contact_visibility} == {"declared", "coordinators"} - {"declared"} | {
        "declared"
    }


async def test_rehearsal_writes_nothing(take: Import, database: Database) -> None:
    assert (await take(FIRST, dry=True)).id is None
    assert await organisations(database) == []


async def test_same_file_again_changes_nothing(take: Import, database: Database) -> None:
    await take(FIRST)
    again = await take(FIRST)
    assert fates(again) == ["duplicate", "duplicate"]
    assert "says nothing new" in why(again, 2)
    assert len(await organisations(database)) == 2


async def test_new_phone_is_an_update_and_empty_cells_erase_nothing(take: Import, database: Database) -> None:
    await take(FIRST)
    plan = await take(
        "nom;région;téléphone;description\nFEMMES de balbala (association);Djibouti;77 83 99 99;\n"
    )
    assert fates(plan) == ["update"]
    assert why(plan, 2) == "changes phone: +25377831234 → +25377839999"
    women = (await organisations(database))[0]
    assert (women.phone, women.description) == ("+25377839999", "Mère")


async def test_likely_duplicates_are_held_back_with_the_sign(take: Import, database: Database) -> None:
    await take(FIRST)
    plan = await take(
        "name,region,phone\n"
        "Asso femme Balballa,Djibouti-Ville,77831234\n"
        "Club de sport,Arta,\n"
        "Club de sports,Arta,\n"
        "Cercle des poètes,Arta,77831234\n"
    )
    assert fates(plan) == ["duplicate", "new", "duplicate", "new"]
    assert "Association des femmes de Balbala" in why(plan, 2)
    assert "same phone" in why(plan, 2)
    assert "row 3" in why(plan, 4)
    assert "same phone" in plan.lines[3].notes[0]


async def test_everything_wrong_with_a_row_is_said_at_once(take: Import, database: Database) -> None:
    plan = await take(
        "nom,région,thèmes,téléphone,email,année,forme\n"
        ",Obock,,,,,\n"
        "A Bon Nom,Paris,cuisine,123,rien,1492,secte\n"
        "Sans région,,,,,,\n"
        "=HYPERLINK(1),Obock,,,,,\n"
        "Trop,Obock,santé,77831234,a@b.dj,2012,association,de,cellules\n"
    )
    assert fates(plan) == ["rejected"] * 5
    for part in ("region: “Paris”", "themes: “cuisine”", "“123”", "“rien”", "“1492”", "legal_form: “secte”"):
        assert part in why(plan, 3)
    assert (why(plan, 2), why(plan, 4)) == ("no name", "no region")
    assert "formula" in why(plan, 5)
    assert "more cells than headings" in why(plan, 6)
    assert await organisations(database) == []


async def test_values_are_read_in_three_languages_and_with_mistakes(take: Import, database: Database) -> None:
    await take(
        "magaca ururka,gobolka,mawduucyada,qaabka sharciga\n"
        "Ururka Iftin,Tajuura,caafimaadka; dhalinyarada,urur\n"
        "Egla Hayyu,Hayyu,qaafiyat; agabu,egla\n"
        "Réseau Arta,Artaa,eductaion,cooprative\n"
    )
    rows = await organisations(database)
    assert [(row.region, row.themes, row.legal_form) for row in rows] == [
        ("Tadjourah", ["santé", "jeunesse"], "association"),
        ("Obock", ["santé", "femmes"], "association"),
        ("Arta", ["éducation"], "coopérative"),
    ]


async def test_known_place_tells_the_region(take: Import, database: Database) -> None:
    await take("nom,quartier\nComité de Balbala,Balbala\n")
    assert (await organisations(database))[0].region == "Djibouti-Ville"


async def test_workbook_with_a_title_and_a_sheet_of_projects(take: Import, database: Database) -> None:
    book = workbook([["Annuaire 2026"], [None], ["Nom", "Région"], ["Iftin", "Dikhil"]])
    projects = (
        "titre;organisation;thème;région;début;fin;statut\n"
        "Puits propres;IFTIN;eau;Dikhil;01/02/2024;2024;terminé; \n"
        "Sans maître;Inconnue;eau;;;;\n"
        "Puits propres;Iftin;eau;;;;\n"
    )
    plan = await take(projects, book)
    assert fates(plan) == ["new", "new", "rejected", "duplicate"]
    async with database.transaction() as tx:
        (project,) = await tx.imports.projects()
    assert (project.title, project.theme, project.status) == ("Puits propres", "eau", "done")
    assert (str(project.starts_on), str(project.ends_on)) == ("2024-02-01", "2024-12-31")


async def test_file_without_a_column_of_names_is_refused(take: Import) -> None:
    with pytest.raises(NoColumns):
        await take("couleur,taille\nbleu,2\n")


async def test_json_lists_rows_by_outcome(take: Import) -> None:
    told = json.loads(as_json(await take(FIRST + ",,,Obock,,,,,,\n", dry=True)))
    assert [row["row"] for row in told["new"]] == [2, 3]
    assert told["rejected"] == [{"row": 4, "name": "", "reason": "no name"}]
    assert (told["update"], told["duplicate"], told["import"]) == ([], [], None)


async def test_undo_removes_what_was_added_and_restores_what_was_changed(
    take: Import, database: Database
) -> None:
    await take(FIRST)
    second = await take(
        "name,region,phone,themes\nAssociation des femmes de Balbala,Djibouti-Ville,77839999,sport\nNeuve,Arta,,\n"
    )
    assert fates(second) == ["update", "new"]
    assert await undo(database, second.id or 0) == Undone(1, 2, ())
    rows = await organisations(database)
    assert (rows[0].phone, rows[0].themes) == ("+25377831234", ["femmes", "santé"])
    assert len(rows) == 2
    with pytest.raises(NoSuchImport, match="was taken back on"):
        await undo(database, second.id or 0)


async def test_undo_keeps_what_people_changed_since(take: Import, database: Database) -> None:
    first = await take(FIRST)
    async with database.transaction() as tx:
        women = (await tx.imports.organisations())[0]
        await tx.organisations.change(women, "phone", "+25377111111", By(None, NOW))
    undone = await undo(database, first.id or 0)
    assert undone == Undone(1, 0, ("Association des femmes de Balbala",))
    assert [row.phone for row in await organisations(database)] == ["+25377111111"]


async def test_row_with_a_number_updates_that_entry(take: Import, database: Database) -> None:
    await take(FIRST)
    number = (await organisations(database))[1].id
    plan = await take(f"id,nom,région\n{number},Coopérative des pêcheuses d'Obock,Obock\n999,Autre,Obock\n")
    assert [line.outcome for line in plan.lines] == [Outcome.UPDATE, Outcome.REJECTED]
    renamed = (await organisations(database))[1]
    assert (renamed.name, renamed.folded_name) == (
        "Coopérative des pêcheuses d'Obock",
        "cooperative des pecheuses d obock",
    )


async def test_command_says_one_line_for_a_bad_file(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "annuaire.csv"
    file.write_bytes(b"%PDF-1.4")
    with pytest.raises(StartError, match=r"^annuaire\.csv: this is a PDF"):
        await take_in(database, DATA, [file], How())
    with pytest.raises(StartError, match="cannot be read: No such file"):
        await take_in(database, DATA, [tmp_path / "none.csv"], How())


async def test_command_prints_the_fate_of_each_row(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "annuaire.csv"
    file.write_text(FIRST, encoding="utf-8")
    await take_in(database, DATA, [file], How(dry=True))
    printed = capsys.readouterr().out
    assert "row 2: new: Association des femmes de Balbala: will be added" in printed
    assert "2 new, 0 update, 0 duplicate, 0 rejected." in printed
    assert "Nothing was written." in printed
