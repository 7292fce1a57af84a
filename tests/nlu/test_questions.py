"""A question is known by its words, with or without its mark."""

import pytest

from nlu.questions import asks


@pytest.mark.parametrize(
    "text",
    [
        "internetka waa immisa",
        "où trouver un cyber",
        "formation-ka goorma",
        "EPN anke",
        "maca faxa",
        "QUI FINANCE CA",
    ],
)
def test_question_words_at_the_ends_make_a_question(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text", ["Association Horizon", "goorma", "nous aidons ceux qui en ont besoin", "Qui Veut Peut"]
)
def test_names_and_single_words_are_none(text: str) -> None:
    assert not asks(text)
