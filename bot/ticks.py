"""What the clock drives: a name, how often, and what to do; who does it claims its work in tables."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Tick:
    """`run` is called about every `seconds` with the present moment, never twice at once in one process.

    Other processes tick too: `run` must claim what is due with row locks. It may raise; the next tick comes.
    """

    name: str
    seconds: float
    run: Callable[[datetime], Awaitable[None]]
