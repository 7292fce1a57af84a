"""Which language a message is in: fr, so, aa, ar or other, and which part of it in which.

What our examples teach (`nlu.chatwords`) decides; counts of letters of longer texts help with words the examples
do not have. The counts in data/langid are made by `build` from texts in each language; sources in data/NOTICE.md.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlu.chatwords import LANGUAGES, ChatWords
from nlu.foreign import is_foreign
from nlu.normalise import tokens, words

LONGEST_GRAM = 4
KEPT_PER_LANGUAGE = 6000
LETTERS_WEIGH = 0.03
"""Of the counted letters, in the sum with what the examples teach; chosen on messages apart from both."""
SURE_SHARE = 0.9
SURE_WORDS = 3
PRIOR = 3.0
"""How much the language the person last used weighs, in nats: it decides words of every language."""
STRANGER = 0.2
"""French is what most strangers write a name or a loan word in."""
NEIGHBOURS_WEIGH = 0.5
CLEAR = 2.0
"""By how much, in nats, a run of words is likelier in a language than in French to be a sign of who writes."""
_ARABIC = re.compile(r"[\u0621-\u064a\u0671-\u06d3]")
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
_ETHIOPIC = re.compile(r"[\u1200-\u137f]")


@dataclass(frozen=True, slots=True)
class Guess:
    """`sure`: enough evidence to change the language of the answers, or to say that it is none of ours."""

    language: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words in one language; offsets in the text as typed."""

    language: str
    start: int
    end: int


class LanguageIdentifier:
    def __init__(self, counts: Mapping[str, Mapping[str, int]], chat: ChatWords) -> None:
        known = {gram for own in counts.values() for gram in own}
        self._chat = chat
        self._letters: dict[str, tuple[float, ...]] = {}
        totals = {language: sum(counts[language].values()) + len(known) for language in LANGUAGES}
        for gram in known:
            self._letters[gram] = tuple(
                math.log((counts[language].get(gram, 0) + 1) / totals[language]) for language in LANGUAGES
            )

    @classmethod
    def load(cls, path: Path, chat: ChatWords) -> "LanguageIdentifier":
        return cls(json.loads(path.read_text(encoding="utf-8")), chat)

    def identify(self, text: str, prior: str | None = None) -> Guess:
        """The language of a text; `prior` is what the person last used and decides when nothing else does."""
        if len(_ARABIC.findall(text)) > len(_LATIN.findall(text)):
            return Guess("ar", True)
        found = words(text)
        if not any(word.isalpha() for word in found):
            return Guess(prior or "other", False)
        if _ETHIOPIC.search(text) or is_foreign(found):
            return Guess("other", True)
        scores = self._scores(found)
        said, share = _likeliest(scores)
        if said == "fr" and prior in LANGUAGES[1:] and self._holds(text, prior):
            return Guess(prior, False)
        clear = share >= SURE_SHARE or (said != "fr" and self._holds(text, said))
        if len(found) >= SURE_WORDS and clear:
            return Guess(said, True)
        if prior in LANGUAGES:
            scores[LANGUAGES.index(prior)] += PRIOR
        else:
            scores[0] += STRANGER
        return Guess(_likeliest(scores)[0], False)

    def spans(self, text: str) -> list[Span]:
        """The runs of words in one language, in the order of the text; a word leans on its neighbours."""
        found = tokens(text)
        own = [self._scores([token.word]) for token in found]
        spans: list[Span] = []
        for i, token in enumerate(found):
            near = [own[j][k] for j in (i - 1, i + 1) if 0 <= j < len(found) for k in range(len(LANGUAGES))]
            leaning = [
                own[i][k] + NEIGHBOURS_WEIGH * sum(near[k :: len(LANGUAGES)]) for k in range(len(LANGUAGES))
            ]
            language = LANGUAGES[leaning.index(max(leaning))]
            if spans and spans[-1].language == language:
                spans[-1] = Span(language, spans[-1].start, token.end)
            else:
                spans.append(Span(language, token.start, token.end))
        return spans

    def _holds(self, text: str, language: str) -> bool:
        """Whether two words or more in a row are clearly in this language and not in French.

        French words are in every sentence here; Somali or Afar between them tells who writes. One word alone
        may be a place, or one that French has too ("ma").
        """
        place = LANGUAGES.index(language)
        runs = [words(text[span.start : span.end]) for span in self.spans(text) if span.language == language]
        scores = [self._scores(run) for run in runs if len(run) > 1]
        return any(own[place] - own[0] >= CLEAR for own in scores)

    def _scores(self, found: list[str]) -> list[float]:
        taught, letters = self._chat.scores(found), self._by_letters(found)
        return [float(a) + LETTERS_WEIGH * b for a, b in zip(taught, letters, strict=True)]

    def _by_letters(self, found: Iterable[str]) -> list[float]:
        """Log-likelihoods, damped: n-grams of one word are not independent; the best is 0."""
        totals = [0.0] * len(LANGUAGES)
        for word in found:
            for gram in letter_grams(word):
                if weights := self._letters.get(gram):
                    for i, weight in enumerate(weights):
                        totals[i] += weight
        return [(total - max(totals)) / LONGEST_GRAM for total in totals]


def _likeliest(scores: list[float]) -> tuple[str, float]:
    """The language of the greatest score, and its share of the likelihoods of all."""
    exps = np.exp(np.asarray(scores) - max(scores))
    best = int(exps.argmax())
    return LANGUAGES[best], float(exps[best] / exps.sum())


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
