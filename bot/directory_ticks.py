"""What the clock does for those who look for what is not in the directory yet: they are told once when it is."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.actions.context import Label, Say
from bot.actions.finding_texts import searched_words
from bot.actions.training_texts import payload
from bot.directory_index import Sought, Understood
from bot.directory_indexes import DirectoryIndexes
from bot.domain import Domain
from bot.messages import Kind
from bot.replies import render
from bot.store.engine import Database, Transaction
from bot.store.enrolments import Recipient
from bot.store.outbox import NewDelivery
from bot.store.relays import Watch

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class DirectoryTicks:
    """Any number of these may tick on one database: what one looks at is held by row locks."""

    database: Database
    domain: Domain
    indexes: DirectoryIndexes

    async def tell_watchers(self, now: datetime) -> None:
        """Every search that waits is done again; a result ends it."""
        last = 0
        while True:
            async with self.database.transaction() as tx:
                watches = await tx.relays.open_watches(AT_ONCE, last)
                for watch in watches:
                    await self._look(tx, watch, now)
            if len(watches) < AT_ONCE:
                return
            last = watches[-1].id

    async def _look(self, tx: Transaction, watch: Watch, now: datetime) -> None:
        kind = str(watch.query["kind"])
        sought = Sought(**{name: watch.query[name] for name in Sought.__slots__ if name in watch.query})
        index = await (self.indexes.projects if kind == "project" else self.indexes.organisations)(tx, now)
        (who,) = await tx.enrolments.people([watch.person_id])
        found = index.search(sought, who.language).ids
        if not found:
            return
        await tx.relays.told(watch.id, now)
        if who.address is not None and not who.stopped:
            name = index.entries[found[0]].name
            await self._tell(tx, watch, who, self._words(kind, sought, who, (found[0], name)), now)

    def _words(self, kind: str, sought: Sought, who: Recipient, found: tuple[int, str]) -> Say:
        number, name = found
        understood = Understood(sought, tuple(sought.words.split()))
        values = {"understood": searched_words(self.domain, who.language, understood), "name": name}
        see = Label(payload(f"find_{kind}", id=number), response="utter_label_see")
        return Say(f"utter_watch_found_{kind}", values, (see,))

    async def _tell(self, tx: Transaction, watch: Watch, who: Recipient, say: Say, now: datetime) -> None:
        assert who.address is not None
        (message,) = render(self.domain, [say], who.address, who.language)
        row = NewDelivery(
            replace(message, kind=Kind.REMINDER),
            now,
            source=f"watch:{watch.id}",
            recipient=f"person:{who.person_id}",
            person_id=who.person_id,
        )
        await tx.outbox.add([row], now)
