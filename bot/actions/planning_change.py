"""Changing a planned training: one field at a time, old and new shown before everybody is told."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.planning import panel, told_say
from bot.actions.planning_form import (
    LONGEST,
    check_capacity,
    check_description,
    check_place,
    check_title,
    doubtful_day,
    now,
    said,
    unread_day,
    which_hour,
)
from bot.actions.training_choice import wordbook
from bot.actions.training_port import PLANNERS, Planned
from bot.actions.training_texts import Wordbook, payload, span
from bot.forms import FormRules, Invalid, Unclear, Valid
from bot.moments import at
from bot.reminding import LONGEST as LONGEST_MINUTES
from bot.reminding import MOST
from bot.search_words import fold
from bot.training import Plan, Status, Texts, Training

FIELDS = (
    "when", "place", "title", "description", "capacity", "organiser", "region", "title_so", "title_aa",
    "reminders",
)  # fmt: skip
TOLD = frozenset({"when", "place", "region"})
"""Fields whose change everybody enrolled is told of."""
UNITS = (
    (24 * 60, ("j", "jour", "jours", "d", "maalin", "maalmood", "ayro")),
    (60, ("h", "heure", "heures", "saac", "saacadood", "saacadda", "saaqat")),
    (1, ("m", "mn", "min", "minute", "minutes", "daqiiqo", "dagiiga")),
)
Result = Valid | Invalid | Unclear


async def check_field(value: Any, context: Context) -> Result:
    return Valid(value) if value in FIELDS else Invalid("utter_answer_not_understood")


async def check_value(value: Any, context: Context) -> Result:
    """What its own question would have accepted; beside it, what it replaces and how many people it concerns."""
    field = context.conversation.words("change_field")
    result = await _check(field, value, context)
    training = await _training(context)
    if not isinstance(result, Valid) or training is None:
        return result
    planned = await context.planning.overview(training.id)
    old = _old(field, training, planned, wordbook(context)) if planned else ""
    told = planned.enrolled + planned.waiting if planned and field in TOLD else 0
    return Valid(result.value, {"change_old": old, "change_people": told})


def _old(field: str, training: Training, planned: Planned, words: Wordbook) -> str:
    """What is there now, as people read it."""
    plan = training.plan
    match field:
        case "when":
            return words.when(plan)
        case "reminders":
            return ", ".join(span(words, m) for m in planned.minutes) or "—"
        case "title" | "title_so" | "title_aa" | "description":
            texts = plan.texts.get(field.partition("_")[2] or "fr", Texts(""))
            return (texts.description if field == "description" else texts.title) or "—"
        case _:
            return str(getattr(plan, field) or "—")


async def _check(field: str, value: Any, context: Context) -> Result:
    """Times as two ISO moments."""
    match field:
        case "when":
            return await _check_when(value, context)
        case "region":
            region = context.entity("region")
            return Valid(region) if region else Invalid("utter_answer_not_understood")
        case "reminders":
            return _check_reminders(value, context)
    checks = {"capacity": check_capacity, "description": check_description}
    checks |= dict.fromkeys(("title", "title_so", "title_aa"), check_title)
    return await checks.get(field, check_place)(value, context)


async def _check_when(value: Any, context: Context) -> Result:
    """A day, an hour or both, perhaps with the end; what is not said stays, the length too."""
    training = await _training(context)
    moment = said(value, context)
    if unread := unread_day(moment, context):
        return unread
    if training is None or (moment.day is None and not moment.hours and not moment.either):
        return Unclear("utter_invalid_when")
    if moment.either:
        return which_hour(moment)
    if moment.day and (doubt := doubtful_day(moment.day, context)):
        return doubt
    begin, end = (t.astimezone(context.zone) for t in (training.plan.starts_at, training.plan.ends_at))
    starts = at(moment.day or begin.date(), moment.hour or begin.time(), now(context))
    ends = starts + (end - begin)
    if len(moment.hours) == 2:
        ends = at(max(moment.days, default=starts.date()), moment.hours[1], now(context))
    if starts <= now(context):
        return Unclear("utter_hour_is_past")
    if not starts < ends <= starts + LONGEST:
        return Unclear("utter_end_before_start", {"start": wordbook(context).moment(starts)})
    return Valid(f"{starts.isoformat()} {ends.isoformat()}")


def _check_reminders(value: Any, context: Context) -> Result:
    """ "7 jours, 1 jour, 2 heures"; at most five, the furthest sixty days before."""
    minutes = read_spans(context.text or str(value))
    good = minutes is not None and len(minutes) <= MOST and max(minutes, default=0) <= LONGEST_MINUTES
    if minutes is None or not good:
        return Invalid("utter_invalid_reminders", {"most": MOST})
    return Valid(" ".join(map(str, minutes)) or "none")


def read_spans(text: str) -> list[int] | None:
    """Minutes of each "number unit"; [] for a zero or a no; None when there is none."""
    words = fold(text)
    found = re.findall(r"\b(\d{1,4}) ?([a-z]+)", words)
    sizes = {name: size for size, names in UNITS for name in names}
    minutes = [int(n) * sizes[unit] for n, unit in found if unit in sizes]
    if minutes:
        return sorted(set(minutes) - {0}, reverse=True)
    return [] if words in {"0", "aucun", "non", "maya", "maleey"} else None


async def _training(context: Context) -> Training | None:
    number = context.conversation.words("change_training")
    return await context.trainings.get(int(number)) if number else None


def labels(slot: str, context: Context) -> tuple[Label, ...]:
    if slot != "change_field":
        return ()
    return tuple(Label(payload("inform", slot=f), response=f"utter_label_change_{f}") for f in FIELDS)


def values(slot: str, context: Context) -> Mapping[str, Any]:
    """The questions name the field; the last one shows the new value as people will read it."""
    slots = context.conversation
    field = slots.words("change_field")
    words = wordbook(context)
    return {
        "field": words.say(f"utter_label_change_{field}") if field else "",
        "old": slots.words("change_old"),
        "told": words.say("utter_change_told", count=slots.words("change_people"))
        if slots.slot("change_people")
        else words.say("utter_change_not_told"),
        "new": _shown(field, slots.words("change_value"), words) if slots.slot("change_value") else "",
    }


def _shown(field: str, value: str, words: Wordbook) -> str:
    if field == "when":
        starts, ends = map(datetime.fromisoformat, value.split())
        return words.when(Plan({"fr": Texts("")}, None, "", "", starts, ends))
    if field == "reminders":
        return ", ".join(span(words, int(m)) for m in value.split() if m.isdigit()) or "—"
    return value


CHANGE_FORM = FormRules(
    checks={"change_field": check_field, "change_value": check_value},
    summary="change_confirm",
    values=values,
    labels=labels,
)


async def change_training(context: Context) -> Outcome:
    """Apply the confirmed change and say how many are told."""
    if context.person.role not in PLANNERS:
        return say("utter_coordinators_only")
    training = await _training(context)
    slots = context.conversation
    field, value = slots.words("change_field"), slots.words("change_value")
    if training is None:
        return say("utter_training_unknown")
    shown = Say("utter_training_change_done")
    if field == "reminders":
        minutes = [int(m) for m in value.split() if m.isdigit()]
        await context.planning.schedule(training.id, minutes)
        return Outcome(says=(shown, *(await panel(context, training.id)).says))
    told = await context.planning.change(training.id, changed_plan(training.plan, field, value))
    says = (shown, told_say(told)) if field in TOLD and training.status is Status.OPEN else (shown,)
    return Outcome(says=(*says, *(await panel(context, training.id)).says))


def changed_plan(plan: Plan, field: str, value: str) -> Plan:
    """The plan with this one field changed; `value` as `check_value` gave it."""
    match field:
        case "when":
            starts, ends = map(datetime.fromisoformat, value.split())
            return replace(plan, starts_at=starts, ends_at=ends)
        case "capacity":
            return replace(plan, capacity=int(value))
        case "title" | "title_so" | "title_aa" | "description":
            language = field.partition("_")[2] or "fr"
            texts = plan.texts.get(language, Texts(""))
            part = "description" if field == "description" else "title"
            return replace(plan, texts={**plan.texts, language: replace(texts, **{part: value})})
        case "place":
            return replace(plan, place=value)
        case "region":
            return replace(plan, region=value)
        case _:
            return replace(plan, organiser=value)
