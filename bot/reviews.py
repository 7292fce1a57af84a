"""When a message may be reviewed, and how many words of coordinators decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions.context import Person
from bot.actions.review_port import Beside, Card, Labelled
from bot.consent import Purpose
from bot.domain import LANGUAGES
from bot.masking import is_worded, masked
from bot.store.audit import Act
from bot.store.engine import Transaction
from bot.store.model_orders import ASKED
from bot.store.reviews import Review

LABELLERS = frozenset({"coordinator", "admin"})
AGREEING = 2
MOST_GUESSES = 5


async def may_learn(tx: Transaction, person: Person) -> bool:
    """Whether they consented, and did not take this one consent back."""
    last = await tx.consents.last(person.id, Purpose.LEARNING) if person.consented else None
    return person.consented and (last is None or last.given)


@dataclass(frozen=True, slots=True)
class StoredReviews:
    """Speaks for one person within one transaction."""

    tx: Transaction
    person: Person
    name: str | None
    language: str
    now: datetime

    async def keep(self, text: str, guesses: Sequence[tuple[str, float]], language: str) -> bool:
        hidden = masked(text, self.name)
        if not is_worded(hidden) or not await may_learn(self.tx, self.person):
            return False
        likeliest = tuple((intent, round(share, 3)) for intent, share in guesses[:MOST_GUESSES])
        written_in = language if language in LANGUAGES else self.language
        await self.tx.reviews.add(self.person.id, Review(0, hidden, written_in, likeliest), self.now)
        return True

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

    async def label(self, card_id: int, label: str) -> Labelled:
        if not self._may_label():
            return Labelled.GONE
        card = await self.tx.reviews.lock(card_id)
        if card is None or card.decision is not None:
            return Labelled.GONE
        agreeing, others = await self.tx.reviews.label(card_id, self.person.id, label, self.now)
        decided = agreeing >= AGREEING or self.person.role == "admin"
        if decided:
            await self.tx.reviews.decide(card_id, label, self.now)
        details = {"label": label, "decided": decided}
        await self.tx.audit.add(Act("review.label", f"review:{card_id}", self.person.id, details, self.now))
        return Labelled.DIFFERS if others and not decided else Labelled.KEPT

    def _may_label(self) -> bool:
        return self.person.role in LABELLERS
