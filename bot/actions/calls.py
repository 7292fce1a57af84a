"""Calls for projects in chat: the open ones found and read, their deadline reminded of; published and changed."""

from datetime import datetime, time

from bot.actions import resources
from bot.actions.call_texts import card, details_label, line, remind_label
from bot.actions.calls_port import PUBLISHERS, Suiting
from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.training_choice import wordbook
from bot.actions.training_texts import payload
from bot.call import Call, number_of_key
from bot.conversation import FormStarted, SlotSet
from bot.moments import at

SHOWN = 5


async def find_funding(context: Context) -> Outcome:
    """Open calls that suit, the first to close first; then what is known of funding. `tell` is the publishers' part."""
    tell = context.entity("tell") or ""
    number = number_of_key(context.entity("id"))
    if tell and not context.in_group:
        return await _publishers(context, tell, number)
    if number is not None:
        return await _show(context, number)
    if context.entity("id") or context.entity("offset"):
        return await resources.search_action(context)
    living = await context.calls.living()
    wanted = await _wanted(context)
    found = [call for call in living if call.suits(wanted.themes, wanted.regions)] or list(living)
    told = await resources.search_action(context) if not found else Outcome()
    publishing = publishing_door(context)
    if not found:
        return Outcome(told.events, (Say("utter_no_open_call"), *told.says, *publishing))
    words = wordbook(context)
    lines = "\n\n".join(line(words, call, context.now) for call in found[:SHOWN])
    more = Label("/find_resource", response="utter_label_other_funding")
    labels = (*(details_label(call) for call in found[:SHOWN]), Label(more.payload, response=more.response))
    suits = wanted.themes or wanted.regions
    all_of_them = len(found) == len(living)
    response = "utter_calls_for_you" if suits and not all_of_them else "utter_calls_open"
    return Outcome(told.events, (Say(response, {"lines": lines}, labels), *publishing))


def publishing_door(context: Context) -> tuple[Say, ...]:
    """Offered to those who may publish, and to nobody else."""
    label = Label(payload("find_funding", tell="publish"), response="utter_label_publish_call")
    return (Say("utter_call_door", labels=(label,)),) if _publishes(context) else ()


def _publishes(context: Context) -> bool:
    return context.person.role in PUBLISHERS and not context.in_group


async def _wanted(context: Context) -> Suiting:
    """What was said; else what the person's organisations do."""
    theme, region = context.entity("theme"), context.entity("region")
    if theme or region:
        return Suiting((theme,) if theme else (), (region,) if region else ())
    return await context.calls.suiting()


async def _show(context: Context, number: int) -> Outcome:
    call = await context.calls.get(number)
    if call is None or call.withdrawn:
        return say("utter_call_unknown", Label("/find_funding", response="utter_label_other_calls"))
    values = card(wordbook(context), call.plan)
    labels = [Label("", response="utter_label_open_link", url=call.plan.url)] if call.plan.url else []
    if call.plan.closes_at <= context.now:
        return say("utter_call_over", *labels, **values)
    labels.append(remind_label(call))
    if _publishes(context) and await context.calls.may_change(number):
        labels.append(
            Label(payload("find_funding", id=call.key, tell="move"), response="utter_label_move_call")
        )
        labels.append(
            Label(payload("find_funding", id=call.key, tell="stop?"), response="utter_label_stop_call")
        )
    return say("utter_call_card", *labels, **values)


async def _publishers(context: Context, tell: str, number: int | None) -> Outcome:
    if context.person.role not in PUBLISHERS:
        return say("utter_partners_only")
    if tell == "publish":
        return Outcome((FormStarted("call_form"),))
    call = await context.calls.get(number) if number is not None else None
    if call is None or not await context.calls.may_change(call.id):
        return say("utter_call_unknown")
    if tell == "move":
        return Outcome((SlotSet("call_moved", str(call.id)), FormStarted("move_call_form")))
    if tell == "stop?":
        sure = Label(payload("find_funding", id=call.key, tell="stop"), response="utter_label_stop_call")
        return say(
            "utter_call_stop_sure", sure, Label("/deny", response="utter_label_keep"), title=call.plan.title
        )
    told = await context.calls.withdraw(call.id)
    return say("utter_call_over_already") if told is None else say("utter_call_stopped", told=told.told)


async def remind(context: Context, call: Call) -> Outcome:
    """Seven days before, two days before, and on the last day."""
    if call.withdrawn or call.plan.closes_at <= context.now:
        return say("utter_no_deadline")
    moments = await context.calls.remind(call)
    if not moments:
        return say("utter_reminder_too_late")
    words = wordbook(context)
    days = ", ".join(words.day(moment.astimezone(context.zone)) for moment in moments)
    drop = Label("/stop_reminders", response="utter_label_my_reminders")
    return say("utter_call_reminded", drop, title=call.plan.title, days=days)


def last_moment(day: datetime, context: Context) -> datetime:
    """A call is open until the end of its last day, where people live."""
    return at(day.date(), time(23, 59), context.now.astimezone(context.zone))
