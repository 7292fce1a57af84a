"""Trained in the span of few examples, a network says of a text's n-grams what it says in the span."""

import numpy as np
import pytest

from nlu.features import Vector, Vocabulary
from nlu.network import Network, Pace, merged, softmax, train_network
from nlu.span import Span, gram

TEXTS = ["bonjour à tous", "bonsoir", "salut salut", "merci beaucoup", "un grand merci", "mille mercis"]
LABELS = np.asarray([0, 0, 0, 1, 1, 1])
UNSEEN = ["bonsoir à tous", "merci bien", "salut et merci"]
VOCABULARY = Vocabulary.learn(TEXTS)
VECTORS = [VOCABULARY.vector(text) for text in TEXTS]
SIZE = len(VOCABULARY.names)


def _dense(vectors: list[Vector]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    rows = np.zeros((len(vectors), SIZE), np.float32)
    for row, vector in zip(rows, vectors, strict=True):
        row[vector.indices] = vector.values
    return rows


@pytest.fixture(scope="module")
def span() -> Span:
    return Span.of(gram(VECTORS, SIZE))


def _network(span: Span, seed: int) -> Network:
    return train_network(span, LABELS, np.eye(2, dtype=np.float32), Pace(30, 4, 0.02, 8, 0.1), seed)


def test_inner_products_are_those_of_the_vectors() -> None:
    dense = _dense(VECTORS)
    assert np.allclose(gram(VECTORS, SIZE), dense @ dense.T, atol=1e-5)


def test_a_span_has_no_more_dimensions_than_examples_and_keeps_their_products(span: Span) -> None:
    products = gram(VECTORS, SIZE)
    assert span.inputs <= len(TEXTS)
    mean = np.trace(products) / len(products)
    assert np.allclose(span.coordinates @ span.coordinates.T, products / mean, atol=1e-4)


def test_n_grams_and_inner_products_give_the_same_scores(span: Span) -> None:
    network = _network(span, 3)
    unseen = [VOCABULARY.vector(text) for text in UNSEEN]
    over = span.over_features(network, VECTORS, SIZE)
    expected = np.stack([over.logits(vector) for vector in unseen])
    assert np.allclose(span.scores(network, _dense(unseen) @ _dense(VECTORS).T), expected, atol=1e-4)


def test_the_merged_network_scores_as_the_others_in_the_mean(span: Span) -> None:
    voters = [span.over_features(_network(span, seed), VECTORS, SIZE) for seed in (1, 2, 3)]
    vector = VOCABULARY.vector("merci à tous")
    votes = [softmax(network.logits(vector)) for network in voters]
    together = np.multiply.reduce(votes) ** (1 / len(votes))
    assert np.allclose(softmax(merged(voters).logits(vector)), together / together.sum(), atol=1e-5)
