"""What the bot does when an account or its place in a chat changes: nobody is written to who is gone, and
who comes under another name stays who they were."""

from datetime import datetime

from bot.intake import key_of
from bot.messages import Change, ChatKind, Incoming, Membership, TakenBack
from bot.store.engine import Transaction


async def take_event(tx: Transaction, incoming: Incoming, now: datetime) -> bool:
    """Record what is no message to answer; False when the event is one."""
    match incoming.content:
        case Membership():
            await _take_membership(tx, incoming, incoming.content, now)
        case TakenBack(message_id):
            await tx.inbox.taken_back(incoming.address.channel, message_id, key_of(incoming))
        case _:
            return False
    return True


async def follow_account(tx: Transaction, incoming: Incoming, now: datetime) -> None:
    """An account known by another id so far keeps its person, its conversation and what waits for it."""
    channel, known, name = incoming.address.channel, incoming.sender.also, incoming.sender.external_id
    if known is not None and await tx.people.follow(channel, known, name, now):
        await _move(tx, channel, known, name)


async def _take_membership(
    tx: Transaction, incoming: Incoming, membership: Membership, now: datetime
) -> None:
    channel, chat, sender = incoming.address.channel, incoming.address.chat_id, incoming.sender.external_id
    match membership.change:
        case Change.BLOCKED | Change.UNBLOCKED as change:
            await tx.people.find_or_create(channel, sender, now)
            await tx.people.mark_reachable(channel, sender, change is Change.UNBLOCKED, now)
        case Change.MUTED:
            person = await tx.people.find_or_create(channel, sender, now)
            await tx.people.stop(person.id, now)
        case Change.UNMUTED:
            person = await tx.people.find_or_create(channel, sender, now)
            await tx.people.welcome_back(person.id)
        case Change.ADDED:
            await tx.groups.joined(channel, chat, membership.title, now)
        case Change.REMOVED:
            await tx.groups.left(channel, chat)
        case Change.MIGRATED:
            if new_chat := membership.new_chat_id:
                await _migrate(tx, incoming, new_chat, now)


async def _migrate(tx: Transaction, incoming: Incoming, new_chat: str, now: datetime) -> None:
    channel, old_chat = incoming.address.channel, incoming.address.chat_id
    if incoming.chat is ChatKind.GROUP:
        await tx.groups.rename_chat(channel, old_chat, new_chat)
        await tx.audiences.rename_chat(channel, old_chat, new_chat)
        await _move(tx, channel, old_chat, new_chat)
    elif await tx.people.follow(channel, old_chat, new_chat, now):
        await _move(tx, channel, old_chat, new_chat)
    else:
        await tx.people.adopt(channel, old_chat, new_chat, now)


async def _move(tx: Transaction, channel: str, old_chat: str, new_chat: str) -> None:
    await tx.conversations.rename_chat(channel, old_chat, new_chat)
    await tx.outbox.rename_chat(channel, old_chat, new_chat)
