"""The commands of the operator on the directory: import files, take an import back, export."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.directory_words import DirectoryWords
from bot.errors import StartError
from bot.exporting import NAME, Exporting, Form, write
from bot.import_plan import Line, Outcome
from bot.imports import Importing, NoColumns, NoSuchImport, Plan, as_json
from bot.sheets import MOST_BYTES, BadFile, Problem
from bot.store.engine import Database, Transaction


@dataclass(frozen=True, slots=True)
class How:
    """`dry`: nothing is written. `as_json`: for programs, not for people."""

    dry: bool = False
    as_json: bool = False


async def take_in(database: Database, data_dir: Path, paths: Sequence[Path], how: How) -> int:
    """Import files together and print the fate of each row. Raises StartError for a file that is no table."""
    names = ", ".join(path.name for path in paths)
    contents = [_read(path) for path in paths]
    async with database.transaction() as tx:
        importing = _importing(tx, data_dir)
        try:
            plan = await importing.plan(contents)
        except (BadFile, NoColumns) as error:
            raise StartError(f"{names}: {error}") from error
        if not how.dry and (plan.of(Outcome.NEW) or plan.of(Outcome.UPDATE)):
            plan = await importing.apply(plan, names)
    print(as_json(plan) if how.as_json else told(plan))
    return 0


async def undo(database: Database, data_dir: Path, number: int) -> int:
    """Take an import back and print what stays. Raises StartError when there is none of this number."""
    async with database.transaction() as tx:
        try:
            undone = await _importing(tx, data_dir).undo(number)
        except NoSuchImport as error:
            raise StartError(str(error)) from error
    print(f"Import {number} taken back: {undone.removed} entries removed, {undone.restored} values restored.")
    for name in undone.kept:
        print(f"kept, changed since the import: {name}")
    return 0


async def give_out(database: Database, exporting: Exporting, target: Path, *, all_contacts: bool) -> int:
    """Write the directory to one file, in the form its name tells, or in every form into a folder."""
    now = datetime.now(UTC)
    async with database.transaction() as tx:
        snapshot = await exporting.snapshot(tx, now, all_contacts=all_contacts)
    forms = _forms(target)
    folder = target if len(forms) > 1 else target.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for form in forms:
            path = target / f"{NAME}.{form}" if len(forms) > 1 else target
            write(path, exporting.written(snapshot, form))
            print(path)
    except OSError as error:
        raise StartError(f"{target}: cannot be written: {error.strerror}") from error
    return 0


def _forms(target: Path) -> list[Form]:
    """Raises StartError for a file of an unknown kind."""
    if target.is_dir() or not target.suffix:
        return list(Form)
    for form in (Form.PROJECTS, *Form):
        if target.name.endswith(f".{form}"):
            return [form]
    raise StartError(f"{target}: the directory can be written as {', '.join(Form)}")


def _importing(tx: Transaction, data_dir: Path) -> Importing:
    return Importing(tx, DirectoryWords.load(data_dir), None, datetime.now(UTC))


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise StartError(f"{path}: {Problem.TOO_LARGE}")
        return path.read_bytes()
    except OSError as error:
        raise StartError(f"{path}: cannot be read: {error.strerror}") from error


def told(plan: Plan) -> str:
    """One line a row, then the sums."""
    sheets = len({line.sheet for line in plan.lines}) > 1
    lines = [_line(line, f"{line.sheet} " if sheets else "") for line in plan.lines]
    if plan.unread:
        lines.append(f"Columns that are not read: {', '.join(plan.unread)}")
    if plan.merged:
        lines.append(f"Merged cells: {plan.merged} areas were read as the same value in each of their rows.")
    lines.append(", ".join(f"{count} {outcome}" for outcome, count in plan.counts.items()) + ".")
    if plan.id is None:
        lines.append("Nothing was written.")
    else:
        lines.append(f"Written as import {plan.id}; to take it back: python -m bot import --undo {plan.id}")
    return "\n".join(lines)


def _line(line: Line, sheet: str) -> str:
    reasons = "; ".join(map(str, line.reasons))
    notes = f" [{'; '.join(line.notes)}]" if line.notes else ""
    return f"{sheet}row {line.row}: {line.outcome.value}: {line.name or '—'}: {reasons}{notes}"
