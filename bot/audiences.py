"""Who an announcement is for: criteria combined by and, or, not; how they are kept, and read from words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.errors import OscbotError


class Trait(StrEnum):
    """What a person is chosen by. Organisations are reached through the people who look after them."""

    REGION = "region"
    THEME = "theme"
    LEGAL_FORM = "legal_form"
    LANGUAGE = "language"
    TOPIC = "topic"
    ENROLLED = "enrolled"
    WAITING = "waiting"
    ORGANISATION = "organisation"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Is:
    """One criterion. TOPIC: a followed topic; ENROLLED, WAITING: a training's number; ORGANISATION: "any";
    MISSED: those whom the announcement of this number did not reach."""

    trait: Trait
    value: str


@dataclass(frozen=True, slots=True)
class All:
    """Everybody who fits each part; without parts, everybody."""

    parts: tuple["Expression", ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """Everybody who fits one part at least; without parts, nobody."""

    parts: tuple["Expression", ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    part: "Expression"


Expression = Is | All | Either | Not
EVERYBODY = All()
NOBODY = Either()


class NoExpression(OscbotError):
    """What was kept is not an expression."""


@dataclass(frozen=True, slots=True)
class Audience:
    """People by an expression, and adopted chats by their numbers."""

    people: Expression = NOBODY
    chats: tuple[int, ...] = ()

    @property
    def empty(self) -> bool:
        return self.people == NOBODY and not self.chats


def to_json(expression: Expression) -> dict[str, Any]:
    match expression:
        case Is(trait, value):
            return {"is": [trait.value, value]}
        case All(parts):
            return {"all": [to_json(part) for part in parts]}
        case Either(parts):
            return {"any": [to_json(part) for part in parts]}
        case Not(part):
            return {"not": to_json(part)}


def from_json(kept: Mapping[str, Any]) -> Expression:
    """Raises NoExpression."""
    try:
        if "is" in kept:
            trait, value = kept["is"]
            return Is(Trait(trait), str(value))
        if "all" in kept:
            return All(tuple(from_json(part) for part in kept["all"]))
        if "any" in kept:
            return Either(tuple(from_json(part) for part in kept["any"]))
        return Not(from_json(kept["not"]))
    except (KeyError, TypeError, ValueError) as error:
        raise NoExpression(str(error)) from error


def audience_to_json(audience: Audience) -> dict[str, Any]:
    return {"people": to_json(audience.people), "chats": list(audience.chats)}


def audience_from_json(kept: Mapping[str, Any]) -> Audience:
    return Audience(from_json(kept["people"]), tuple(kept["chats"]))


def combined(wanted: Iterable[Is], unwanted: Iterable[Is] = ()) -> Expression:
    """Criteria as people mean them: two regions are either region; a region and a theme are both at once.

    Whoever fits an unwanted one is left out. Nothing wanted but something unwanted: everybody else.
    """
    groups = _by_trait(wanted)
    parts: list[Expression] = [kept[0] if len(kept) == 1 else Either(tuple(kept)) for kept in groups.values()]
    parts += [Not(criterion) for criterion in dict.fromkeys(unwanted)]
    return parts[0] if len(parts) == 1 and groups else All(tuple(parts))


def criteria(expression: Expression) -> tuple[tuple[Is, ...], tuple[Is, ...]]:
    """Wanted and unwanted criteria of what `combined` made."""
    match expression:
        case Is():
            return (expression,), ()
        case Not(Is() as part):
            return (), (part,)
        case Not(part):
            wanted, unwanted = criteria(part)
            return unwanted, wanted
        case All(parts) | Either(parts):
            found = [criteria(part) for part in parts]
            return tuple(c for w, _ in found for c in w), tuple(c for _, u in found for c in u)


def _by_trait(wanted: Iterable[Is]) -> dict[Trait, list[Is]]:
    groups: dict[Trait, list[Is]] = {}
    for criterion in dict.fromkeys(wanted):
        groups.setdefault(criterion.trait, []).append(criterion)
    return groups


EXCEPT = re.compile(
    r"\b(?:sauf|except[ée]e?s?|hormis|[àa] l'exception d|a l’exception d|pas ceux d|pas celles d"
    r"|marka laga reebo|aan ka ahayn|mooyee|mooyaane|ma aha|hinna)\b",
    re.IGNORECASE,
)
EVERYBODY_WORDS = re.compile(
    r"\b(?:tout le monde|tous|toutes|tout|dhammaan|dhamaan|qof kasta|inkih)\b", re.IGNORECASE
)
ORGANISATION_WORDS = re.compile(
    r"\b(?:osc|associations?|organisations?|ong|urur\w*|egla\w*)\b", re.IGNORECASE
)
FOLLOWING_WORDS = re.compile(r"\b(?:abonn\w*|suivent|suit|raac\w*)\b", re.IGNORECASE)
TRAITS = {
    "region": Trait.REGION,
    "theme": Trait.THEME,
    "legal_form": Trait.LEGAL_FORM,
    "language": Trait.LANGUAGE,
}


@dataclass(frozen=True, slots=True)
class Named:
    """Something recognised in a text: the kind of entity, its canonical value, where it begins."""

    kind: str
    value: str
    start: int


def from_words(text: str, named: Sequence[Named]) -> Expression | None:
    """Read "les associations de femmes à Obock", "tout le monde sauf Djibouti-Ville"; None when nothing is named."""
    cut = EXCEPT.search(text)
    edge = cut.start() if cut else len(text)
    follows = bool(FOLLOWING_WORDS.search(text))
    known = [(n, Is(_trait(n, follows), n.value)) for n in named if n.kind in TRAITS]
    before = [criterion for n, criterion in known if n.start < edge]
    after = [criterion for n, criterion in known if n.start >= edge]
    if cut and not after:
        return None
    if not before and not EVERYBODY_WORDS.search(text[:edge]) and not ORGANISATION_WORDS.search(text[:edge]):
        return None
    if not before and ORGANISATION_WORDS.search(text[:edge]) and not EVERYBODY_WORDS.search(text[:edge]):
        before = [Is(Trait.ORGANISATION, "any")]
    elif ORGANISATION_WORDS.search(text[:edge]) and all(c.trait is Trait.LANGUAGE for c in before):
        before = [Is(Trait.ORGANISATION, "any"), *before]
    return combined(before, after)


def _trait(named: Named, follows: bool) -> Trait:
    return Trait.TOPIC if follows and named.kind == "theme" else TRAITS[named.kind]
