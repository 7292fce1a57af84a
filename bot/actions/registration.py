"""Registering an organisation and keeping its entry true: what each answer must be, and what is saved."""

import re
from collections.abc import Mapping
from typing import Any

import phonenumbers

from bot.actions.context import Context, Label, Outcome, Say
from bot.actions.directory_port import OrganisationCard
from bot.conversation import Conversation, SlotSet
from bot.forms import FormRules, Invalid, Partial, Unclear, Valid

REGION_OF_NUMBERS = "DJ"
LEGAL_FORMS = ("association", "coopérative", "syndicat", "fondation", "think tank", "groupe informel")
"""The forms law 107/AN/24 names for an OSC, and those who have none yet."""
THEMES = {
    "éducation": "education",
    "santé": "sante",
    "environnement": "environnement",
    "jeunesse": "jeunesse",
    "femmes": "femmes",
    "handicap": "handicap",
    "culture": "culture",
    "sport": "sport",
    "droits humains": "droits_humains",
    "économie": "economie",
    "agriculture": "agriculture",
    "eau": "eau",
    "numérique": "numerique",
    "humanitaire": "humanitaire",
    "enfance": "enfance",
    "migration": "migration",
}
FORM_NAMES = {form: form.replace("é", "e").replace(" ", "_") for form in LEGAL_FORMS}
LANGUAGES = {"français": "francais", "somali": "somali", "afar": "afar"}
SEVERAL = {"osc_themes": ("theme", "theme", THEMES), "osc_languages": ("language", "language", LANGUAGES)}
"""Slots that take several values: their entity, the prefix of their titles, their values."""
VALUE_NAMES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "osc_themes": ("theme", THEMES),
    "osc_languages": ("language", LANGUAGES),
    "osc_legal_form": ("form", FORM_NAMES),
}
NEW = "new"
"""The tap that says: none of these, another organisation."""
OLDEST_YEAR = 1950
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
FIELDS = (
    "osc_name", "osc_acronym", "osc_legal_form", "osc_region", "osc_place", "osc_themes", "osc_year",
    "osc_contact_name", "osc_contact_role", "osc_phone", "osc_email", "osc_languages", "osc_description",
)  # fmt: skip


async def check_name(value: Any, context: Context) -> Valid | Invalid:
    name = " ".join(str(value).split())
    good = 2 <= len(name) <= 120 and any(c.isalpha() for c in name)
    return Valid(name) if good else Invalid("utter_invalid_name")


async def check_acronym(value: Any, context: Context) -> Valid | Invalid:
    name = " ".join(str(value).split())
    return Valid(name) if 1 <= len(name) <= 20 else Invalid("utter_invalid_acronym")


async def check_legal_form(value: Any, context: Context) -> Valid | Invalid:
    typed = str(value).casefold().strip()
    found = [form for form in LEGAL_FORMS if _plain(form) in _plain(typed)]
    return Valid(found[0]) if found else Invalid("utter_invalid_legal_form")


async def check_year(value: Any, context: Context) -> Valid | Invalid:
    digits = re.search(r"\b\d{4}\b", str(value))
    if digits and OLDEST_YEAR <= int(digits[0]) <= context.now.year:
        return Valid(int(digits[0]))
    return Invalid("utter_invalid_year")


