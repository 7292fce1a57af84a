"""Which language a message is in: fr, so, aa, ar or other, from counts of letters and closed lists of words.

The counts in data/langid are made by `build` from texts in each language; sources in data/NOTICE.md.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nlu.normalise import tokens, words

LANGUAGES = ("fr", "so", "aa")
LONGEST_GRAM = 4
KEPT_PER_LANGUAGE = 6000
SURE_MARGIN = 6.0
SURE_WORDS = 3
PRIOR = 5.0
"""How much the language the person last used weighs, in nats."""
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_CLOSED = {
    "fr": "bonjour salut bonsoir merci oui non quoi comment combien pourquoi quel quelle quels où je tu nous vous "
    "il elle le la les des une un du au aux est suis sont avec pour dans sur qui que mon ma mes notre votre plait "
    "cherche besoin aide annuler corriger au revoir d'accord rien ça peux veux",
    "so": "salaan nabad iska warran waa maxay sidee xaggee halkee immisa goorma yaa maya haa mahadsanid fadlan waxaan "
    "waxaad baan ayaan ku ka u oo iyo ama miyaa ma maanta berri caawin doonayaa rabaa urur ururka ururkayga jooji "
    "subax galab wanaagsan hadda kuwa lahayn haysta leh si ay aan aad in uu noo ii",
    "aa": "salaamata yeey maleey magan gadda gey anke ankel maca mannah faxa faxah egla eglah yoh koh loh kinni hinna "
    "atu anu nanu isin tan yan inki beera asaaku kimal essero oyta aydakaakan soolis kah akak kee le sinni cato maay",
}
_WORDS = {language: frozenset(token.word for token in tokens(listed)) for language, listed in _CLOSED.items()}
_OWN = {
    language: own - frozenset().union(*(w for other, w in _WORDS.items() if other != language))
    for language, own in _WORDS.items()
}


@dataclass(frozen=True, slots=True)
class Guess:
    """`sure`: enough evidence to change the language of the answers."""

    language: str
    sure: bool


class LanguageIdentifier:
    """Naive Bayes over n-grams of 1 to 4 letters."""

    def __init__(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        known = {gram for own in counts.values() for gram in own}
        self._weights: dict[str, tuple[float, ...]] = {}
        totals = {language: sum(counts[language].values()) + len(known) for language in LANGUAGES}
        for gram in known:
            self._weights[gram] = tuple(
                math.log((counts[language].get(gram, 0) + 1) / totals[language]) for language in LANGUAGES
            )

    @classmethod
    def load(cls, path: Path) -> "LanguageIdentifier":
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def identify(self, text: str, prior: str | None = None) -> Guess:
        """The language of a text; `prior` is what the person last used and decides when nothing else does."""
        if _ARABIC.search(text):
            return Guess("ar", True)
        found = words(text)
        scores = self._scores(found)
        evidence = {language: sum(w in own for w in found) for language, own in _OWN.items()}
        for i, language in enumerate(LANGUAGES):
            scores[i] += 3.0 * evidence[language] + (PRIOR if language == prior else 0.0)
        if not found or not any(c.isalpha() for c in text):
            return Guess(prior or "other", False)
        ranked = sorted(zip(scores, LANGUAGES, strict=True), reverse=True)
        margin = ranked[0][0] - ranked[1][0]
        best = ranked[0][1]
        enough = len(found) >= SURE_WORDS or evidence[best] > 0
        rivals = any(evidence[other] >= evidence[best] > 0 for other in LANGUAGES if other != best)
        return Guess(best, enough and margin >= SURE_MARGIN and not rivals)

    def _scores(self, found: Iterable[str]) -> list[float]:
        """Log-likelihoods, damped: n-grams of one word are not independent."""
        totals = [0.0] * len(LANGUAGES)
        for word in found:
            for gram in letter_grams(word):
                if weights := self._weights.get(gram):
                    for i, weight in enumerate(weights):
                        totals[i] += weight
        return [total / LONGEST_GRAM for total in totals]


def letter_grams(word: str) -> Iterable[str]:
    padded = f" {word} "
    for size in range(1, LONGEST_GRAM + 1):
        for i in range(len(padded) - size + 1):
            yield padded[i : i + size]


def build(texts: Mapping[str, Iterable[str]], target: Path) -> None:
    """Write the counts of the most frequent n-grams per language, on one scale of a million each."""
    counts: dict[str, dict[str, int]] = {}
    for language, lines in texts.items():
        seen: Counter[str] = Counter()
        for line in lines:
            for token in tokens(line):
                if token.word.isalpha():
                    seen.update(letter_grams(token.word))
        total = sum(seen.values())
        scaled = {g: round(1e6 * n / total) for g, n in seen.most_common(KEPT_PER_LANGUAGE)}
        counts[language] = {gram: n for gram, n in sorted(scaled.items()) if n}
    target.write_text(json.dumps(counts, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
