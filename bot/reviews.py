"""When a message may be reviewed, how it is masked, and how many words of coordinators decide."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions.context import Person
from bot.actions.review_port import Beside, Card
from bot.consent import Purpose
from bot.store.audit import Act
from bot.store.engine import Transaction
from bot.store.model_orders import ASKED
from bot.store.reviews import Review

LABELLERS = frozenset({"coordinator", "admin"})
AGREEING = 2
MOST_GUESSES = 5
MASK = "…"
_EMAIL = re.compile(r"\S+@\S+")
_NUMBER = re.compile(r"\+?\d(?:[\s.\-/]?\d){5,}")
_NAMED = re.compile(
    r"(\b(?i:je m['’ ]?appelle|mon nom (?:est|c['’]est)|moi c['’]est|magacayg[ua] waa|magacaygu waxa? ?weeye"
    r"|yi migaq|c['’]est (?:mr|mme|m\.)|mr|mme|monsieur|madame)\s+)(\w+(?:\s+[A-ZÀ-Ý]\w+){0,2})"
)
"""Words that come before a name, in the three languages."""


def masked(text: str, name: str | None = None) -> str:
    """Without e-mail addresses, numbers of six digits and more, said names, and the person's own name."""
    text = _NAMED.sub(rf"\1{MASK}", _NUMBER.sub(MASK, _EMAIL.sub(MASK, text)))
    for word in (name or "").split():
        if len(word) > 2:
            text = re.sub(rf"(?i)\b{re.escape(word)}\b", MASK, text)
    return text


@dataclass(frozen=True, slots=True)
class StoredReviews:
    """Speaks for one person within one transaction."""

    tx: Transaction
    person: Person
    name: str | None
    language: str
    now: datetime

    async def keep(self, text: str, guesses: Sequence[tuple[str, float]]) -> None:
        hidden = masked(text, self.name)
        teaches = any(sign.isalpha() for sign in hidden)  # a bare number does not
        if self.person.consented and teaches and await self._learns():
            likeliest = tuple((intent, round(share, 3)) for intent, share in guesses[:MOST_GUESSES])
            review = Review(0, hidden, self.language, likeliest)
            await self.tx.reviews.add(self.person.id, review, self.now)

    async def _learns(self) -> bool:
        """Unless they took this one consent back."""
        last = await self.tx.consents.last(self.person.id, Purpose.LEARNING)
        return last is None or last.given

    async def chose(self, text: str, intent: str) -> None:
        await self.tx.reviews.choose(self.person.id, masked(text, self.name), intent)

    async def waiting(self) -> int:
        return await self.tx.reviews.waiting(self.person.id) if self._may_label() else 0

    async def untaught(self) -> int:
        if not self._may_label():
            return 0
        last = await self.tx.models.latest(1)
        taught = last[0].made.learned if last else 0
        return max(0, await self.tx.reviews.agreed([*Beside]) - taught)

    async def ask_to_learn(self) -> bool:
        if not await self.untaught():
            return False
        await self.tx.model_orders.add(ASKED, self.now, self.person.id)
        await self.tx.audit.add(Act("model.ask", "model", self.person.id, {}, self.now))
        return True

    async def next(self) -> Card | None:
        found = await self.tx.reviews.next(self.person.id) if self._may_label() else None
        if found is None:
            return None
        return Card(found.id, found.text, found.language, found.guesses, found.chosen)

    async def label(self, card_id: int, label: str) -> bool:
        if not self._may_label():
            return False
        card = await self.tx.reviews.lock(card_id)
        if card is None or card.decision is not None:
            return False
        agreeing = await self.tx.reviews.label(card_id, self.person.id, label, self.now)
        decided = agreeing >= AGREEING or self.person.role == "admin"
        if decided:
            await self.tx.reviews.decide(card_id, label, self.now)
        details = {"label": label, "decided": decided}
        await self.tx.audit.add(Act("review.label", f"review:{card_id}", self.person.id, details, self.now))
        return True

    def _may_label(self) -> bool:
        return self.person.role in LABELLERS
