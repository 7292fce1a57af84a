"""How long ago something was last known to be true, in people's words: "il y a 3 mois"."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain import Domain

DAYS_OF_A_MONTH = 30
DAYS_OF_A_YEAR = 365


def ago(domain: Domain, language: str, moment: datetime, now: datetime) -> str:
    """ "aujourd'hui", "il y a 12 jours", "il y a 3 mois", "il y a 2 ans"."""
    days = max((now - moment).days, 0)
    if days == 0:
        unit, count = "today", 0
    elif days < 2 * DAYS_OF_A_MONTH:
        unit, count = ("day" if days == 1 else "days"), days
    elif days < 2 * DAYS_OF_A_YEAR:
        unit, count = "months", days // DAYS_OF_A_MONTH
    else:
        unit, count = "years", days // DAYS_OF_A_YEAR
    return domain.words(f"utter_ago_{unit}", language).text.format_map({"count": count})


def verified_ago(domain: Domain, language: str, moments: Iterable[datetime], now: datetime) -> str:
    """ "vérifié il y a 3 mois", by the newest of these confirmations; for every place a profile is shown."""
    newest = max(moments, default=None)
    if newest is None:
        return domain.words("utter_never_verified", language).text
    text = domain.words("utter_verified_ago", language).text
    return text.format_map({"ago": ago(domain, language, newest, now)})
