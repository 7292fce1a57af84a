"""Taking the directory out: what each reader gets of it, in which form, and the copy made every week."""

import asyncio
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bot.directory_words import DirectoryWords
from bot.domain import Domain
from bot.export_files import OSC_COLUMNS, PROJECT_COLUMNS, Snapshot, as_csv, as_json, as_xlsx
from bot.export_page import as_page
from bot.organisation import CONTACT_FIELDS, Visibility
from bot.store.content_tables import OrganisationRow
from bot.store.directory_tables import ProjectRow
from bot.store.engine import Database, Transaction

FOLDER = "directory"
WEEK = timedelta(days=7)
NAME = "annuaire"


class Form(StrEnum):
    """What a file may be; its name's ending tells which."""

    CSV = "csv"
    PROJECTS = "projects.csv"
    XLSX = "xlsx"
    JSON = "json"
    HTML = "html"


MEDIA_TYPES = {
    Form.CSV: "text/csv",
    Form.PROJECTS: "text/csv",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.JSON: "application/json",
    Form.HTML: "text/html",
}


@dataclass(frozen=True, slots=True)
class Exporting:
    """Writes the directory in the forms people and programs want."""

    domain: Domain
    words: DirectoryWords

    async def snapshot(self, tx: Transaction, now: datetime, *, all_contacts: bool) -> Snapshot:
        """What is listed; contact details only where they are public, unless `all_contacts`."""
        listed = await tx.directory_search.organisations()
        oscs = [_organisation(one.row, one.confirmed, all_contacts=all_contacts) for one in listed]
        projects = [_project(row, name) for row, name, _ in await tx.directory_search.projects()]
        return Snapshot(now, oscs, projects)

    def written(self, snapshot: Snapshot, form: Form) -> bytes:
        match form:
            case Form.CSV:
                return as_csv(OSC_COLUMNS, snapshot.organisations)
            case Form.PROJECTS:
                return as_csv(PROJECT_COLUMNS, snapshot.projects)
            case Form.XLSX:
                return as_xlsx(snapshot, self.headings())
            case Form.JSON:
                return as_json(snapshot)
            case Form.HTML:
                return as_page(snapshot, self.domain, self.words)

    def headings(self) -> dict[str, str]:
        """In French, as the import reads them again."""
        names = {*OSC_COLUMNS, *PROJECT_COLUMNS, "organisations", "projects"}
        kinds = ("utter_column", "utter_label_osc")
        told = [(name, f"{kind}_{name}") for name in names for kind in kinds]
        known = {name: response for name, response in reversed(told) if response in self.domain.responses}
        return {name: self.domain.words(response, "fr").text for name, response in known.items()}


def _organisation(row: OrganisationRow, confirmed: datetime | None, *, all_contacts: bool) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in OSC_COLUMNS if hasattr(row, name)}
    values |= {"standing": row.status, "verified_on": confirmed.date() if confirmed else None}
    if all_contacts or row.contact_visibility == Visibility.PUBLIC:
        return values
    return {**values, **dict.fromkeys(CONTACT_FIELDS)}


def _project(row: ProjectRow, organisation: str) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in PROJECT_COLUMNS if hasattr(row, name)}
    return {
        **values,
        "organisation": organisation,
        "organisation_id": row.organisation_id,
        "themes": [row.theme] if row.theme else [],
    }


@dataclass(frozen=True, slots=True)
class WeeklyExport:
    """The public directory in every form, in a folder of the data directory, renewed every week by the clock."""

    database: Database
    exporting: Exporting
    data_dir: Path

    async def renew(self, now: datetime) -> None:
        """Nothing to do while the copy is younger than a week. Files change as a whole or not at all."""
        folder = self.data_dir / FOLDER
        newest = folder / f"{NAME}.{Form.HTML}"
        if newest.exists() and now.timestamp() - newest.stat().st_mtime < WEEK.total_seconds():
            return
        async with self.database.transaction() as tx:
            snapshot = await self.exporting.snapshot(tx, now, all_contacts=False)
        folder.mkdir(parents=True, exist_ok=True)
        for form in (Form.CSV, Form.PROJECTS, Form.JSON):
            write(folder / f"{NAME}.{form}", self.exporting.written(snapshot, form))
        write(folder / f"{NAME}.{Form.XLSX}", await self._workbook(snapshot))
        write(
            newest, self.exporting.written(snapshot, Form.HTML)
        )  # last: its age tells whether all are there

    async def _workbook(self, snapshot: Snapshot) -> bytes:
        """Made in a process of its own: what openpyxl takes ends with it, not with the bot."""
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(pool, as_xlsx, snapshot, self.exporting.headings())


def write(path: Path, content: bytes) -> None:
    """As a whole: whoever reads meanwhile finds the old file."""
    draft = path.with_name(f"{path.name}.tmp")
    draft.write_bytes(content)
    draft.replace(path)
