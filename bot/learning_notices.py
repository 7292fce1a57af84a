"""What coordinators are told of a new language model: used, put aside and why, or not made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions.context import Say
from bot.domain import Domain
from bot.figures import Worse
from bot.replies import render
from bot.store.engine import Transaction
from bot.store.outbox import NewDelivery


@dataclass(frozen=True, slots=True)
class LearningNotices:
    """Each coordinator once, in their language, at the account they last wrote from."""

    domain: Domain

    async def used(self, tx: Transaction, number: int, fresh: int, now: datetime) -> None:
        """`fresh`: agreed messages that the version before had not learnt."""
        name = "utter_model_learnt" if fresh > 0 else "utter_model_renewed"
        say = Say(name, {"version": number, "count": fresh})
        await self._tell(tx, f"model:{number}", lambda _: say, now)

    async def aside(self, tx: Transaction, number: int, lost: Sequence[Worse], now: datetime) -> None:
        def said(language: str) -> Say:
            lines = "\n".join(self._line(worse, language) for worse in lost)
            return Say("utter_model_aside", {"version": number, "worse": lines})

        await self._tell(tx, f"model:{number}", said, now)

    async def failed(self, tx: Transaction, attempt: str, reason: str, now: datetime) -> None:
        """`attempt`: what is told once only."""
        say = Say("utter_model_failed", {"reason": reason})
        await self._tell(tx, f"model-failed:{attempt}", lambda _: say, now)

    async def nothing_new(self, tx: Transaction, order: int, asked_by: int | None, now: datetime) -> None:
        """To whoever asked."""
        await self._tell(tx, f"model-order:{order}", lambda _: Say("utter_model_nothing_new"), now, asked_by)

    async def _tell(
        self,
        tx: Transaction,
        source: str,
        said: Callable[[str], Say],
        now: datetime,
        only: int | None = None,
    ) -> None:
        for person in await tx.enrolments.planners():
            if person.address is None or only not in (None, person.person_id):
                continue
            messages = render(self.domain, [said(person.language)], person.address, person.language)
            recipient = f"person:{person.person_id}"
            await tx.outbox.add(
                [NewDelivery(m, now, source=source, recipient=recipient) for m in messages], now
            )

    def _line(self, worse: Worse, language: str) -> str:
        name = worse.language
        if f"utter_model_in_{name}" in self.domain.responses:
            name = self.domain.words(f"utter_model_in_{name}", language).text
        values = {"before": worse.before, "after": worse.after, "count": worse.messages}
        template = self.domain.words(f"utter_model_worse_{worse.measure}", language).text
        return template.format_map({"language": name, **values})
