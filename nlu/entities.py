"""What a text names: places, themes, languages by their spellings; sums, numbers, phones, addresses, dates."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import phonenumbers

from nlu.dates import find_dates
from nlu.kinds import themes_of_organisations
from nlu.lexicon import Lexicon
from nlu.meaning import Entity
from nlu.money import find_sums, follows_in_range, scaled_like
from nlu.namebook import NameBook
from nlu.normalise import fold, tokens
from nlu.numbers import Number, Piece, canonical, find_numbers, pieces

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_BEFORE_AN_ADDRESS_WORDS = """
    mail email courriel gmail adresse est a c par sur voici ici ok oui mon notre contact ecrire ecrivez
    imeel imeelka imayl imaylka iimaylka emailka cinwaanka waa haa yeey tan my is
"""
_BEFORE_AN_ADDRESS = frozenset(_BEFORE_AN_ADDRESS_WORDS.split())
"""One of these before an address is no part of it, typed with a blank."""
_OF_HERE = r"(?:(?:\+|00)?253[ .\-]?)?(?:77|21|27)(?:[ .\-/]?\d){6}"
_PHONE = re.compile(rf"(?<!\d){_OF_HERE}(?=[ .\-/]+{_OF_HERE}(?!\d))|(?:\+|00)?\d[\d .\-/]{{6,16}}\d")
"""One of two phones beside each other, or whatever looks like one: right or wrong, of here or from abroad."""
_BEGINS = ("77", "21", "27")
"""Of phones of Djibouti (shared/lang/geo/phone_dj.md): eight figures, well typed or not."""
_CAPITAL = ("djibouti", "djib", "jabuuti", "jibuuti", "gabuuti")
"""With other words the country is meant; alone it answers "where?"."""
_YEAR = re.compile(r"\b(19[5-9]\d|20\d\d)\b")


def find_entities(
    text: str,
    lexicon: Lexicon,
    today: date,
    language: str | None = None,
    names: NameBook | None = None,
) -> tuple[Entity, ...]:
    """Everything named in a text, in its order; `language` is that of the text, if known.

    Nothing overlaps, but a name that several bear: it is found for each, at the same place.
    """
    found = _emails(text)
    found += [e for e in _phones(text) if not _overlaps(e, found)]
    counted = pieces(text)
    numbers = find_numbers(counted)
    sums = [e for e in find_sums(text, counted, numbers) if not _overlaps(e, found) or not _is_figures(e)]
    found = [*sums, *(e for e in found if not _overlaps(e, sums))]
    found += [e for e in find_dates(text, today) if not _overlaps(e, found)]
    found += [e for e in _years(text) if not _overlaps(e, found)]
    found += [e for e in _counts(text, counted, numbers) if not _overlaps(e, found)]
    changing = names.find(text) if names else []
    listed = [e for e in lexicon.find(text, language) if not _overlaps(e, changing)]
    named = [*changing, *listed]
    named += [e for e in themes_of_organisations(text) if not _overlaps(e, named)]
    # "Quartier 7", "PK12": the number belongs to the name.
    found = [e for e in found if e.name not in ("number", "year") or not _overlaps(e, named)]
    if not named:
        named = _capital_alone(text)
    whole = tuple(found)
    found += [e for e in named if not _overlaps(e, whole)]
    return tuple(sorted(found, key=lambda entity: entity.start))


def _capital_alone(text: str) -> list[Entity]:
    words = tokens(text)
    if len(words) != 1 or words[0].word not in _CAPITAL:
        return []
    start, end = words[0].start, words[0].end
    return [Entity("region", "Djibouti-Ville", start, end, text[start:end])]


def _is_figures(entity: Entity) -> bool:
    return not any(c.isalpha() or c in "$€" for c in entity.text)


def _overlaps(entity: Entity, others: Iterable[Entity]) -> bool:
    return any(entity.start < other.end and other.start < entity.end for other in others)


def _emails(text: str) -> list[Entity]:
    return [
        Entity("email", m[0].lower(), m.start(), m.end(), m[0])
        for m in _EMAIL.finditer(text)
        if not _is_rest_of_one(text, m)
    ]


def _is_rest_of_one(text: str, address: re.Match[str]) -> bool:
    """ "ali hassan@gmail.com": one word before it and nothing else, which does not lead to an address."""
    before, own = text[: address.start()], address[0].partition("@")[0]
    if text[address.end() :].strip() or not before.endswith(" ") or not before.strip().isalnum():
        return False
    word = fold(before.strip())
    return word not in _BEFORE_AN_ADDRESS and word not in fold(own)


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


def _counts(text: str, found: Sequence[Piece], numbers: Sequence[Number]) -> list[Entity]:
    """Numbers in figures or words; of a range, the first and the last."""
    phones = [match.span() for match in _PHONE.finditer(text)]
    numbers = [n for n in numbers if not any(_is_dialled(text, n, span) for span in phones)]
    return [
        Entity("number", canonical(_meant(n, later, found)), n.start, n.end, text[n.start : n.end])
        for n, later in zip(numbers, [*numbers[1:], None], strict=False)
    ]


def _meant(number: Number, later: Number | None, found: Sequence[Piece]) -> Decimal:
    is_range = later is not None and follows_in_range(found, number, later)
    return scaled_like(number, later) if later is not None and is_range else number.value


def _is_dialled(text: str, number: Number, span: tuple[int, int]) -> bool:
    """Part of what looks like a phone; not the same figures parted by thousands: 2 500 000."""
    start, end = span
    if number.end <= start or end <= number.start:
        return False
    figures = re.sub(r"\D", "", text[start:end])
    if (len(figures) == 8 and figures[:2] in _BEGINS) or text[start] == "+":
        return True
    return (len(figures) >= 8 or figures[:2] in _BEGINS) and number.end - number.start < end - start
