"""How a call for projects is worded: a card, a line of a list, and the messages that tell of it."""

from dataclasses import replace
from datetime import datetime

from bot.actions.context import Label, Say
from bot.actions.registration import THEMES
from bot.actions.training_texts import Wordbook, payload, shortened
from bot.call import Call, CallPlan
from bot.messages import Opening

EMPTY = "—"


def card(words: Wordbook, plan: CallPlan) -> dict[str, str]:
    """The values of `utter_call_card`; what is not said is a dash."""
    themes = ", ".join(words.say(f"utter_theme_{THEMES[theme]}") for theme in plan.themes)
    return {
        "title": plan.title,
        "description": plan.description or EMPTY,
        "amount": plan.amount or EMPTY,
        "conditions": plan.conditions or EMPTY,
        "themes": themes or words.say("utter_label_all_themes"),
        "regions": ", ".join(plan.regions) or words.say("utter_need_everywhere"),
        "closes": words.day(plan.closes_at),
        "opens": words.day(plan.opens_at),
        "url": plan.url or EMPTY,
    }


def line(words: Wordbook, call: Call, now: datetime) -> str:
    """One line of a list; a call that is not open yet says from when it is."""
    values = {
        "title": call.plan.title,
        "closes": words.day(call.plan.closes_at),
        "opens": words.day(call.plan.opens_at),
    }
    return words.say("utter_call_line_coming" if call.is_coming(now) else "utter_call_line", **values)


def details_label(call: Call) -> Label:
    return Label(payload("find_funding", id=call.key), title=shortened(call.plan.title))


def remind_label(call: Call) -> Label:
    return Label(payload("set_reminder", id=call.key), response="utter_label_remind_deadline")


def call_published(words: Wordbook, call: Call, now: datetime) -> Say:
    labels = (details_label(call), remind_label(call))
    return Say(
        "utter_call_published", {"line": line(words, call, now)}, labels, opening=_opening(words, call)
    )


def call_withdrawn(words: Wordbook, call: Call) -> Say:
    return Say("utter_call_withdrawn", {"title": call.plan.title})


def call_moved(words: Wordbook, call: Call) -> Say:
    values = {"title": call.plan.title, "closes": words.day(call.plan.closes_at)}
    return Say("utter_call_moved", values, (details_label(call),), opening=_opening(words, call))


def deadline_opening(title: str, closes_at: datetime, words: Wordbook) -> Opening:
    """How a deadline is told where only approved words may open a talk, which are French."""
    return Opening(
        "call_deadline", (("title", title), ("date", replace(words, language="fr").day(closes_at)))
    )


def _opening(words: Wordbook, call: Call) -> Opening:
    return deadline_opening(call.plan.title, call.plan.closes_at, words)
