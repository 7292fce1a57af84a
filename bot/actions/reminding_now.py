"""A reminder sent now by a coordinator: which training, to whom, how many, and only then away."""

from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.planning import told_say
from bot.actions.training_choice import ask_which, choose, last_shown, number_of, wordbook
from bot.actions.training_port import PLANNERS, Whom
from bot.actions.training_texts import facts, payload
from bot.training import State, Training

MOST_GROUPS = 6
UNDO = "undo"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


async def trigger_reminder(context: Context) -> Outcome:
    """`tell` grows with each button: whom, then whom+turn, where the turn makes a second tap harmless."""
    if context.person.role not in PLANNERS:
        return say("utter_coordinators_only")
    training = await _meant(context)
    if isinstance(training, Outcome):
        return training
    whom, _, turn = (context.entity("tell") or "").partition("+")
    if whom == UNDO:
        return say("utter_reminder_recalled", count=await context.planning.recall(training.id, turn))
    if training.state(context.now) not in (State.OPEN, State.FULL):
        return say("utter_training_is_past", **facts(wordbook(context), training))
    if not whom:
        return await _ask_whom(context, training)
    if whom == Whom.GROUP:
        return await _ask_group(context, training)
    return await (_send if turn else _confirm)(context, training, whom, turn)


async def _meant(context: Context) -> Training | Outcome:
    number = number_of(context)
    if number is not None:
        return await context.trainings.get(number) or say("utter_training_unknown")
    upcoming = await context.trainings.upcoming()
    if not upcoming:
        return say("utter_no_training_to_remind")
    choice = choose(context, upcoming)
    meant = choice.one or (None if choice.named else last_shown(context, upcoming))
    if meant is None and len(upcoming) == 1:
        meant = upcoming[0]
    return meant or ask_which(context, "utter_which_training", choice.found or upcoming)


async def _ask_whom(context: Context, training: Training) -> Outcome:
    labels = []
    for whom in (Whom.ALL, Whom.UNANSWERED):
        told = await context.planning.would_remind(training.id, whom)
        labels.append(
            Label(
                payload("trigger_reminder", id=training.id, tell=whom),
                response=f"utter_label_remind_{whom}",
                values={"count": told.told},
            )
        )
    if await context.planning.groups():
        labels.append(
            Label(
                payload("trigger_reminder", id=training.id, tell=Whom.GROUP),
                response="utter_label_remind_group",
            )
        )
    return say("utter_remind_whom", *labels, **facts(wordbook(context), training))


async def _ask_group(context: Context, training: Training) -> Outcome:
    labels = [
        Label(payload("trigger_reminder", id=training.id, tell=group.key), title=group.title)
        for group in (await context.planning.groups())[:MOST_GROUPS]
    ]
    return say("utter_remind_which_group", *labels)


async def _confirm(context: Context, training: Training, whom: str, _: str) -> Outcome:
    """The text as people will read it, and how many they are."""
    words = wordbook(context)
    preview = words.say("utter_training_reminder", **facts(words, training))
    turn = _base36(int(context.now.timestamp()))
    sure = Label(
        payload("trigger_reminder", id=training.id, tell=f"{whom}+{turn}"), response="utter_label_send"
    )
    no = Label(payload("create_training", id=training.id, tell="manage"), response="utter_label_do_not_send")
    if whom not in (Whom.ALL, Whom.UNANSWERED):
        title = next((g.title for g in await context.planning.groups() if g.key == whom), None)
        if title is None:
            return say("utter_training_unknown")
        return say("utter_remind_group_confirm", sure, no, preview=preview, group=title)
    told = await context.planning.would_remind(training.id, Whom(whom))
    if told.told == 0:
        return Outcome(says=(Say("utter_remind_nobody"), told_say(told)))
    values = {"preview": preview, "count": told.told}
    return say("utter_remind_confirm", sure, no, **values)


async def _send(context: Context, training: Training, whom: str, turn: str) -> Outcome:
    group = whom if whom not in (Whom.ALL, Whom.UNANSWERED) else None
    kind = Whom.GROUP if group else Whom(whom)
    told = await context.planning.remind(training.id, kind, turn, group)
    if group:
        return say("utter_reminded_group" if told.told else "utter_training_unknown")
    return Outcome(says=(Say("utter_reminded"), told_say(told)))


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
    return digits
