"""Who is told what about a training without having asked: every such message goes through here, once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.actions.context import Say
from bot.actions.training_port import Told
from bot.actions.training_texts import Wordbook
from bot.domain import Domain
from bot.messages import Address, Kind, Outgoing
from bot.replies import render
from bot.store.engine import Transaction
from bot.store.enrolments import Recipient
from bot.store.outbox import NewDelivery

NO_REMINDER = ("training:", "need:", "call:")
"""Sources that those who want no reminders still hear of: a change of their training, an answer to them."""
Worded = Callable[[Wordbook], Say]
"""A message in the words of one language."""


@dataclass(frozen=True, slots=True)
class Notices:
    """Queues messages within one transaction; `source` and person make each unique."""

    tx: Transaction
    domain: Domain
    zone: ZoneInfo
    now: datetime

    async def tell(
        self,
        recipients: Sequence[Recipient],
        source: str,
        worded: Worded,
        expires_at: datetime | None = None,
    ) -> Told:
        """Tell each in their language; those who stopped or cannot be reached are counted, not written to."""
        reminder = not source.startswith(NO_REMINDER)
        told = self.count(recipients, reminders=reminder)
        rows = [
            self._row(person, source, worded, expires_at)
            for person in recipients
            if person.address and not _silent(person, reminder)
        ]
        await self.tx.outbox.add(rows, self.now)
        return told

    def count(self, recipients: Sequence[Recipient], *, reminders: bool) -> Told:
        """How it would end."""
        stopped = sum(_silent(person, reminders) for person in recipients)
        lost = sum(person.address is None and not _silent(person, reminders) for person in recipients)
        return Told(len(recipients) - stopped - lost, lost, stopped)

    async def tell_group(self, address: Address, source: str, worded: Worded) -> None:
        message = self._message(address, "fr", worded)
        recipient = f"group:{address.channel}:{address.chat_id}"
        await self.tx.outbox.add(
            [NewDelivery(message, self.now, source=source, recipient=recipient)], self.now
        )

    async def tell_coordinators(self, source: str, worded: Worded, first: int | None = None) -> None:
        """Those who plan: the person `first` if they still do and can be reached, else all of them."""
        people = await self.tx.enrolments.planners()
        chosen = [p for p in people if p.person_id == first and p.address] or people
        await self.tell(chosen, source, worded)

    def _row(
        self, person: Recipient, source: str, worded: Worded, expires_at: datetime | None
    ) -> NewDelivery:
        assert person.address is not None
        return NewDelivery(
            self._message(person.address, person.language, worded),
            self.now,
            source=source,
            recipient=f"person:{person.person_id}",
            person_id=person.person_id,
            expires_at=expires_at,
        )

    def _message(self, address: Address, language: str, worded: Worded) -> Outgoing:
        say = worded(Wordbook(self.domain, language, self.zone))
        (message,) = render(self.domain, [say], address, language)
        return replace(message, kind=Kind.REMINDER)


def _silent(person: Recipient, reminder: bool) -> bool:
    return person.stopped or (reminder and person.reminders_off)
