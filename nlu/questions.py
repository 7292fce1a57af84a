"""Whether a text asks something, by the question word it begins or ends with; few people type the mark."""

from nlu.normalise import fold, words

_WORDS = frozenset(
    fold(word)
    for listed in (
        "où quand comment combien pourquoi qui que quoi quel quelle quels quelles lequel laquelle koi",
        "xaggee xagee halkee goorma goormee maxay maxaa muxuu kuma yaa sidee imisa immisa meeqa",
        "anke ankel maca macaay macay iyyi iyya iyyaay mannal magide mawaqdi",
    )
    for word in listed.split()
)
"""Attested in two sources or more where Somali or Afar (core terms of the language resources)."""


def asks(text: str) -> bool:
    """A text each of whose words has a capital is a name: Qui Veut Peut."""
    found = words(text)
    return not text.istitle() and len(found) > 1 and (found[0] in _WORDS or found[-1] in _WORDS)
