"""Telegram's flood windows as far as they are known: overall, one private chat, one group."""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Window:
    """At most `count` events in any `seconds`."""

    count: int
    seconds: float
    times: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until one more event is allowed; 0 when it is now."""
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        return 0.0 if len(self.times) < self.count else self.times[0] + self.seconds - now


@dataclass(slots=True)
class Limits:
    """30 a second overall; per private chat 1 a second on average, 3 at once; 20 a minute per group."""

    clock: Callable[[], float] = time.monotonic
    overall: Window = field(default_factory=lambda: Window(30, 1.0))
    private: dict[int, Window] = field(default_factory=lambda: defaultdict(lambda: Window(3, 3.0)))
    groups: dict[int, Window] = field(default_factory=lambda: defaultdict(lambda: Window(20, 60.0)))
    refused: int = 0

    def take(self, chat_id: int) -> int:
        """0 when the message may go now, else whole seconds to wait (retry_after)."""
        now = self.clock()
        windows = (self.overall, self.groups[chat_id] if chat_id < 0 else self.private[chat_id])
        wait = max(window.wait(now) for window in windows)
        if wait > 0:
            self.refused += 1
            return max(1, math.ceil(wait))
        for window in windows:
            window.times.append(now)
        return 0
