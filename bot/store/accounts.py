"""At which of their accounts a person is written to unasked: one place for announcements and for trainings."""

from sqlalchemy import select
from sqlalchemy.sql.selectable import LateralFromClause

from bot.store.tables import ConversationRow, IdentityRow, PersonRow


def last_used_account() -> LateralFromClause:
    """The account a person last wrote from, among those that can be reached; to be joined with `PersonRow`."""
    return (
        select(IdentityRow.channel, IdentityRow.external_id)
        .join(
            ConversationRow,
            (ConversationRow.channel == IdentityRow.channel)
            & (ConversationRow.chat_id == IdentityRow.external_id),
            isouter=True,
        )
        .where(IdentityRow.person_id == PersonRow.id, IdentityRow.reachable)
        .order_by(ConversationRow.updated_at.desc().nulls_last(), IdentityRow.channel)
        .limit(1)
        .lateral("account")
    )
