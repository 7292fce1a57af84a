"""Names of days and months in three languages, folded, and what each of them is; sources in data/NOTICE.md.

Afar months are only recognised: the same twelve names stand for different months with different people.
"""

from calendar import monthrange
from datetime import date, timedelta

_DAYS = (
    "lundi isniin isniinta isniintii isnin etleeni itleeni itleni etleni atneeni",
    "mardi talaado talado salaaso salaasa talaada talaadada talaata talata",
    "mercredi arbaco arbaca arbacada arbaqa arbaqaa",
    "jeudi khamiis khamiista khamis qamiis kamiisi kamisi khamiisi",
    "vendredi jimce jimco jimcaha jimcada jimca jumce gumqata jumqata jumqa gumqat",
    "samedi sabti sabtida sabtii",
    "dimanche axad axada axadda axadii ahad acaada acada acad",
)
WEEKDAYS = {word: i for i, line in enumerate(_DAYS) for word in line.split()}
"""0 is Monday."""
_MONTHS = (
    "janvier janv janaayo jannaayo janaweri january",
    "fevrier fevr febraayo feberweri february",
    "mars maarso maarij march",
    "avril avr abriil april",
    "mai maayo maajo maay mey",
    "juin juun juunyo june",
    "juillet juil luulyo luuliyo julaay juulaay july",
    "aout agosto ogosto ogoosto agoosto august",
    "septembre sept sebtembar sebteembar sebtember september",
    "octobre oct oktoobar oktoober october",
    "novembre nov nofembar noofembar noofeembar nofeembar november",
    "decembre dec disembar diseembar december",
)
MONTHS = {word: i for i, names in enumerate(_MONTHS, 1) for word in names.split()}
_COUNTED_MONTHS = (
    "koowaad kowaad",
    "labaad",
    "saddexaad",
    "afraad",
    "shanaad",
    "lixaad",
    "toddobaad",
    "siddeedaad",
    "sagaalaad",
    "tobnaad",
)
COUNTED_MONTHS = {word: i for i, words in enumerate(_COUNTED_MONTHS, 1) for word in words.split()}
"""Behind "bisha": the third month is March."""
AFAR_MONTHS = frozenset(
    {"qunxa garablu", "kaxxa garablu", "naharsi kudo", "ciggilta kudo", "agda baxis", "agda baxisso"}
    | {"caxah alsa", "qasa dirri", "qado dirri"}
    | {"garablu", "kudo", "baxisso", "baxis", "dirri", "liiqen", "leqeeni", "waysu", "diteli", "ximoli"}
)
AFAR_MONTHS_ALONE = AFAR_MONTHS - {"kudo", "baxis", "baxisso", "dirri"}
"""Those that are no other word, so that no day need stand beside them."""
NO_SUCH_DAY = "none"
"""The value of an `ambiguous_date` that no calendar has: 31 November."""


def in_month(figure: int, some_day: date) -> date | None:
    """The day with this number in the month of another; None when it has none."""
    last = monthrange(some_day.year, some_day.month)[1]
    return some_day.replace(day=figure) if 1 <= figure <= last else None


def next_numbered(figure: int, today: date) -> date | None:
    """The next day to come with this number."""
    month = today.replace(day=1)
    for _ in range(3):
        day = in_month(figure, month)
        if day and day >= today:
            return day
        month = (month + timedelta(days=32)).replace(day=1)
    return None
