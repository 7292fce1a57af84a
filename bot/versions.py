"""The versions of the language model as an operator sees them: listed, and gone back to."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import StartError
from bot.figures import Counts, Worse, from_json
from bot.learning import Lesson, Outcome
from bot.model_shelf import ModelShelf
from bot.store.audit import Act
from bot.store.engine import Database
from bot.store.model_tables import ModelState
from bot.store.models import Version
from bot.workshop import Workshop
from nlu.interpreter import BadModel, Interpreter

LISTED = 15
STATES = {
    ModelState.IN_USE: "in use",
    ModelState.REPLACED: "used before",
    ModelState.ASIDE: "not used",
    ModelState.WITHDRAWN: "taken back",
}


@dataclass(frozen=True, slots=True)
class Rollback:
    """`number` None: the version used before the present one."""

    number: int | None = None


async def roll_back(database: Database, workshop: Workshop, back: Rollback, now: datetime) -> None:
    """Every process changes over at once; what is taken back is not made again from the same. Raises StartError."""
    async with database.transaction() as tx:
        number = back.number
        wanted = await tx.models.earlier(workshop.code) if number is None else await tx.models.get(number)
        content = await tx.models.content(wanted.number) if wanted else None
    if wanted is None:
        raise StartError(f"there is no version {number}" if number else "no earlier version is kept")
    await _check(workshop, wanted, content)
    async with database.transaction() as tx:
        await tx.models.use(wanted.number, now, leaving=ModelState.WITHDRAWN)
        await tx.audit.add(Act("model.rollback", f"model:{wanted.number}", None, {}, now))


async def _check(workshop: Workshop, wanted: Version, content: bytes | None) -> None:
    name = f"version {wanted.number}"
    if wanted.made.code != workshop.code:
        raise StartError(f"{name} was made by another version of the program, which alone can read it")
    if wanted.state is ModelState.IN_USE:
        raise StartError(f"{name} is in use already")
    if content is None:
        raise StartError(f"{name} is too old: only its record is kept")
    shelf = ModelShelf(workshop.folder)
    try:
        path = await asyncio.to_thread(shelf.put, wanted, content)
        await asyncio.to_thread(Interpreter.load, path, workshop.data)
    except (BadModel, OSError) as error:
        raise StartError(f"{name} cannot be used: {error}") from None


def version_lines(versions: Sequence[Version], code: str) -> list[str]:
    """One line a version, and below it what was worse; `code`: of the program that asks."""
    lines = [f"{'version':>7}  {'made (UTC)':16}  {'examples':>8}  learnt  {'':11}  right / acted wrong, %"]
    for version in versions:
        made = version.made
        figures = "  ".join(f"{name} {_shares(counts)}" for name, counts in (made.figures or {}).items())
        kept = "" if version.kept else "  (record only)"
        kept += "" if made.code == code else "  (of another version of the program)"
        lines.append(
            f"{version.number:7d}  {made.made_at:%Y-%m-%d %H:%M}  {made.examples or '–':>8}  {made.learned:6d}  "
            f"{STATES[version.state]:11}  {figures or 'not judged yet'}  {made.made_from[:8]}{kept}"
        )
        lines += [f"         worse: {_line(lost)}" for lost in from_json(version.worse)]
    return lines


def lesson_lines(lesson: Lesson) -> list[str]:
    """What came of one attempt, figures before and after by language."""
    if lesson.outcome is Outcome.NOTHING_NEW:
        return [f"Nothing new to learn: version {lesson.number} was made from the same."]
    lines = [f"{'':7}  before → after, % right / acted wrong"]
    for name, was in (lesson.before or {}).items():
        now = (lesson.after or {}).get(name)
        lines.append(f"{name:7}  {_shares(was)} → {_shares(now) if now else '–'}")
    if lesson.outcome is Outcome.USED:
        return [*lines, f"Version {lesson.number} is in use, with {lesson.fresh} newly learnt messages."]
    lines += [f"worse: {_line(lost)}" for lost in lesson.worse]
    return [*lines, f"Version {lesson.number} is kept aside; the one before stays in use."]


def _shares(counts: Counts) -> str:
    of = counts["messages"] or 1
    return f"{counts['right'] / of:.1%} / {counts['acted_wrong'] / of:.1%}".replace("%", "")


def _line(lost: Worse) -> str:
    measure = lost.measure.value.replace("_", " ")
    return f"{lost.language}: {measure} {lost.before} → {lost.after} of {lost.messages} messages"
