"""Few examples and a test set as a repository has them, trained on in a moment, for tests of learning."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.store.engine import Database
from bot.store.reviews import Review
from tests.nlu.conftest import SMALL

ROOT = Path(__file__).parent.parent
JUDGED: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "greet": "bonjour à vous, salut madame, bonsoir monsieur",
        "thank": "merci à vous, merci bien monsieur, un grand merci à vous",
        "find_training": "quelles formations à Dikhil, je cherche les formations, la liste des formations",
    },
    "blind_fr": {"thank": "je vous remercie madame"},
    "mixed": {"thank": "merci walaal, merci badan", "find_training": "formations-ka prévues"},
}
UNKNOWN = "zorglub bradfitz quomodo"
"""What nobody understands before it is learnt."""


@dataclass(frozen=True, slots=True)
class SmallPlace:
    """`root` as the repository has it: data and tests; `folder` is a data directory."""

    root: Path
    folder: Path

    @property
    def examples(self) -> Path:
        return self.root / "data" / "nlu" / "fr.yml"


def small_place(folder: Path) -> SmallPlace:
    data = folder / "root" / "data"
    (data / "nlu").mkdir(parents=True)
    shutil.copy(ROOT / "data" / "gazetteer.yml", data)
    shutil.copytree(ROOT / "data" / "langid", data / "langid")
    (data / "nlu" / "fr.yml").write_text(_yaml(SMALL, "fr"), encoding="utf-8")
    judged = folder / "root" / "tests" / "nlu"
    judged.mkdir(parents=True)
    for name, intents in JUDGED.items():
        (judged / f"{name}.yml").write_text(_yaml(intents, "fr"), encoding="utf-8")
    (folder / "var").mkdir()
    return SmallPlace(folder / "root", folder / "var")


def _yaml(intents: Mapping[str, str], language: str) -> str:
    lines = ["nlu:"]
    for intent, examples in intents.items():
        lines += [f"- intent: {intent}", f"  metadata: {{language: {language}}}", "  examples: |"]
        lines += [f"    - {example}" for example in examples.split(", ")]
    return "\n".join(lines) + "\n"


async def agree(database: Database, texts: Sequence[str], intent: str, now: datetime) -> None:
    """Coordinators said of these messages what they mean."""
    async with database.transaction() as tx:
        person = await tx.people.find_or_create("plain", "somebody", now)
        for text in texts:
            await tx.reviews.add(person.id, Review(0, text, "fr", ()), now)
            card = await tx.reviews.next(person.id)
            assert card is not None
            await tx.reviews.decide(card.id, intent, now)
