"""What members do with trainings: find them, read about one, take a place and give it back."""

from collections.abc import Sequence

from bot.actions import resources
from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.planning_form import unread_day
from bot.actions.training_choice import (
    SHOWN,
    Choice,
    ask_which,
    choose,
    last_shown,
    number_of,
    wordbook,
)
from bot.actions.training_port import PLANNERS, Enrolled, Enrolling, Silence
from bot.actions.training_texts import (
    calendar_label,
    details_label,
    facts,
    mine,
    payload,
    shortened,
    wish_words,
)
from bot.actions.training_wishes import drop_label, tell_me, wish_step
from bot.conversation import Searched, SlotSet
from bot.moments import read_moment
from bot.training import Participation, Seat, State, Training

OTHERS = Label("/find_training", response="utter_label_other_trainings")
REFUSED = {
    Enrolled.PAST: "utter_training_is_past",
    Enrolled.CANCELLED: "utter_training_is_cancelled",
    Enrolled.NEEDS_OSC: "utter_training_needs_osc",
    Enrolled.OTHER_REGION: "utter_training_other_region",
}


async def find_training(context: Context) -> Outcome:
    """What is planned, narrowed by theme, place or month; what is known of trainings when nothing is."""
    tell = context.entity("tell") or ""
    if tell.startswith(("wish", "unwish")):
        return await wish_step(context, tell)
    if context.entity("id") or (context.entity("offset") and context.entity("tell") != "list"):
        return await resources.search_action(context)
    upcoming = await context.trainings.upcoming()
    if not upcoming:
        return await _nothing_planned(context)
    if doubt := unread_day(read_moment(context.text, context.meaning.entities), context):
        listed = await _listed(context, upcoming, "utter_trainings")
        return Outcome(listed.events, (Say(doubt.response, doubt.values), *listed.says))
    choice = choose(context, upcoming)
    if choice.found:
        return await _listed(context, choice.found, "utter_trainings")
    await context.desk.note("not_found", context.text, {"intent": context.meaning.intent})
    return await _listed(context, upcoming, "utter_trainings_others", tell_me(context))


async def _nothing_planned(context: Context) -> Outcome:
    """Facts about trainings in general, and the offer to be told."""
    await context.desk.note("not_found", context.text, {"intent": context.meaning.intent})
    known = await resources.search(context, "training", strict=False)
    nothing = Say("utter_no_training_planned", labels=(tell_me(context),))
    return Outcome(known.events, (*known.says, nothing)) if known else Outcome(says=(nothing,))


async def _listed(context: Context, found: Sequence[Training], response: str, *more: Label) -> Outcome:
    if len(found) == 1 and response == "utter_trainings":
        return await show(context, found[0])
    offset = int(context.entity("offset") or 0)
    page, words = found[offset : offset + SHOWN], wordbook(context)
    if not page:
        return say("utter_no_more")
    labels = [
        Label(payload("ask_training_details", id=training.id), title=shortened(words.title(training)))
        for training in page
    ]
    if len(found) > offset + SHOWN:
        labels.append(
            Label(payload("find_training", offset=offset + SHOWN, tell="list"), response="utter_label_next")
        )
    items = "\n\n".join(words.line(training, context.now) for training in page)
    return Outcome((Searched({"kind": "training"}),), (Say(response, {"items": items}, (*labels, *more)),))


async def training_details(context: Context) -> Outcome:
    """One training in full; its calendar file when asked."""
    number = number_of(context)
    if context.entity("id") and number is None:
        return await resources.search_action(context)
    if number is not None:
        training = await context.trainings.get(number)
        if training is None:
            return say("utter_training_unknown", OTHERS)
        return (
            await _calendar(context, training)
            if context.entity("tell") == "ics"
            else await show(context, training)
        )
    upcoming = await context.trainings.upcoming()
    if not upcoming:
        return await find_training(context)
    choice = choose(context, upcoming)
    meant = choice.one or (None if choice.named else last_shown(context, upcoming))
    if meant is None and len(choice.found) == 1:
        meant = choice.found[0]
    if meant is not None:
        return await show(context, meant)
    return ask_which(context, "utter_which_training", choice.found or upcoming)


async def show(context: Context, training: Training) -> Outcome:
    words = wordbook(context)
    part = await context.trainings.part(training.id)
    card = words.card(training, context.now)
    if part is not None:
        card = f"{card}\n\n{words.say(f'utter_seat_{part.seat}', position=part.position)}"
    labels = (*_deeds(context, training, part), OTHERS)
    return Outcome(
        (SlotSet("training", str(training.id)),), (Say("utter_training_card", {"card": card}, labels),)
    )


def _deeds(context: Context, training: Training, part: Participation | None) -> tuple[Label, ...]:
    """What this person may do with this training now."""
    state, labels = training.state(context.now), []
    if part is None and state in (State.OPEN, State.FULL):
        response = "utter_label_enrol" if state is State.OPEN else "utter_label_wait"
        labels.append(Label(payload("enroll_training", id=training.id), response=response))
    if part is not None and part.seat in (Seat.ENROLLED, Seat.WAITING) and state is not State.PAST:
        labels.append(Label(payload("withdraw_training", id=training.id), response="utter_label_withdraw"))
        labels.append(calendar_label(training))
    if context.person.role in PLANNERS:
        labels.append(
            Label(payload("create_training", id=training.id, tell="manage"), response="utter_label_manage")
        )
    return tuple(labels)


