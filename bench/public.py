"""Public intent sets in folders of train.tsv and test*.tsv: our accuracy, beside DIET's as measured once on them."""

import csv
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from bench.figures import Figure
from nlu import classifier

SEED = 7
DIET: Mapping[str, Mapping[str, float]] = {
    "banking77_10shot": {"test": 65.5, "test_typo30": 64.2, "test_sms": 49.8},
    "hwu64_10shot": {"test": 67.2, "test_typo30": 60.4, "test_sms": 55.0},
    "homeassistant_fr": {"test": 89.6, "test_typo30": 87.0, "test_sms": 80.4},
}
"""Cited, not run again: Rasa 3.6.21, its recommended pipeline, 100 epochs, 125 to 872 CPU seconds for each set."""
TARGETS: Mapping[str, Mapping[str, float]] = {
    "banking77_10shot": {"test": 78.0, "test_typo30": 74.6, "test_sms": 71.6},
    "hwu64_10shot": {"test": 75.0, "test_typo30": 66.8, "test_sms": 69.6},
    "homeassistant_fr": {"test": 91.0, "test_typo30": 87.9, "test_sms": 87.0},
}
"""What was asked of us; with mistakes, what a study reached by a recipe that we began from."""


def public_sets(folder: Path) -> list[Figure]:
    """Percent right on each test file of each set; all sets with the same code and settings."""
    return [figure for train in sorted(folder.glob("*/train.tsv")) for figure in _one(train.parent)]


def _one(folder: Path) -> list[Figure]:
    texts, intents = _rows(folder / "train.tsv")
    began = time.perf_counter()
    trained = classifier.train(texts, intents, SEED)
    figures = [Figure(f"{folder.name}: training", "s", time.perf_counter() - began)]
    cited, asked = DIET.get(folder.name, {}), TARGETS.get(folder.name, {})
    for file in sorted(folder.glob("test*.tsv")):
        said, meant = _rows(file)
        right = [trained.classify(text)[0][0][0] == intent for text, intent in zip(said, meant, strict=True)]
        figures.append(
            Figure(
                f"{folder.name}: {file.stem} (DIET cited)",
                "%",
                100 * float(np.mean(right)),
                cited.get(file.stem),
                asked.get(file.stem),
                higher=True,
            )
        )
    return figures


def _rows(path: Path) -> tuple[list[str], list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row["text"] for row in rows], [row["intent"] for row in rows]
