"""Coordinators and members of the tests of announcements: how they join, draft, send, and what is delivered."""

from collections.abc import Awaitable, Callable

from bot.announcement_ticks import AnnouncementTicks
from bot.messages import Outgoing
from bot.store.engine import Database
from bot.store.outbox import Settled, Step
from bot.store.tables import OutboxState
from tests.fakes import Chat

Chats = Callable[[str], Chat]
Invited = Callable[[str], Awaitable[str]]


async def joined(chat: Chat, language: str = "Français") -> Chat:
    await chat.says("bonjour")
    await chat.taps(language)
    await chat.sends(tap="/affirm")
    return chat


async def coordinator_of(
    chats: Chats, invited: Invited, name: str = "coord", role: str = "coordinator"
) -> Chat:
    chat = await joined(chats(name))
    await chat.says(f"/start {await invited(role)}")
    return chat


async def draft(
    chat: Chat, text: str = "Réunion des associations lundi à 9 heures à la maison commune."
) -> None:
    await chat.sends(tap="/create_announcement")
    await chat.says(text)
    chat.hears("brouillon")


async def to_everybody(chat: Chat) -> None:
    await chat.taps("Destinataires")
    await chat.taps("Tout le monde")
    await chat.taps("C'est tout")


async def send(chat: Chat) -> None:
    await chat.taps("Aperçu")
    await chat.taps("Envoyer")
    chat.hears("en route")


async def start(chat: Chat, ticks: AnnouncementTicks) -> None:
    chat.clock.passes(seconds=61)
    await ticks.start_due(chat.clock())


async def bulk(database: Database, number: int = 1) -> list[str]:
    """The recipients of the announcement with this place in time."""
    async with database.transaction() as tx:
        latest = sorted(a.id for a in await tx.announcements.latest(20))
        rows = tx.outbox.of(f"announcement:{latest[number - 1]}", list(OutboxState))
        return [row.address.chat_id async for row in rows]


async def deliver(database: Database, chat: Chat) -> list[Outgoing]:
    """Send whatever is due, as delivery would."""
    sent = []
    async with database.transaction() as tx:
        while claimed := await tx.outbox.claim([chat.channel], chat.clock(), 50):
            sent += [row.message for row in claimed]
            outcomes = [Settled(row.id, Step.SENT, platform_id=str(row.id)) for row in claimed]
            await tx.outbox.settle(outcomes, chat.clock())
    return sent
