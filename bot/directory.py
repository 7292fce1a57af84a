"""The directory: who may register and change an organisation, and what is kept of each change."""

import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.actions.context import OrganisationCard
from bot.store.content_tables import OrganisationRow
from bot.store.directory import By
from bot.store.engine import Transaction


class StoredDirectory:
    """The directory within one transaction."""

    def __init__(self, tx: Transaction, now: datetime) -> None:
        self._organisations = tx.organisations
        self._now = now

    async def of_person(self, person_id: int) -> Sequence[OrganisationCard]:
        return [_card(row) for row in await self._organisations.of_person(person_id)]

    async def register(self, person_id: int, card: OrganisationCard) -> OrganisationCard:
        values = asdict(card) | {
            "folded_name": fold_name(card.name),
            "themes": list(card.themes),
            "languages": list(card.languages),
        }
        del values["id"]
        return _card(await self._organisations.add(values, person_id, self._now))

    async def change(self, person_id: int, organisation_id: int, field_name: str, value: Any) -> bool:
        """Change one field of an organisation this person registered; False when it is not theirs."""
        for row in await self._organisations.of_person(person_id):
            if row.id == organisation_id:
                await self._organisations.change(row, field_name, value, By(person_id, self._now))
                if field_name == "name":
                    row.folded_name = fold_name(str(value))
                return True
        return False


def fold_name(name: str) -> str:
    """A name without case, accents and punctuation, to find the same organisation again."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(kept.split())


def _card(row: OrganisationRow) -> OrganisationCard:
    return OrganisationCard(
        id=row.id,
        name=row.name,
        legal_form=row.legal_form,
        region=row.region,
        themes=tuple(row.themes),
        status=row.status,
        acronym=row.acronym,
        place=row.place,
        year=row.year,
        contact_name=row.contact_name,
        contact_role=row.contact_role,
        phone=row.phone,
        email=row.email,
        languages=tuple(row.languages),
        description=row.description,
    )
