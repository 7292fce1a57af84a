"""The one question-and-answer form of announcements: what is asked, what a good answer is, what it changes."""

import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from bot.actions.context import Context, Label, Outcome
from bot.actions.planning_form import doubtful_day, now, said, unread_day, which_hour, with_hour
from bot.announcement import LONGEST_TEXT, Link
from bot.audiences import Named, from_words
from bot.conversation import FormStarted, SlotSet
from bot.forms import FormRules, Invalid, Unclear, Valid
from bot.moments import at, next_at

FORM = "announcement_form"
MORNING = time(9)
LINK = re.compile(r"(?P<title>.*?)\s*(?P<url>https?://[^\s<>\"]{3,1500})\s*$", re.DOTALL)
LONGEST_TITLE = 40
Result = Valid | Invalid | Unclear


def ask(context: Context, what: str, number: int) -> Outcome:
    """Ask for "text:so", "when", "until", "link", "words", "name", "fix:fr" or "file" of announcement `number`."""
    events = (SlotSet("announcement_asked", f"{what}@{number}"), FormStarted(FORM))
    return Outcome(events, stops=True)


def asked(context: Context) -> tuple[str, str, int]:
    """What is asked, its detail (a language), and of which announcement (0: one not drafted yet)."""
    what, _, number = context.conversation.words("announcement_asked").partition("@")
    kind, _, detail = what.partition(":")
    return kind, detail, int(number or 0)


async def check(value: Any, context: Context) -> Result:
    kind, _, _ = asked(context)
    text = (context.text or str(value)).strip()
    match kind:
        case "text" | "fix":
            if not any(letter.isalpha() for letter in text):
                return Invalid("utter_text_without_words")
            good = 0 < len(text) <= LONGEST_TEXT
            return (
                Valid(text)
                if good
                else Invalid("utter_text_too_long", {"limit": LONGEST_TEXT, "length": len(text)})
            )
        case "when":
            return check_when(value, context)
        case "until":
            return check_until(value, context)
        case "link":
            found = LINK.fullmatch(text)
            title = found["title"].strip(" :-–\n") if found else ""
            good = bool(found) and 0 < len(title) <= LONGEST_TITLE
            return Valid(text) if good else Invalid("utter_invalid_link")
        case "words":
            return (
                Valid(text) if read_words(context) is not None else Invalid("utter_audience_not_understood")
            )
        case "name":
            return Valid(text) if 2 <= len(text) <= 60 else Invalid("utter_invalid_name")
        case _:
            return Invalid("utter_file_wanted")


def check_when(value: Any, context: Context) -> Result:
    """A day and an hour to come, by the wall clock of Djibouti; a day alone is its morning."""
    moment = said(value, context, asked=True)
    if unread := unread_day(moment, context):
        return unread
    if moment.day and (doubt := doubtful_day(moment.day, context)):
        return with_hour(doubt, moment.hour)
    if moment.either:
        return which_hour(moment)
    if moment.day is None and moment.hour is None:
        return Unclear("utter_invalid_day")
    if moment.day is None and moment.hour is not None:
        return Valid(next_at(moment.hour, now(context)).isoformat())
    chosen = at(moment.day or now(context).date(), moment.hour or MORNING, now(context))
    return Valid(chosen.isoformat()) if chosen > now(context) else Unclear("utter_hour_is_past")


def check_until(value: Any, context: Context) -> Result:
    moment = said(value, context)
    if unread := unread_day(moment, context):
        return unread
    if moment.day is None:
        return Unclear("utter_invalid_day")
    if doubt := doubtful_day(moment.day, context):
        return doubt
    return Valid(at(moment.day, time(23, 59), now(context)).isoformat())


def read_words(context: Context) -> Any:
    """The audience that the text names, or None."""
    named = [Named(e.name, e.value, e.start) for e in context.meaning.entities]
    return from_words(context.text, named)


def values(slot: str, context: Context) -> Mapping[str, Any]:
    kind, detail, _ = asked(context)
    language = context.words(f"utter_label_text_{detail}") if detail else ""
    question = context.words(f"utter_ask_ann_{kind}").format(language=language, limit=LONGEST_TEXT)
    return {"question": question}


def labels(slot: str, context: Context) -> tuple[Label, ...]:
    kind, _, number = asked(context)
    tells = {
        "when": ("now", "every:day", "every:week", "every:month", "every:once"),
        "until": ("panel",),
        "file": ("file:none",),
    }.get(kind, ())
    names = {"panel": "no_end", "file:none": "no_file"}
    return tuple(
        Label(
            f'/create_announcement{{"id": "{number}", "tell": "{tell}"}}',
            response=f"utter_label_ann_{names.get(tell, tell.replace(':', '_'))}",
        )
        for tell in tells
    )


ANNOUNCEMENT_FORM = FormRules(checks={"announcement_answer": check}, values=values, labels=labels)


def link_of(text: str) -> Link | None:
    found = LINK.fullmatch(text)
    return Link(found["title"].strip(" :-–\n"), found["url"]) if found else None


def moment_of(text: str) -> datetime:
    return datetime.fromisoformat(text)
