"""Numbers as people write them: figures, and words in French, Somali and Afar, to one value.

Somali words agree with M. Tosco 2007, Afar ones with M.-C. Simeone-Senelle 2007 and GATITOS (data/NOTICE.md).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from nlu.normalise import fold, respell

_UNITS = (
    "zero foyya eber",
    "un une hal kow mid inik inki inkittu",
    "deux laba labo nammay namma",
    "trois saddex sedex sidoc sidoocu",
    "quatre quatres quatr afar affara fereyi",
    "cinq cinque shan koona konoyu",
    "six lix lica leceyi",
    "sept toddoba todobo malcin malciini",
    "huit siddeed bacra bacaara",
    "neuf sagaal sagla sagaala",
    "dix toban taban tabana tabna",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
)
_TENS = {
    20: "vingt vingts vint labaatan labaatanna",
    30: "trente trante soddon soddomu",
    40: "quarante quarente afartan morootomu",
    50: "cinquante cinquente konton kontomu",
    60: "soixante soissante lixdan lactama",
    70: "septante toddobaatan",
    80: "huitante octante siddeetan",
    90: "nonante sagaashan",
}
_HUNDREDS = "cent cents centaine centaines boqol boolu bool"
_SCALES = {
    1000: "mille millier milliers kun alfi",
    1_000_000: "million millions malyuun malyan milyan milyuun milyoonu milyoon",
    1_000_000_000: "milliard milliards bilyan bilyuun",
}
_ABOUT = {
    "dizaine": 10, "dizaines": 10, "douzaine": 12, "douzaines": 12, "quinzaine": 15, "vingtaine": 20,
    "trentaine": 30, "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60,
}  # fmt: skip
"""Behind "une" or how many of them: une dizaine, deux douzaines."""
_ALONE_NO_NUMBER = frozenset(("centaine", "centaines", "millier", "milliers"))
"""Without how many: des centaines."""
_JOINS = frozenset(("et", "iyo", "kee", "ke"))
_AFAR_TENS = {7: "malcina", 8: "bacra", 9: "sagla"}
"""Seventy to ninety in Afar are so many tens: bacra tabana."""
_HALVES = frozenset(("demi", "demie", "nus", "bar", "badh"))
_ARTICLES = frozenset(("un", "une", "hal", "kow", "mid", "inik", "inki", "inkittu"))
"""One, which alone is an article or "same": a number only within a greater one, or as the whole message."""
_COUNTED_IN_SOMALI_WORDS = """
    qof ruux nin naag dumar haween haweenka dhalinyaro carruur xubnood xubin urur ururo ururro
    maalmood maalin bilood bil sano sanno saacadood daqiiqo toddobaad kombuyuutar kombiyuutar
    tababar goor jeer boqol kun
"""
_COUNTED_IN_SOMALI = frozenset(_COUNTED_IN_SOMALI_WORDS.split())
"""After "afar", what makes it four and not the language or the people."""
_NEW_WORDS = """
    ordinateur ordi ordinateurs materiel telephone local tout quoi flambant de
"""
_NEW = frozenset(_NEW_WORDS.split())
"""Before "neuf", what makes it new."""
_AFTER_TEN = frozenset(("sept", "huit", "neuf"))
_MANY_THANKS = frozenset(("merci", "mercis", "fois", "encore"))
_LITERAL = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[ .'\u00a0\u202f]\d{3})+,\d{1,2}|\d{1,3}(?:[ ,'\u00a0\u202f]\d{3})+\.\d{1,2}"
    r"|\d{1,3}(?:[ .,'\u00a0\u202f]\d{3})+|\d+(?:[.,]\d{1,2})?)(?:\s?([kKM])(?![\w$]))?(?![\w]|[.,]\d)"
)
_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")
MOST_DIGITS = 12


@lru_cache(maxsize=20_000)
def _squeezed(word: str) -> str:
    """One spelling of a number word: doubled letters are often single."""
    return re.sub(r"(.)\1", r"\1", respell(word))


def _table(lines: dict[int, str]) -> dict[str, int]:
    return {_squeezed(word): value for value, line in lines.items() for word in line.split()}


_UNIT = _table(dict(enumerate(_UNITS)))
_TEN = _table(_TENS)
_HUNDRED = _table({100: _HUNDREDS})
_SCALE = _table(_SCALES)
_AFAR_TEN = {_squeezed(word): 10 * unit for unit, word in _AFAR_TENS.items()}
_BEGINS = frozenset({*_UNIT, *_TEN, *_HUNDRED, *_SCALE, *_AFAR_TEN, *_HALVES})
NUMBER_WORDS = frozenset(word for line in _UNITS for word in line.split()) | frozenset(
    word for line in _TENS.values() for word in line.split()
)
"""Folded words with which a number below a hundred begins."""
_PLAIN_NUMBERS = NUMBER_WORDS - frozenset(_ARTICLES) - {"afar", "set", "bar"}
_ONE = frozenset(map(_squeezed, _ARTICLES))
_SMALL_CUP = _squeezed("bool")
"""Afar's hundred behind a number; alone it may be French: un bol."""


