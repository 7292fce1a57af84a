"""What a text names: places, themes, languages by their spellings; numbers, phones, addresses, dates."""

import re
from collections.abc import Iterable
from datetime import date

import phonenumbers

from nlu.dates import find_dates
from nlu.lexicon import Lexicon
from nlu.meaning import Entity

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_PHONE = re.compile(r"(?:\+|00)?\d[\d .\-/]{6,16}\d")
_YEAR = re.compile(r"\b(19[5-9]\d|20\d\d)\b")
_NUMBER = re.compile(r"\b\d{1,9}\b")


def find_entities(
    text: str, lexicon: Lexicon, today: date, language: str | None = None
) -> tuple[Entity, ...]:
    """Everything named in a text, in its order; `language` is that of the text, if known."""
    found = [*_emails(text), *_phones(text)]
    found += [e for e in find_dates(text, today) if not _overlaps(e, found)]
    found += [e for e in _years(text) if not _overlaps(e, found)]
    found += [e for e in _numbers(text) if not _overlaps(e, found)]
    named = lexicon.find(text, language)
    # "Quartier 7", "PK12": the number belongs to the name.
    found = [e for e in found if e.name not in ("number", "year") or not _overlaps(e, named)]
    found += [e for e in named if not _overlaps(e, found)]
    return tuple(sorted(found, key=lambda entity: entity.start))


def _overlaps(entity: Entity, others: Iterable[Entity]) -> bool:
    return any(entity.start < other.end and other.start < entity.end for other in others)


def _emails(text: str) -> list[Entity]:
    return [Entity("email", m[0].lower(), m.start(), m.end(), m[0]) for m in _EMAIL.finditer(text)]


def _phones(text: str) -> list[Entity]:
    found = []
    for match in _PHONE.finditer(text):
        typed = re.sub(r"^00", "+", match[0])
        try:
            number = phonenumbers.parse(typed, "DJ")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            found.append(Entity("phone", value, match.start(), match.end(), match[0]))
    return found


def _years(text: str) -> list[Entity]:
    return [Entity("year", m[0], m.start(), m.end(), m[0]) for m in _YEAR.finditer(text)]


def _numbers(text: str) -> list[Entity]:
    return [Entity("number", m[0], m.start(), m.end(), m[0]) for m in _NUMBER.finditer(text)]
