"""Needs within one transaction: kept in the person's words, put among their like, answered to all who said them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.actions.context import Person, Say
from bot.actions.needs_port import Alike, Figures, Help
from bot.actions.needs_texts import answer_arrived
from bot.actions.training_port import Told
from bot.errors import NotAllowed
from bot.masking import masked
from bot.need import TOPIC_OF_INTENT, Need, NeedGroup, Origin, Topic, Urgency
from bot.need_topics import TopicWords
from bot.store.audit import Act
from bot.training_notices import Notices

ANSWERERS = frozenset({"coordinator", "admin"})
QUOTED = 5
ANSWER_HOLDS = timedelta(days=180)
"""A later need of the same kind is answered with it at once."""


@dataclass(frozen=True, slots=True)
class StoredNeeds:
    """`bot.actions.needs_port.Needs` for one person."""

    notices: Notices
    person: Person
    language: str
    words: TopicWords

    def guess(self, text: str) -> Topic | None:
        return self.words.guess(text)

    async def keep(self, need: Need) -> int:
        tx = self.notices.tx
        owned = await tx.organisations.of_person(self.person.id)
        if len(owned) == 1:
            need = replace(
                need,
                region=need.region or owned[0].region,
                kind=owned[0].legal_form,
                theme=need.theme or (owned[0].themes[0] if len(owned[0].themes) == 1 else None),
            )
        return await tx.needs.add(need, self.person.id if self.person.consented else None, self.notices.now)

    async def unanswered(self, text: str, intent: str, region: str | None) -> None:
        topic = TOPIC_OF_INTENT.get(intent) or self.words.guess(text)
        if topic is None or not text.strip():
            return
        tx, now = self.notices.tx, self.notices.now
        number = await tx.needs.add(
            Need(masked(text), self.language, Origin.SEARCH, topic, region=region), None, now
        )
        await tx.needs.set(number, group_id=await tx.needs.open_group(topic, region, now))

    async def mine(self, number: int) -> Need | None:
        owner = await self.notices.tx.needs.owner(number)
        if owner not in (None, self.person.id):
            return None
        return await self.notices.tx.needs.get(number)

    async def place(self, number: int, topic: Topic, region: str | None, urgency: Urgency | None) -> Alike:
        needs, now = self.notices.tx.needs, self.notices.now
        group = await needs.open_group(topic, region, now)
        await needs.set(number, topic=topic, region=region, urgency=urgency, group_id=group)
        found = await needs.group(group)
        others = found.count - found.searches - 1 if found else 0
        return Alike(max(others, 0), await needs.answered_before(topic, region, now - ANSWER_HOLDS))

    async def figures(self) -> Figures:
        needs = self.notices.tx.needs
        return Figures(await needs.count_by_topic(), await needs.first_at(), await needs.count_answered())

    async def groups(self, limit: int, offset: int = 0) -> Sequence[NeedGroup]:
        self._check()
        return await self.notices.tx.needs.groups(limit, offset)

    async def group(self, number: int) -> tuple[NeedGroup, Sequence[Need]] | None:
        self._check()
        found = await self.notices.tx.needs.group(number)
        if found is None:
            return None
        said = await self.notices.tx.needs.in_group(number, QUOTED)
        return found, [replace(need, text=masked(need.text)) for need in said]

    async def unite(self, number: int, into: int) -> bool:
        self._check()
        needs = self.notices.tx.needs
        if number == into or not await needs.group(number) or not await needs.group(into):
            return False
        await needs.unite(number, into)
        await self._log("need.unite", number, into=into)
        return True

    async def set_apart(self, need: int) -> int | None:
        self._check()
        needs = self.notices.tx.needs
        found = await needs.get(need)
        if found is None or found.topic is None:
            return None
        group = await needs.new_group(found.topic, found.region, self.notices.now)
        await needs.set(need, group_id=group)
        await self._log("need.set_apart", group, need=need)
        return group

    async def answer(self, number: int, answer: Help) -> Told | None:
        self._check()
        tx, now = self.notices.tx, self.notices.now
        kept = {"answer": answer.words, "training_id": answer.training, "resource_id": answer.resource}
        if not await tx.needs.answer(number, kept, self.person.id, now):
            return None
        people = await tx.enrolments.people(await tx.needs.people(number))

        def worded(_: object) -> Say:
            return answer_arrived(answer)

        told = await self.notices.tell(people, f"need:{number}:answer", worded)
        await self._log("need.answer", number, told=told.told)
        return told

    def _check(self) -> None:
        if self.person.role not in ANSWERERS:
            raise NotAllowed(self.person.role)

    async def _log(self, act: str, number: int, **details: int) -> None:
        await self.notices.tx.audit.add(
            Act(act, f"need_group:{number}", self.person.id, details, self.notices.now)
        )