async def check_phone(value: Any, context: Context) -> Valid | Invalid:
    """E.164; a number without a country is one of Djibouti. Of several the first: there is room for one."""
    typed = re.sub(r"^\s*00", "+", str(value[0] if isinstance(value, list) else value))
    try:
        number = phonenumbers.parse(typed, REGION_OF_NUMBERS)
    except phonenumbers.NumberParseException:
        return Invalid("utter_invalid_phone")
    if not phonenumbers.is_valid_number(number):
        return Invalid("utter_invalid_phone")
    return Valid(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


async def check_email(value: Any, context: Context) -> Valid | Invalid:
    typed = str(value).strip().lower()
    return Valid(typed) if EMAIL.fullmatch(typed) and len(typed) <= 254 else Invalid("utter_invalid_email")


async def check_description(value: Any, context: Context) -> Valid | Invalid:
    text = " ".join(str(value).split())
    return Valid(text) if len(text) <= 500 else Invalid("utter_invalid_description")


async def check_consent(value: Any, context: Context) -> Valid | Invalid:
    await context.registry.consent()
    return Valid(True)


async def check_several(value: Any, context: Context) -> Valid | Partial | Invalid:
    """Taps add up until "that is all"; several values at once are the whole answer."""
    slot = context.conversation.requested_slot or ""
    kept = context.conversation.slot(slot)
    before = list(kept) if isinstance(kept, list) else []
    if value == "done":
        return Valid(before) if before else Invalid("utter_answer_needed")
    given = [value] if isinstance(value, str) else list(value)
    together = list(dict.fromkeys([*before, *given]))
    whole = len(given) > 1 or context.entity("several") or context.text
    return Valid(together) if whole or len(together) == len(SEVERAL[slot][2]) else Partial(together)


def _plain(text: str) -> str:
    return text.replace("é", "e").casefold()


async def check_new_name(value: Any, context: Context) -> Valid | Invalid | Unclear:
    """A good name; where the directory has one like it, "is it this one?" comes first."""
    doubted = context.conversation.words("osc_name_doubted")
    if doubted and context.entity("choice") == NEW:
        return Valid(doubted)
    checked = await check_name(value, context)
    if isinstance(checked, Invalid):
        return checked
    card = OrganisationCard(str(checked.value), "", "", ())
    return await _is_it(card, context, {"osc_name_doubted": str(checked.value)}) or checked


async def check_confirmed(value: Any, context: Context) -> Valid | Unclear:
    """With telephone, e-mail, acronym and region one may see more; what was said to be another is not asked again."""
    if context.entity("choice") == NEW:
        return Valid(True)
    return await _is_it(card_of(context.conversation), context, {}) or Valid(True)


async def _is_it(card: OrganisationCard, context: Context, keeps: dict[str, Any]) -> Unclear | None:
    before = context.conversation.slot("osc_others")
    others = before if isinstance(before, list) else []
    found = [one for one in await context.trust.alike(card) if str(one.id) not in others]
    if not found:
        return None
    labels = tuple(
        Label(f'/show_my_osc{{"tell": "join:{one.id}"}}', title=f"{one.name} ({one.region})") for one in found
    )
    new = Label(f'/inform{{"choice": "{NEW}"}}', response="utter_label_another_osc")
    keeps = {**keeps, "osc_others": [*others, *(str(one.id) for one in found)]}
    return Unclear("utter_is_it_this_one", {}, (*labels, new), keeps)


CHECKS = {
    "consent": check_consent,
    "osc_name": check_name,
    "osc_acronym": check_acronym,
    "osc_legal_form": check_legal_form,
    "osc_themes": check_several,
    "osc_place": check_name,
    "osc_year": check_year,
    "osc_contact_name": check_name,
    "osc_contact_role": check_name,
    "osc_phone": check_phone,
    "osc_email": check_email,
    "osc_languages": check_several,
    "osc_description": check_description,
}


def question_labels(slot: str, context: Context) -> tuple[Label, ...]:
    """The values still to choose of a slot that takes several, and "that is all" once one is chosen."""
    if slot not in SEVERAL:
        return ()
    entity, prefix, values = SEVERAL[slot]
    kept = context.conversation.slot(slot)
    chosen = kept if isinstance(kept, list) else []
    left = tuple(
        Label(f'/inform{{"{entity}": "{value}"}}', response=f"utter_{prefix}_{key}")
        for value, key in values.items()
        if value not in chosen
    )
    return (*left, Label("/affirm", response="utter_label_done")) if chosen else left


def listed(values: Mapping[str, Any], context: Context) -> str:
    """Fields that have a value, a line each, names and fixed values in the person's language."""
    lines = [
        f"{context.words(f'utter_label_{name}')} : {shown(name, values[name], context)}"
        for name in FIELDS
        if values.get(name)
    ]
    return "\n".join(lines)


def shown(field: str, value: Any, context: Context) -> str:
    """A value as people read it: themes, languages and legal forms have a name in each language."""
    many = value if isinstance(value, list | tuple) else [value]
    prefix, names = VALUE_NAMES.get(field, ("", {}))
    return ", ".join(context.words(f"utter_{prefix}_{names[v]}") if v in names else str(v) for v in many)


def question_values(slot: str, context: Context) -> Mapping[str, Any]:
    return {"summary": listed(context.conversation.slots, context)} if slot == "osc_confirm" else {}


REGISTER_FORM = FormRules(
    checks={**CHECKS, "osc_name": check_new_name, "osc_confirm": check_confirmed},
    optional=frozenset(
        {
            "osc_acronym",
            "osc_place",
            "osc_year",
            "osc_contact_role",
            "osc_email",
            "osc_languages",
            "osc_description",
        }
    ),
    decisive={"consent": "utter_consent_declined"},
    summary="osc_confirm",
    values=question_values,
    labels=question_labels,
)


async def register(context: Context) -> Outcome:
    """Save the confirmed answers; the entry is "declared" until a coordinator checks it."""
    saved = await context.directory.register(context.person.id, card_of(context.conversation))
    label = Label(f'/review_osc{{"tell": "card:{saved.id}"}}', response="utter_label_see_osc")
    told = [
        Say(
            "utter_osc_came", {"name": saved.name, "region": saved.region}, (label,), to=to, language=language
        )
        for to, language in await context.desk.coordinators()
        if to != context.address
    ]
    forgotten = (SlotSet("osc_name_doubted", None), SlotSet("osc_others", None))
    who_sees = f'/update_osc{{"id": "{saved.id}", "slot": "osc_contact_visibility"}}'
    hidden = Say("utter_contacts_hidden", labels=(Label(who_sees, response="utter_label_change_visibility"),))
    return Outcome(forgotten, (Say("utter_osc_registered", {"name": saved.name}), hidden, *told))


def card_of(now: Conversation) -> OrganisationCard:
    """What the form gathered."""

    def words(name: str) -> str | None:
        return str(now.slot(name)) if now.slot(name) else None

    def several(name: str) -> tuple[str, ...]:
        value = now.slot(name)
        return tuple(value) if isinstance(value, list) else ()

    year = now.slot("osc_year")
    return OrganisationCard(
        name=now.words("osc_name"),
        legal_form=now.words("osc_legal_form"),
        region=now.words("osc_region"),
        themes=several("osc_themes"),
        acronym=words("osc_acronym"),
        place=words("osc_place"),
        year=year if isinstance(year, int) else None,
        contact_name=words("osc_contact_name"),
        contact_role=words("osc_contact_role"),
        phone=words("osc_phone"),
        email=words("osc_email"),
        languages=several("osc_languages"),
        description=words("osc_description"),
    )
