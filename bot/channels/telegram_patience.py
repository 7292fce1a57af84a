"""How long to wait before a call of the Bot API is tried again, and how the operator is told why."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.channels.telegram_api import CallError, Rejected, Wire
from bot.channels.telegram_errors import SLACK, TOKEN_PAUSE, token_is_refused

logger = logging.getLogger(__name__)

LONGEST_PAUSE = 30.0
CONFLICT_PAUSE = 5.0
RENEW_EVERY = 6
"""Failures in a row after which connections are rebuilt: at the longest pause, about every three minutes."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How time passes between two tries; tests give a pause that does not sleep."""

    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = secrets.SystemRandom().random

    def growing(self, failures: int) -> float:
        """1, 2, 4 … 30 seconds, of which a random half is taken off so that restarts do not march in step."""
        longest = min(LONGEST_PAUSE, 2.0 ** min(failures, 10))
        return longest * (1 - self.jitter() / 2)

    def after(self, failure: CallError, failures: int) -> float:
        """Seconds to wait after the failure number `failures`, counted from 0."""
        if isinstance(failure, Rejected):
            if failure.retry_after is not None:
                return failure.retry_after + SLACK
            if token_is_refused(failure):
                return TOKEN_PAUSE
            if failure.code == 409:
                return max(CONFLICT_PAUSE, self.growing(failures))
        return self.growing(failures)


async def insist(wire: Wire, rhythm: Rhythm, attempt: Callable[[], Awaitable[Result]]) -> Result:
    """Try until it succeeds; only cancelling ends it."""
    failures = 0
    while True:
        try:
            return await attempt()
        except CallError as failure:
            wait = rhythm.after(failure, failures)
            tell(failure, wait)
        failures += 1
        if failures % RENEW_EVERY == 0:
            await wire.renew()
        await rhythm.pause(wait)


def tell(failure: CallError, wait: float) -> None:
    """One line in the log which says what to do about it."""
    if token_is_refused(failure):
        logger.error(
            "Telegram refuses the token, or a proxy answers in its place (%s): check OSCBOT_TELEGRAM_TOKEN "
            "and OSCBOT_TELEGRAM_API_URL; next try in %.0f s",
            failure,
            wait,
        )
    elif isinstance(failure, Rejected) and failure.code == 409:
        logger.error(
            "another process receives for this bot (%s): stop it, only one may; next try in %.0f s",
            failure,
            wait,
        )
    else:
        logger.warning("Telegram: %s %s; next try in %.1f s", type(failure).__name__, failure, wait)
