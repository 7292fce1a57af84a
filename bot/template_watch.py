"""Whether the approved words the bot needs are there: the account is asked again and again, and troubles are noted."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.errors import AccountStopped, DeliveryError
from bot.store.engine import Database
from bot.store.troubles import ACCOUNT, Trouble
from bot.templates import AccountTemplate, Standing, Template, standings

logger = logging.getLogger(__name__)

CHANNEL = "whatsapp"


class Account(Protocol):
    """The platform's account, as `bot.channels.whatsapp_account` opens it."""

    async def templates(self) -> Sequence[AccountTemplate]:
        """Raises DeliveryError."""

    async def submit(self, template: Template) -> str:
        """What the platform says of it at once. Raises DeliveryError."""

    async def people_a_day(self) -> int | None:
        """The tier; None for no limit, or none told. Raises DeliveryError."""


Opens = Callable[[], AbstractAsyncContextManager[Account]]


@dataclass(frozen=True, slots=True)
class TemplateWatch:
    """Any number of these may look; what they note is the same."""

    database: Database
    wanted: Mapping[str, Template]
    opens: Opens

    async def look(self, now: datetime) -> None:
        """What is approved (again) is used at once; what is not is noted, and waits. An answer means the account
        is not stopped."""
        try:
            async with self.opens() as account:
                found = await account.templates()
        except AccountStopped as stopped:
            await self._note(Trouble(CHANNEL, ACCOUNT, str(stopped)), now)
            return
        except DeliveryError as error:
            logger.info("WhatsApp's templates could not be looked at: %s", error)
            return
        standing = standings(self.wanted, found)
        good = [key for key, state in standing.items() if state is Standing.APPROVED]
        async with self.database.transaction() as tx:
            await tx.troubles.over(CHANNEL, [*good, ACCOUNT])
        for key, state in standing.items():
            if state is not Standing.APPROVED:
                await self._note(Trouble(CHANNEL, key, state.value), now)

    async def _note(self, trouble: Trouble, now: datetime) -> None:
        async with self.database.transaction() as tx:
            await tx.troubles.note(trouble, now)


async def report(
    wanted: Mapping[str, Template], account: Account, people_a_day: int | None, *, submit: bool
) -> tuple[list[str], bool]:
    """Lines for who runs the bot, and whether all is well; with `submit`, what is missing is sent to be approved.

    Raises DeliveryError.
    """
    found = {template.name: template for template in await account.templates()}
    standing = standings(wanted, list(found.values()))
    lines = []
    for key, state in standing.items():
        template = wanted[key]
        line = f"{template.name}: {WORDS[state]}"
        if state is Standing.MISSING and submit:
            line = f"{template.name}: submitted, {(await account.submit(template)).lower()}"
        elif state is Standing.REJECTED and (reason := found[template.name].reason):
            line = f"{line} ({reason})"
        elif state is Standing.DEARER:
            line = f"{line}: {found[template.name].category}, the file says {template.category}"
        lines.append(line)
    tier = await account.people_a_day()
    if tier != people_a_day:
        told, used = tier or "no limit", people_a_day or "no limit"
        lines.append(f"people a day: the account has {told}, OSCBOT_WHATSAPP_PEOPLE_A_DAY says {used}")
    return lines, all(state is Standing.APPROVED for state in standing.values())


WORDS = {
    Standing.APPROVED: "approved",
    Standing.MISSING: "missing; run this again with --submit",
    Standing.PENDING: "waits for Meta's approval",
    Standing.REJECTED: "rejected; change its text and the prefix in data/whatsapp_templates.yml, then --submit",
    Standing.PAUSED: "paused by Meta, readers marked it as unwanted; it comes back by itself",
    Standing.DISABLED: "disabled by Meta; change its text and the prefix, then --submit",
    Standing.DEARER: "moved to another category by Meta; what needs it waits until the file agrees",
}
