"""How people say that they leave a question of a form without an answer, in three languages and in English.

Recognised by whole phrases rather than guessed: taken for a call for help they would reach a coordinator.
"""

from bot.search_words import fold

_PASSING = frozenset(
    {
        *("passer", "passe", "passez", "passons", "je passe", "on passe", "passer svp", "passe svp"),
        *("passer la question", "passe la question", "passer cette question", "sauter", "saute", "sautez"),
        *("suivant", "suivante", "question suivante", "la suivante", "ignorer", "ignore"),
        *("skip", "skip it", "skip this", "next", "pass"),
        *("ka bood", "iska bood", "ka boodo", "bood", "ka gudub", "iska gudub", "gudub", "ku xiga", "xiga"),
        *("suaasha xigta", "suaasha ku xigta", "kan xiga", "ka xiga"),
        "away hinna",
    }
)
_NOTHING = frozenset(
    {
        *("rien", "rien du tout", "rien a dire", "sans", "aucun", "aucune", "neant", "vide", "pas de"),
        *("ai rien", "je ai rien", "en ai pas", "je en ai pas", "on en a pas", "il y en a pas", "y en a pas"),
        *("je ne sais pas", "je sais pas", "ne sais pas", "sais pas", "jsp", "aucune idee", "pas d idee"),
        *("none", "nothing", "n a", "i don t know", "i dont know"),
        *("waxba", "waxba ma jiro", "waxba ma jiraan", "ma jiro", "ma jirto", "ma jiraan", "midna"),
        *("ma haysto", "ma hayno", "ma lihi", "ma lihin", "ma garanayo", "ma aqaan", "ma aqaano"),
        *("anu maaxiga", "maaxiga"),
    }
)
_DASHES = frozenset("-–—/")


def passes_on(text: str) -> bool:
    """ "Passer", "skip", "ka bood": on to the next question, what stands may stand."""
    return fold(text) in _PASSING


def names_nothing(text: str) -> bool:
    """ "Rien", "aucun", "waxba", a dash: there is nothing to answer, or nobody knows."""
    return fold(text) in _NOTHING or text.strip() in _DASHES
