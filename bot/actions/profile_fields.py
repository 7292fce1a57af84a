"""The fields of a profile: their names in forms and in the directory, the values offered, and what is accepted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.actions.context import Context, Label
from bot.actions.registration import CHECKS, FORM_NAMES, LANGUAGES, THEMES
from bot.actions.registration import FIELDS as REGISTERED
from bot.actions.training_texts import payload
from bot.forms import Invalid, Partial, Valid
from bot.organisation import REGIONS, SIZES, Visibility

ADDED = (
    "osc_contact_visibility", "osc_receipt_number", "osc_receipt_key", "osc_addresses", "osc_social_pages",
    "osc_members_range", "osc_volunteers_range", "osc_target_groups", "osc_capacities", "osc_equipment",
    "osc_connection", "osc_logo_key",
)  # fmt: skip
"""Fields nobody is asked for at registration."""
FIELDS = REGISTERED + ADDED
PICTURES = ("osc_logo_key", "osc_receipt_key")
REQUIRED = frozenset(
    {"osc_name", "osc_legal_form", "osc_region", "osc_themes", "osc_contact_visibility", "osc_contact_name"}
)
"""Fields that are never emptied."""
NOTHING, DONE, PICTURE = "none", "done", "picture"
"""Taps that are no value: empty the field, that is all, a photo was sent."""
LONGEST_LINE = 120
MOST_LINES = 5
CAPACITIES = (
    "formation", "sensibilisation", "plaidoyer", "enquêtes", "gestion de projet", "comptabilité", "communication",
    "numérique", "secours",
)  # fmt: skip
TARGETS = (
    "femmes", "jeunes", "enfants", "personnes âgées", "personnes handicapées", "réfugiés et migrants",
    "nomades et éleveurs", "pêcheurs", "grand public",
)  # fmt: skip
EQUIPMENT = ("ordinateurs", "téléphones", "imprimante", "projecteur", "local", "véhicule", "énergie solaire")
CONNECTIONS = ("aucune", "mobile", "adsl", "fibre", "satellite")


@dataclass(frozen=True, slots=True)
class Choices:
    """Canonical values with the responses that name them (None: the value itself is its name).

    `several`: taps add up; `free`: own words are a value too.
    """

    names: Mapping[str, str | None]
    several: bool = False
    free: bool = False
    entity: str | None = field(default=None)


def _named(prefix: str, values: tuple[str, ...]) -> dict[str, str | None]:
    return {value: f"utter_{prefix}_{_key(value)}" for value in values}


def _key(value: str) -> str:
    plain = value.translate(str.maketrans("éèêàâç", "eeeaac"))
    return "_".join(word for word in plain.replace("'", " ").split() if word != "et")


CHOICES: Mapping[str, Choices] = {
    "osc_legal_form": Choices({v: f"utter_form_{k}" for v, k in FORM_NAMES.items()}),
    "osc_region": Choices(dict.fromkeys(REGIONS), entity="region"),
    "osc_themes": Choices({v: f"utter_theme_{k}" for v, k in THEMES.items()}, several=True, entity="theme"),
    "osc_languages": Choices(
        {v: f"utter_language_{k}" for v, k in LANGUAGES.items()}, several=True, entity="language"
    ),
    "osc_contact_visibility": Choices({v: f"utter_visibility_{v}" for v in Visibility}),
    "osc_members_range": Choices(dict.fromkeys(SIZES)),
    "osc_volunteers_range": Choices(dict.fromkeys(SIZES)),
    "osc_target_groups": Choices(_named("target", TARGETS), several=True, free=True),
    "osc_capacities": Choices(_named("capacity", CAPACITIES), several=True, free=True),
    "osc_equipment": Choices(_named("equipment", EQUIPMENT), several=True, free=True),
    "osc_connection": Choices(_named("connection", CONNECTIONS)),
}


def column(name: str) -> str:
    """`osc_phone` → `phone`, as the directory calls it."""
    return name.removeprefix("osc_")


def shown(name: str, value: Any, context: Context) -> str:
    """A value as people read it, in their language where it has a name there."""
    if name in PICTURES:
        return context.words("utter_picture_kept") if value else ""
    return field_words(context.words, name, value)


def field_words(text: Callable[[str], str], name: str, value: Any) -> str:
    """As `shown`, where only the words of a language are at hand; several values with commas."""
    many = value if isinstance(value, list | tuple) else [value]
    names = CHOICES[name].names if name in CHOICES else {}
    return ", ".join(text(r) if (r := names.get(v)) else str(v) for v in many if v is not None)


def choice_labels(name: str, chosen: list[str], context: Context) -> tuple[Label, ...]:
    """The values still to choose; "that is all" once one of several is chosen."""
    if name not in CHOICES:
        return ()
    left = tuple(
        Label(payload("inform", choice=value), response=response, title=None if response else value)
        for value, response in CHOICES[name].names.items()
        if value not in chosen
    )
    done = (Label(payload("inform", choice=DONE), response="utter_label_done"),)
    return (*left, *done) if chosen and CHOICES[name].several else left


async def check_field(name: str, value: Any, kept: list[str], context: Context) -> Valid | Partial | Invalid:
    """The new value of this field as the directory keeps it; None empties it.

    `kept`: what was tapped before, of a field that takes several values.
    """
    if context.entity("choice") == NOTHING and name not in REQUIRED:
        return Valid(NOTHING)
    if name in PICTURES:
        key = await context.profiles.keep_picture(context.media) if context.media else None
        return Valid(key) if key else Invalid("utter_picture_needed")
    if name in CHOICES:
        return _chosen(CHOICES[name], value, kept, context)
    if name in CHECKS:
        return await CHECKS[name](value, context)
    return _lines(str(value)) if name in ("osc_addresses", "osc_social_pages") else _line(str(value))


def _chosen(choices: Choices, value: Any, kept: list[str], context: Context) -> Valid | Partial | Invalid:
    if context.entity("choice") == DONE:
        return Valid(kept) if kept else Invalid("utter_answer_needed")
    given = _meant(choices, value, context)
    if not given:
        return Invalid("utter_choose_among")
    if not choices.several:
        return Valid(given[0])
    together = list(dict.fromkeys([*kept, *given]))
    whole = len(given) > 1 or context.entity("several") or context.text
    return Valid(together) if whole else Partial(together)


def _meant(choices: Choices, value: Any, context: Context) -> list[str]:
    """Canonical values among what was tapped or written; own words where the field takes them."""
    tapped = [value] if isinstance(value, str) else list(value)
    if all(v in choices.names for v in tapped):
        return tapped
    if choices.entity:
        return list(
            dict.fromkeys(
                e.value
                for e in context.meaning.entities
                if e.name == choices.entity and e.value in choices.names
            )
        )
    words = [
        " ".join(part.split()) for v in tapped for part in v.replace(";", ",").split(",") if part.strip()
    ]
    named = {_fold(n): v for v, response in choices.names.items() for n in _names(v, response, context)}
    found = [named.get(_fold(word), word if choices.free else "") for word in words]
    return [word[:LONGEST_LINE] for word in found if word]


def _names(value: str, response: str | None, context: Context) -> list[str]:
    return [value, context.words(response)] if response else [value]


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _line(text: str) -> Valid | Invalid:
    line = " ".join(text.split())
    return Valid(line) if 2 <= len(line) <= LONGEST_LINE else Invalid("utter_invalid_line")


def _lines(text: str) -> Valid | Invalid:
    """One value a line, or separated by semicolons; at most five."""
    lines = [" ".join(part.split()) for part in text.replace(";", "\n").splitlines() if part.strip()]
    good = 1 <= len(lines) <= MOST_LINES and all(2 <= len(line) <= LONGEST_LINE for line in lines)
    return Valid(lines) if good else Invalid("utter_invalid_line")
