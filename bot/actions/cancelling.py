""" "Cancel" said when no question is open: what of one's own can still be called off is offered, nothing is guessed."""

from bot.actions.announcement_port import COORDINATORS
from bot.actions.announcement_texts import payload as announcement_payload
from bot.actions.context import Context, Label, Outcome, say
from bot.actions.training_choice import wordbook
from bot.actions.training_port import PLANNERS
from bot.actions.training_texts import payload, shortened
from bot.announcement import STOPPABLE, State, shown_code
from bot.training import Seat

MOST_OFFERED = 3
"""Of each kind: the latest announcements, the next places, the next reminders."""


async def cancel(context: Context) -> Outcome:
    labels: list[Label] = []
    if not context.in_group:
        labels = [*await _announcements(context), *await _reminders_sent(context), *await _own(context)]
    return say("utter_what_to_cancel", *labels) if labels else say("utter_nothing_to_cancel")


async def _announcements(context: Context) -> list[Label]:
    """Those planned, asked for or under way."""
    if context.person.role not in COORDINATORS:
        return []
    going = [
        a for a in await context.announcing.latest() if a.state in STOPPABLE and a.state is not State.DRAFT
    ]
    return [
        Label(
            announcement_payload(a.id, "stop"),
            response="utter_label_cancel_announcement",
            values={"code": shown_code(a.code)},
        )
        for a in going[:MOST_OFFERED]
    ]


async def _reminders_sent(context: Context) -> list[Label]:
    """Reminders a coordinator triggered that have not all left yet."""
    if context.person.role not in PLANNERS:
        return []
    words = wordbook(context)
    return [
        Label(
            payload("trigger_reminder", id=training.id, tell=f"undo+{turn}"),
            response="utter_label_cancel_reminder",
            values={"title": shortened(words.title(training))},
        )
        for training, turn in (await context.planning.leaving())[:MOST_OFFERED]
    ]


async def _own(context: Context) -> list[Label]:
    """Places held and reminders asked for; each is asked about once more, or gone with one tap."""
    words = wordbook(context)
    held = [part.training for part in await context.trainings.mine() if part.seat is not Seat.ATTENDED]
    places = [
        Label(
            payload("withdraw_training", id=training.id),
            response="utter_label_cancel_place",
            values={"day": words.short_day(training.plan.starts_at)},
        )
        for training in held[:MOST_OFFERED]
    ]
    reminders = [
        Label(
            payload("stop_reminders", id=own.id),
            response="utter_label_drop_reminder",
            values={"moment": words.short_day(own.due_at)},
        )
        for own in (await context.reminders.mine())[:MOST_OFFERED]
    ]
    return [*places, *reminders]
