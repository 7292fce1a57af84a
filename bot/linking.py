"""One person with several accounts: joined by a six-digit code, good for ten minutes and three tries."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions.linking_port import Account, Linked, LinkTried
from bot.messages import Address
from bot.registry import digest_of
from bot.store.audit import Act
from bot.store.engine import Transaction
from bot.store.linking import CodeOwner
from bot.training_notices import Notices
from bot.trainings import fill_places

CODE_LIVES = timedelta(minutes=10)
MOST_TRIES = 3
MOST_TRIES_OF_ALL = 30
"""Wrong codes of all accounts in ten minutes: above it somebody guesses with many accounts, and nobody links."""


@dataclass(frozen=True, slots=True)
class StoredLinking:
    """`bot.actions.linking_port.Linking` within one transaction."""

    tx: Transaction
    notices: Notices
    person_id: int
    address: Address
    now: datetime

    @property
    def _account(self) -> Address:
        return Address(self.address.channel, self.address.chat_id)

    async def accounts(self) -> Sequence[Account]:
        found = await self.tx.people.identities(self.person_id)
        addresses = [(Address(i.channel, i.external_id), i.language) for i in found]
        return [
            Account(address, key_of_account(address), address == self._account, language or "fr")
            for address, language in addresses
        ]

    async def code(self) -> tuple[str, datetime]:
        code = f"{secrets.randbelow(10**6):06}"
        while await self.tx.linking.is_taken(digest_of(code), self.now):
            code = f"{secrets.randbelow(10**6):06}"
        until = self.now + CODE_LIVES
        await self.tx.linking.open(CodeOwner(self.person_id, self._account), digest_of(code), until)
        return code, until

    async def join(self, code: str) -> LinkTried:
        own, everybody = await self.tx.linking.wrong_tries(self._account, self.now - CODE_LIVES)
        if own >= MOST_TRIES or everybody >= MOST_TRIES_OF_ALL:
            return LinkTried(Linked.TOO_MANY)
        owner = await self.tx.linking.owner(digest_of(code), self.now)
        if owner is None:
            await self.tx.linking.add_wrong_try(self._account, self.now)
            return LinkTried(Linked.WRONG, tries=MOST_TRIES - own - 1)
        if owner.person_id == self.person_id:
            return LinkTried(Linked.OWN)
        return await self._unite(owner)

    async def _unite(self, owner: CodeOwner) -> LinkTried:
        await self.tx.linking.close(owner.person_id)
        await self.tx.linking.close(self.person_id)
        for training_id in await self.tx.linking.merge(self.person_id, owner.person_id):
            await fill_places(self.notices, training_id)
        await self._write_down("account.link", owner.account)
        person = await self.tx.people.get(self.person_id)
        assert person is not None, self.person_id
        other = Account(
            owner.account, key_of_account(owner.account), here=False, language=person.language or "fr"
        )
        return LinkTried(Linked.DONE, other, stopped=person.wishes.stopped_at is not None)

    async def part(self, key: str) -> Account | None:
        parted = next((a for a in await self.accounts() if a.key == key and not a.here), None)
        if parted is None:
            return None
        await self.tx.linking.part(parted.address, self.now)
        await self._write_down("account.part", parted.address)
        return parted

    async def _write_down(self, act: str, account: Address) -> None:
        details = {"channel": account.channel}
        await self.tx.audit.add(Act(act, f"person:{self.person_id}", self.person_id, details, self.now))


def key_of_account(address: Address) -> str:
    """Short enough for a button, and it tells nobody the account."""
    return hashlib.sha256(f"{address.channel}:{address.chat_id}".encode()).hexdigest()[:10]
