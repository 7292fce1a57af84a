"""Which organisations may be one and the same under two names, and by what one can tell."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.search_words import fold

_KINDS = (
    "association associations asso assoc asoc ass organisation organisations orga ong ngo osc groupement "
    "urur ururka ururku ururada ururrada ururro hayad hayada jamciyad jamciyada egla eglah eglat eglela egli"
)
_LINKS = (
    "a au aux d de des du en et l la le les pour par sur dans the of for and un une ee iyo ka ku u oo ah kee"
)
KINDS = frozenset(_KINDS.split())
"""Words that say only that it is an organisation, in French, Somali and Afar (and as chats shorten them)."""
LINKS = frozenset(_LINKS.split())
ALIKE = 0.5
"""From this score on somebody is asked whether it is the same one."""
WORD_ALIKE = 0.75
LOOSELY = 0.3
JOINED_ALIKE = 0.9
"""Two names written as one word each (Benderdjedid); less alike, they may be told apart by a number."""
LEAST_LIKE = 45
COMPARED = 12
RAREST = 4
"""Words of a name by which others are looked up: the rare ones tell it from others."""


class Reason(StrEnum):
    """By what two entries look like one; the strongest first."""

    SAME_NAME = "same_name"
    EMAIL = "email"
    PHONE = "phone"
    ALIKE = "similar_name"
    ACRONYM = "acronym"


WEIGHTS = {Reason.EMAIL: 0.65, Reason.PHONE: 0.65, Reason.ACRONYM: 0.3}
BARE_ACRONYM = 0.65
"""Where an entry gives its acronym for its whole name, it says nothing else that could be alike."""
"""How sure one sign makes us."""
OTHER_NAME = 0.8
"""What remains of a shared phone or address under another name: one person may look after several."""
ELSEWHERE = 0.55
"""What remains of the likeness of two names when their regions differ: many names exist in each region."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of one organisation. `phone` is E.164; `id` is the caller's own number for it."""

    id: int
    name: str
    acronym: str | None = None
    region: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """`score` from 0 to 1; `reasons` never empty, the strongest first. `certain`: same name and same region."""

    id: int
    score: float
    reasons: tuple[Reason, ...]
    certain: bool = False


@lru_cache(maxsize=50_000)
def name_words(name: str) -> tuple[str, ...]:
    """The words that tell a name from others, folded, in the order of the alphabet."""
    words = [word for word in fold(name).split() if word not in LINKS]
    telling = [word for word in words if word not in KINDS and not _is_association(word)]
    return tuple(sorted(telling or words))


def _is_association(word: str) -> bool:
    """Mistyped: assocation, assocaition."""
    return len(word) > 8 and OSA.distance(word, "association", score_cutoff=2) <= 2


def initials(name: str) -> frozenset[str]:
    """Acronyms people make of a name: with and without its small words and its first "association"."""
    words = fold(name).split()
    telling = [word for word in words if word not in LINKS]
    own = [word for word in telling if word not in KINDS]
    made = ("".join(word[0] for word in some) for some in (words, telling, own))
    return frozenset(letters for letters in made if len(letters) >= 3)


@dataclass(frozen=True, slots=True)
class _Laid:
    """An entry laid out for comparing: its telling words, these joined, its acronyms and its e-mail, folded."""

    one: Known
    words: tuple[str, ...]
    joined: str
    acronyms: frozenset[str]
    email: str

    @property
    def signs(self) -> set[str]:
        """What two entries share as a whole or not at all; each sort is marked."""
        signs = {f"acronym {acronym}" for acronym in self.acronyms}
        signs |= {f"phone {self.one.phone}"} if self.one.phone else set()
        return signs | ({f"email {self.email}"} if self.email else set())

    @property
    def bare(self) -> bool:
        """Its acronym is all the name it has."""
        return len(self.words) == 1 and self.words[0] in self.acronyms


