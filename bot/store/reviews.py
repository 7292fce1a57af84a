"""Messages that wait for a coordinator's word on their meaning, and what was agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.review_tables import ReviewLabelRow, ReviewRow


@dataclass(frozen=True, slots=True)
class Review:
    """`guesses`: intents with shares between 0 and 1, the likeliest first."""

    id: int
    text: str
    language: str
    guesses: tuple[tuple[str, float], ...]
    chosen: str | None = None
    decision: str | None = None


class Reviews:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, person_id: int, review: Review, now: datetime) -> None:
        """A message that waits already is not asked about twice."""
        same = exists().where(ReviewRow.text == review.text, ReviewRow.decision.is_(None))
        if await self._session.scalar(select(same)):
            return
        row = ReviewRow(
            person_id=person_id,
            text=review.text,
            language=review.language,
            guesses=[list(guess) for guess in review.guesses],
            created_at=now,
        )
        self._session.add(row)
        await self._session.flush()

    async def choose(self, person_id: int, text: str, intent: str) -> None:
        """The person themself said what they had meant."""
        mine = (ReviewRow.person_id == person_id, ReviewRow.text == text, ReviewRow.decision.is_(None))
        await self._session.execute(update(ReviewRow).where(*mine).values(chosen=intent))

    async def waiting(self, labeller: int) -> int:
        return await self._session.scalar(select(func.count()).where(*_open_to(labeller))) or 0

    async def next(self, labeller: int) -> Review | None:
        """The oldest message that this coordinator has not labelled."""
        oldest = select(ReviewRow).where(*_open_to(labeller)).order_by(ReviewRow.created_at, ReviewRow.id)
        row = await self._session.scalar(oldest.limit(1))
        return None if row is None else _review(row)

    async def lock(self, review_id: int) -> Review | None:
        row = await self._session.scalar(select(ReviewRow).where(ReviewRow.id == review_id).with_for_update())
        return None if row is None else _review(row)

    async def label(self, review_id: int, labeller: int, label: str, now: datetime) -> tuple[int, int]:
        """How many coordinators say so now, and how many say something else."""
        said = insert(ReviewLabelRow).values(review_id=review_id, person_id=labeller, label=label, at=now)
        await self._session.execute(
            said.on_conflict_do_update(
                index_elements=["review_id", "person_id"], set_={"label": label, "at": now}
            )
        )
        said_by_all = select(ReviewLabelRow.label).where(ReviewLabelRow.review_id == review_id)
        labels = (await self._session.scalars(said_by_all)).all()
        agreeing = labels.count(label)
        return agreeing, len(labels) - agreeing

    async def decide(self, review_id: int, decision: str, now: datetime) -> None:
        await self._session.execute(
            update(ReviewRow).where(ReviewRow.id == review_id).values(decision=decision, decided_at=now)
        )

    async def agreed(self, beside: Sequence[str]) -> int:
        """How many messages have a meaning agreed upon; `beside`: decisions that are none."""
        counted = select(func.count()).where(
            ReviewRow.decision.is_not(None), ReviewRow.decision.not_in(beside)
        )
        return await self._session.scalar(counted) or 0

    async def decided(self) -> Sequence[Review]:
        """Oldest first; those nobody can learn from too."""
        rows = await self._session.scalars(
            select(ReviewRow).where(ReviewRow.decision.is_not(None)).order_by(ReviewRow.id)
        )
        return [_review(row) for row in rows]


def _open_to(labeller: int) -> tuple[ColumnElement[bool], ...]:
    labelled = exists().where(ReviewLabelRow.review_id == ReviewRow.id, ReviewLabelRow.person_id == labeller)
    return ReviewRow.decision.is_(None), ~labelled


def _review(row: ReviewRow) -> Review:
    guesses = tuple((str(intent), float(share)) for intent, share in row.guesses)
    return Review(row.id, row.text, row.language, guesses, row.chosen, row.decision)
