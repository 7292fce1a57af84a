"""A small training set is learnt, the same way each time, and nothing is made of gibberish."""

import pytest

from nlu.classifier import Classifier, train
from nlu.meaning import Verdict
from tests.nlu.conftest import SMALL

PAIRS = [(text, intent) for intent, listed in SMALL.items() for text in listed.split(", ")]
TEXTS = [text for text, _ in PAIRS]
INTENTS = [intent for _, intent in PAIRS]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return train(TEXTS, INTENTS, seed=7)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("slt", "greet"),
        ("bonjour à tous", "greet"),
        ("mrc bcp", "thank"),
        ("quelles formations à Dikhil", "find_training"),
    ],
)
def test_a_text_like_the_examples_has_their_intent(classifier: Classifier, text: str, intent: str) -> None:
    ranking, _ = classifier.classify(text)
    assert ranking[0][0] == intent


def test_probabilities_fall_and_sum_to_one(classifier: Classifier) -> None:
    ranking, _ = classifier.classify("merci")
    probabilities = [p for _, p in ranking]
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) == pytest.approx(1, abs=1e-4)


def test_the_same_seed_gives_the_same_model(classifier: Classifier) -> None:
    again = train(TEXTS, INTENTS, seed=7)
    assert again.classify("bonjour, une formation ?") == classifier.classify("bonjour, une formation ?")


@pytest.mark.parametrize("text", ["", "...", "qzxk wvwv", "zzzz", "ghjk"])
def test_gibberish_is_abstained_from(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text)[1] is Verdict.ABSTAIN
