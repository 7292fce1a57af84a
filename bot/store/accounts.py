"""At which of their accounts a person is written to unasked: one place for announcements and for trainings."""

from sqlalchemy import select
from sqlalchemy.sql.selectable import LateralFromClause

from bot.store.tables import ConversationRow, IdentityRow, PersonRow

FREE_OF_CHARGE = "telegram"
"""Comes before all others: on WhatsApp each message is paid for, and a web page may never be opened again."""


def last_used_account() -> LateralFromClause:
    """Telegram, else the account a person last wrote from, among those that can be reached; to be joined with
    `PersonRow`."""
    return (
        select(IdentityRow.channel, IdentityRow.external_id, IdentityRow.wrote_at)
        .join(
            ConversationRow,
            (ConversationRow.channel == IdentityRow.channel)
            & (ConversationRow.chat_id == IdentityRow.external_id),
            isouter=True,
        )
        .where(IdentityRow.person_id == PersonRow.id, IdentityRow.reachable)
        .order_by(
            (IdentityRow.channel != FREE_OF_CHARGE),
            ConversationRow.updated_at.desc().nulls_last(),
            IdentityRow.channel,
        )
        .limit(1)
        .lateral("account")
    )
