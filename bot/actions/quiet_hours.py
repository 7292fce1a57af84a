"""A person's own quiet hours: said in words or tapped, doubtful hours asked, told back in 24-hour time, reset."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from bot.actions.context import Context, Label, Outcome, Say
from bot.actions.planning_form import which_hour
from bot.actions.training_texts import payload
from bot.conversation import Event, FormEnded, FormStarted, SlotAnswered, SlotSet
from bot.forms import FormRules, Invalid, Unclear, Valid
from bot.moments import Asked, Moment
from bot.quiet import Hours
from bot.quiet_words import read_span, readings

FORM = "quiet_form"
SLOTS = ("quiet_from", "quiet_until", "quiet_doubt")
EVENING = (19, 20, 21, 22)
MORNING = (5, 6, 7, 8)
DOOR = Label('/my_data{"tell": "quiet"}', response="utter_label_quiet")
NEVER = Hours(time(0), time(0))
Result = Valid | Invalid | Unclear


async def quiet_step(context: Context, tell: str) -> Outcome:
    """`quiet` asks, or keeps what was said at once; `quiet:usual` and `quiet:none` settle it."""
    leaves: tuple[Event, ...] = (FormEnded(SLOTS),) if context.conversation.active_form == FORM else ()
    match tell:
        case "quiet:usual":
            await context.following.keep_quiet(None)
            usual = shown(context.following.usual_quiet)
            return Outcome(leaves, (Say("utter_quiet_usual", {"span": usual}, (_change(),)),), stops=True)
        case "quiet:none":
            await context.following.keep_quiet(NEVER)
            return Outcome(leaves, (Say("utter_quiet_none", labels=(_usual(), _change())),), stops=True)
    return Outcome((*_said_already(context), FormStarted(FORM)), stops=True)


async def keep_quiet(context: Context) -> Outcome:
    """The answered form."""
    hours = Hours(*(time.fromisoformat(context.conversation.words(slot)) for slot in SLOTS[:2]))
    await context.following.keep_quiet(hours)
    if hours.begin == hours.end:
        return Outcome(says=(Say("utter_quiet_none", labels=(_usual(), _change())),))
    return Outcome(says=(Say("utter_quiet_kept", {"span": shown(hours)}, (_change(), _usual())),))


async def quiet_words(context: Context) -> str:
    """The hours that hold for this person, for the list of what is known of them."""
    own = await context.following.quiet()
    if own is None:
        return context.words("utter_quiet_like_all").format(span=shown(context.following.usual_quiet))
    return context.words("utter_quiet_no_hours") if own.begin == own.end else shown(own)


def shown(hours: Hours) -> str:
    return f"{hours.begin:%H:%M}–{hours.end:%H:%M}"


def _said_already(context: Context) -> tuple[Event, ...]:
    """What the first words answer; an hour with two readings is left to its question."""
    if not context.text:
        return (SlotSet("quiet_doubt", None),)
    begin, end = read_span(context.text, context.meaning.entities, Asked.NO)
    answers = (readings(begin, of_evening=True), readings(end, of_evening=False) if end else ())
    events: list[Event] = []
    for slot, hours in zip(SLOTS, answers, strict=False):
        if len(hours) == 1:
            events += [SlotSet(slot, f"{hours[0]:%H:%M}"), SlotAnswered(slot)]
    doubt = ";".join(",".join(f"{hour:%H:%M}" for hour in hours) for hours in answers)
    return (*events, SlotSet("quiet_doubt", doubt))


async def check_from(_: Any, context: Context) -> Result:
    """One hour, or both at once."""
    begin, end = _span(context)
    hours = readings(begin, of_evening=True) if context.text else readings(begin, of_evening=False)
    until = readings(end, of_evening=False) if end else ()
    if not hours:
        return Unclear("utter_invalid_hour", labels=labels("quiet_from", context))
    if len(hours) > 1:
        return _which(hours, until[0] if len(until) == 1 else None)
    also = {"quiet_until": f"{until[0]:%H:%M}"} if len(until) == 1 else {}
    return Valid(f"{hours[0]:%H:%M}", also)


async def check_until(_: Any, context: Context) -> Result:
    begin, end = _span(context)
    hours = readings(end or begin, of_evening=False)
    if not hours:
        return Unclear("utter_invalid_hour", labels=labels("quiet_until", context))
    return _which(hours, None) if len(hours) > 1 else Valid(f"{hours[0]:%H:%M}")


def _span(context: Context) -> tuple[Moment, Moment | None]:
    asked = Asked.BY_CLOCK if context.conversation.language == "fr" else Asked.COUNTED
    return read_span(context.text, context.meaning.entities, asked)


def _which(hours: Sequence[time], until: time | None) -> Unclear:
    """Asked, never guessed; an end that was said with it stays."""
    doubt = which_hour(Moment(either=tuple(hours[:2])))
    if until is None:
        return doubt
    titles = [f"{hour:%H:%M}" for hour in hours[:2]]
    both = tuple(Label(_times(title, f"{until:%H:%M}"), title=f"{title}–{until:%H:%M}") for title in titles)
    return Unclear(doubt.response, doubt.values, both)


def _times(first: str, second: str) -> str:
    return f'/inform{{"time": ["{first}", "{second}"]}}'


def labels(slot: str, context: Context) -> tuple[Label, ...]:
    doubts = context.conversation.words("quiet_doubt").split(";")
    mine = doubts[SLOTS.index(slot)] if len(doubts) == 2 else ""
    if "," in mine:
        return tuple(Label(payload("inform", time=hour), title=hour) for hour in mine.split(","))
    offered = _hour_labels(EVENING if slot == "quiet_from" else MORNING)
    return (*offered, _usual(), _none()) if slot == "quiet_from" else offered


def _hour_labels(hours: Sequence[int]) -> tuple[Label, ...]:
    return tuple(Label(payload("inform", time=f"{h:02}:00"), title=f"{h:02}:00") for h in hours)


def values(slot: str, context: Context) -> Mapping[str, Any]:
    if slot == "quiet_until":
        return {"begin": context.conversation.words("quiet_from")}
    return {"span": shown(context.following.usual_quiet)}


def _usual() -> Label:
    return Label('/my_data{"tell": "quiet:usual"}', response="utter_label_quiet_usual")


def _none() -> Label:
    return Label('/my_data{"tell": "quiet:none"}', response="utter_label_quiet_none")


def _change() -> Label:
    return Label('/my_data{"tell": "quiet"}', response="utter_label_quiet_change")


QUIET_FORM = FormRules(
    checks={"quiet_from": check_from, "quiet_until": check_until}, values=values, labels=labels
)
