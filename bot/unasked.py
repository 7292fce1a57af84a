"""Whether a person may be written to unasked: their word on it changes what holds, and is kept as a consent."""

from datetime import datetime

from bot.consent import Purpose
from bot.store.engine import Transaction

STOP = "STOP"
"""In place of a text's version: the word itself says what it does."""


async def stop_writing(tx: Transaction, person_id: int, now: datetime) -> None:
    """No announcement and no reminder from now on, on any of their accounts."""
    await tx.people.stop(person_id, now)
    await tx.consents.say(person_id, Purpose.UNASKED, False, STOP, now)


async def write_again(tx: Transaction, person_id: int, now: datetime) -> None:
    """Undoes a STOP, and that of reminders alone."""
    await tx.people.welcome_back(person_id)
    await tx.consents.say(person_id, Purpose.UNASKED, True, STOP, now)
