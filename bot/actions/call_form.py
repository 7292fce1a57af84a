"""Publishing a call for projects, question by question, and giving one another deadline."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from bot.actions.call_texts import card
from bot.actions.calls import last_moment
from bot.actions.calls_port import PUBLISHERS
from bot.actions.context import Context, Label, Outcome, say
from bot.actions.planning_form import (
    Result,
    check_description,
    check_title,
    doubtful_day,
    now,
    said_day,
    unread_day,
)
from bot.actions.registration import THEMES
from bot.actions.training_choice import wordbook
from bot.actions.training_texts import payload
from bot.call import CallPlan
from bot.conversation import SlotValue
from bot.forms import FormRules, Invalid, Partial, Unclear, Valid
from bot.moments import at
from bot.organisation import REGIONS

DONE = "done"
LINK = re.compile(r"https?://[^\s<>\"']{4,500}")


async def check_deadline(value: Any, context: Context) -> Result:
    """A day to come; the call is open until its last minute. A first day said with it is the opening."""
    moment = said_day(value, context)
    if unread := unread_day(moment, context):
        return unread
    if moment.day is None:
        return Unclear("utter_invalid_day")
    last = max(moment.days)
    if doubt := doubtful_day(last, context):
        return doubt
    also: dict[str, SlotValue] = {"call_opens": moment.day.isoformat()} if last > moment.day else {}
    return Valid(last.isoformat(), also)


async def check_opening(value: Any, context: Context) -> Result:
    """Before the deadline; a day that is past is as good as today."""
    moment = said_day(value, context)
    if unread := unread_day(moment, context):
        return unread
    if moment.day is None:
        return Unclear("utter_invalid_day")
    closes = date.fromisoformat(context.conversation.words("call_closes"))
    if moment.day > closes:
        return Unclear("utter_call_opens_late", {"closes": wordbook(context).day(closes)})
    return Valid(moment.day.isoformat())


async def check_link(value: Any, context: Context) -> Result:
    """An address of the web, also when typed without its beginning."""
    typed = str(value).strip()
    link = typed if typed.startswith(("http://", "https://")) else f"https://{typed}"
    good = LINK.fullmatch(link) and "." in link.partition("//")[2].partition("/")[0]
    return Valid(link) if good else Invalid("utter_invalid_address")


async def check_several(value: Any, context: Context) -> Valid | Partial | Invalid:
    """Taps add up until "that is all"; several values typed at once are the whole answer."""
    slot = context.conversation.requested_slot or ""
    allowed = THEMES if slot == "call_themes" else REGIONS
    kept = context.conversation.slot(slot)
    before = list(kept) if isinstance(kept, list) else []
    if value == DONE:
        return Valid(before) if before else Invalid("utter_answer_needed")
    given = [v for v in ([value] if isinstance(value, str) else list(value)) if v in allowed]
    if not given:
        return Invalid("utter_choose_button")
    together = list(dict.fromkeys([*before, *given]))
    return Valid(together) if len(given) > 1 or context.text else Partial(together)


def plan_of(context: Context) -> CallPlan:
    """What the answered form says."""
    slots, local = context.conversation, now(context)
    closes = at(date.fromisoformat(slots.words("call_closes")), time(23, 59), local)
    opens = slots.words("call_opens")
    return CallPlan(
        title=slots.words("call_title"),
        closes_at=closes,
        opens_at=at(date.fromisoformat(opens), time(), local) if opens else context.now,
        description=slots.words("call_description") or None,
        amount=slots.words("call_amount") or None,
        conditions=slots.words("call_conditions") or None,
        url=slots.words("call_link") or None,
        themes=_several(slots.slot("call_themes")),
        regions=_several(slots.slot("call_regions")),
    )


def _several(value: SlotValue) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else ()


async def publish(context: Context) -> Outcome:
    """The form is complete and confirmed: the call is open, and whom it suits is told."""
    if context.person.role not in PUBLISHERS:
        return say("utter_partners_only")
    published = await context.calls.publish(plan_of(context))
    values = {
        "title": published.call.plan.title,
        "organisations": published.organisations,
        "told": published.told.told,
        "stopped": published.told.stopped,
        "unreachable": published.told.unreachable,
    }
    return say(
        "utter_call_is_published", Label("/find_funding", response="utter_label_other_calls"), **values
    )


async def move(context: Context) -> Outcome:
    """Another deadline for a call that is open."""
    number = context.conversation.words("call_moved")
    day = date.fromisoformat(context.conversation.words("call_new_deadline"))
    if not number.isdigit() or not await context.calls.may_change(int(number)):
        return say("utter_partners_only")
    closes = last_moment(datetime.combine(day, time()), context)
    told = await context.calls.move(int(number), closes)
    if told is None:
        return say("utter_call_over_already")
    return say("utter_call_is_moved", closes=wordbook(context).day(closes), told=told.told)


def labels(slot: str, context: Context) -> tuple[Label, ...]:
    kept = context.conversation.slot(slot)
    chosen = kept if isinstance(kept, list) else []
    match slot:
        case "call_themes":
            left = [
                Label(payload("inform", theme=theme), response=f"utter_theme_{key}")
                for theme, key in THEMES.items()
                if theme not in chosen
            ]
        case "call_regions":
            left = [Label(payload("inform", region=r), title=r) for r in REGIONS if r not in chosen]
        case _:
            return ()
    return (*left, Label("/affirm", response="utter_label_done")) if chosen else tuple(left)


def values(slot: str, context: Context) -> Mapping[str, Any]:
    return card(wordbook(context), plan_of(context)) if slot == "call_confirm" else {}


CALL_FORM = FormRules(
    checks={
        "call_title": check_title,
        "call_description": check_description,
        "call_closes": check_deadline,
        "call_opens": check_opening,
        "call_amount": check_description,
        "call_themes": check_several,
        "call_regions": check_several,
        "call_conditions": check_description,
        "call_link": check_link,
    },
    optional=frozenset(
        {
            "call_description",
            "call_opens",
            "call_amount",
            "call_themes",
            "call_regions",
            "call_conditions",
            "call_link",
        }
    ),
    summary="call_confirm",
    labels=labels,
    values=values,
    skips={
        "call_opens": "utter_label_open_now",
        "call_themes": "utter_label_all_themes",
        "call_regions": "utter_need_everywhere",
    },
)
MOVE_FORM = FormRules(checks={"call_new_deadline": check_deadline})
