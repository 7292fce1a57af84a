"""One text to one meaning: language, intent, verdict and entities put together."""

import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from nlu import model
from nlu.classifier import Classifier
from nlu.entities import find_entities
from nlu.kinds import is_search, names_something, sought
from nlu.langid import LanguageIdentifier
from nlu.lexicon import Lexicon
from nlu.meaning import Entity, Interpretation, Verdict
from nlu.namebook import Known, NameBook
from nlu.normalise import in_our_figures, is_noise
from nlu.questions import asks

LONGEST = 1000
BARE = 6
"""A message of at most so many words that is nothing but names is an answer: `inform`."""
_ABSTAIN = Interpretation("other", False, "out_of_scope", 0.0, verdict=Verdict.ABSTAIN)


class BadModel(ValueError):
    """The file is damaged, or no model that this code understands; str() names it."""


class Interpreter:
    """Understands messages; a few megabytes, about a millisecond each."""

    def __init__(self, classifier: Classifier, lexicon: Lexicon, languages: LanguageIdentifier) -> None:
        self._classifier = classifier
        self._lexicon = lexicon
        self._languages = languages

    @classmethod
    def load(cls, model_path: Path, data_dir: Path) -> "Interpreter":
        """From a model file and the language counts of `data_dir`. Raises BadModel, or OSError."""
        if model_path.exists() and not zipfile.is_zipfile(model_path):
            raise BadModel(f"{model_path}: no language model, or half of one")
        try:
            trained = model.load(model_path)
        except (ValueError, LookupError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise BadModel(f"{model_path}: no language model that can be read ({error})") from error
        counts = data_dir / "langid" / "counts.json"
        return cls(trained.classifier, trained.lexicon, LanguageIdentifier.load(counts, trained.chat))

    def book(self, known: Iterable[Known]) -> NameBook:
        """Names for `parse` to find beside those of the model."""
        return NameBook(known, self._lexicon.is_ordinary, self._lexicon.is_used)

    def parse(
        self,
        text: str,
        *,
        prior_language: str | None = None,
        today: date | None = None,
        names: NameBook | None = None,
    ) -> Interpretation:
        """The meaning of any text; only its first 1,000 characters count. `names`: those that change."""
        text = in_our_figures(text[:LONGEST])
        guess = self._languages.identify(text, prior_language)
        ranking, verdict = self._classifier.classify(text)
        signs_only = not any(c.isalnum() for c in text)
        if guess.language == "ar" or (signs_only and verdict is not Verdict.ACT):
            return replace(_ABSTAIN, language=guess.language, language_sure=guess.sure)
        when = today or date.today()
        entities = find_entities(text, self._lexicon, when, guess.language, names)
        kind = sought(text, entities)
        if kind is None and _is_answer(text, entities):
            ranking, verdict = _surely("inform", ranking), Verdict.ACT
        elif kind and (verdict is not Verdict.ACT or ranking[0][0] == "inform") and is_search(text, entities):
            ranking, verdict = _surely(kind, ranking), Verdict.ACT
        elif ranking[0][0] == "out_of_scope" and len(text.split()) <= BARE and names_something(entities):
            ranking, verdict = _surely("inform", ranking), Verdict.ACT
        if is_noise(text) and all(e.name == "number" for e in entities):
            verdict = Verdict.ABSTAIN
        intent, confidence = ranking[0]
        return Interpretation(
            guess.language, guess.sure, intent, confidence, entities, tuple(ranking), verdict, asks(text)
        )


def _surely(intent: str, ranking: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    return [(intent, 1.0), *(pair for pair in ranking if pair[0] != intent)]


def _is_answer(text: str, entities: Sequence[Entity]) -> bool:
    """Nothing but names; a language alone is a wish to speak it, what one can do is no answer."""
    named = sum(e.end - e.start for e in entities)
    covered = len(text.split()) <= BARE and named >= 0.75 * len(text.strip())
    return covered and any(e.name not in ("language", "capacity") for e in entities)
