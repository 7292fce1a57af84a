"""Rows of the outbox counted as a coordinator thinks of them."""

from collections.abc import Sequence

from bot.announcement import Counts
from bot.failures import reason_key
from bot.store.outbox_sources import Tally
from bot.store.tables import OutboxState

NOT_REACHED = (OutboxState.FAILED, OutboxState.EXPIRED, OutboxState.LOOPING, OutboxState.UNREACHABLE)


def counted(tallies: Sequence[Tally]) -> Counts:
    """Rows of one announcement by what became of them; changes of sent messages carry no source."""
    by_state: dict[OutboxState, int] = {}
    reasons: dict[str, int] = {}
    for tally in tallies:
        by_state[tally.state] = by_state.get(tally.state, 0) + tally.count
        if tally.state in NOT_REACHED:
            reason = reason_key(tally.reason, tally.state)
            reasons[reason] = reasons.get(reason, 0) + tally.count

    def of(*states: OutboxState) -> int:
        return sum(by_state.get(state, 0) for state in states)

    return Counts(
        sent=of(OutboxState.SENT),
        waiting=of(OutboxState.WAITING, OutboxState.SENDING),
        failed=of(OutboxState.FAILED, OutboxState.EXPIRED, OutboxState.LOOPING),
        unreachable=of(OutboxState.UNREACHABLE),
        stopped=of(OutboxState.STOPPED),
        unknown=of(OutboxState.UNKNOWN),
        cancelled=of(OutboxState.CANCELLED),
        arrived=sum(tally.arrived for tally in tallies),
        read=sum(tally.read for tally in tallies),
        reasons=reasons,
    )
