"""Words for the kinds of things people look for, and words that are a theme only beside one of them."""

from collections.abc import Iterable, Sequence

from nlu.meaning import Entity
from nlu.namebook import EMPTY
from nlu.normalise import Token, tokens

_WORDS = {
    "find_osc": """
        association associations asso assos assoc ong ongs osc organisation organisations groupement groupements
        cooperative cooperatives urur ururka ururada ururrada ururro ururo jamciyad jamciyado jamciyadda
        egla eglah eglal
    """,
    "find_training": """
        formation formations atelier ateliers tababar tababarka tababarro tababaro tababarrada tababarada
        aydakaakan aydakaakanta
    """,
    "find_project": "projet projets mashruuc mashruuca mashaariic mashaariicda qusba qusbat cugayso",
    "find_digital_space": "cyber cybers cybercafe cybercafes",
}
KINDS = {word: intent for intent, words in _WORDS.items() for word in words.split()}
"""A folded word for what is looked for, and the intent of who looks for it."""
_OF_ORGANISATIONS = {"femme": "femmes", "ecole": "éducation", "ecoles": "éducation"}
"""Folded words of everyday life that are the theme of an organisation named before them, and of a bare answer."""
_LINKING_WORDS = """
    de d des du pour par la le les l une un en aux avec qui aide aident aidant soutient soutiennent soutien
"""
_LINKS = frozenset(_LINKING_WORDS.split())
_FARTHEST = 4
_NARROWING = frozenset(("region", "place", "theme"))
_NAMED = frozenset(("organisation", "training"))


def sought(text: str, entities: Sequence[Entity]) -> str | None:
    """The intent of the first word for something looked for, beside where or what about; None when there is none.

    A word within a name is none; and a name that is found tells more than what kind of thing bears it.
    """
    if names_something(entities) or not any(entity.name in _NARROWING for entity in entities):
        return None
    return next((KINDS[word] for word in _outside(text, entities) if word in KINDS), None)


def names_something(entities: Sequence[Entity]) -> bool:
    """Whether an organisation or a training is named."""
    return any(entity.name in _NAMED for entity in entities)


def is_search(text: str, entities: Sequence[Entity]) -> bool:
    """Whether the rest of a text is nothing but such words and linking ones: "association au PK 12"."""
    return all(word in KINDS or word in _LINKS or word in EMPTY for word in _outside(text, entities))


def _outside(text: str, entities: Sequence[Entity]) -> list[str]:
    """The folded words of a text that are part of no entity."""
    return [t.word for t in tokens(text) if not any(e.start <= t.start < e.end for e in entities)]


def themes_of_organisations(text: str) -> list[Entity]:
    """ "associations de femme", "asso école"; not "ma femme" and not "l'école du quartier"."""
    found = tokens(text)
    return [
        Entity("theme", _OF_ORGANISATIONS[t.word], t.start, t.end, text[t.start : t.end])
        for at, t in enumerate(found)
        if t.word in _OF_ORGANISATIONS and (len(found) == 1 or _is_of_one(found[:at]))
    ]


def _is_of_one(before: Iterable[Token]) -> bool:
    """Whether nothing but linking words stands between a word for organisations and here."""
    nearest = [token.word for token in before][: -_FARTHEST - 1 : -1]
    other = next((word for word in nearest if word not in _LINKS), None)
    return KINDS.get(other or "") == "find_osc"
