"""Planning a training, question by question: what each answer must be, and what is asked when it has two readings."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.actions.context import Context, Label
from bot.actions.registration import THEMES
from bot.actions.training_choice import wordbook
from bot.actions.training_texts import Wordbook, payload
from bot.conversation import Conversation, SlotValue
from bot.forms import FormRules, Invalid, Unclear, Valid
from bot.moments import Asked, Moment, at, offered_hours, read_moment, settled
from bot.training import Audience, Plan, Status, Texts, Training
from nlu.almanac import next_numbered

LONGEST_TITLE = 80
LONGEST_DESCRIPTION = 600
LONGEST_PLACE = 120
MOST_PLACES = 2000
FURTHEST = timedelta(days=548)
"""Eighteen months: a training further away has a mistake in its year."""
LONGEST = timedelta(days=31)
RECENT = timedelta(days=14)
"""A day so lately over was meant by its name, and not next year's date."""
LONE_DAY = re.compile(r"\W*(?:le\s+)?(\d{1,2})(?:er|-?[dtk]a)?\W*", re.IGNORECASE)
Result = Valid | Invalid | Unclear


async def check_title(value: Any, context: Context) -> Result:
    title = " ".join(str(value).split())
    good = 3 <= len(title) <= LONGEST_TITLE and any(c.isalpha() for c in title)
    return Valid(title) if good else Invalid("utter_invalid_title", {"limit": LONGEST_TITLE})


async def check_description(value: Any, context: Context) -> Result:
    text = str(value).strip()
    good = len(text) <= LONGEST_DESCRIPTION
    return Valid(text) if good else Invalid("utter_invalid_text", {"limit": LONGEST_DESCRIPTION})


async def check_place(value: Any, context: Context) -> Result:
    """The words as typed: an address says more than the quarter found in it."""
    place = " ".join((context.text or str(value)).split())
    good = 2 <= len(place) <= LONGEST_PLACE
    return Valid(place) if good else Invalid("utter_invalid_text", {"limit": LONGEST_PLACE})


async def check_capacity(value: Any, context: Context) -> Result:
    """One number, in figures or in words."""
    said = value if str(value).isdigit() else context.text or value
    digits = re.fullmatch(r"\D{0,12}(\d{1,6})\D{0,20}", str(said))
    if digits and 1 <= int(digits[1]) <= MOST_PLACES:
        return Valid(int(digits[1]))
    return Invalid("utter_invalid_capacity", {"limit": MOST_PLACES})


async def check_audience(value: Any, context: Context) -> Result:
    return Valid(value) if value in list(Audience) else Invalid("utter_answer_not_understood")


async def check_day(value: Any, context: Context) -> Result:
    """A day to come and not absurdly far; hours and a last day said with it are kept."""
    moment = said_day(value, context)
    if doubt := unread_day(moment, context):
        return doubt
    if moment.day is None:
        return Unclear("utter_invalid_day")
    if doubt := doubtful_day(moment.day, context):
        return doubt
    also: dict[str, SlotValue] = {}
    if moment.hour is not None:
        also["training_start"] = f"{moment.hour:%H:%M}"
    last = max(moment.days)
    if last > moment.day:
        also["training_last_day"] = last.isoformat()
    if (
        len(moment.hours) == 2
        and moment.hour
        and at(last, moment.hours[1], now(context)) > at(moment.day, moment.hour, now(context))
    ):
        also["training_end"] = at(last, moment.hours[1], now(context)).isoformat()
    return Valid(moment.day.isoformat(), also)


def unread_day(moment: Moment, context: Context) -> Unclear | None:
    """A month nobody can know, a day that does not exist, a name and a number that disagree: both are offered."""
    if moment.vague is None:
        return None
    response = "utter_no_such_day" if moment.missing else "utter_vague_date"
    response = "utter_days_disagree" if moment.offers else response
    hour = {"time": f"{moment.hour:%H:%M}"} if moment.hour else {}
    words = wordbook(context)
    labels = tuple(
        Label(payload("inform", date=day.isoformat(), **hour), title=words.day(day)) for day in moment.offers
    )
    return Unclear(response, {"text": moment.vague}, labels)


