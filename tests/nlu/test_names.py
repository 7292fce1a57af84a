"""An intent's name gives it words, and a share of what is learnt about intents that have them too."""

import numpy as np

from nlu.classifier import train
from nlu.names import SHARED, kinship, spoken


def test_a_name_is_spoken_as_words() -> None:
    assert spoken(["find_training"], set()) == ["find training"]
    assert spoken(["Refund_not-showing__up"], set()) == ["refund not showing up"]


def test_a_name_written_together_is_parted_into_known_words() -> None:
    names = ["iot_lightup", "createoradd", "contact_query", "querycontact", "lighthouse", "takeaway"]
    known = {"light", "up", "create", "or", "add", "takeaway", "take", "away", "o", "use"}
    assert spoken(names, known) == [
        "iot light up",
        "create or add",
        "contact query",
        "query contact",
        "lighthouse",
        "takeaway",
    ]


def test_intents_learn_from_each_other_by_the_words_their_names_share() -> None:
    kin = kinship(["find osc", "find training", "greet"])
    assert np.allclose(kin, [[1.0 + SHARED, SHARED, 0.0], [SHARED, 1.0 + SHARED, 0.0], [0.0, 0.0, 1.0]])


def test_the_words_of_a_name_mean_its_intent() -> None:
    texts = ["bonjour", "salut", "bonsoir", "où est le cyber", "un cyber ici", "le cyber"]
    trained = train(texts, ["greet"] * 3 + ["digital_space"] * 3, seed=7)
    assert trained.classify("digital space")[0][0][0] == "digital_space"
