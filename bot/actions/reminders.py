"""Reminders people set for themselves: what about, when exactly, said back in 24-hour time before it is kept."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.actions import calls
from bot.actions.context import Context, Label, Outcome, Query, ResourceText, Say, say
from bot.actions.planning_form import (
    doubtful_day,
    hour_labels,
    now,
    said,
    said_day,
    unread_day,
    which_hour,
    with_hour,
)
from bot.actions.quiet_hours import DOOR as QUIET_DOOR
from bot.actions.training_choice import choose, names_something, number_of, wordbook
from bot.actions.training_port import Reminding, Silence
from bot.actions.training_texts import facts, payload, shortened, span
from bot.actions.trainings import allow_label, silence_told
from bot.call import Call, number_of_key
from bot.conversation import Event, SlotAnswered, SlotSet
from bot.forms import FormRules, Invalid, Unclear, Valid
from bot.moments import Moment, Part, at, next_at, offered_hours, read_moment, settled
from bot.search_words import fold
from bot.training import Seat, Training
from nlu.almanac import MONTHS, WEEKDAYS

LONGEST_ABOUT = 300
BEFORE_TRAINING = (24 * 60, 3 * 60, 60)
"""Minutes before a training's start that are offered, besides its own reminders."""
DAYS_BEFORE = (7, 3, 1)
"""Days before a call's deadline, at nine in the morning."""
DEADLINE_HOUR = time(9)
DEADLINE_WORDS = frozenset(
    {"limite", "cloture", "deadline", "appel", "appels", "financement", "dambaysa", "maymarraqah"}
)
TRAINING_WORDS = re.compile(r"\b(formation|cours|atelier|tababar|aydakaakan)")
ASKING = re.compile(
    r"\b(rap+el\w*|pr[eé]v\w+|avert\w+|alarme?|alerte|m|moi|me|nous|stp|svp|un|une|le|la|les|de|du|d|a|à|que|pour|"
    r"xus\w*|xas\w*|i|ii|noo|fadlan|in|aan|ka|ku|soo|"
    r"kassiis\w*|yoo|yoh|rub|faxah|mets|met\w+|veux|je)\b",
    re.IGNORECASE,
)
"""Words of the asking itself: what is left says what about."""
MOMENTS = ("date", "time", "ambiguous_date", "ambiguous_time", "delay")
OFTEN = re.compile(r"\b(chaque|tous les|toutes les|chak|kasta|walba|maalin walba|quotidien\w*|hebdo\w*)\b")
DAY_WORDS = frozenset((*MONTHS, *WEEKDAYS, "mois", "semaine", "bisha", "toddobaadka"))
Result = Valid | Invalid | Unclear


async def set_reminder(context: Context) -> Outcome:
    """About a training, a call's deadline, or anything at a moment; the form asks what is missing."""
    if context.entity("tell") == "again":
        before = await context.reminders.silence() or Silence.REMINDERS
        await context.reminders.allow()
        return Outcome(says=(Say(f"utter_allowed_{before}"),), stops=True)
    if silent := await silence_told(context):
        return Outcome(says=silent, stops=True)
    outcome = await _about_something_known(context)
    if outcome is not None:
        return Outcome(outcome.events, outcome.says, stops=True)
    if "reminder_form" in context.conversation.waiting:
        return Outcome()
    return Outcome(_already_said(context), _doubts(context))


def _said_first(context: Context) -> Moment:
    return settled(read_moment(context.text, context.meaning.entities), now(context))


def _doubts(context: Context) -> tuple[Say, ...]:
    """That it comes once; a day nobody can read, one that is over, a year that is a slip."""
    often = OFTEN.search(fold(context.text)) or len(_said_first(context).days) > 1
    once = (Say("utter_reminder_once"),) if often else ()
    return (*once, *_doubtful(context))


