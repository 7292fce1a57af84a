"""What coordinators do with trainings: plan, open, cancel, know who comes; members are told it is not theirs."""

from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.planning_form import plan_of
from bot.actions.training_choice import SHOWN, number_of, wordbook
from bot.actions.training_port import PLANNERS, Planned, Told
from bot.actions.training_texts import Wordbook, facts, payload, shortened, span
from bot.conversation import FormStarted, SlotSet
from bot.training import State, Status, Training

NEW = Label('/create_training{"tell": "new"}', response="utter_label_plan_new")
FORMS = ("create_training_form", "change_training_form")


async def create_training(context: Context) -> Outcome:
    """A button does one thing with one training; words begin a new one, or list what there is to look after."""
    if context.person.role not in PLANNERS:
        return say("utter_coordinators_only")
    number, tell = number_of(context), context.entity("tell") or ""
    if number is not None:
        return await _manage(context, number, tell)
    if left := [form for form in context.conversation.waiting if form in FORMS]:
        return Outcome((FormStarted(left[-1]),))
    looked_after = await context.planning.looked_after()
    if tell == "new" or not looked_after:
        return Outcome((FormStarted("create_training_form"),))
    words = wordbook(context)
    labels = tuple(
        Label(payload("create_training", id=t.id, tell="manage"), title=_named(words, t))
        for t in looked_after[-SHOWN:]
    )
    return Outcome(says=(Say("utter_trainings_looked_after", labels=(NEW, *labels)),))


def _named(words: Wordbook, training: Training) -> str:
    return f"{shortened(words.title(training))} · {words.short_day(training.plan.starts_at)}"


async def _manage(context: Context, number: int, tell: str) -> Outcome:
    deeds = {
        "open": _open,
        "cancel": _ask_cancel,
        "cancelled": _cancel,
        "people": _people,
        "code": _code,
        "change": _change,
    }
    return await deeds.get(tell, panel)(context, number)


async def plan_training(context: Context) -> Outcome:
    """Keep the confirmed answers as a draft."""
    if context.person.role not in PLANNERS:
        return say("utter_coordinators_only")
    training = await context.planning.plan(plan_of(context))
    shown = await panel(context, training.id)
    return Outcome(shown.events, (Say("utter_training_planned"), *shown.says))


async def panel(context: Context, number: int) -> Outcome:
    """Where a training stands, and all that can be done with it."""
    planned = await context.planning.overview(number)
    if planned is None:
        return say("utter_training_unknown")
    words, training = wordbook(context), planned.training
    over = training.state(context.now) is State.PAST
    values = {
        "card": words.card(training, context.now),
        "state": words.say(f"utter_training_state_{State.PAST if over else training.status}"),
        "enrolled": planned.enrolled,
        "waiting": planned.waiting,
        "coming": planned.coming,
        "not_coming": planned.not_coming,
        "attended": planned.attended,
        "reminders": ", ".join(span(words, m) for m in planned.minutes) or "—",
    }
    says = [Say("utter_training_panel", values, _deeds(planned, context))]
    if planned.opinions.count:
        mean = f"{planned.opinions.mean:.1f}".replace(".", ",")
        quoted = "\n".join(f"« {opinion} »" for opinion in planned.opinions.words[-10:])
        given = {"count": planned.opinions.count, "mean": mean, "words": quoted}
        says.insert(0, Say("utter_training_opinions", given))
    return Outcome((SlotSet("training", str(number)),), tuple(says))


def _deeds(planned: Planned, context: Context) -> tuple[Label, ...]:
    training, state = planned.training, planned.training.state(context.now)
    running = state in (State.OPEN, State.FULL)
    day = training.plan.starts_at.astimezone(context.zone).date()
    today = context.now.astimezone(context.zone).date()
    deeds = [
        ("open", training.status is Status.DRAFT),
        ("change", running or training.status is Status.DRAFT),
        ("people", training.status is Status.OPEN),
        ("code", training.status is Status.OPEN and day <= today and training.plan.ends_at > context.now),
        ("cancel", running or training.status is Status.DRAFT),
    ]
    labels = [_deed(training, tell) for tell, possible in deeds if possible]
    if running and planned.enrolled:
        labels.append(Label(payload("trigger_reminder", id=training.id), response="utter_label_remind_now"))
    return tuple(labels)


def _deed(training: Training, tell: str) -> Label:
    return Label(
        payload("create_training", id=training.id, tell=tell), response=f"utter_label_{tell}_training"
    )


async def _open(context: Context, number: int) -> Outcome:
    training = await context.planning.open(number)
    if training is None:
        return say(
            "utter_training_cannot_open",
            Label(
                payload("create_training", id=number, tell="change"), response="utter_label_change_training"
            ),
        )
    values = facts(wordbook(context), training)
    return say("utter_training_opened", _deed(training, "manage"), **values)


async def _ask_cancel(context: Context, number: int) -> Outcome:
    planned = await context.planning.overview(number)
    if planned is None:
        return say("utter_training_unknown")
    values = facts(wordbook(context), planned.training)
    sure = Label(payload("create_training", id=number, tell="cancelled"), response="utter_label_cancel_sure")
    keep = Label(payload("create_training", id=number, tell="manage"), response="utter_label_keep_training")
    return say(
        "utter_cancel_training_confirm", sure, keep, people=planned.enrolled + planned.waiting, **values
    )


async def _cancel(context: Context, number: int) -> Outcome:
    training = await context.trainings.get(number)
    if training is None or training.status is Status.CANCELLED:
        return say("utter_training_unknown")
    told = await context.planning.cancel(number)
    values = facts(wordbook(context), training)
    return Outcome(says=(Say("utter_training_cancelled_done", values), told_say(told)))


def told_say(told: Told) -> Say:
    """How many people a message reaches, for the coordinator."""
    response = "utter_told_all" if not (told.unreachable or told.stopped) else "utter_told_some"
    return Say(response, {"count": told.told, "unreachable": told.unreachable, "stopped": told.stopped})


async def _people(context: Context, number: int) -> Outcome:
    planned = await context.planning.overview(number)
    if planned is None:
        return say("utter_training_unknown")
    file = await context.planning.participants(number)
    values = {
        **facts(wordbook(context), planned.training),
        "enrolled": planned.enrolled + planned.attended,
        "waiting": planned.waiting,
    }
    back = _deed(planned.training, "manage")
    return Outcome(says=(Say("utter_training_people", values, (back,), attachment=file),))


async def _code(context: Context, number: int) -> Outcome:
    code = await context.planning.code(number)
    return say("utter_attendance_code", code=code) if code else say("utter_attendance_not_today")


async def _change(context: Context, number: int) -> Outcome:
    training = await context.trainings.get(number)
    if training is None or training.state(context.now) in (State.CANCELLED, State.PAST):
        return say("utter_training_unknown")
    return Outcome((SlotSet("change_training", str(number)), FormStarted("change_training_form")))