class Roll:
    """Organisations already known, laid out so that those like a new one are found without reading all."""

    def __init__(self, known: Iterable[Known] = (), spellings: Mapping[str, str] | None = None) -> None:
        """`spellings`: folded words that are written in several ways (tajuura), with the one that counts."""
        self._spellings = spellings or {}
        self._laid: dict[int, _Laid] = {}
        self._by_word: dict[str, set[int]] = defaultdict(set)
        self._by_sign: dict[str, set[int]] = defaultdict(set)
        self._seen: Counter[str] = Counter()
        for one in known:
            self.add(one)

    def add(self, one: Known) -> None:
        self._laid[one.id] = laid = self._lay(one)
        for word in laid.words:
            self._seen[word] += 1
            for key in _keys(word):
                self._by_word[key].add(one.id)
        for sign in laid.signs:
            self._by_sign[sign].add(one.id)

    def like(self, one: Known, limit: int = 3) -> list[Candidate]:
        """Those that may be `one`, the likeliest first; an entry of the same id is not among them."""
        laid = self._lay(one)
        found = [c for other in self._near(laid) if (c := self._compare(laid, other)) and c.score >= ALIKE]
        return sorted(found, key=lambda c: (-c.certain, -c.score, c.id))[:limit]

    def _lay(self, one: Known) -> _Laid:
        words = tuple(sorted(self._spellings.get(word, word) for word in name_words(one.name)))
        return _Laid(one, words, " ".join(words), _acronyms(one), fold(one.email or ""))

    def _near(self, laid: _Laid) -> Sequence[_Laid]:
        signed = {id for sign in laid.signs for id in self._by_sign.get(sign, ())}
        rarest = sorted(laid.words, key=lambda word: self._seen[word] or math.inf)[:RAREST]
        named = {id for word in rarest for key in _keys(word) for id in self._by_word.get(key, ())}
        best = process.extract(
            laid.joined,
            {id: self._laid[id].joined for id in named},
            scorer=fuzz.ratio,
            score_cutoff=LEAST_LIKE,
            limit=COMPARED,
        )
        near = dict.fromkeys([*sorted(signed), *(id for _, _, id in best)])
        return [self._laid[id] for id in near if id != laid.one.id]

    def _compare(self, one: _Laid, other: _Laid) -> Candidate | None:
        alike = self._names_alike(one.words, other.words)
        elsewhere = bool(one.one.region and other.one.region and one.one.region != other.one.region)
        doubt = 1 - _name_weight(alike) * (ELSEWHERE if elsewhere else 1)
        reasons = [Reason.SAME_NAME] if alike == 1 else []
        for reason in _shared(one, other):
            doubt *= 1 - _sign_weight(reason, one, other, alike)
            reasons.append(reason)
        if WORD_ALIKE <= alike < 1:
            reasons.append(Reason.ALIKE)
        if not reasons:
            return None
        certain = alike == 1 and not elsewhere
        return Candidate(other.one.id, 1 - doubt, tuple(sorted(reasons, key=list(Reason).index)), certain)

    def _names_alike(self, one: Sequence[str], other: Sequence[str]) -> float:
        """Shared words by their rarity, a mistyped word counting as much as it is alike; from 0 to 1."""
        if one == other:
            return 1.0
        left, shared = list(other), 0.0
        total = sum(map(self._weight, one))
        for word in one:
            likeness, near = max(((OSA.normalized_similarity(word, w), w) for w in left), default=(0.0, ""))
            if near and likeness >= _least(word):
                left.remove(near)
                shared += self._weight(word) * likeness
        total += sum(map(self._weight, left))
        joined = _joined_alike("".join(one), "".join(other))
        return min(max(shared / total, joined), 0.99) if total else 0.0

    def _weight(self, word: str) -> float:
        return 1 + math.log((1 + len(self._laid)) / (1 + self._seen[word])) / 3


def _least(word: str) -> float:
    """How alike two words must be to be one mistyped: numbers and short words exactly."""
    return 1.0 if len(word) < 4 or not word.isalpha() else WORD_ALIKE


def _joined_alike(one: str, other: str) -> float:
    """Of two names without their blanks; numbers in them must be the same."""
    if [c for c in one if c.isdigit()] != [c for c in other if c.isdigit()]:
        return 0.0
    return OSA.normalized_similarity(one, other, score_cutoff=JOINED_ALIKE)


def _name_weight(alike: float) -> float:
    """How sure likeness of names makes us: nothing up to a half, then steeply."""
    return 0.9 if alike == 1 else max(0.0, min(0.8, (alike - 0.5) * 2))


def _sign_weight(reason: Reason, one: _Laid, other: _Laid, alike: float) -> float:
    if reason is Reason.ACRONYM:
        return BARE_ACRONYM if one.bare or other.bare else WEIGHTS[reason]
    return WEIGHTS[reason] * (1 if alike > LOOSELY else OTHER_NAME)


def _shared(one: _Laid, other: _Laid) -> list[Reason]:
    """Acronyms count when one of the two was given, not when both are only made of the same names."""
    given = one.one.acronym or other.one.acronym or one.bare or other.bare
    same = (
        (Reason.EMAIL, bool(one.email) and one.email == other.email),
        (Reason.PHONE, bool(one.one.phone) and one.one.phone == other.one.phone),
        (Reason.ACRONYM, bool(given) and bool(one.acronyms & other.acronyms)),
    )
    return [reason for reason, holds in same if holds]


def _acronyms(one: Known) -> frozenset[str]:
    if one.acronym:
        return frozenset({fold(one.acronym).replace(" ", "")})
    words = name_words(one.name)
    return initials(one.name) | (frozenset(words) if len(words) == 1 else frozenset())


@lru_cache(maxsize=50_000)
def _keys(word: str) -> tuple[str, ...]:
    """What survives a typing mistake: the word's beginning, and its consonants each once."""
    consonants = "".join(dict.fromkeys(c for c in word if c not in "aeiouyhw"))
    return (word,) if len(word) < 4 else (word[:3] + "…", f"…{word[-3:]}", consonants)
