"""How the words around a day make it a first or a last one: "avant le 5", "d'ici vendredi", "5ta diseembar ka dib"."""

import re
from enum import StrEnum

from bot.search_words import fold


class Bound(StrEnum):
    BEFORE = "before"
    UNTIL = "until"
    FROM = "from"
    AFTER = "after"


_ARTICLES = r"(?: (?:l|le|la|les|ce|cet|cette|du|de|d|au|a|en|jour|mois|date|bisha|maalinta|taariikhda))*$"
_IN_FRONT = tuple(
    (bound, re.compile(rf"(?:^| )(?:{words}){_ARTICLES}"))
    for bound, words in (
        (Bound.UNTIL, r"d ?ici|jusq\w*|jusk\w*|plus tard|pas apres|avant (?:la )?fin|ilaa|ila"),
        (Bound.FROM, r"pas avant|a partir|apartir|a compter|depuis|des|plus tot|laga (?:soo )?bil\w*"),
        (Bound.BEFORE, r"avant|avt|ka ?hor"),
        (Bound.AFTER, r"apres?|ka ?dib|ka da[mn]b\w+"),
    )
)
"""The first that fits. "Ilaa" before a lone day is "until"."""
_BEHIND = tuple(
    (bound, re.compile(rf"(?:(?:oo|ee|wixii) )?(?:{words})(?: |$)"))
    for bound, words in (
        (Bound.UNTIL, r"(?:au )?plus tard|max|maximum|fan|fanah"),
        (Bound.FROM, r"(?:et|ou) apres(?! midi)|ou plus tard|au plus tot|laga (?:soo )?bil\w*|inkiinih"),
        (Bound.BEFORE, r"(?:et|ou) avant|ka ?hor(?:re\w+)?(?! in)|afal"),
        (Bound.AFTER, r"ka ?dib(?! mark)|ka da[mn]b\w+|dabadeed"),
    )
)
"""Somali and Afar say it behind the day; "ka hor intaan…" (before I…) speaks of something else."""
_END = re.compile(r"(?:la )?fin |dham+aadka ")
"""Before the end of a month is until that end."""
_APOSTROPHES = re.compile(r"['’ʼ`´]")


def bound_of(text: str, start: int, end: int) -> Bound | None:
    """What the words next to `text[start:end]` make of the day named there; None: it is that day itself."""
    front, behind = _folded(text[:start]), _folded(text[end:])
    said = next((bound for bound, words in _IN_FRONT if words.search(front)), None)
    said = said or next((bound for bound, words in _BEHIND if words.match(behind)), None)
    return Bound.UNTIL if said is Bound.BEFORE and _END.match(fold(text[start:end])) else said


def _folded(text: str) -> str:
    """Elided words apart: "d'ici" is two."""
    return fold(_APOSTROPHES.sub(" ", text))