def doubtful_day(day: date, context: Context) -> Unclear | None:
    """In the past, or so far that the year is a mistake: the nearest day that is neither is offered."""
    today = now(context).date()
    if today <= day <= today + FURTHEST:
        return None
    offer = next_alike(day, today) if timedelta(0) < today - day <= RECENT else nearest_year(day, today)
    response = "utter_day_is_past" if day < today else "utter_day_is_far"
    words = wordbook(context)
    labels = (Label(payload("inform", date=offer.isoformat()), title=words.day(offer)),)
    return Unclear(response, {"day": words.day(day)}, labels)


def with_hour(doubt: Unclear, hour: time | None) -> Unclear:
    """The day offered keeps the hour that was said."""
    if hour is None:
        return doubt
    labels = tuple(
        replace(label, payload=label.payload.replace("}", f', "time": "{hour:%H:%M}"}}'))
        for label in doubt.labels
    )
    return replace(doubt, labels=labels)


def next_alike(day: date, today: date) -> date:
    """The next day of the same name: of "jeudi dernier", the coming Thursday."""
    return today + timedelta(days=(day.weekday() - today.weekday()) % 7 or 7)


def nearest_year(day: date, today: date) -> date:
    """The same day and month, the next time they come; 29 February becomes the 28th."""
    for year in (today.year, today.year + 1):
        try:
            found = day.replace(year=year)
        except ValueError:
            found = date(year, 2, 28)
        if found >= today:
            return found
    return found


async def check_start(value: Any, context: Context) -> Result:
    moment = said(value, context, asked=True)
    if moment.either:
        return which_hour(moment)
    if moment.hour is None:
        return Unclear("utter_invalid_hour", labels=hour_labels(moment))
    day = date.fromisoformat(context.conversation.words("training_day"))
    if at(day, moment.hour, now(context)) <= now(context):
        return Unclear("utter_hour_is_past")
    also: dict[str, SlotValue] = {}
    if len(moment.hours) == 2 and moment.hours[1] > moment.hour:
        also["training_end"] = at(_last_day(context.conversation), moment.hours[1], now(context)).isoformat()
    return Valid(f"{moment.hour:%H:%M}", also)


async def check_end(value: Any, context: Context) -> Result:
    """An hour of the last day, or a day and an hour; after the start, and within a month of it."""
    moment = said(value, context, asked=True)
    if moment.either:
        start = time.fromisoformat(context.conversation.words("training_start"))
        later = [hour for hour in moment.either if hour > start]
        if len(later) != 1 or moment.days:
            return which_hour(moment)
        moment = Moment(moment.days, (later[0],))
    if moment.hour is None:
        return Unclear("utter_invalid_hour", labels=hour_labels(moment))
    ends = at(moment.day or _last_day(context.conversation), moment.hour, now(context))
    starts = start_of(context.conversation, context)
    if ends <= starts or ends - starts > LONGEST:
        return Unclear("utter_end_before_start", {"start": wordbook(context).moment(starts)})
    return Valid(ends.isoformat())


def said(value: Any, context: Context, *, asked: bool = False) -> Moment:
    """What the answer says of a time; `value` alone when nothing was typed."""
    counted = Asked.BY_CLOCK if context.conversation.language == "fr" else Asked.COUNTED
    how = counted if asked else Asked.NO
    return settled(read_moment(context.text or str(value), context.meaning.entities, how), now(context))


def said_day(value: Any, context: Context) -> Moment:
    """What the answer to "which day?" says: a lone number is the next day that bears it."""
    moment = said(value, context)
    number = LONE_DAY.fullmatch(context.text or str(value))
    if number is None or moment.day or moment.vague:
        return moment
    day = next_numbered(int(number[1]), now(context).date())
    return replace(moment, days=(day,), hours=(), either=()) if day else moment


def which_hour(moment: Moment) -> Unclear:
    """An hour with two readings is asked, never guessed; the day said with it stays."""
    hours = [f"{hour:%H:%M}" for hour in moment.either]
    day = {"date": moment.day.isoformat()} if moment.day else {}
    labels = tuple(Label(payload("inform", **day, time=hour), title=hour) for hour in hours)
    return Unclear("utter_which_hour", {"first": hours[0], "second": hours[1]}, labels)


