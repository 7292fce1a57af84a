"""How people's words, in three languages, tell under which theme a need falls."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from bot.content import Source, read_yaml
from bot.need import Topic
from bot.search_words import LANGUAGES, fold


@dataclass(frozen=True, slots=True)
class TopicWords:
    """Beginnings of words that speak for a theme, folded, in three languages together."""

    stems: Mapping[Topic, tuple[str, ...]]

    @classmethod
    def load(cls, data_dir: Path) -> Self:
        """Read need_topics.yml. Raises ContentError naming file, line and key."""
        source = read_yaml(data_dir / "need_topics.yml")
        if not isinstance(source.data, dict) or set(source.data) != set(Topic):
            raise source.error((), f"must hold exactly {', '.join(Topic)}")
        return cls({topic: _stems(source, topic, source.data[topic]) for topic in Topic})

    def guess(self, text: str) -> Topic | None:
        """The theme most words speak for; None when none does, or two as much."""
        words = fold(text).split()
        counts = {
            topic: sum(any(word.startswith(stem) for stem in stems) for word in words)
            for topic, stems in self.stems.items()
        }
        most = max(counts.values(), default=0)
        best = [topic for topic, count in counts.items() if count == most]
        return best[0] if most and len(best) == 1 else None


NO_WORDS = TopicWords({})


def _stems(source: Source, topic: Topic, by_language: Any) -> tuple[str, ...]:
    if not isinstance(by_language, dict) or set(by_language) != set(LANGUAGES):
        raise source.error((topic,), f"must hold exactly {', '.join(LANGUAGES)}")
    stems = [stem for language in LANGUAGES for stem in by_language[language]]
    if not all(isinstance(stem, str) and fold(stem) == stem for stem in stems):
        raise source.error((topic,), "stems are written folded: lower case, no accents")
    return tuple(dict.fromkeys(stems))
