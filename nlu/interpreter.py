"""One text to one meaning: language, intent, verdict and entities put together."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from nlu import model
from nlu.classifier import Classifier
from nlu.entities import Lexicon, find_entities
from nlu.langid import LanguageIdentifier
from nlu.meaning import Interpretation, Verdict

LONGEST = 1000
BARE = 6
"""A message of at most so many words that is nothing but names is an answer: `inform`."""
_ABSTAIN = Interpretation("other", False, "out_of_scope", 0.0, verdict=Verdict.ABSTAIN)


class Interpreter:
    """Understands messages; a few megabytes, about a millisecond each."""

    def __init__(self, classifier: Classifier, lexicon: Lexicon, languages: LanguageIdentifier) -> None:
        self._classifier = classifier
        self._lexicon = lexicon
        self._languages = languages

    @classmethod
    def load(cls, model_path: Path, data_dir: Path) -> "Interpreter":
        """From a model file and the language counts of `data_dir`."""
        classifier, lexicon = model.load(model_path)
        return cls(classifier, lexicon, LanguageIdentifier.load(data_dir / "langid" / "counts.json"))

    def parse(
        self, text: str, *, prior_language: str | None = None, today: date | None = None
    ) -> Interpretation:
        """The meaning of any text; only its first 1,000 characters count."""
        text = text[:LONGEST]
        guess = self._languages.identify(text, prior_language)
        if guess.language == "ar" or not any(c.isalnum() for c in text):
            signs = self._classifier.classify(text) if text.strip() and guess.language != "ar" else None
            if signs is None or signs[1] is not Verdict.ACT:
                return replace(_ABSTAIN, language=guess.language, language_sure=guess.sure)
        entities = find_entities(text, self._lexicon, today or date.today())
        ranking, verdict = self._classifier.classify(text)
        if entities and _covers(text, sum(e.end - e.start for e in entities)):
            named = [e for e in entities if e.name != "language"]
            if named:
                ranking = [("inform", 1.0), *(pair for pair in ranking if pair[0] != "inform")]
                verdict = Verdict.ACT
        return Interpretation(
            guess.language, guess.sure, ranking[0][0], ranking[0][1], entities, tuple(ranking), verdict
        )


def _covers(text: str, named: int) -> bool:
    return len(text.split()) <= BARE and named >= 0.75 * len(text.strip())