def is_number(word: str) -> bool:
    """Whether a folded word says how many, by itself: in figures (20, 14h30) or spelt, but no article or language."""
    return word in _PLAIN_NUMBERS or word[0].isdigit()


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or a figure of a text; `value` is that of a figure."""

    word: str
    start: int
    end: int
    value: Decimal | None = None

    @property
    def key(self) -> str:
        return _squeezed(self.word)


@dataclass(frozen=True, slots=True)
class Number:
    """`scaled`: a word for thousands or millions is in it; `first` and `after`: its places among the pieces."""

    value: Decimal
    start: int
    end: int
    first: int
    after: int
    scale: int = 1

    @property
    def canonical(self) -> str:
        return canonical(self.value)


def canonical(value: Decimal) -> str:
    """Figures without separators: 12500, 1.5."""
    whole = value.to_integral_value()
    return str(int(whole)) if whole == value else f"{value.normalize():f}"


def pieces(text: str) -> list[Piece]:
    """The words and figures of a text, in its order; figures within words (PK12, 1er) are none."""
    found = [
        Piece(m[0], m.start(), m.end(), _figure(m))
        for m in _LITERAL.finditer(text)
        if sum(c.isdigit() for c in m[0]) <= MOST_DIGITS
    ]
    taken = [(p.start, p.end) for p in found]
    found += [
        Piece(fold(m[0]), m.start(), m.end())
        for m in _WORD.finditer(text)
        if not any(start < m.end() and m.start() < end for start, end in taken)
    ]
    return sorted(found, key=lambda piece: piece.start)


def _figure(match: re.Match[str]) -> Decimal:
    typed, suffix = match[1], match[2]
    if re.search(r"[ .,'\u00a0\u202f]\d{3}", typed):
        whole = re.sub(r"[.,]\d{1,2}$", "", typed)
        cents = typed[len(whole) + 1 :]
        value = Decimal(re.sub(r"\D", "", whole) + "." + (cents or "0"))
    else:
        value = Decimal(typed.replace(",", "."))
    return value * {"k": 1000, "K": 1000, "M": 1_000_000, None: 1}[suffix]


def find_numbers(found: Sequence[Piece]) -> list[Number]:
    """Every number among the pieces of a text; what is more often an article or a name is none."""
    numbers = []
    at = 0
    while at < len(found):
        begins = found[at].value is not None or found[at].key in _BEGINS
        number = number_at(found, at) if begins else None
        if number is not None and _is_meant(number, found):
            numbers.append(number)
        at = number.after if number else at + 1
    return numbers


def number_at(found: Sequence[Piece], at: int) -> Number | None:
    """The longest number that begins with this piece."""
    total, place, scale = Decimal(0), at, 10**12
    largest = 1
    while True:
        begin = place + (place > at and _word(found, place) in _JOINS)
        group, after = _group(found, begin)
        linked = after + (group is not None and _word(found, after) == "oo")
        multiplied = _SCALE.get(_key(found, linked))
        if multiplied is None or multiplied >= scale:
            if group is not None and scale > 1 and (place == at or (scale > 999 and group < scale)):
                total, place = total + group, after
            break
        total += (Decimal(1) if group is None else group) * multiplied
        place, scale, largest = linked + 1, multiplied, max(largest, multiplied)
        total, place = _with_half(found, place, total, scale)
    if place == at:
        return None
    return Number(total, found[at].start, found[place - 1].end, at, place, largest)


def _with_half(found: Sequence[Piece], place: int, total: Decimal, scale: int) -> tuple[Decimal, int]:
    """ "un million et demi", "laba malyan iyo badh"."""
    if _word(found, place) in _JOINS and _word(found, place + 1) in _HALVES:
        return total + Decimal(scale) / 2, place + 2
    return total, place


def _group(found: Sequence[Piece], at: int) -> tuple[Decimal | None, int]:
    """What stands before a word for thousands: figures, or words below a thousand; and where it ends."""
    if at < len(found) and (value := found[at].value) is not None:
        is_of_hundreds = _key(found, at + 1) in _HUNDRED and value < 100
        return (value * 100, at + 2) if is_of_hundreds else (value, at + 1)
    if _word(found, at) == "nus" and _key(found, at + 1) in _SCALE:
        return Decimal("0.5"), at + 1
    below, after = _below_hundred(found, at)
    if _key(found, after) in _HUNDRED and ((below or 0) > 1 or _key(found, after) != _SMALL_CUP):
        hundreds = (1 if below is None else below) * 100
        joined = int(_word(found, after + 1) in _JOINS - {"et"})
        rest, end = _below_hundred(found, after + 1 + joined)
        return (Decimal(hundreds), after + 1) if rest is None else (Decimal(hundreds + rest), end)
    return (None, at) if below is None else (Decimal(below), after)


def _below_hundred(found: Sequence[Piece], at: int) -> tuple[int | None, int]:
    key = _key(found, at)
    if _key(found, at + 1) == "tabana" and key in _AFAR_TEN:
        return _with_unit(found, at + 2, _AFAR_TEN[key], 9)
    if key == "quatre" and _key(found, at + 1) in ("vingt", "vingts"):
        return _with_unit(found, at + 2, 80, 19)
    if key in _TEN:
        return _with_unit(found, at + 1, _TEN[key], 19 if key in ("soixante", "soisante") else 9)
    unit = _UNIT.get(key)
    if unit is None:
        return None, at
    if about := _ABOUT.get(_word(found, at + 1)) if unit else None:
        return unit * about, at + 2
    if unit == 10 and key in ("toban", "taban", "tabana", "tabna", "dix"):
        return _with_unit(found, at + 1, 10, 9)
    if _word(found, at + 1) == "iyo":  # shan iyo labaatan: five and twenty
        ten = _TEN.get(_key(found, at + 2)) or (10 if _key(found, at + 2) == "toban" else None)
        if ten is not None and unit < 10:
            return unit + ten, at + 3
    return unit, at + 1


def _with_unit(found: Sequence[Piece], at: int, tens: int, most: int) -> tuple[int, int]:
    joined = int(_word(found, at) in _JOINS)
    unit = _UNIT.get(_key(found, at + joined))
    french = _word(found, at) == "et"
    if unit is None or not 0 < unit <= most or (french and unit not in (1, 11)):
        return tens, at
    if tens == 10 and not joined and _key(found, at) not in _AFTER_TEN:
        return tens, at
    end = at + joined + 1
    if _key(found, end) in _HUNDRED:  # vingt deux cents: two numbers
        return tens, at
    if unit == 10 and _key(found, end) in _AFTER_TEN:  # soixante-dix-sept
        return tens + 10 + _UNIT[_key(found, end)], end + 1
    return tens + unit, end


def _is_meant(number: Number, found: Sequence[Piece]) -> bool:
    """Whether these words count here."""
    if number.after - number.first > 1 or found[number.first].value is not None:
        return True
    word = found[number.first].word
    if word in _ALONE_NO_NUMBER:
        return False
    before, following = _word(found, number.first - 1), _word(found, number.after)
    if _squeezed(word) in _ONE:
        return len(found) == 1
    if word == "afar":
        return following in _COUNTED_IN_SOMALI
    if word == "neuf":
        return before not in _NEW and (len(found) == 1 or bool(following))
    return word not in ("mille", "cent") or not {before, following} & _MANY_THANKS


def _word(found: Sequence[Piece], at: int) -> str:
    return found[at].word if 0 <= at < len(found) and found[at].value is None else ""


def _key(found: Sequence[Piece], at: int) -> str:
    return found[at].key if 0 <= at < len(found) and found[at].value is None else ""
