"""Making two entries of one organisation one, and taking that back: what is filled in, moved and remembered."""

from dataclasses import replace

from bot.organisation import Standing
from bot.store.content_tables import OrganisationRow
from bot.store.directory import GIVEN, By
from bot.store.engine import Transaction
from bot.store.history import Change
from bot.store.merging import Moved

FIELD = "merge"
"""The field of the change that says with which entry another was merged, and what moved."""


async def merge(tx: Transaction, duplicate: OrganisationRow, kept: OrganisationRow, by: By) -> None:
    """`duplicate` leaves the directory; what `kept` does not know is taken from it. Both are locked.

    The history of both stays: that of `duplicate` is shown with that of `kept`.
    """
    batch = replace(by, batch=f"merge:{duplicate.id}:{by.at.isoformat()}")
    for name in (*GIVEN, "receipt_key"):
        if not getattr(kept, name) and getattr(duplicate, name):
            await tx.organisations.change(kept, name, getattr(duplicate, name), batch)
    moved = await tx.merging.move(duplicate.id, kept.id)
    note = {"into": kept.id, "name": kept.name, "status": duplicate.status, **moved.to_json()}
    await tx.organisations.note(duplicate, FIELD, note, batch)
    duplicate.status, duplicate.merged_into = Standing.MERGED, kept.id
    await tx.session.flush()


async def undo_merge(tx: Transaction, change: Change, by: By) -> bool:
    """Two entries again, as far as nobody changed since what came of it; False when it was merged further."""
    duplicate = await tx.organisations.lock(change.organisation_id)
    kept = await tx.organisations.lock(change.after["into"])
    if duplicate is None or kept is None or duplicate.merged_into != kept.id:
        return False
    await tx.merging.move_back(Moved.from_json(change.after), kept.id, duplicate.id)
    for filled in await tx.history.of_batch(kept.id, change.batch or ""):
        if getattr(kept, filled.field) == filled.after:
            empty: list[str] | None = [] if isinstance(filled.after, list) else None
            await tx.organisations.change(kept, filled.field, filled.before or empty, by)
    duplicate.status, duplicate.merged_into = change.after["status"], None
    await tx.session.flush()
    return True
