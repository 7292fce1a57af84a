"""What coordinators are told at once, and only once, when something goes wrong with the bot itself."""

from dataclasses import dataclass
from datetime import datetime

from bot.actions.context import Say
from bot.domain import Domain
from bot.messages import Address
from bot.replies import render
from bot.store.engine import Database, Transaction
from bot.store.outbox import NewDelivery
from bot.store.troubles import ACCOUNT, Trouble

ROLES = ("coordinator", "admin")


@dataclass(frozen=True, slots=True)
class LoopAlert:
    """The same text went to one chat again and again, and was stopped."""

    domain: Domain

    async def tell(self, tx: Transaction, address: Address, now: datetime) -> None:
        """Each coordinator, once an hour for a chat; not in the chat that goes round."""
        source = f"loop:{address.channel}:{address.chat_id}:{now:%Y%m%d%H}"
        said = Say("utter_loop_stopped", {"channel": address.channel})
        await _tell(tx, self.domain, said, source, now, but=address)


@dataclass(frozen=True, slots=True)
class TroubleAlert:
    """Something must be mended with a platform: its account is stopped, or words it must approve are not there."""

    database: Database
    domain: Domain

    async def tell(self, now: datetime) -> None:
        """Each coordinator, once a day for the same trouble."""
        async with self.database.transaction() as tx:
            for trouble in await tx.troubles.news(now):
                source = f"trouble:{trouble.channel}:{trouble.what}:{trouble.reason[:20]}:{now:%Y%m%d}"
                await _tell(tx, self.domain, self._say(trouble), source, now)

    def _say(self, trouble: Trouble) -> Say:
        """A reason that is one of ours is said in the reader's language; a platform's code as it is."""
        standing = f"utter_standing_{trouble.reason}"
        known = standing in self.domain.responses
        mentions = {"reason": standing} if known else {}
        values = {} if known else {"reason": trouble.reason}
        if trouble.what == ACCOUNT:
            return Say("utter_account_trouble", {"channel": trouble.channel, **values}, mentions=mentions)
        return Say("utter_template_trouble", {"template": trouble.what, **values}, mentions=mentions)


async def _tell(
    tx: Transaction, domain: Domain, said: Say, source: str, now: datetime, *, but: Address | None = None
) -> None:
    """Every coordinator, at each account that can be reached; the same `source` only once."""
    for identity in [found for role in ROLES for found in await tx.people.with_role(role)]:
        there = Address(identity.channel, identity.external_id)
        if not identity.reachable or there == but:
            continue
        recipient = f"person:{identity.person_id}:{identity.channel}"
        messages = render(domain, [said], there, identity.language or "fr")
        await tx.outbox.add([NewDelivery(m, now, source=source, recipient=recipient) for m in messages], now)
