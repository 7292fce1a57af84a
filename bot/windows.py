"""Who may be written to freely, and who only in approved words: where the platform asks for that, before each send."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.messages import Kind, Outgoing
from bot.store.engine import Transaction
from bot.store.outbox import ClaimedDelivery, Settled, Step
from bot.templates import template_for

MARGIN = timedelta(minutes=2)
"""Before the window closes: what is on its way may come late."""
ROLLING = timedelta(hours=24)
"""Meta, "Messaging limits": different people in any 24 hours."""
TEMPLATE_PAUSE = timedelta(minutes=10)
"""What needs a template that cannot be used looks again after this."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The rules of one channel; `people_a_day` None: as many as there are.

    Its decisions hold for as long as one process alone sends there (the channel's seat).
    """

    channel: str
    window: timedelta
    people_a_day: int | None

    async def judge(
        self, tx: Transaction, rows: Sequence[ClaimedDelivery], now: datetime
    ) -> tuple[list[ClaimedDelivery], list[Settled]]:
        """Rows that may go, those to people outside the window as `held_as`; and those that must wait.

        Rows come with the most urgent first: they get what is left of the day.
        """
        outside = await self._outside(tx, rows, now)
        held = [row for row in rows if row.id in outside]
        if not held:
            return list(rows), []
        waiting = await self._without_template(tx, held, now)
        waiting += await self._beyond_the_day(tx, [r for r in held if r.id not in _ids(waiting)], now)
        late = _ids(waiting)
        await tx.windows.opened(self.channel, sorted({_chat(r) for r in held if r.id not in late}), now)
        going = [_held(row) if row.id in outside else row for row in rows if row.id not in late]
        return going, waiting

    async def _outside(
        self, tx: Transaction, rows: Sequence[ClaimedDelivery], now: datetime
    ) -> frozenset[int]:
        chats = sorted({_chat(row) for row in rows})
        inside = await tx.windows.written_since(self.channel, chats, now - self.window + MARGIN)
        return frozenset(
            row.id for row in rows if _chat(row) not in inside and not _shows_nothing(row.message)
        )

    async def _without_template(
        self, tx: Transaction, held: Sequence[ClaimedDelivery], now: datetime
    ) -> list[Settled]:
        troubled = await tx.troubles.of(self.channel)
        return [_put_off(row, now + TEMPLATE_PAUSE) for row in held if template_for(row.message) in troubled]

    async def _beyond_the_day(
        self, tx: Transaction, held: Sequence[ClaimedDelivery], now: datetime
    ) -> list[Settled]:
        """Whoever was written to in these 24 hours counts once."""
        if self.people_a_day is None:
            return []
        since = now - ROLLING
        count, first = await tx.windows.opened_since(self.channel, since)
        counted = await tx.windows.opened_among(self.channel, [_chat(row) for row in held], since)
        waiting = []
        for row in held:
            if _chat(row) in counted:
                continue
            if count < self.people_a_day:
                counted.add(_chat(row))
                count += 1
            else:
                waiting.append(_put_off(row, (first or now) + ROLLING))
        return waiting


def _shows_nothing(message: Outgoing) -> bool:
    """Taking back and live changes, which a platform with such rules refuses anyway."""
    return message.withdraws is not None or (message.edits is not None and message.kind is Kind.REPLY)


def _held(row: ClaimedDelivery) -> ClaimedDelivery:
    return replace(row, message=replace(row.message, held_as=row.id))


def _put_off(row: ClaimedDelivery, due_at: datetime) -> Settled:
    return Settled(row.id, Step.PUT_OFF, due_at=due_at, burnt=False)


def _chat(row: ClaimedDelivery) -> str:
    return row.message.address.chat_id


def _ids(settled: Sequence[Settled]) -> set[int]:
    return {outcome.id for outcome in settled}