def _doubtful(context: Context) -> tuple[Say, ...]:
    moment = _said_first(context)
    if unread := unread_day(moment, context):
        return (Say(unread.response, unread.values),)  # Its days stand below the question for the day.
    doubt = doubtful_day(moment.day, context) if moment.day else None
    if doubt is None:
        return ()
    doubt = with_hour(doubt, moment.hour)
    return (Say(doubt.response, doubt.values, doubt.labels),)


async def _about_something_known(context: Context) -> Outcome | None:
    given = context.entity("id")
    if (call_number := number_of_key(given)) is not None:
        call = await context.calls.get(call_number)
        return await calls.remind(context, call) if call else say("utter_call_unknown")
    if (number := number_of(context)) is not None:
        training = await context.trainings.get(number)
        return await _training(context, training) if training else say("utter_training_unknown")
    if given:
        resource = await context.library.get(given, context.conversation.language)
        return await _deadline(context, resource) if resource else say("utter_no_more")
    words = set(fold(context.text).split())
    if words & DEADLINE_WORDS:
        return await _which_deadline(context)
    moment = _said_first(context)
    if TRAINING_WORDS.search(fold(context.text)) and not (moment.days or moment.hours or moment.either):
        return await _which_training(context)
    return None


async def _which_training(context: Context) -> Outcome | None:
    """The training named, or the only one the person has a place in."""
    mine = [part.training for part in await context.trainings.mine() if part.seat is not Seat.ATTENDED]
    candidates = mine or list(await context.trainings.upcoming())
    choice = choose(context, candidates)
    fitting = choice.found if choice.named and not names_something(context) else candidates
    if len(fitting) == 1:
        return await _training(context, fitting[0])
    if not fitting:
        return None
    words = wordbook(context)
    labels = [Label(payload("set_reminder", id=t.id), title=shortened(words.title(t))) for t in fitting[:6]]
    return say("utter_which_training", *labels)


async def _training(context: Context, training: Training) -> Outcome:
    """A button's minutes or a moment that was said; else how long before."""
    starts, words = training.plan.starts_at, wordbook(context)
    values = facts(words, training)
    if starts <= context.now:
        return say("utter_training_is_past", **values)
    minutes = context.entity("number") if context.entity("id") else None
    due = starts - timedelta(minutes=int(minutes)) if minutes and minutes.isdigit() else None
    if due is not None:
        if due <= context.now:
            return say("utter_reminder_too_late")
        return await _keep(context, Reminding(values["title"], due, starts, training.id))
    labels = [
        Label(
            payload("set_reminder", id=training.id, number=m),
            response="utter_label_before",
            values={"span": span(words, m)},
        )
        for m in BEFORE_TRAINING
        if starts - timedelta(minutes=m) > context.now
    ]
    held = await context.trainings.part(training.id)
    response = "utter_remind_training_enrolled" if held else "utter_remind_training"
    return say(response, *labels, **values)


async def _which_deadline(context: Context) -> Outcome | None:
    """Calls that are still open and say until when: those published here, then those among the resources."""
    published = await context.calls.living()
    if len(published) == 1:
        return await calls.remind(context, published[0])
    if published:
        return say("utter_which_deadline", *(_call_label(call) for call in published[:6]))
    found = await context.library.find(Query("funding", context.text), context.conversation.language, 6)
    open_calls = [item for item in found.items if _closes(item, context)]
    if not open_calls:
        return None
    if len(open_calls) == 1:
        return await _deadline(context, open_calls[0])
    labels = [Label(payload("set_reminder", id=item.id), title=item.title) for item in open_calls[:3]]
    return say("utter_which_deadline", *labels)


def _call_label(call: Call) -> Label:
    return Label(payload("set_reminder", id=call.key), title=shortened(call.plan.title))


def _closes(resource: ResourceText, context: Context) -> datetime | None:
    """The end of the last day, on the wall clock; None when over or unknown."""
    if resource.valid_until is None:
        return None
    end = at(resource.valid_until, time(23, 59), now(context))
    return end if end > context.now else None


