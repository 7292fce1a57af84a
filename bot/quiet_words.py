"""How people say that they do not want to be disturbed at some hours, and which hours they name.

Recognised by fixed phrases rather than guessed: taken for a STOP they would silence everything.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from bot.moments import Asked, Moment, read_moment
from bot.search_words import fold
from nlu.meaning import Entity

_UNWANTED = r"(?:pas|plus|aucun\w*|sans|stop|arret\w*|evit\w*)"
_SENT = r"(?:messages?|msg|annonces?|rappels?|notif\w*|ecri\w*|envo\w*|deran\w*)"
_PHRASES = re.compile(
    rf"\b(?:heures? (?:calmes?|silencieuses?|tranquilles?|de silence|de repos)|mode (?:nuit|silence)"
    rf"|quiet hours"
    rf"|{_UNWANTED} (?:\w+ ){{0,4}}deran\w+|me deran\w+ (?:pas|plus)"
    rf"|{_UNWANTED} (?:\w+ ){{0,3}}{_SENT} (?:\w+ ){{0,4}}"
    r"(?:la nuit|le soir|nuits|entre|(?:apres|avant|de|a partir de) \d\w*)"
    rf"|la nuit (?:\w+ ){{0,3}}{_UNWANTED} (?:\w+ ){{0,3}}{_SENT}"
    r"|saacadaha (?:xasill\w*|deggan\w*|degan\w*|aamus\w*|nasash\w*)"
    r"|ha i (?:dhib\w*|qasin|kicin)|ha (?:ii|i|iga) (?:soo )?(?:dirin?|qorin?) (?:\w+ ){0,2}habeen\w*"
    r"|habeen\w* (?:\w+ ){0,4}ha (?:ii|i|iga) (?:soo )?(?:dir\w*|qor\w*)"
    r"|farriin\w* habeen\w* (?:\w+ ){0,3}(?:ma|maya|jooji\w*)"
    r"|bara?h? (?:\w+ ){0,2}farmo\w* (?:\w+ ){0,2}(?:hinna|maleey|mali|soolis)"
    r"|farmo\w* bara?h? (?:\w+ ){0,2}(?:hinna|maleey|mali|soolis))\b"
)
_TO = re.compile(r"\s(?:à|a|et|jusqu[’' ]?(?:à|a|en)|ilaa|ila|iyo|fan|fanah)\s|\s*[-–—→]\s*", re.IGNORECASE)


def asks_for_quiet(text: str) -> bool:
    return _PHRASES.search(fold(text)) is not None


def read_span(text: str, entities: Sequence[Entity], asked: Asked) -> tuple[Moment, Moment | None]:
    """The beginning and the end that a text names, each read by itself; the end None when it names one hour."""
    if not text:
        times = [Moment(hours=(time.fromisoformat(e.value),)) for e in entities if e.name == "time"]
        return (times[0] if times else Moment()), (times[1] if len(times) > 1 else None)
    for match in _TO.finditer(text):
        left, right = text[: match.start()], text[match.end() :]
        before = [e for e in entities if e.start < match.start()]
        after = [_moved(e, match.end()) for e in entities if e.start >= match.start()]
        first, second = read_moment(left, before, asked), read_moment(right, after, asked)
        if _named(first) and _named(second):
            return first, second
    return read_moment(text, entities, asked), None


def readings(moment: Moment, *, of_evening: bool) -> tuple[time, ...]:
    """The hours that may be meant. The evening's 8 is more likely 20:00 than 08:00, and nobody knows: both."""
    if moment.either:
        return moment.either
    if moment.hour is None:
        return ()
    if of_evening and moment.part is None and 0 < moment.hour.hour < 12:
        return moment.hour, moment.hour.replace(hour=moment.hour.hour + 12)
    return (moment.hour,)


def _named(moment: Moment) -> bool:
    return bool(moment.hours or moment.either)


def _moved(entity: Entity, by: int) -> Entity:
    return replace(entity, start=entity.start - by, end=entity.end - by)
