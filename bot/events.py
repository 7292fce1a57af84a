"""What the bot does when an account or its place in a chat changes: nobody is written to who is gone, and
who comes under another name stays who they were."""

from dataclasses import replace
from datetime import datetime

from bot.intake import key_of
from bot.messages import Change, ChatKind, Incoming, Membership, TakenBack
from bot.store.engine import Transaction
from bot.unasked import stop_writing, write_again


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


async def at_home(tx: Transaction, incoming: Incoming) -> Incoming:
    """The event under the id its account is known by.

    A person's number may come first and their own id later, or alone once more: person, conversation and what
    waits for them follow.
    """
    channel, own, also = incoming.address.channel, incoming.sender.external_id, incoming.sender.also
    if also is None:
        return incoming
    if own != also:
        if await tx.people.rename(channel, also, own):
            await _move(tx, channel, also, own)
        return incoming
    known = await tx.people.known_as(channel, own)
    return incoming if known in (None, own) else _renamed(incoming, str(known))


def _renamed(incoming: Incoming, external_id: str) -> Incoming:
    sender = replace(incoming.sender, external_id=external_id)
    return replace(incoming, sender=sender, address=replace(incoming.address, chat_id=external_id))


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
            await stop_writing(tx, person.id, now)
        case Change.UNMUTED:
            person = await tx.people.find_or_create(channel, sender, now)
            await write_again(tx, person.id, now)
        case Change.ADDED:
            await tx.groups.joined(channel, chat, membership.title, now)
        case Change.REMOVED:
            await tx.groups.left(channel, chat)
        case Change.MIGRATED:
            if new_chat := membership.new_chat_id:
                await _migrate(tx, incoming, new_chat)


async def _migrate(tx: Transaction, incoming: Incoming, new_chat: str) -> None:
    channel, old_chat = incoming.address.channel, incoming.address.chat_id
    if incoming.chat is ChatKind.GROUP:
        await tx.groups.rename_chat(channel, old_chat, new_chat)
        await tx.audiences.rename_chat(channel, old_chat, new_chat)
        await _move(tx, channel, old_chat, new_chat)
        return
    old_chat = await tx.people.known_as(channel, old_chat) or old_chat
    if await tx.people.rename(channel, old_chat, new_chat):
        await _move(tx, channel, old_chat, new_chat)
    else:
        await tx.people.adopt(channel, old_chat, new_chat)


async def _move(tx: Transaction, channel: str, old_chat: str, new_chat: str) -> None:
    await tx.conversations.rename_chat(channel, old_chat, new_chat)
    await tx.outbox.rename_chat(channel, old_chat, new_chat)