async def _deadline(context: Context, resource: ResourceText) -> Outcome:
    closes, words = _closes(resource, context), wordbook(context)
    if closes is None:
        return say("utter_no_deadline")
    values = {"title": resource.title, "when": words.day(closes)}
    if (days := context.entity("number")) and days.isdigit():
        due = at(closes.date() - timedelta(days=int(days)), DEADLINE_HOUR, now(context))
        if due <= context.now:
            return say("utter_reminder_too_late")
        return await _keep(context, Reminding(resource.title, due, closes, resource_id=resource.id))
    labels = [
        Label(
            payload("set_reminder", id=resource.id, number=days_before),
            response="utter_label_before",
            values={"span": span(words, days_before * 24 * 60)},
        )
        for days_before in DAYS_BEFORE
        if at(closes.date() - timedelta(days=days_before), DEADLINE_HOUR, now(context)) > context.now
    ]
    return say("utter_remind_deadline", *labels, **values)


async def _keep(context: Context, reminder: Reminding) -> Outcome:
    number = await context.reminders.add(reminder)
    if number is None:
        return say("utter_too_many_reminders", Label("/my_trainings", response="utter_label_my_reminders"))
    values = {"moment": wordbook(context).moment(reminder.due_at), "text": reminder.text}
    drop = Label(payload("stop_reminders", id=number), response="utter_label_drop_this")
    return say("utter_reminder_kept", drop, **values)


def _already_said(context: Context) -> tuple[Event, ...]:
    """What the first message answers of the form: the doubtful is left to its own question."""
    moment = _said_first(context)
    given: dict[str, str] = {}
    about = _about(context.text, context)
    if about:
        given["reminder_about"] = about
    hour = moment.hour
    local = now(context)
    day = moment.day
    if day is None and hour is not None and not _names_a_day(context, moment):
        day = next_at(hour, local).date()
    if day is not None and day >= local.date() and doubtful_day(day, context) is None:
        given["reminder_day"] = day.isoformat()
        if hour is not None and at(day, hour, local) > local:
            given["reminder_time"] = f"{hour:%H:%M}"
    said_once = tuple(e for n, v in given.items() for e in (SlotSet(n, v), SlotAnswered(n)))
    hours = moment.either or (moment.hours[:1] if "reminder_time" not in given else ())
    doubt = ",".join(f"{h:%H:%M}" for h in hours) or (moment.part or "")
    return (*said_once, SlotSet("reminder_doubt", doubt))


def _names_a_day(context: Context, moment: Moment) -> bool:
    """Words of a day or of several that gave no one day: it is asked, and today is not taken for it."""
    periods = any(entity.name == "period" for entity in context.meaning.entities)
    return bool(moment.vague or periods or DAY_WORDS.intersection(fold(context.text).split()))


def _about(text: str, context: Context) -> str:
    """The message itself, when something is left of it beside the asking and the moment."""
    rest = text
    for entity in sorted(context.meaning.entities, key=lambda e: e.start, reverse=True):
        if entity.name in MOMENTS and entity.end > entity.start:
            rest = f"{rest[: entity.start]} {rest[entity.end :]}"
    left = [word for word in re.findall(r"\w+", ASKING.sub(" ", rest)) if len(word) > 2]
    left = [word for word in left if read_moment(word, ()).part is None]
    return " ".join(text.split())[:LONGEST_ABOUT] if left else ""


async def check_about(value: Any, context: Context) -> Result:
    about = " ".join(str(value).split())
    good = 2 <= len(about) <= LONGEST_ABOUT
    return Valid(about) if good else Invalid("utter_invalid_text", {"limit": LONGEST_ABOUT})


