"""Cross-validation: every example judged by a model that was trained without it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from nlu import chatwords, classifier
from nlu.examples import Example
from nlu.interpreter import Interpreter
from nlu.langid import LanguageIdentifier
from nlu.lexicon import Lexicon


def folds(
    examples: Sequence[Example], data_dir: Path, count: int, seed: int, progress: Callable[[str], None]
) -> Iterator[tuple[Interpreter, list[Example]]]:
    """An interpreter and the examples it has not seen, `count` times; the seed decides who is where."""
    place = np.random.default_rng(seed).integers(0, count, len(examples))
    for k in range(count):
        progress(f"Fold {k + 1} of {count}…")
        inside = [example for example, own in zip(examples, place, strict=True) if own != k]
        outside = [example for example, own in zip(examples, place, strict=True) if own == k]
        yield _trained(inside, data_dir, seed), outside


def _trained(examples: Sequence[Example], data_dir: Path, seed: int) -> Interpreter:
    texts = [example.text for example in examples]
    chat = chatwords.learn(texts, [example.language or "" for example in examples], seed)
    return Interpreter(
        classifier.train(texts, [example.intent for example in examples], seed),
        Lexicon.learn(data_dir / "gazetteer.yml", examples),
        LanguageIdentifier.load(data_dir / "langid" / "counts.json", chat),
    )
