"""What the benchmarks say: the same texts to our engine and to Rasa."""

import random
from pathlib import Path

from nlu.examples import read_examples

SMALL_TALK = (
    "bonjour",
    "tu es un robot ?",
    "merci beaucoup",
    "que sais-tu faire ?",
    "au revoir",
    "mahadsanid",
)
"""Messages whose answer is one response: all that Rasa can answer without an action server."""

QUESTIONS = (
    "où trouver un espace numérique à Balbala ?",
    "y a des formations bientôt",
    "c combien internet pour une asso",
    "un appel à projets pour les jeunes",
    "comment déclarer une association",
    "xaggee laga helaa internet Tagorri",
    "c est quoi le plaidoyer numérique",
    "on n a plus de connexion depuis un mois",
)
SEED = 11


def some_examples(data: Path, count: int) -> list[str]:
    """This many texts of the training examples, always the same for the same data."""
    texts = [example.text for example in read_examples([data / "nlu"])]
    return random.Random(SEED).sample(texts, count)
