"""How fast each channel may be written to: windows overall and per chat, an even flow in bulk, and frozen times."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.channels.port import Limits, Window

AHEAD = 0.15
"""Seconds of bulk taken from the outbox before its moment, so that the database's time costs no rate."""

LATE = 0.1
"""Seconds by which bulk may catch up on its even flow after a hiccup."""

MARGIN = 0.05
"""Seconds added to every window: the platform's clock starts a little after ours."""

LATE_ARRIVAL = 0.2
"""Seconds before its answer by which a slow message has surely reached the platform."""

SWEEP_SECONDS = 5.0
PLENTY = 1_000_000


@dataclass(slots=True, eq=False)
class Slot:
    """One message let through; it counts in its windows from `start` (steady seconds) until some time after."""

    start: float
    chat_id: str
    end: float | None = None

    def free_at(self, seconds: float) -> float:
        """When a window of so many seconds forgets it; never while nobody knows when it arrives."""
        if self.end is None:
            return math.inf
        return max(self.start + seconds + MARGIN, self.end + seconds - LATE_ARRIVAL)


@dataclass(slots=True)
class Meter:
    """The messages of one window."""

    window: Window
    slots: list[Slot] = field(default_factory=list)

    def wait(self, now: float, count: int | None = None) -> float:
        """Seconds until there is room for one more (of `count`); infinite while that is not known."""
        self.slots = [slot for slot in self.slots if slot.free_at(self.window.seconds) > now]
        over = len(self.slots) - (self.window.count if count is None else count)
        if over < 0:
            return 0.0
        return sorted(slot.free_at(self.window.seconds) for slot in self.slots)[over] - now

    def used(self, now: float) -> int:
        return sum(slot.free_at(self.window.seconds) > now for slot in self.slots)


@dataclass(frozen=True, slots=True)
class Room:
    """How many messages may be taken from the outbox now: answers, and what is sent unasked (bulk)."""

    replies: int
    bulk: int


class Pace:
    """The pace of one channel; `steady` gives seconds that never jump. Not for several processes at once."""

    def __init__(self, limits: Limits, steady: Callable[[], float]) -> None:
        self._limits = limits
        self._steady = steady
        self._overall = Meter(limits.overall) if limits.overall else None
        self._chats: dict[str, list[Meter]] = {}
        self._frozen_until: dict[str | None, float] = {}
        self._next_bulk = -math.inf
        self._next_sweep = -math.inf

    def room(self) -> Room:
        """Frozen: none at all."""
        now = self._steady()
        self._sweep(now)
        if self.frozen_for() > 0:
            return Room(0, 0)
        if self._overall is None:
            return Room(PLENTY, PLENTY)
        used = self._overall.used(now)
        return Room(max(0, self._overall.window.count - used), self._bulk_room(now, used))

    def _bulk_room(self, now: float, used: int) -> int:
        """What flows until AHEAD, as long as replies keep the upper half of what bulk leaves them."""
        assert self._overall is not None
        due = math.floor((now + AHEAD - max(self._next_bulk, now - LATE)) / self._bulk_gap) + 1
        return max(0, min(due, self._bulk_ceiling - used))

    @property
    def _bulk_gap(self) -> float:
        assert self._overall is not None
        return self._overall.window.seconds / (self._overall.window.count * self._limits.bulk_share)

    @property
    def _bulk_ceiling(self) -> int:
        assert self._overall is not None
        return math.floor(self._overall.window.count * (1 + self._limits.bulk_share) / 2)

    def wait_for(self, chat_id: str, *, bulk: bool) -> float:
        """Seconds until this chat may be written to; infinite while an answer of the platform is awaited."""
        now = self._steady()
        waits = [meter.wait(now) for meter in self._meters(chat_id)]
        if bulk and not self._limits.is_group(chat_id) and self._limits.private_bulk:
            slots = self._meters(chat_id)
            waits.append(Meter(self._limits.private_bulk, slots[0].slots if slots else []).wait(now))
        return max(self.frozen_for(chat_id), *waits, 0.0)

    def take(self, chat_id: str, wait: float, *, bulk: bool) -> Slot:
        """Let one message through after `wait` seconds, in bulk at the next moment of the even flow."""
        now = self._steady()
        start = now + wait
        if bulk and self._overall is not None:
            flow = max(self._next_bulk, now - LATE)
            self._next_bulk = flow + self._bulk_gap
            start = max(start, flow)
        slot = Slot(start, chat_id)
        for meter in (*([self._overall] if self._overall else []), *self._meters(chat_id)):
            meter.slots.append(slot)
        return slot

    def landed(self, slot: Slot) -> None:
        """The platform has answered, or nobody waits for its answer any more."""
        slot.end = self._steady()

    def until(self, slot: Slot) -> float:
        """Seconds until the slot begins."""
        return max(0.0, slot.start - self._steady())

    def freeze(self, seconds: float, chat_id: str | None = None) -> None:
        """Nothing to the whole channel, or to one chat, for that long; a longer freeze stays."""
        end = self._steady() + seconds
        self._frozen_until[chat_id] = max(end, self._frozen_until.get(chat_id, end))

    def frozen_for(self, chat_id: str | None = None) -> float:
        return max(0.0, self._frozen_until.get(chat_id, -math.inf) - self._steady())

    def _meters(self, chat_id: str) -> list[Meter]:
        if chat_id not in self._chats:
            windows = self._limits.group if self._limits.is_group(chat_id) else self._limits.private
            if not windows:
                return []
            self._chats[chat_id] = [Meter(window) for window in windows]
        return self._chats[chat_id]

    def _sweep(self, now: float) -> None:
        """Chats not written to lately are forgotten, so that memory does not grow with their number."""
        if now < self._next_sweep:
            return
        self._next_sweep = now + SWEEP_SECONDS
        self._chats = {
            chat_id: meters
            for chat_id, meters in self._chats.items()
            if any(meter.used(now) for meter in meters)
        }
        self._frozen_until = {chat: end for chat, end in self._frozen_until.items() if end > now}
