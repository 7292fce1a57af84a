"""Announcements for the one who talks: who may do what with them, and what is written down of each act."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.actions.announcement_port import (
    COORDINATORS,
    Chat,
    Decided,
    Decision,
    Kept,
    Mailing,
    Origin,
    Report,
)
from bot.actions.announcement_texts import announcement_say
from bot.actions.context import Person
from bot.actions.training_texts import Wordbook
from bot.announcement import (
    EDITABLE,
    STARTED,
    STOPPABLE,
    UNDO,
    Announcement,
    Body,
    Reach,
    State,
    Timing,
    new_code,
    problems,
    source_of,
)
from bot.announcement_counts import counted
from bot.announcement_missed import missed_csv
from bot.announcement_ticks import next_time
from bot.audiences import Audience, Is, Trait
from bot.charts import over_time
from bot.directory import fold_name
from bot.domain import Domain
from bot.errors import NotAllowed
from bot.messages import Address, Attachment, Outgoing
from bot.postage import Postage
from bot.quiet import QuietHours
from bot.replies import render
from bot.store.audit import Act
from bot.store.engine import Transaction
from bot.windows import ROLLING

LISTED = 8
PAID = "whatsapp"


@dataclass(frozen=True, slots=True)
class StoredAnnouncing:
    """`bot.actions.announcement_port.Announcing` within one transaction."""

    tx: Transaction
    domain: Domain
    person: Person
    address: Address
    quiet: QuietHours
    now: datetime
    postage: Postage | None = None

    def _check(self) -> None:
        if self.person.role not in COORDINATORS:
            raise NotAllowed(self.person.role)

    async def _log(self, act: str, number: int, **details: object) -> None:
        subject = f"announcement:{number}"
        await self.tx.audit.add(Act(f"announcement.{act}", subject, self.person.id, details, self.now))

    async def draft(self, body: Body, language: str) -> Announcement:
        self._check()
        new = Announcement(
            0, new_code(), State.DRAFT, body, Audience(), Timing(), self.person.id, self.address, language
        )
        number = await self.tx.announcements.add(new, self.now)
        await self._log("draft", number)
        return replace(new, id=number)

    async def get(self, number: int) -> Announcement | None:
        self._check()
        return await self.tx.announcements.get(number)

    async def latest(self) -> Sequence[Announcement]:
        self._check()
        return await self.tx.announcements.latest(LISTED)

    async def change(
        self,
        number: int,
        body: Body | None = None,
        audience: Audience | None = None,
        timing: Timing | None = None,
    ) -> Announcement | None:
        self._check()
        found = await self.tx.announcements.lock(number)
        if found is None or found.state not in EDITABLE:
            return None
        given = {"body": body, "audience": audience, "timing": timing}
        values = {name: value for name, value in given.items() if value is not None}
        await self.tx.announcements.change(
            number, self.now, state=State.DRAFT, due_at=None, approved_by=None, **values
        )
        await self._log("change", number, fields=sorted(values))
        return await self.tx.announcements.get(number)

    async def correct(self, number: int, body: Body) -> int | None:
        self._check()
        found = await self.tx.announcements.lock(number)
        if found is None or found.state not in STARTED:
            return None
        await self.tx.announcements.change(number, self.now, body=body)
        after = replace(found, body=body)
        old = (await self.tx.announcements.progress(number)).contents
        swaps = body.attachment != found.body.attachment
        new = {language: await self._content(after, language, swaps_file=swaps) for language in old}
        changed = await self.tx.outbox.change_contents(
            found.source, {old[language]: new[language] for language in old}, self.now
        )
        await self.tx.announcements.note(number, contents=new)
        await self._log("correct", number, messages=changed)
        return changed

    async def _content(self, announcement: Announcement, language: str, *, swaps_file: bool) -> int:
        (message,) = render(
            self.domain, [announcement_say(announcement, language)], Address("", ""), language
        )
        return await self.tx.outbox.add_content(replace(message, swaps_file=swaps_file), self.now)

    async def reach(self, audience: Audience) -> Reach:
        self._check()
        return await self.tx.audiences.reach(audience, self.now)

    async def mailing(self, reach: Reach) -> Mailing | None:
        self._check()
        inside, outside = reach.windowed
        if self.postage is None or not inside + outside:
            return None
        opened, _ = await self.tx.windows.opened_since(PAID, self.now - ROLLING)
        estimate = self.postage.estimate(inside, outside, opened)
        return Mailing(inside, outside, estimate, self.postage)

    async def quiet_until(self, moment: datetime) -> datetime | None:
        return self.quiet.until(moment)

    async def confirm(self, number: int, revision: int) -> Decision:
        self._check()
        found = await self.tx.announcements.lock(number)
        if decision := self._refused(found, revision, State.DRAFT):
            return decision
        assert found is not None
        reach = await self.tx.audiences.reach(found.audience)
        if problems(found.body, found.audience, found.timing, reach, self.now):
            return Decision(Decided.CHANGED, found)
        if await self.colleagues():
            await self._set(number, state=State.PROPOSED, created_by=self.person.id)
            await self._log("propose", number, reach=reach.total)
            return Decision(Decided.PROPOSED, await self.tx.announcements.get(number))
        return await self._send_off(found, created_by=self.person.id)

    async def approve(self, number: int, revision: int) -> Decision:
        self._check()
        found = await self.tx.announcements.lock(number)
        if decision := self._refused(found, revision, State.PROPOSED):
            return decision
        assert found is not None
        if found.created_by == self.person.id:
            return Decision(Decided.OWN, found)
        if not await self._still_coordinates(found.created_by):
            await self._set(number, state=State.DRAFT, created_by=self.person.id, report_to=self.address)
            await self._log("orphan", number)
            return Decision(Decided.ORPHAN, await self.tx.announcements.get(number))
        return await self._send_off(found, approved_by=self.person.id)

    @staticmethod
    def _refused(found: Announcement | None, revision: int, wanted: State) -> Decision | None:
        if found is None:
            return Decision(Decided.UNKNOWN)
        if found.state is not wanted:
            return Decision(Decided.OVER, found)
        return None if found.revision == revision else Decision(Decided.CHANGED, found)

    async def _send_off(self, found: Announcement, **who: int) -> Decision:
        """It leaves at its time, and never before there was time to undo it."""
        soonest = self.now + UNDO
        at = found.timing.at
        due = (
            next_time(found.timing, self.now, self.quiet.zone)
            if at and at < self.now and found.timing.every
            else at
        )
        await self._set(found.id, state=State.SCHEDULED, due_at=max(due or soonest, soonest), **who)
        await self._log("send", found.id)
        return Decision(Decided.ON_ITS_WAY, await self.tx.announcements.get(found.id))

    async def _still_coordinates(self, person_id: int | None) -> bool:
        person = None if person_id is None else await self.tx.people.get(person_id)
        return person is not None and person.role in COORDINATORS

    async def _set(self, number: int, **values: object) -> None:
        await self.tx.announcements.change(number, self.now, **values)

    async def refuse(self, number: int) -> Announcement | None:
        return await self._step(number, "refuse", (State.PROPOSED,), State.DRAFT)

    async def pause(self, number: int) -> Announcement | None:
        return await self._step(number, "pause", (State.SCHEDULED,), State.PAUSED)

    async def resume(self, number: int) -> Announcement | None:
        """At its next time; one whose time went by meanwhile leaves in a minute."""
        self._check()
        found = await self.tx.announcements.lock(number)
        if found is None or found.state is not State.PAUSED:
            return None
        vouched = found.approved_by or self.person.id
        return (await self._send_off(found, approved_by=vouched)).announcement

    async def cancel(self, number: int) -> Announcement | None:
        found = await self._step(number, "cancel", STOPPABLE, State.CANCELLED)
        if found is not None:
            await self.tx.outbox.cancel(found.source)
        return found

    async def _step(
        self, number: int, act: str, before: Sequence[State], after: State
    ) -> Announcement | None:
        self._check()
        found = await self.tx.announcements.lock(number)
        if found is None or found.state not in before:
            return None
        await self._set(number, state=after)
        await self._log(act, number)
        return await self.tx.announcements.get(number)

    async def withdraw(self, number: int) -> int | None:
        self._check()
        found = await self.tx.announcements.lock(number)
        if found is None or found.state not in (*STARTED, State.CANCELLED) or found.started_at is None:
            return None
        await self._set(number, state=State.CANCELLED)
        taken = await self.tx.outbox.withdraw_all(found.source, self.now)
        await self._log("withdraw", number, messages=taken)
        return taken

    async def colleagues(self) -> Sequence[tuple[Address, str]]:
        self._check()
        people = [p for p in await self.tx.enrolments.planners() if p.person_id != self.person.id]
        return [(p.address, p.language) for p in people if p.address]

    async def report(self, number: int) -> Report | None:
        self._check()
        found = await self.tx.announcements.get(number)
        if found is None:
            return None
        counts = counted(await self.tx.outbox.tally(found.source))
        return Report(found, counts, await self.tx.announcements.joined(number))

    async def missed(self, number: int) -> Attachment:
        self._check()
        found = await self.tx.announcements.get(number)
        rows = await self.tx.announcements.missed(source_of(number))
        content = missed_csv(
            rows, Wordbook(self.domain, found.report_language if found else "fr", self.quiet.zone)
        )
        await self._log("list", number, rows=len(rows))
        name = f"annonce-{number}-non-recus.csv"
        return await self.tx.files.add(name, "text/csv", content.encode(), self.now)

    async def picture(self, number: int) -> Attachment | None:
        self._check()
        points = await self.tx.announcements.sent_over_time(f"announcement:{number}")
        if not points:
            return None
        title = self.domain.words("utter_chart_deliveries", "fr").text
        content = over_time(title, [(moment.astimezone(self.quiet.zone), count) for moment, count in points])
        return await self.tx.files.add(f"annonce-{number}.png", "image/png", content, self.now)

    async def resend(self, number: int) -> Announcement | None:
        """Where it failed on one account, another is tried if the person has one."""
        self._check()
        found = await self.tx.announcements.get(number)
        if found is None or found.state not in (State.DONE, State.SENDING):
            return None
        new = await self.draft(found.body, found.report_language)
        return await self.change(new.id, audience=Audience(Is(Trait.MISSED, str(number))))

    async def chats(self) -> Sequence[Chat]:
        self._check()
        adopted = [
            Chat(c.id, c.title or c.address.chat_id, c.address) for c in await self.tx.audiences.chats()
        ]
        known = {(c.address.channel, c.address.chat_id) for c in adopted}
        others = [
            Chat(None, g.title or g.chat_id, Address(g.channel, g.chat_id))
            for g in await self.tx.groups.active_anywhere()
            if (g.channel, g.chat_id) not in known
        ]
        return [*adopted, *others]

    async def adopt(self, address: Address) -> bool:
        self._check()
        groups = await self.tx.groups.active_anywhere()
        title = next(
            (g.title for g in groups if (g.channel, g.chat_id) == (address.channel, address.chat_id)), None
        )
        if title is None and not any(g.chat_id == address.chat_id for g in groups):
            await self.tx.groups.joined(address.channel, address.chat_id, None, self.now)
        if title and address.thread_id:
            title = f"{title} · {address.thread_id}"
        adopted = await self.tx.audiences.adopt(address, title, self.person.id, self.now)
        act = Act("chat.adopt", f"chat:{address.channel}:{address.chat_id}", self.person.id, {}, self.now)
        await self.tx.audit.add(act)
        return adopted

    async def release(self, number: int) -> bool:
        self._check()
        await self.tx.audit.add(Act("chat.release", f"adopted:{number}", self.person.id, {}, self.now))
        return await self.tx.audiences.release(number)

    async def save(self, name: str, audience: Audience) -> None:
        self._check()
        await self.tx.audiences.save((name, fold_name(name)), audience, self.person.id, self.now)
        await self.tx.audit.add(Act("audience.save", f"audience:{name}", self.person.id, {}, self.now))

    async def saved(self) -> Sequence[Kept]:
        self._check()
        return [Kept(s.id, s.name, s.audience) for s in await self.tx.audiences.saved()]

    async def keep_file(self, name: str, media_type: str, file_id: str) -> Attachment:
        self._check()
        if (sent := await self.tx.files.get(file_id)) is not None:
            return sent.attachment  # the web page's files are kept before they are named
        kept = await self.tx.files.add(name, media_type, None, self.now)
        await self.tx.files.remember(kept.key, self.address.channel, file_id)
        return kept

    async def origin(self, code: str) -> Origin | None:
        """A draft is nobody's business: unknown."""
        found = await self.tx.announcements.by_code(code)
        if found is None or found.started_at is None:
            return None
        author = None if found.created_by is None else await self.tx.people.get(found.created_by)
        name = author.name if author and author.consented_at else None
        return Origin(code, found.started_at, author.role if author else "coordinator", name)

    async def held(self, number: int) -> Announcement | Outgoing | None:
        found = await self.tx.outbox.written_to(self.address, number)
        if found is None:
            return None
        source, message = found
        kind, _, announcement_id = (source or "").partition(":")
        if kind == "announcement":
            return await self.tx.announcements.get(int(announcement_id))
        return message

    async def join(self, number: int) -> bool | None:
        found = await self.tx.announcements.get(number)
        if found is None or not found.body.joins or found.started_at is None:
            return None
        return await self.tx.announcements.join(number, self.person.id, self.now)