async def _calendar(context: Context, training: Training) -> Outcome:
    """The training for the phone's own calendar."""
    words = wordbook(context)
    file = await context.trainings.calendar(training.id, context.conversation.language)
    return Outcome(says=(Say("utter_training_calendar", facts(words, training), attachment=file),))


async def enroll(context: Context) -> Outcome:
    """One tap, or words that name one training; whoever did not consent yet is asked for it first."""
    meant = await _meant(context)
    if isinstance(meant, Outcome):
        return meant
    if not context.person.consented:
        if context.entity("tell") != "consent":
            return _ask_consent(context, meant)
        await context.registry.consent()
    return await _enrolled(context, await context.trainings.enrol(meant))


def _ask_consent(context: Context, training_id: int) -> Outcome:
    agree = Label(
        payload("enroll_training", id=training_id, tell="consent"), response="utter_label_agree_enrol"
    )
    return say("utter_training_consent", agree, Label("/deny", response="utter_label_no"))


async def _meant(context: Context) -> int | Outcome:
    """The number of the training to enrol in, or the question which one."""
    if (number := number_of(context)) is not None:
        return number
    upcoming = await context.trainings.upcoming()
    if not upcoming:
        return await _nothing_planned(context)
    choice = choose(context, upcoming)
    if choice.one:
        return choice.one.id
    shown = None if choice.named else last_shown(context, upcoming)
    if shown is not None:
        return shown.id
    if len(choice.found) == 1:
        return await show(context, choice.found[0])
    if choice.named and not choice.found:
        return await _listed(context, upcoming, "utter_trainings_others", tell_me(context))
    return ask_which(context, "utter_which_training", choice.found)


async def _enrolled(context: Context, enrolling: Enrolling) -> Outcome:
    training = enrolling.training
    if training is None:
        return say("utter_training_unknown", OTHERS)
    words = wordbook(context)
    values = {**facts(words, training), "position": enrolling.position, "region": training.plan.region}
    if enrolling.result in REFUSED:
        return say(REFUSED[enrolling.result], OTHERS, **values)
    coming = enrolling.result is Enrolled.ALREADY and context.entity("tell") == "coming"
    response = "utter_coming_noted" if coming else f"utter_enrolled_{enrolling.result}"
    withdraw = Label(payload("withdraw_training", id=training.id), response="utter_label_withdraw")
    labels = (calendar_label(training), withdraw, details_label(training))
    notes = await silence_told(context)
    in_name = (
        (Say("utter_enrolled_for", {"organisation": enrolling.organisation}),)
        if enrolling.organisation
        else ()
    )
    remembered = (SlotSet("training", str(training.id)),)
    return Outcome(remembered, (*in_name, Say(response, values, labels), *notes))


async def silence_told(context: Context) -> tuple[Say, ...]:
    """To who stopped the messages: that no reminder will come, and the button that changes it."""
    silence = await context.reminders.silence()
    return (Say(f"utter_silence_{silence}", labels=(allow_label(silence),)),) if silence else ()


def allow_label(silence: Silence) -> Label:
    return Label(payload("set_reminder", tell="again"), response=f"utter_label_allow_{silence}")


async def withdraw(context: Context) -> Outcome:
    """Asked once more unless a button was clear about it."""
    number = number_of(context)
    if number is not None and context.entity("tell") == "sure":
        return await _withdrawn(context, number)
    held = [part.training for part in await context.trainings.mine() if part.seat is not Seat.ATTENDED]
    if not held:
        return say("utter_no_trainings_of_mine", OTHERS)
    chosen = [training for training in held if training.id == number] if number is not None else None
    choice = choose(context, held) if chosen is None else Choice(chosen, named=True)
    if not choice.found:
        return ask_which(context, "utter_which_training", held)
    if len(choice.found) > 1:
        return ask_which(context, "utter_which_training", choice.found)
    training = choice.found[0]
    sure = Label(payload("withdraw_training", id=training.id, tell="sure"), response="utter_label_withdraw")
    return say(
        "utter_withdraw_confirm",
        sure,
        Label("/my_trainings", response="utter_label_keep_place"),
        **facts(wordbook(context), training),
    )


async def _withdrawn(context: Context, training_id: int) -> Outcome:
    part = await context.trainings.withdraw(training_id)
    if part is None:
        return say("utter_not_enrolled", OTHERS)
    again = Label(payload("enroll_training", id=training_id), response="utter_label_enrol_again")
    return say("utter_withdrawn", again, OTHERS, **facts(wordbook(context), part.training))


async def my_trainings(context: Context) -> Outcome:
    """Places held and waited for, and the reminders of one's own."""
    parts, own = await context.trainings.mine(), await context.reminders.mine()
    wishes = await context.trainings.wishes()
    if not parts and not own and not wishes:
        return say("utter_no_trainings_of_mine", OTHERS)
    words = wordbook(context)
    items = [mine(words, part) for part in parts]
    items += [words.say("utter_own_reminder_line", moment=words.moment(r.due_at), text=r.text) for r in own]
    items += [wish_words(words, wish) for wish in wishes]
    labels = [
        Label(payload("ask_training_details", id=p.training.id), title=shortened(words.title(p.training)))
        for p in parts[:SHOWN]
    ]
    labels += [
        Label(
            payload("stop_reminders", id=r.id),
            response="utter_label_drop_reminder",
            values={"moment": words.short_day(r.due_at)},
        )
        for r in own[:3]
    ]
    labels += [drop_label(wish) for wish in wishes[:3]]
    return say("utter_my_trainings", *labels, items="\n\n".join(items))
