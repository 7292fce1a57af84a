"""Changing one field of a profile: which organisation, which field, its new value, and the yes to it."""

from collections.abc import Mapping
from typing import Any

from bot.actions.context import Context, Label, Outcome, Say, say
from bot.actions.directory_port import Profile
from bot.actions.profile_fields import (
    FIELDS,
    NOTHING,
    PICTURES,
    REQUIRED,
    check_field,
    choice_labels,
    column,
    shown,
)
from bot.actions.profile_texts import next_label, which_labels
from bot.actions.training_texts import payload
from bot.conversation import Event, SlotAnswered, SlotReopened, SlotSet
from bot.forms import FormRules, Invalid, Partial, Valid
from bot.organisation import EDITORS
from bot.search_words import fold

FORM = "update_osc_form"
SHORT = 3
"""Letters of a name that stands in too many sentences to say which field is meant."""
HINTED = frozenset({*PICTURES, "osc_addresses", "osc_social_pages", "osc_contact_visibility"})
"""Fields whose question needs more than "what is the new value?"."""
OFFERED = ("osc_target_groups", "osc_capacities", "osc_equipment")
"""Fields of which own words are taken beside the values offered."""


async def start_update(context: Context) -> Outcome:
    """Remember which entry, perhaps which field, is to be changed; without one there is nothing to change."""
    if FORM in context.conversation.waiting and context.entity("id") is None:
        return Outcome()
    cards = await context.directory.of_person(context.person.id)
    wanted = context.entity("id")
    chosen = [card for card in cards if wanted in (None, str(card.id))]
    if not chosen:
        return Outcome(says=(Say("utter_no_osc"),), stops=True)
    if len(chosen) > 1:
        which = Say("utter_which_osc", labels=which_labels(chosen, "update_osc"))
        return Outcome(says=(which,), stops=True)
    profile = await context.profiles.profile(chosen[0].id or 0)
    if profile is None or profile.part not in EDITORS:
        return Outcome(says=(Say("utter_editors_only", {"name": chosen[0].name}),), stops=True)
    return Outcome(opened(profile, context.entity("slot") or _named_in(context), context))


def _named_in(context: Context) -> str | None:
    """The one field whose name, as the buttons say it, stands in what was typed: "changer le téléphone"."""
    said = f" {fold(context.text)} "
    labels = {name: fold(context.words(f"utter_label_{name}")) for name in FIELDS}
    found = [name for name, label in labels.items() if len(label) > SHORT and f" {label} " in said]
    return found[0] if len(found) == 1 else None


def opened(profile: Profile, name: str | None, context: Context) -> tuple[Event, ...]:
    """The form begins afresh for this entry; with the name of a field, at its new value."""
    return (*_fresh(profile), *_field(profile, name, context))


def _fresh(profile: Profile) -> tuple[Event, ...]:
    again = tuple(SlotReopened(name) for name in ("update_confirm", "update_value", "update_field"))
    return (*again, SlotSet("update_osc", str(profile.card.id)), SlotSet("update_name", profile.card.name))


def _field(profile: Profile, name: str | None, context: Context) -> tuple[Event, ...]:
    """The field a button named, as if it had been chosen."""
    if name not in FIELDS:
        return ()
    old = SlotSet("update_old", _old(profile, name, context))
    return (SlotSet("update_field", name), SlotAnswered("update_field"), old)


def _old(profile: Profile, name: str, context: Context) -> str:
    value = getattr(profile.card, column(name))
    return shown(name, value, context) if value else "—"


def update_labels(slot: str, context: Context) -> tuple[Label, ...]:
    if slot == "update_field":
        return tuple(Label(payload("inform", slot=name), response=f"utter_label_{name}") for name in FIELDS)
    if slot != "update_value":
        return ()
    now = context.conversation
    name = now.words("update_field")
    kept = now.slot("update_value")
    labels = choice_labels(name, kept if isinstance(kept, list) else [], context)
    emptied = name not in REQUIRED and now.words("update_old") not in ("", "—") and not kept
    return (
        (*labels, Label(payload("inform", choice=NOTHING), response="utter_label_empty"))
        if emptied
        else labels
    )


def update_values(slot: str, context: Context) -> Mapping[str, Any]:
    now = context.conversation
    name = now.words("update_field")
    value = now.slot("update_value")
    old = now.words("update_old") or "—"
    return {
        "name": now.words("update_name"),
        "field": context.words(f"utter_label_{name}") if name else "",
        "old": _chosen_so_far(name, value, context) if slot == "update_value" else old,
        "new": "—" if value in (None, NOTHING) else shown(name, value, context),
        "hint": context.words(_hint(name)),
    }


def _chosen_so_far(name: str, value: Any, context: Context) -> str:
    """The old value, and what was tapped already of a field that takes several."""
    old = context.conversation.words("update_old") or "—"
    return f"{old} → {shown(name, value, context)}" if isinstance(value, list) and value else old


def _hint(name: str) -> str:
    if name in OFFERED:
        return "utter_hint_several"
    return f"utter_hint_{name}" if name in HINTED else "utter_hint_value"


async def check_update_field(value: Any, context: Context) -> Valid | Invalid:
    profile = await context.profiles.profile(int(context.conversation.words("update_osc") or 0))
    if value not in FIELDS or profile is None:
        return Invalid("utter_answer_not_understood")
    return Valid(value, {"update_old": _old(profile, str(value), context)})


async def check_update_value(value: Any, context: Context) -> Valid | Partial | Invalid:
    """The new value must be what its own question would have accepted."""
    kept = context.conversation.slot("update_value")
    name = context.conversation.words("update_field")
    return await check_field(name, value, kept if isinstance(kept, list) else [], context)


UPDATE_FORM = FormRules(
    checks={"update_field": check_update_field, "update_value": check_update_value},
    values=update_values,
    labels=update_labels,
)


async def update(context: Context) -> Outcome:
    now = context.conversation
    number, name = int(now.words("update_osc")), now.words("update_field")
    value = now.slot("update_value")
    changed = await context.directory.change(
        context.person.id, number, column(name), None if value == NOTHING else value
    )
    profile = await context.profiles.profile(number)
    if not changed or profile is None:
        return say("utter_no_osc")
    says = [Say("utter_osc_updated", labels=next_label(profile, context))]
    if name == "osc_receipt_key" and value != NOTHING:
        says += await _receipt_came(profile, context)
    return Outcome(says=tuple(says))


async def _receipt_came(profile: Profile, context: Context) -> list[Say]:
    """Coordinators look at it beside the entry."""
    label = Label(payload("review_osc", tell=f"card:{profile.card.id}"), response="utter_label_see_osc")
    return [
        Say("utter_receipt_came", {"name": profile.card.name}, (label,), to=address, language=language)
        for address, language in await context.desk.coordinators()
        if address != context.address
    ]
