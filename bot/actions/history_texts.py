"""The history of an organisation in chat: who changed what, when, from what to what, and taking it back."""

from collections.abc import Sequence
from typing import Any

from bot.actions.announcement_port import COORDINATORS
from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.directory_port import Changed, Undone
from bot.actions.profile_fields import FIELDS, shown
from bot.actions.training_texts import payload

PAGE = 5
LONGEST_VALUE = 60


async def history_page(context: Context, numbers: list[str]) -> Outcome:
    """`numbers`: the organisation, and how many changes to pass over."""
    if not all(number.isdecimal() for number in numbers) or not numbers:
        return say("utter_no_osc")
    organisation, offset = int(numbers[0]), int(numbers[1]) if len(numbers) > 1 else 0
    found = await context.profiles.history(organisation, offset, PAGE + 1)
    if not found:
        return say("utter_history_empty")
    page = found[:PAGE]
    lines = [_line(number, change, context) for number, change in enumerate(page, 1)]
    labels = _undo_labels(page, context)
    if len(found) > PAGE:
        more = payload("show_my_osc", tell=f"history:{organisation}:{offset + PAGE}")
        labels = (*labels, Label(more, response="utter_label_more"))
    return say("utter_history", *labels, changes="\n".join(lines))


def _undo_labels(page: Sequence[Changed], context: Context) -> tuple[Label, ...]:
    """What is decided about trust is taken back by coordinators only."""
    kept = {"entry"} if context.person.role in COORDINATORS else {"entry", "status", "merge"}
    return tuple(
        Label(
            payload("show_my_osc", tell=f"undo:{change.id}"),
            response="utter_label_undo",
            values={"number": number},
        )
        for number, change in enumerate(page, 1)
        if not change.undone and change.field not in kept
    )


def _line(number: int, change: Changed, context: Context) -> str:
    when = change.at.astimezone(context.zone)
    who = change.who or context.words(f"utter_role_{change.role}" if change.role else "utter_somebody")
    head = f"{number}. {when:%d/%m/%Y %H:%M} · {who}"
    what = _what(change, context)
    undone = f" ({context.words('utter_undone')})" if change.undone else ""
    return f"{head}\n{what}{undone}"


def _what(change: Changed, context: Context) -> str:
    if change.field == "entry":
        label = "utter_history_project" if change.project else "utter_history_entry"
        return f"{context.words(label)} : {_short(change.after)}"
    if change.field == "merge":
        return f"{context.words('utter_history_merge')} : {_short(change.after['name'])}"
    name = _field_name(change, context)
    before, after = _value(change, change.before, context), _value(change, change.after, context)
    about = f"{change.project} · " if change.project else ""
    return f"{about}{name} : {before} → {after}"


def _field_name(change: Changed, context: Context) -> str:
    prefix = "utter_label_project_" if change.project else "utter_label_osc_"
    response = prefix + change.field
    return context.words(response) if response in context.domain.responses else change.field


def _value(change: Changed, value: Any, context: Context) -> str:
    if value in (None, [], ""):
        return "—"
    if change.project is None and change.field == "status":
        return context.words(f"utter_status_{value}")
    name = f"osc_{change.field}"
    return _short(shown(name, value, context) if change.project is None and name in FIELDS else value)


def _short(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1].rstrip() + "…"


async def undo_change(context: Context, numbers: list[str]) -> Outcome:
    number = int(numbers[0]) if numbers and numbers[0].isdecimal() else 0
    undoing = await context.profiles.undo(number)
    result = Say(f"utter_undo_{undoing.result}")
    if undoing.result is not Undone.DONE:
        return Outcome(says=(result,))
    page = await history_page(context, [str(undoing.organisation_id)])
    return Outcome(says=(result, *page.says))
