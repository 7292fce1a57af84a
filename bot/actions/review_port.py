"""What the chat may ask of the review of messages that were not understood."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Beside(StrEnum):
    """What a coordinator may say of a message instead of an intent."""

    NEW_QUESTION = "new_question"
    IGNORE = "ignore"


class Labelled(StrEnum):
    """What became of a coordinator's word. GONE: the card is decided, or is not theirs; DIFFERS: an admin decides."""

    KEPT = "kept"
    GONE = "gone"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Card:
    """`guesses`: intents with shares between 0 and 1; `chosen`: what the person tapped when asked back."""

    id: int
    text: str
    language: str
    guesses: Sequence[tuple[str, float]]
    chosen: str | None = None


class Reviewing(Protocol):
    """Speaks for one person; only coordinators label, the rest of them get None, False and GONE."""

    async def keep(self, text: str, guesses: Sequence[tuple[str, float]], language: str) -> bool:
        """For review, masked; False when nothing is kept: the person did not consent, or it holds no word.

        `language`: the message's as far as it is known; where it is none of ours, the conversation's is kept.
        """

    async def chose(self, text: str, intent: str) -> None: ...

    async def waiting(self) -> int: ...

    async def untaught(self) -> int:
        """How many messages have a meaning agreed upon that no model has learnt yet."""

    async def ask_to_learn(self) -> bool:
        """Learn now; False when there is nothing new."""

    async def next(self) -> Card | None: ...

    async def label(self, card_id: int, label: str) -> Labelled: ...
