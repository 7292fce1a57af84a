"""An intent's name gives it words, and a share of what is learnt about intents that have them too."""

import numpy as np

from nlu.classifier import train
from nlu.names import SHARED, sharing, spoken


def test_a_name_is_spoken_as_words() -> None:
    assert spoken("find_training") == "find training"
    assert spoken("Refund_not-showing__up") == "refund not showing up"


def test_names_that_share_a_word_share_its_score() -> None:
    shares = sharing(["find_osc", "find_training", "greet"])
    assert np.array_equal(shares[:3], np.eye(3))
    assert np.allclose(shares[3:], [[SHARED, SHARED, 0]])


def test_names_without_a_word_in_common_share_nothing() -> None:
    assert np.array_equal(sharing(["greet", "thank"]), np.eye(2))


def test_the_words_of_a_name_mean_its_intent() -> None:
    texts = ["bonjour", "salut", "bonsoir", "où est le cyber", "un cyber ici", "le cyber"]
    trained = train(texts, ["greet"] * 3 + ["digital_space"] * 3, seed=7)
    assert trained.classify("digital space")[0][0][0] == "digital_space"