def hour_labels(moment: Moment | None = None) -> tuple[Label, ...]:
    hours = offered_hours(moment.part if moment else None)
    return tuple(Label(payload("inform", time=f"{h:%H:%M}"), title=f"{h:%H:%M}") for h in hours)


def now(context: Context) -> datetime:
    return context.now.astimezone(context.zone)


def _last_day(conversation: Conversation) -> date:
    day = conversation.words("training_last_day") or conversation.words("training_day")
    return date.fromisoformat(day)


def start_of(conversation: Conversation, context: Context) -> datetime:
    day, hour = conversation.words("training_day"), conversation.words("training_start")
    return at(date.fromisoformat(day), time.fromisoformat(hour), now(context))


def needless(conversation: Conversation) -> frozenset[str]:
    """A description in a language without a title; the last day, which is said with the first or with the end."""
    languages = [lg for lg in ("so", "aa") if not conversation.slot(f"training_title_{lg}")]
    return frozenset({"training_last_day", *(f"training_description_{lg}" for lg in languages)})


def labels(slot: str, context: Context) -> tuple[Label, ...]:
    match slot:
        case "training_theme":
            return tuple(
                Label(payload("inform", theme=value), response=f"utter_theme_{key}")
                for value, key in THEMES.items()
            )
        case "training_start":
            return hour_labels()
        case "training_audience":
            region = {"region": context.conversation.words("training_region")}
            return tuple(
                Label(payload("inform", tell=a), response=f"utter_audience_{a}", values=region)
                for a in Audience
            )
    return ()


def values(slot: str, context: Context) -> Mapping[str, Any]:
    if slot == "training_confirm":
        return {"summary": summary(plan_of(context), wordbook(context), context.now)}
    if slot.startswith("training_"):
        return {"title": context.conversation.words("training_title")}
    return {}


def summary(plan: Plan, words: Wordbook, moment: datetime) -> str:
    """As people will see it, and the texts in the other languages."""
    card = words.card(Training(0, plan, Status.DRAFT), moment)
    others = [
        f"{language} : {' — '.join(filter(None, (texts.title, texts.description)))}"
        for language, texts in plan.texts.items()
        if language != "fr"
    ]
    return "\n".join([card, *others])


def plan_of(context: Context) -> Plan:
    """What the answered form says."""
    slots = context.conversation
    texts = {
        language: Texts(slots.words(f"training_title{suffix}"), slots.words(f"training_description{suffix}"))
        for language, suffix in (("fr", ""), ("so", "_so"), ("aa", "_aa"))
        if slots.slot(f"training_title{suffix}")
    }
    capacity = slots.slot("training_capacity")
    return Plan(
        texts=texts,
        theme=slots.words("training_theme") or None,
        region=slots.words("training_region"),
        place=slots.words("training_place"),
        starts_at=start_of(slots, context),
        ends_at=datetime.fromisoformat(slots.words("training_end")),
        capacity=capacity if isinstance(capacity, int) else None,
        organiser=slots.words("training_organiser") or None,
        audience=Audience(slots.words("training_audience")),
    )


CREATE_FORM = FormRules(
    checks={
        "training_title": check_title,
        "training_description": check_description,
        "training_title_so": check_title,
        "training_description_so": check_description,
        "training_title_aa": check_title,
        "training_description_aa": check_description,
        "training_place": check_place,
        "training_day": check_day,
        "training_start": check_start,
        "training_end": check_end,
        "training_capacity": check_capacity,
        "training_organiser": check_place,
        "training_audience": check_audience,
    },
    optional=frozenset(
        {
            "training_description",
            "training_title_so",
            "training_description_so",
            "training_title_aa",
            "training_description_aa",
            "training_theme",
            "training_capacity",
            "training_organiser",
        }
    ),
    summary="training_confirm",
    values=values,
    labels=labels,
    needless=needless,
    skips={
        "training_title_so": "utter_label_french_only",
        "training_title_aa": "utter_label_french_only",
        "training_capacity": "utter_label_no_limit",
    },
)
