"""What coordinators are told at once, and only once, when something goes wrong with the bot itself."""

from dataclasses import dataclass
from datetime import datetime

from bot.actions.context import Say
from bot.domain import Domain
from bot.messages import Address
from bot.replies import render
from bot.store.engine import Transaction
from bot.store.outbox import NewDelivery

ROLES = ("coordinator", "admin")


@dataclass(frozen=True, slots=True)
class LoopAlert:
    """The same text went to one chat again and again, and was stopped."""

    domain: Domain

    async def tell(self, tx: Transaction, address: Address, now: datetime) -> None:
        """Each coordinator, once an hour for a chat; not in the chat that goes round."""
        source = f"loop:{address.channel}:{address.chat_id}:{now:%Y%m%d%H}"
        for identity in [found for role in ROLES for found in await tx.people.with_role(role)]:
            there = Address(identity.channel, identity.external_id)
            if not identity.reachable or there == address:
                continue
            said = Say("utter_loop_stopped", {"channel": address.channel})
            recipient = f"person:{identity.person_id}:{identity.channel}"
            messages = render(self.domain, [said], there, identity.language or "fr")
            await tx.outbox.add(
                [NewDelivery(m, now, source=source, recipient=recipient) for m in messages], now
            )
