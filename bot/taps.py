"""What a tapped button, a typed number, a button's words or a slash command mean, without any guess."""

import json
import re
import unicodedata
from collections.abc import Sequence

from bot.domain import Domain, intent_of
from nlu.meaning import Entity, Interpretation

COMMANDS = {
    "start": "greet",
    "menu": "help",
    "aide": "help",
    "langue": "switch_language",
    "language": "switch_language",
    "luqad": "switch_language",
    "stop": "unsubscribe",
    "annuler": "cancel",
    "annonce": "create_announcement",
    "adopter": "create_announcement",
    "annonces": "delivery_report",
}
"""Slash commands that are not themselves names of intents."""

_NUMBERS = re.compile(r"\d{1,2}(?:[\s,;.+]+\d{1,2})*\.?")


def read_payload(payload: str, domain: Domain) -> Interpretation | None:
    """`/intent{"entity": "value"}` as a certain meaning; None when it is not one of the domain's intents."""
    intent = intent_of(payload)
    if intent not in domain.intents:
        return None
    _, brace, rest = payload.partition("{")
    try:
        values = json.loads(brace + rest) if brace else {}
    except ValueError:
        return None
    pairs = [
        (name, str(value))
        for name, given in values.items()
        for value in (given if isinstance(given, list) else [given])
    ]
    return certain(intent, pairs)


def certain(intent: str, entities: Sequence[tuple[str, str]] = ()) -> Interpretation:
    """A meaning nobody has to guess; its entities stand in no text."""
    found = tuple(Entity(name, value, 0, 0, value) for name, value in entities)
    return Interpretation("other", False, intent, 1.0, found, ((intent, 1.0),))


def chosen(
    text: str, offered: Sequence[tuple[str, str]], domain: Domain, *, by_number: bool = True
) -> Interpretation | None:
    """The offered button that a text means, by its number or its words; several numbers give several values."""
    words = text.strip()
    if _NUMBERS.fullmatch(words):
        if not by_number:
            return None
        numbers = [int(n) for n in re.findall(r"\d+", words)]
        payloads = [offered[n - 1][1] for n in numbers if 1 <= n <= len(offered)]
        if len(payloads) == len(numbers):
            return _together([m for p in payloads if (m := read_payload(p, domain))])
        return None
    wanted = _fold(words)
    for title, payload in offered:
        if wanted and wanted == _fold(title):
            return read_payload(payload, domain)
    return None


def _together(meanings: Sequence[Interpretation]) -> Interpretation | None:
    if not meanings or len({meaning.intent for meaning in meanings}) != 1:
        return None
    pairs = [(entity.name, entity.value) for meaning in meanings for entity in meaning.entities]
    if len(meanings) > 1:
        pairs.append(("several", "true"))
    return certain(meanings[0].intent, pairs)


def command(text: str, domain: Domain) -> tuple[Interpretation, str] | None:
    """A slash command and what stands behind it (`/start CODE` → greet, "CODE"); None for anything else."""
    if not text.startswith("/"):
        return None
    name, _, rest = text[1:].partition(" ")
    intent = COMMANDS.get(name.lower(), name.lower())
    if intent not in domain.intents:
        return None
    return certain(intent), rest.strip()


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^\w]+", " ", "".join(c for c in plain if not unicodedata.combining(c))).strip()
