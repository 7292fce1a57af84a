"""Where the texts lie from which the language counts are made; they stay outside the repository."""

import csv
from collections.abc import Iterator
from pathlib import Path

MOST_LINES = 6000


def texts(folder: Path) -> dict[str, list[str]]:
    """Lines per language in a folder laid out as the project's language resources (fr/, so/, aa/, …)."""
    return {
        "fr": [*_lines(folder / "fr/common_voice_fr_sample.txt"), *_lines(folder / "fr/ntrex_fr.txt")],
        "so": [
            *_lines(folder / "so/sib200_flores_so.txt"),
            *_lines(folder / "so/udhr_so.txt"),
            *_column(folder / "parallel/en_so_aa_hornmt.tsv", "so"),
        ],
        "aa": [
            *_lines(folder / "aa/udhr_aa.txt"),
            *_column(folder / "parallel/fr_en_aa_common_voice_web.tsv", "aa"),
            *_column(folder / "terms/gatitos_en_fr_aa.tsv", "aa"),
            *_column(folder / "parallel/en_so_aa_hornmt.tsv", "aa"),
        ],
    }


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()[:MOST_LINES]


def _column(path: Path, name: str) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            for column, value in row.items():
                if column and column.split("_")[0] == name and value:
                    yield value
