"""Sums of money: an amount with its currency, or beside words for money, to "500000 DJF"."""

import re
from collections.abc import Sequence
from decimal import Decimal

from nlu.meaning import Entity
from nlu.numbers import Number, Piece, canonical

_CURRENCY_WORDS = {
    "DJF": "franc francs fr frs fdj fd djf faran faranka faranga faransi franka firanki",
    "USD": "dollar dollars dolar dolars doolar doollar doolarka usd",
    "EUR": "euro euros eur yuuro yuro",
}
_CURRENCIES = {word: code for code, words in _CURRENCY_WORDS.items() for word in words.split()}
_SIGNS = {"$": "USD", "€": "EUR"}
_COUNTRY = re.compile(r"\s+(?:de\s+)?(?:djibouti(?:ens?)?|jabuuti|jibuuti)\b", re.IGNORECASE)
"""After "francs"."""
_LINKS = frozenset(("de", "d", "oo", "en"))
_MONEY_WORDS = """
    argent budget budjet montant somme cout coute coutent coutera couter prix tarif subvention
    financement cotisation payer paye payons payez don lacag lacagta qiime qiimaha miisaaniyad
    miisaaniyadda miisaaniyaddu maalgelin lakqo lakqoh limo mellebi mekla miizaniyyata miizaniyyat
"""
_MONEY = frozenset(_MONEY_WORDS.split())
"""Beside one of these a great round number is a sum, in francs of Djibouti."""
_AFTER_A_SUM_WORDS = """
    pour par au max maximum environ seulement svp stp merci ah dhan
"""
_AFTER_A_SUM = frozenset(_AFTER_A_SUM_WORDS.split())
_SAID_MONEY = frozenset(("lacag", "lakqo"))
_BETWEEN = frozenset(("a", "au", "ou", "et", "ilaa", "ama", "iyo", "kee"))
LEAST_WITHOUT_CURRENCY = 1000


def find_sums(text: str, found: Sequence[Piece], numbers: Sequence[Number]) -> list[Entity]:
    """The sums of money in a text of these pieces and numbers; of a range, the first and the last."""
    sums: list[Entity] = []
    for place, number in enumerate(numbers):
        end, code = _currency_after(text, found, number)
        begin = number.start
        if code is None:
            begin, code = _currency_before(text, found, number)
        if code is None and _is_plain_sum(text, found, number):
            code = "DJF"
        if code is None:
            continue
        first = _range_before(found, numbers, place)
        if first is not None and not any(e.end > first.start for e in sums):
            low = scaled_like(first, number)
            sums.append(_sum(text, low, code, (first.start, first.end)))
        sums.append(_sum(text, number.value, code, (begin, end)))
    return sums


def scaled_like(first: Number, last: Number) -> Decimal:
    """ "20 à 30 mille": the first of a range has the thousands of the last."""
    alike = first.scale == 1 and last.scale > 1 and first.value < 1000
    return first.value * last.scale if alike and first.value * last.scale <= last.value else first.value


def follows_in_range(found: Sequence[Piece], first: Number, last: Number) -> bool:
    """Whether nothing but "à", "ou", "ilaa" or a dash stands between the two."""
    between = [piece.word for piece in found[first.after : last.first]]
    return not between or (len(between) == 1 and between[0] in _BETWEEN)


def _range_before(found: Sequence[Piece], numbers: Sequence[Number], place: int) -> Number | None:
    if not place or not follows_in_range(found, numbers[place - 1], numbers[place]):
        return None
    first = numbers[place - 1]
    return first if scaled_like(first, numbers[place]) < numbers[place].value else None


def _currency_after(text: str, found: Sequence[Piece], number: Number) -> tuple[int, str | None]:
    if sign := re.match(r"\s?(?:us)?([$€])", text[number.end :], re.IGNORECASE):
        return number.end + sign.end(), _SIGNS[sign[1]]
    at = number.after
    at += at < len(found) and found[at].word in _LINKS
    if at >= len(found):
        return number.end, None
    code, end = _CURRENCIES.get(found[at].word), found[at].end
    if code is None and found[at].word in _SAID_MONEY:
        return number.end, "DJF"
    if code == "DJF" and (country := _COUNTRY.match(text, end)):
        end = country.end()
    return (end, code) if code else (number.end, None)


def _currency_before(text: str, found: Sequence[Piece], number: Number) -> tuple[int, str | None]:
    if sign := re.search(r"(?:us)?([$€])\s?$", text[: number.start], re.IGNORECASE):
        return sign.start(), _SIGNS[sign[1]]
    before = found[number.first - 1] if number.first else None
    if before is None or before.word not in ("fdj", "djf", "usd", "eur"):
        return number.start, None
    return before.start, _CURRENCIES[before.word]


def _is_plain_sum(text: str, found: Sequence[Piece], number: Number) -> bool:
    great = number.value >= LEAST_WITHOUT_CURRENCY and (number.scale > 1 or number.value % 100 == 0)
    if not great or not any(piece.word in _MONEY for piece in found):
        return False
    following = found[number.after].word if number.after < len(found) else None
    ends = following is None or re.match(r"\s*[.,;:!?)]", text[number.end :]) is not None
    said = number.first > 0 and found[number.first - 1].word == "dhan"
    return ends or said or following in _AFTER_A_SUM


def _sum(text: str, value: Decimal, code: str, span: tuple[int, int]) -> Entity:
    start, end = span
    return Entity("money", f"{canonical(value)} {code}", start, end, text[start:end])