async def check_day(value: Any, context: Context) -> Result:
    moment = said_day(value, context)
    if unread := unread_day(moment, context):
        return replace(unread, labels=unread.labels or day_labels(context))
    if moment.day is None:
        return Unclear("utter_invalid_day", labels=day_labels(context))
    if doubt := doubtful_day(moment.day, context):
        return with_hour(doubt, moment.hour)
    hour = moment.hour or _hour_said_first(context)
    also = {"reminder_time": f"{hour:%H:%M}"} if hour and _to_come(moment.day, hour, context) else {}
    return Valid(moment.day.isoformat(), also)


def _hour_said_first(context: Context) -> time | None:
    """The clear hour of the first message, whose day had to be asked."""
    said_first = re.fullmatch(r"\d\d:\d\d", context.conversation.words("reminder_doubt"))
    return time.fromisoformat(said_first[0]) if said_first else None


async def check_time(value: Any, context: Context) -> Result:
    moment = said(value, context, asked=True)
    if moment.either:
        return which_hour(Moment(either=moment.either))
    if moment.hour is None:
        return Unclear("utter_invalid_hour", labels=hour_labels(moment))
    day = date.fromisoformat(context.conversation.words("reminder_day"))
    if not _to_come(day, moment.hour, context):
        return Unclear("utter_hour_is_past", labels=_later_hours(day, context))
    return Valid(f"{moment.hour:%H:%M}")


def _to_come(day: date, hour: time, context: Context) -> bool:
    return at(day, hour, now(context)) > now(context)


def _later_hours(day: date, context: Context) -> tuple[Label, ...]:
    hours = [h for h in offered_hours(None) if _to_come(day, h, context)]
    return tuple(Label(payload("inform", time=f"{h:%H:%M}"), title=f"{h:%H:%M}") for h in hours)


def day_labels(context: Context) -> tuple[Label, ...]:
    """Today, tomorrow and the day after, by their names."""
    words, today = wordbook(context), now(context).date()
    days = [today + timedelta(days=n) for n in range(3)]
    return tuple(Label(payload("inform", date=d.isoformat()), title=words.day(d)) for d in days)


def labels(slot: str, context: Context) -> tuple[Label, ...]:
    """Days and hours to tap; an hour that was said with two readings offers just these."""
    doubt = context.conversation.words("reminder_doubt")
    match slot:
        case "reminder_day":
            unread = unread_day(_said_first(context), context)
            return (unread.labels if unread else ()) or day_labels(context)
        case "reminder_time" if ":" in doubt:
            return tuple(Label(payload("inform", time=h), title=h) for h in doubt.split(","))
        case "reminder_time":
            return hour_labels(Moment(part=Part(doubt) if doubt else None))
    return ()


def values(slot: str, context: Context) -> Mapping[str, Any]:
    slots = context.conversation
    if slot != "reminder_confirm":
        return {}
    moment = _moment(context)
    return {"moment": wordbook(context).moment(moment), "about": slots.words("reminder_about")}


def _moment(context: Context) -> datetime:
    slots = context.conversation
    day, hour = slots.words("reminder_day"), slots.words("reminder_time")
    return at(date.fromisoformat(day), time.fromisoformat(hour), now(context))


REMINDER_FORM = FormRules(
    checks={"reminder_about": check_about, "reminder_day": check_day, "reminder_time": check_time},
    summary="reminder_confirm",
    values=values,
    labels=labels,
)


async def keep_reminder(context: Context) -> Outcome:
    """The confirmed answers; confirmed too late, they are told to be over."""
    due = _moment(context)
    if due <= context.now:
        return say("utter_reminder_too_late")
    return await _keep(context, Reminding(context.conversation.words("reminder_about"), due))


async def stop_reminders(context: Context) -> Outcome:
    """One of one's own by a button, else all of them."""
    if (number := number_of(context)) is not None:
        dropped = await context.reminders.drop(number)
        return say("utter_reminder_dropped" if dropped else "utter_reminder_unknown")
    await context.reminders.stop()
    return say("utter_reminders_stopped", allow_label(Silence.REMINDERS), QUIET_DOOR)
