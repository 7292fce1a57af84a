"""The directory: who may register and change an organisation, and what is kept of each change."""

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.actions.directory_port import OrganisationCard
from bot.organisation import EDITORS, Standing
from bot.store.content_tables import OrganisationRow
from bot.store.directory import By, Organisations
from bot.store.engine import Transaction


class StoredDirectory:
    """The directory within one transaction."""

    def __init__(self, tx: Transaction, now: datetime) -> None:
        self._tx = tx
        self._organisations = tx.organisations
        self._now = now

    async def of_person(self, person_id: int) -> Sequence[OrganisationCard]:
        return [card_of(row) for row in await self._organisations.of_person(person_id)]

    async def register(self, person_id: int, card: OrganisationCard) -> OrganisationCard:
        values = {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(card).items()
        }
        del values["id"]
        values["folded_name"] = fold_name(card.name)
        return card_of(await self._organisations.add(values, person_id, self._now))

    async def change(self, person_id: int, organisation_id: int, field_name: str, value: Any) -> bool:
        """Change one field of an organisation; False when the person is neither its contact nor a manager.

        A refused entry that is corrected waits to be looked at again.
        """
        row = await self._organisations.lock(organisation_id)
        part = await self._tx.memberships.part(organisation_id, person_id)
        if row is None or row.status == Standing.MERGED or part not in EDITORS:
            return False
        by = By(person_id, self._now)
        await set_field(self._organisations, row, (field_name, value), by)
        if row.status == Standing.REFUSED:
            await self._organisations.change(row, "status", Standing.DECLARED, by)
        await wake(self._tx, row, by)
        return True


async def wake(tx: Transaction, row: OrganisationRow, by: By) -> bool:
    """Who answers or changes something is not dormant any more: the trust of before comes back."""
    if row.status != Standing.DORMANT:
        return False
    slept = await tx.history.last(row.id, "status")
    before = slept.before if slept and slept.after == Standing.DORMANT else Standing.DECLARED
    await tx.organisations.change(row, "status", before, by)
    return True


async def set_field(
    organisations: Organisations, row: OrganisationRow, change: tuple[str, Any], by: By
) -> None:
    """Set one column, with what follows from it."""
    field, value = change
    if value is None and isinstance(getattr(row, field), list):
        value = []
    await organisations.change(row, field, value, by)
    if field == "name":
        row.folded_name = fold_name(str(value))


def fold_name(name: str) -> str:
    """A name without case, accents and punctuation, to find the same organisation again."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(kept.split())


def card_of(row: OrganisationRow) -> OrganisationCard:
    values: dict[str, Any] = {}
    for name in OrganisationCard.__slots__:
        value = getattr(row, name)
        values[name] = tuple(value) if isinstance(value, list) else value
    return OrganisationCard(**values)
