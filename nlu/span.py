"""Few examples span few dimensions: in them a network costs what the examples are many, not the n-grams."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.features import Floats, Vector
from nlu.network import Network, Rows

NOISE = 0.04
"""Standard deviation in each dimension, of examples of length 1: chosen on training rows of small public sets."""
_COLUMNS = 4096
_LEAST = 1e-4
"""Of the greatest eigenvalue; dimensions below it hold rounding errors only."""


@dataclass(frozen=True, slots=True)
class Span:
    """`coordinates`: examples × dimensions; `back`: the same, by which weights of dimensions go to the examples."""

    coordinates: Floats
    back: Floats

    @classmethod
    def of(cls, gram: Floats) -> "Span":
        """`gram`: examples × examples, their inner products."""
        values, directions = np.linalg.eigh(gram)
        kept = values > _LEAST * values[-1]
        roots = np.sqrt(values[kept])
        length = np.sqrt(max(float(np.trace(gram)) / len(gram), _LEAST))
        coordinates = directions[:, kept] * (roots / length)
        return cls(
            coordinates.astype(np.float32), (directions[:, kept] / (roots * length)).astype(np.float32)
        )

    @property
    def count(self) -> int:
        return len(self.coordinates)

    @property
    def inputs(self) -> int:
        return int(self.coordinates.shape[1])

    def batch(self, chosen: NDArray[np.int64], random: np.random.Generator) -> tuple[Rows, Floats]:
        x = self.coordinates[chosen]
        return slice(None), x + np.float32(NOISE) * random.standard_normal(x.shape, np.float32)

    def scores(self, network: Network, products: Floats) -> Floats:
        """Of other texts, by their inner products with the examples."""
        return network.after(np.matmul(products @ self.back, network.wide))

    def over_features(self, network: Network, vectors: Sequence[Vector], features: int) -> Network:
        """The same network, asked with a text's n-grams; `vectors` of the examples."""
        shares = self.back @ network.wide
        wide = np.zeros((features, shares.shape[1]), np.float32)
        for vector, share in zip(vectors, shares, strict=True):
            wide[vector.indices] += vector.values[:, None] * share
        return Network(wide, network.bias, network.deep)


def gram(vectors: Sequence[Vector], features: int) -> Floats:
    """Inner products of all pairs, some thousand n-grams at a time: memory stays small."""
    products = np.zeros((len(vectors), len(vectors)), np.float32)
    owner = np.repeat(np.arange(len(vectors)), [len(v.indices) for v in vectors])
    indices = np.concatenate([v.indices for v in vectors])
    values = np.concatenate([v.values for v in vectors])
    for first in range(0, features, _COLUMNS):
        inside = (indices >= first) & (indices < first + _COLUMNS)
        part = np.zeros((len(vectors), _COLUMNS), np.float32)
        part[owner[inside], indices[inside] - first] = values[inside]
        products += part @ part.T
    return products
