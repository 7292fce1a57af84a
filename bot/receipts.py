"""What becomes of a sent message when its platform tells later how far it has come, or that it failed after all."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.delivery_reactions import Policy, follow_up, reaction
from bot.messages import Incoming, Progress, Receipt
from bot.store.engine import Transaction
from bot.store.inbox import ClaimedIncoming
from bot.store.outbox import Settled, Step

logger = logging.getLogger(__name__)

AWAITED_SECONDS = (2.0, 20.0, 180.0)
"""A word of a message may be quicker than the note that it was sent, the more so after a crash."""


async def take_receipt(
    tx: Transaction, claimed: ClaimedIncoming, told: Incoming, ways: Sequence[str], now: datetime
) -> None:
    """Take note of it and end the event, or keep it waiting for a message nobody knows yet.

    `ways`: the channels a message may take instead, for a person who cannot be reached on this one.
    """
    receipt = told.content
    assert isinstance(receipt, Receipt)
    known = await tx.outbox.arrived(told.address, receipt.platform_id, receipt.progress, told.sent_at)
    if not known and claimed.attempts < len(AWAITED_SECONDS):
        again = now + timedelta(seconds=AWAITED_SECONDS[claimed.attempts])
        await tx.inbox.failed(claimed.id, "no message of ours has this id yet", again)
        return
    if known and receipt.progress is Progress.FAILED:
        await _failed(tx, told, receipt, ways, now)
    await (tx.inbox.handled if known else tx.inbox.ignored)(claimed.id, now)


async def _failed(
    tx: Transaction, told: Incoming, receipt: Receipt, ways: Sequence[str], now: datetime
) -> None:
    """As if the send itself had failed, but that every try counts: each time the platform took it first."""
    if receipt.error is None:
        return
    row = await tx.outbox.taken_up_again(told.address, receipt.platform_id, now)
    if row is None:
        return
    policy = Policy()
    await follow_up(tx, row, receipt.error, ways, now)
    outcome = replace(reaction(row, receipt.error, now, policy), burnt=True)
    if outcome.step is Step.RETRY and row.attempts + 1 >= policy.attempts:
        outcome = Settled(row.id, Step.FAILED, error=f"given up: {receipt.error}")
    await tx.outbox.settle([outcome], now)
    logger.info("delivery %d on %s failed later: %s", row.id, told.address.channel, outcome.step)
