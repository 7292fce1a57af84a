"""What the bot does when its place in a chat changes: nobody is written to who blocked it, groups are followed."""

from datetime import datetime

from bot.messages import Change, Incoming, Membership, Receipt, TakenBack
from bot.store.engine import Transaction


async def take_event(tx: Transaction, incoming: Incoming, now: datetime) -> bool:
    """Record a change of membership; False when the event is a message to answer."""
    if isinstance(incoming.content, Receipt | TakenBack):
        return True
    if not isinstance(incoming.content, Membership):
        return False
    channel, chat = incoming.address.channel, incoming.address.chat_id
    match incoming.content.change:
        case Change.BLOCKED | Change.UNBLOCKED as change:
            await tx.people.find_or_create(channel, incoming.sender.external_id, now)
            reachable = change is Change.UNBLOCKED
            await tx.people.mark_reachable(channel, incoming.sender.external_id, reachable, now)
        case Change.ADDED:
            await tx.groups.joined(channel, chat, incoming.content.title, now)
        case Change.REMOVED:
            await tx.groups.left(channel, chat)
        case Change.MIGRATED:
            if new_chat := incoming.content.new_chat_id:
                await tx.groups.rename_chat(channel, chat, new_chat)
                await tx.audiences.rename_chat(channel, chat, new_chat)
                await tx.conversations.rename_chat(channel, chat, new_chat)
                await tx.outbox.rename_chat(channel, chat, new_chat)
    return True
