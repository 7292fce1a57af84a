"""What the clock does with announcements: start those that are due, give them their recipients, follow them."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.actions.announcement_port import COORDINATORS
from bot.actions.announcement_texts import announcement_say, final_say, live_say, payload
from bot.actions.context import Label, Say
from bot.actions.training_texts import Wordbook
from bot.announcement import LANGUAGES, Announcement, State, Timing, new_code, shown_code
from bot.announcement_counts import counted
from bot.domain import Domain
from bot.messages import Address, Kind, Outgoing
from bot.recurrence import Every, Recurrence
from bot.replies import render
from bot.store.audiences import chats_query, people_query
from bot.store.engine import Database, Transaction
from bot.store.outbox import NewDelivery
from bot.store.outbox_sources import Bulk

CHUNK = 5000
"""Recipients frozen in one transaction: a second of work at most on a small server."""


@dataclass(frozen=True, slots=True)
class AnnouncementTicks:
    """Any number of these may tick on one database: the announcement's row lock is the claim."""

    database: Database
    domain: Domain
    zone: ZoneInfo
    chunk: int = CHUNK

    async def start_due(self, now: datetime) -> None:
        """Start what is due and freeze its recipients, chunk by chunk; begins again where a crash left it."""
        async with self.database.transaction() as tx:
            due = await tx.announcements.due(now)
        for number in due:
            while await self._step(number, now):
                pass

    async def _step(self, number: int, now: datetime) -> bool:
        """One committed step; False when there is nothing to do, or another process does it."""
        async with self.database.transaction() as tx:
            found = await tx.announcements.lock(number, wait=False)
            if found is None:
                return False
            if found.state is State.SCHEDULED and found.due_at is not None and found.due_at <= now:
                return await self._start(tx, found, now)
            return found.state is State.STARTING and await self._freeze(tx, found, now)

    async def _start(self, tx: Transaction, found: Announcement, now: datetime) -> bool:
        """Nothing leaves in the name of somebody who is no coordinator any more, unless one approved it."""
        if not await _vouched(tx, found):
            await tx.announcements.change(found.id, now, state=State.PAUSED)
            await self._tell_orphaned(tx, found, now)
            return False
        contents = {language: await self._content(tx, found, language, now) for language in LANGUAGES}
        await tx.announcements.change(found.id, now, state=State.STARTING, started_at=now)
        await tx.announcements.note(found.id, contents=contents)
        timing = replace(found.timing, at=found.timing.at or found.due_at)
        if due := next_time(timing, now, self.zone):
            again = replace(found, code=new_code(), state=State.SCHEDULED, due_at=due, timing=timing)
            await tx.announcements.add(again, now, series=found.id)
        return True

    async def _tell_orphaned(self, tx: Transaction, found: Announcement, now: datetime) -> None:
        """Coordinators may take it over: going on with it is then their act."""
        labels = (Label(payload(found.id, "edit"), response="utter_label_ann_edit"),)
        say = Say("utter_announcement_orphaned", {"code": shown_code(found.code)}, labels)
        for person in await tx.enrolments.planners():
            if person.address:
                (message,) = render(self.domain, [say], person.address, person.language)
                source, recipient = f"report:{found.id}", f"orphaned:{person.person_id}"
                await tx.outbox.add([NewDelivery(message, now, source=source, recipient=recipient)], now)

    async def _content(self, tx: Transaction, found: Announcement, language: str, now: datetime) -> int:
        (message,) = render(self.domain, [announcement_say(found, language)], Address("", ""), language)
        return await tx.outbox.add_content(message, now)

    async def _freeze(self, tx: Transaction, found: Announcement, now: datetime) -> bool:
        progress = await tx.announcements.progress(found.id)
        bulk = Bulk(found.source, Kind.ANNOUNCEMENT, now)
        query = people_query(found.audience.people, progress.contents)
        done = await tx.outbox.add_bulk(bulk, query, now, after=progress.people_to, limit=self.chunk)
        if done is not None:
            await tx.announcements.note(found.id, people_to=done.last)
            return True
        chats = chats_query(found.audience.chats, progress.contents["fr"])
        await tx.outbox.add_bulk(bulk, chats, now, limit=self.chunk)
        await tx.announcements.change(found.id, now, state=State.SENDING)
        await tx.announcements.note(found.id, chats_done=True)
        return False

    async def follow(self, now: datetime) -> None:
        """Bring the live reports up to date, and end those whose messages are all settled."""
        async with self.database.transaction() as tx:
            running = await tx.announcements.running()
        for number in running:
            async with self.database.transaction() as tx:
                found = await tx.announcements.lock(number, wait=False)
                if found is not None and found.state is State.SENDING:
                    await self._report(tx, found, now)

    async def _report(self, tx: Transaction, found: Announcement, now: datetime) -> None:
        counts = counted(await tx.outbox.tally(found.source))
        progress = await tx.announcements.progress(found.id)
        message = self._message(live_say(found, counts), found)
        if progress.live_id is None:
            for live_id in await tx.outbox.add([self._row(found, message, "live", now)], now):
                await tx.announcements.note(found.id, live_id=live_id, live_shown=message.text)
        elif progress.live_shown != message.text:
            await tx.outbox.change(progress.live_id, message, now)
            await tx.announcements.note(found.id, live_shown=message.text)
        if counts.waiting == 0:
            await tx.announcements.change(found.id, now, state=State.DONE)
            joined = await tx.announcements.joined(found.id)
            book = Wordbook(self.domain, found.report_language, self.zone)
            final = self._message(final_say(found, counts, joined, book.text), found)
            await tx.outbox.add([self._row(found, final, "final", now)], now)

    def _message(self, say: Say, found: Announcement) -> Outgoing:
        (message,) = render(self.domain, [say], found.report_to, found.report_language)
        return message

    @staticmethod
    def _row(found: Announcement, message: Outgoing, what: str, now: datetime) -> NewDelivery:
        return NewDelivery(message, now, source=f"report:{found.id}", recipient=what)


async def _vouched(tx: Transaction, found: Announcement) -> bool:
    for person_id in (found.created_by, found.approved_by):
        person = None if person_id is None else await tx.people.get(person_id)
        if person is not None and person.role in COORDINATORS:
            return True
    return False


def next_time(timing: Timing, moment: datetime, zone: ZoneInfo) -> datetime | None:
    """The next time of one that repeats; None when there is no more."""
    if timing.every is None:
        return None
    first = timing.at or moment
    return Recurrence(Every(timing.every.value), first, zone, timing.until).next_after(moment)
