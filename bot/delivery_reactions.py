"""What becomes of a message that could not be sent: again later, elsewhere, given up, or in doubt."""

import asyncio
import logging
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import (
    AccountStopped,
    Moved,
    Refused,
    TemplateTrouble,
    TryLater,
    Unknown,
    Unreachable,
    WindowClosed,
)
from bot.store.engine import Transaction
from bot.store.outbox import ClaimedDelivery, Settled, Step
from bot.store.troubles import ACCOUNT, Trouble
from bot.templates import template_for

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Policy:
    """Figures of delivery; times in seconds.

    `attempts` tries of a row, with pauses from `first_pause` doubling up to `longest_pause`, last 3.5 hours.
    While a whole channel is down nothing is given up before `patience`, and each row tries again at least
    every `steady_pause`. A row claimed waits for its chat up to `patience_in_flight`. With more to send than
    the pace lets through, the next look comes after `hungry_poll`. A row in sending for longer than `lease`
    has lost its sender. A row whose template cannot be used looks again after `template_pause`.
    """

    at_once: int = 50
    send: float = 60.0
    lease: float = 150.0
    attempts: int = 12
    first_pause: float = 5.0
    longest_pause: float = 3600.0
    template_pause: float = 600.0
    steady_pause: float = 120.0
    patience: float = 48 * 3600.0
    poll: float = 1.0
    hungry_poll: float = 0.05
    patience_in_flight: float = 3.0
    farewell: float = 10.0


def reaction(row: ClaimedDelivery, error: BaseException, now: datetime, policy: Policy) -> Settled:
    """What becomes of a row that could not be sent; anything unforeseen may have been sent: a doubt."""
    soon = now + timedelta(seconds=policy.first_pause)
    match error:
        case TryLater():
            return _later(row, error, now, policy)
        case Unreachable():
            return Settled(row.id, Step.UNREACHABLE, error=str(error))
        case WindowClosed() if row.message.held_as is None and row.attempts < policy.attempts:
            return Settled(row.id, Step.RETRY, due_at=now, error=str(error))
        case TemplateTrouble() if (now - row.first_claimed_at).total_seconds() < policy.patience:
            later = now + timedelta(seconds=policy.template_pause)
            return Settled(row.id, Step.RETRY, due_at=later, error=str(error), burnt=False)
        case Moved() if row.attempts < policy.attempts:
            return Settled(row.id, Step.RETRY, due_at=now, error=str(error))
        case Moved() | Refused():
            return Settled(row.id, Step.FAILED, error=str(error))
        case Unknown() | TimeoutError() | asyncio.CancelledError():
            logger.info("delivery %d may have arrived: %s", row.id, type(error).__name__)
        case _:
            # Where, never what: the text of a foreign exception may hold the message or the token.
            frames = traceback.extract_tb(error.__traceback__)
            where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "nowhere"
            logger.error("delivery %d met a defect: %s at %s", row.id, type(error).__name__, where)
    return Settled(row.id, Step.DOUBT, due_at=soon, error=type(error).__name__)


async def follow_up(
    tx: Transaction, row: ClaimedDelivery, error: BaseException, ways: Sequence[str], now: datetime
) -> None:
    """What a failure means beyond its row: silence that is kept, people and groups that are gone, a new address.

    `ways`: the channels, best first, on which a person may be reached instead.
    """
    address = row.message.address
    channel, chat_id = address.channel, address.chat_id
    match error:
        case AccountStopped():
            await tx.troubles.note(Trouble(channel, ACCOUNT, str(error)), now)
        case WindowClosed():
            await tx.windows.close(address)
        case TemplateTrouble():
            await tx.troubles.note(Trouble(channel, template_for(row.message), str(error)), now)
        case TryLater(throttled=True):
            silent = None if error.whole_channel else chat_id
            await tx.pauses.keep(channel, silent, now + timedelta(seconds=error.after))
        case Unreachable():
            await tx.people.mark_reachable(channel, chat_id, False, now)
            await tx.groups.left(channel, chat_id)
            await tx.outbox.reroute(address, row.id, ways, now)
            await tx.outbox.give_up_chat(address, str(error))
        case Moved():
            for chats in (tx.conversations, tx.groups, tx.outbox):
                await chats.rename_chat(channel, chat_id, error.new_chat_id)


def _later(row: ClaimedDelivery, error: TryLater, now: datetime, policy: Policy) -> Settled:
    tried_for = (now - row.first_claimed_at).total_seconds()
    if error.throttled:
        pause, burnt, over = error.after, False, False
    elif error.whole_channel:
        pause = max(error.after, min(tried_for / 10, policy.steady_pause))
        burnt, over = False, tried_for > policy.patience
    else:
        growing = min(policy.first_pause * 2.0 ** min(row.attempts, 20), policy.longest_pause)
        pause, burnt, over = max(error.after, growing), True, row.attempts + 1 >= policy.attempts
    if over:
        return Settled(row.id, Step.FAILED, error=f"given up: {error}")
    return Settled(row.id, Step.RETRY, due_at=now + timedelta(seconds=pause), error=str(error), burnt=burnt)
