"""What coordinators are told at once, and only once, when something goes wrong with the bot itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

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
        await _tell(tx, self.domain, lambda _: said, source, now, but=address)


@dataclass(frozen=True, slots=True)
class TroubleAlert:
    """Something must be mended with a platform: its account is stopped, or words it must approve are not there."""

    database: Database
    domain: Domain

    async def tell(self, now: datetime) -> None:
        """Each coordinator, all that is new of a channel in one message, and the same once a day."""
        async with self.database.transaction() as tx:
            news = await tx.troubles.news(now)
            for channel in sorted({trouble.channel for trouble in news}):
                mine = [trouble for trouble in news if trouble.channel == channel]
                names = ",".join(sorted(f"{trouble.what}={trouble.reason[:20]}" for trouble in mine))
                source = f"trouble:{channel}:{names}:{now:%Y%m%d}"
                await _tell(tx, self.domain, partial(self._say, channel, mine), source, now)

    def _say(self, channel: str, troubles: Sequence[Trouble], language: str) -> Say:
        """A stopped account is all there is to say: nothing leaves at all."""
        for trouble in troubles:
            if trouble.what == ACCOUNT:
                values = {"channel": channel, "reason": self._reason(trouble, language)}
                return Say("utter_account_trouble", values)
        listed = ", ".join(f"{t.what} ({self._reason(t, language)})" for t in troubles)
        return Say("utter_template_trouble", {"templates": listed})

    def _reason(self, trouble: Trouble, language: str) -> str:
        """One of ours in the reader's language; a platform's code as it is."""
        standing = f"utter_standing_{trouble.reason}"
        if standing in self.domain.responses:
            return self.domain.words(standing, language).text
        return trouble.reason


async def _tell(
    tx: Transaction,
    domain: Domain,
    says: Callable[[str], Say],
    source: str,
    now: datetime,
    *,
    but: Address | None = None,
) -> None:
    """Every coordinator, in their language, at each account that can be reached; the same `source` only once."""
    for identity in [found for role in ROLES for found in await tx.people.with_role(role)]:
        there = Address(identity.channel, identity.external_id)
        if not identity.reachable or there == but:
            continue
        recipient = f"person:{identity.person_id}:{identity.channel}"
        language = identity.language or "fr"
        messages = render(domain, [says(language)], there, language)
        await tx.outbox.add([NewDelivery(m, now, source=source, recipient=recipient) for m in messages], now)
