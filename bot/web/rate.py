"""How much one session or one network address may ask for: token buckets, bounded in number."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from time import monotonic


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `burst` at once, `per_second` in the long run."""

    burst: float
    per_second: float


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Rate:
    """Counts per key; of more than `most_keys` keys the one unused for longest is forgotten."""

    def __init__(self, pace: Pace, clock: Callable[[], float] = monotonic, most_keys: int = 10_000) -> None:
        self._pace = pace
        self._clock = clock
        self._most_keys = most_keys
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait_for(self, key: str) -> int:
        """Take one; 0 when granted, else in how many whole seconds to come back (nothing is taken then)."""
        bucket = self._filled(key)
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0
        return ceil((1 - bucket.tokens) / self._pace.per_second)

    def _filled(self, key: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(self._pace.burst, now))
        bucket.tokens = min(self._pace.burst, bucket.tokens + (now - bucket.at) * self._pace.per_second)
        bucket.at = now
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._most_keys:
            self._buckets.popitem(last=False)
        return bucket
