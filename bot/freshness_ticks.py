"""The clock's part in a directory that stays true: one question a month, another person, then "dormant"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.actions.context import Label, Say
from bot.actions.profile import join_labels
from bot.actions.profile_fields import field_words
from bot.actions.training_texts import Wordbook, payload
from bot.domain import Domain
from bot.freshness import BETWEEN, TRIES, most_overdue
from bot.messages import Opening
from bot.organisation import Standing
from bot.quiet import QuietHours
from bot.store.content_tables import OrganisationRow
from bot.store.directory import By
from bot.store.engine import Database, Transaction
from bot.store.enrolments import Recipient
from bot.store.memberships import JoinRequest
from bot.training_notices import Notices

AT_ONCE = 50
JOIN_WAITS = timedelta(days=7)
ANSWERED_WITHIN = timedelta(days=14)
"""A question not delivered by then is not sent any more."""


@dataclass(frozen=True, slots=True)
class FreshnessTicks:
    """Any number of these may tick on one database: the organisation's lock is the claim."""

    database: Database
    domain: Domain
    zone: ZoneInfo
    quiet: QuietHours
    half_lives: Mapping[str, timedelta]

    async def ask(self, now: datetime) -> None:
        """Nobody is asked at night, nor during the Friday prayer."""
        if self.quiet.until(now) is not None:
            return
        cutoffs = {field: now - life for field, life in self.half_lives.items()}
        async with self.database.transaction() as tx:
            due = await tx.freshness.due(cutoffs, now - BETWEEN, AT_ONCE)
        for organisation_id in due:
            async with self.database.transaction() as tx:
                await self._ask(tx, organisation_id, now)

    async def tell_of_requests(self, now: datetime) -> None:
        """Who asked to join a week ago and got no answer is brought before the coordinators, once."""
        if self.quiet.until(now) is not None:
            return
        async with self.database.transaction() as tx:
            notices = Notices(tx, self.domain, self.zone, now)
            for request in await tx.memberships.waiting(now - 4 * JOIN_WAITS, now - JOIN_WAITS):
                row = await tx.organisations.get(request.organisation_id)
                if row is not None:
                    say = partial(join_waits, row.name, request)
                    await notices.tell_coordinators(f"join:{request.id}:waits", say)

    async def _ask(self, tx: Transaction, organisation_id: int, now: datetime) -> None:
        row = await tx.organisations.lock(organisation_id)
        last = await tx.freshness.last_asked(organisation_id)
        if row is None or (last is not None and last > now - BETWEEN):
            return
        field = most_overdue(await tx.organisations.confirmations(organisation_id), self.half_lives, now)
        if field is None or not getattr(row, field):
            return
        person = await self._whom(tx, organisation_id)
        notices = Notices(tx, self.domain, self.zone, now)
        if person is None:
            await self._sleeps(tx, row, notices)
            return
        number = await tx.freshness.ask(organisation_id, field, person.person_id, now)
        value = getattr(row, field)
        await notices.tell(
            [person],
            f"freshness:{number}",
            lambda words: question(words, row.name, (field, value), number),
            now + ANSWERED_WITHIN,
        )

    async def _whom(self, tx: Transaction, organisation_id: int) -> Recipient | None:
        """The first who can be written to and was not asked in vain three times; the contact before others."""
        people = [p.person_id for p in await tx.memberships.people(organisation_id)]
        tries = await tx.freshness.unanswered(organisation_id)
        reached = {r.person_id: r for r in await tx.enrolments.people(people)}
        asked: Sequence[Recipient] = [
            reached[p]
            for p in people
            if p in reached and _may_be_asked(reached[p]) and tries.get(p, 0) < TRIES
        ]
        return asked[0] if asked else None

    async def _sleeps(self, tx: Transaction, row: OrganisationRow, notices: Notices) -> None:
        """Nobody answers: the entry is shown as dormant, and the coordinators know."""
        await tx.organisations.change(row, "status", Standing.DORMANT, By(None, notices.now))
        source = f"dormant:{row.id}:{notices.now.date().isoformat()}"
        await notices.tell_coordinators(source, lambda words: dormant(row.name, row.id))


def _may_be_asked(person: Recipient) -> bool:
    return person.address is not None and not person.stopped and not person.reminders_off


def question(words: Wordbook, name: str, field: tuple[str, object], number: int) -> Say:
    """ "Toujours le 77 83 12 34 ?" with a tap for yes and one to correct."""
    column, value = field
    values = {
        "name": name,
        "field": words.say(f"utter_label_osc_{column}"),
        "value": field_words(words.text, f"osc_{column}", value),
    }
    labels = (
        Label(payload("show_my_osc", tell=f"still:{number}"), response="utter_label_still_true"),
        Label(payload("show_my_osc", tell=f"wrong:{number}"), response="utter_label_correct"),
    )
    opening = Opening("profile_check", (("organisation", name),))
    return Say("utter_still_true", values, labels, opening=opening)


def join_waits(name: str, request: JoinRequest, words: Wordbook) -> Say:
    who = request.name or words.say("utter_nameless")
    return Say("utter_join_waits", {"name": name, "who": who}, join_labels(request.id))


def dormant(name: str, number: int) -> Say:
    label = Label(payload("review_osc", tell=f"card:{number}"), response="utter_label_see_osc")
    return Say("utter_osc_dormant", {"name": name}, (label,))
