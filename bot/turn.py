"""One turn: an incoming message, from its lock to the outbox, in one transaction.

1. claim the oldest waiting event whose conversation has none before it; 2. lock the conversation; 3. understand;
4. decide and act; 5. render the replies; 6. commit conversation, effects, replies and the event's end together.
A failure undoes all of it: the event waits to be tried again, and is set aside after three tries with one apology.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.actions.announcement_port import COORDINATORS
from bot.actions.context import DJIBOUTI, Context, Label, Library, Person, Say
from bot.actions.training_texts import Wordbook
from bot.announcing import StoredAnnouncing
from bot.calls import StoredCalls
from bot.channels.port import Channel, Payload
from bot.consent import version_of
from bot.conversation import Conversation, Noticed, Offered, SlotSet, from_json, to_json
from bot.desk import StoredDesk
from bot.dialogue import speaks_another_language
from bot.directory import StoredDirectory
from bot.directory_indexes import DirectoryIndexes
from bot.domain import LANGUAGES, Domain
from bot.errors import Unparsable
from bot.events import at_home, take_event
from bot.finding import StoredFinding
from bot.intake import key_of
from bot.interpreters import Understands
from bot.linking import StoredLinking
from bot.messages import ChatKind, Incoming, Outgoing, Receipt
from bot.need_topics import NO_WORDS, TopicWords
from bot.needs import StoredNeeds
from bot.personal import StoredPersonal
from bot.postage import Postage
from bot.profiles import StoredProfiles
from bot.projects import StoredProjects
from bot.quiet import QuietHours
from bot.readings import Reading, read_dictated, read_message
from bot.receipts import take_receipt
from bot.registry import StoredRegistry
from bot.reminders import StoredReminders
from bot.replies import offered, render
from bot.reviews import StoredReviews
from bot.roles import StoredFollowing, StoredRoles
from bot.statistics import StoredStatistics
from bot.store import people
from bot.store.engine import Database, DatabaseAway, Transaction
from bot.store.inbox import ClaimedIncoming
from bot.store.outbox import NewDelivery
from bot.synthesis import NO_SYNTHESIS, SynthesisWords
from bot.talk import FIRST_WORDS, Talker
from bot.training_notices import Notices
from bot.training_planning import StoredPlanning
from bot.trainings import StoredTrainings
from bot.trust import StoredTrust

USUAL_QUIET = QuietHours(DJIBOUTI)
logger = logging.getLogger(__name__)

MOST_PER_MINUTE = 30
"""Messages of one person that are answered in a minute; the next gets one notice, the rest wait for calm."""
MOST_TRIES = 3
COORDINATORS_FIRST = (
    Label("/create_announcement", response="utter_label_ann_new"),
    Label("/delivery_report", response="utter_label_ann_list"),
)
RETRY_SECONDS = (1.0, 5.0)
POLL_SECONDS = 1.0


class Alarm(Protocol):
    async def wait(self, name: str, seconds: float) -> bool: ...


class Watcher(Protocol):
    """Told of every turn, for the metrics."""

    def turn(self, channel: str, outcome: str, seconds: float) -> None: ...

    def understood(self, verdict: str, confidence: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Room:
    """What a turn needs besides its message."""

    domain: Domain
    channels: Mapping[str, Channel]
    interpreter: Understands
    library: Callable[[Transaction], Library]
    indexes: DirectoryIndexes
    talker: Talker
    clock: Callable[[], datetime]
    watcher: Watcher
    quiet: QuietHours = USUAL_QUIET
    postage: Postage | None = None
    topics: TopicWords = NO_WORDS
    synthesis: SynthesisWords = NO_SYNTHESIS

    @property
    def zone(self) -> ZoneInfo:
        return self.quiet.zone


class Turns:
    """Any number of these may work on one database, in one process or many."""

    def __init__(self, database: Database, room: Room) -> None:
        self._database = database
        self._room = room

    async def run(self, alarm: Alarm) -> None:
        """Take turns until cancelled; a turn begun is finished or undone as a whole."""
        while True:
            try:
                if not await self.take_one():
                    await alarm.wait("incoming", POLL_SECONDS)
            except DatabaseAway as away:
                logger.warning("turns wait: %s", away)
                await asyncio.sleep(POLL_SECONDS)

    async def take_one(self) -> bool:
        """Handle one waiting event; False when none is due. Raises DatabaseAway only."""
        started = time.perf_counter()
        claimed: ClaimedIncoming | None = None
        outcome = "handled"
        try:
            async with self._database.transaction() as tx:
                claimed = await tx.inbox.claim(self._room.clock(), self._room.channels)
                if claimed is None:
                    return False
                await self._turn(tx, claimed)
        except DatabaseAway:
            raise
        except Exception:
            if claimed is None:
                raise
            outcome = "failed"
            logger.exception("turn on event %s failed", claimed.id)
            await self._failed(claimed)
        self._room.watcher.turn(claimed.channel, outcome, time.perf_counter() - started)
        return True

    async def _turn(self, tx: Transaction, claimed: ClaimedIncoming) -> None:
        now = self._room.clock()
        incoming = self._read(claimed)
        if incoming is not None and isinstance(incoming.content, Receipt):
            await take_receipt(tx, claimed, incoming, self._ways, now)
            return
        incoming = None if incoming is None else await at_home(tx, incoming)
        if incoming is None or await take_event(tx, incoming, now):
            await tx.inbox.handled(claimed.id, now)
            return
        key = key_of(incoming)
        stored = await tx.conversations.lock(key, incoming.address, now)
        recent = await tx.inbox.since(key, now - timedelta(minutes=1))
        if recent > MOST_PER_MINUTE:
            await self._too_fast(tx, claimed, incoming, first=recent == MOST_PER_MINUTE + 1)
            return
        person = await tx.people.find_or_create(
            incoming.address.channel, incoming.sender.external_id, now, incoming.sender.name
        )
        if (also := incoming.sender.also) not in (None, incoming.sender.external_id):
            await tx.people.know_also(incoming.address.channel, incoming.sender.external_id, str(also))
        await self._opened(tx, incoming)
        before = _with_person(from_json(stored.state), person)
        if unasked := await tx.outbox.unasked(incoming.address, before.last_seen):
            before = before.apply(Offered(tuple((b.title, b.payload) for b in unasked if b.payload)))
        after, messages = await self._answer(tx, incoming, before, person)
        await tx.outbox.add([NewDelivery(m, now, key, claimed.id) for m in messages], now)
        after = replace(after.apply(Offered(offered(messages, incoming.address))), last_seen=now)
        await tx.conversations.save(key, to_json(after), person.id, now)
        await tx.inbox.handled(claimed.id, now)

    async def _opened(self, tx: Transaction, incoming: Incoming) -> None:
        """Where free words are allowed only after a message of theirs: this was one."""
        if self._room.channels[incoming.address.channel].traits.window is not None:
            await tx.windows.wrote(incoming.address, incoming.sent_at)

    async def _too_fast(
        self, tx: Transaction, claimed: ClaimedIncoming, incoming: Incoming, *, first: bool
    ) -> None:
        """A flood is not answered, but for one notice; its messages stay stored."""
        now = self._room.clock()
        stored = await tx.conversations.get(claimed.conversation_key or "")
        language = from_json(stored.state).language if stored else "fr"
        if first:
            notice = render(self._room.domain, [Say("utter_too_fast")], incoming.address, language)
            await tx.outbox.add(
                [NewDelivery(m, now, claimed.conversation_key, claimed.id) for m in notice], now
            )
        await tx.inbox.ignored(claimed.id, now)

    @property
    def _ways(self) -> list[str]:
        """Channels where a message waits for its reader."""
        return [name for name, channel in self._room.channels.items() if channel.traits.lasting]

    def _read_stored(self, channel: str, payload: Payload) -> Incoming | None:
        """An old event, of a channel that may be closed now. Raises Unparsable."""
        if channel not in self._room.channels:
            raise Unparsable(channel)
        return self._room.channels[channel].read(payload)

    def _read(self, claimed: ClaimedIncoming) -> Incoming | None:
        try:
            return self._room.channels[claimed.channel].read(claimed.payload)
        except Unparsable:
            logger.warning("event %s was readable when it came, and is not now", claimed.id)
            return None

    async def _answer(
        self, tx: Transaction, incoming: Incoming, before: Conversation, person: people.Person
    ) -> tuple[Conversation, list[Outgoing]]:
        domain, now = self._room.domain, self._room.clock()
        local = now.astimezone(self._room.zone)
        dictated = read_dictated(incoming, before) if person.role in COORDINATORS else None
        reading = dictated or await read_message(domain, incoming, before, self._room.interpreter, local)
        before = replace(before, doubt=None)  # whatever was answered, it is no question any more
        if reading.excuse:
            return before, render(domain, [reading.excuse], incoming.address, before.language)
        self._room.watcher.understood(reading.meaning.verdict, reading.meaning.confidence)
        agreed_to = version_of(domain.words("utter_consent_request", before.language).text)
        registry = StoredRegistry(tx, person.id, incoming.sender.name, now, agreed_to)
        current = await _in_their_language(before, reading, registry, person)
        who = Person(person.id, person.role, person.consented_at is not None)
        notices = Notices(tx, domain, self._room.zone, now)
        profiles = StoredProfiles(tx, who, incoming.address, now)
        wordbook = Wordbook(domain, current.language, self._room.zone)
        context = Context(
            domain=domain,
            conversation=current,
            meaning=reading.meaning,
            text=reading.text,
            person=who,
            address=incoming.address,
            now=now,
            library=self._room.library(tx),
            directory=StoredDirectory(tx, now),
            profiles=profiles,
            trust=StoredTrust(tx, profiles, who, now),
            projects=StoredProjects(tx, who, now),
            desk=StoredDesk(tx, key_of(incoming), who, person.name, current.language, now),
            registry=registry,
            trainings=StoredTrainings(tx, notices, who, self._room.zone),
            planning=StoredPlanning(tx, notices, who, self._room.zone),
            reminders=StoredReminders(tx, person.id, now),
            announcing=StoredAnnouncing(
                tx, domain, who, incoming.address, self._room.quiet, now, self._room.postage
            ),
            following=StoredFollowing(tx, person.id, now, self._room.quiet.night),
            roles=StoredRoles(tx, who, now),
            reviews=StoredReviews(tx, who, person.name, current.language, now),
            linking=StoredLinking(tx, notices, person.id, incoming.address, now),
            statistics=StoredStatistics(tx, who, self._room.zone, now, self._room.synthesis),
            personal=StoredPersonal(tx, registry, wordbook, self._read_stored),
            calls=StoredCalls(notices, who, self._room.zone),
            needs=StoredNeeds(notices, who, current.language, self._room.topics),
            finding=StoredFinding(
                tx,
                domain,
                self._room.indexes,
                who,
                key_of(incoming),
                current.language,
                now,
                incoming.chat is ChatKind.GROUP,
            ),
            zone=self._room.zone,
            media=reading.media,
            in_group=incoming.chat is ChatKind.GROUP,
        )
        after, says = await self._exchange(context, incoming, reading)
        together = self._room.channels[incoming.address.channel].traits.each_costs
        return after, render(domain, says, incoming.address, after.language, together=together)

    async def _exchange(
        self, context: Context, incoming: Incoming, reading: Reading
    ) -> tuple[Conversation, tuple[Say, ...]]:
        now, group = context.conversation, incoming.chat is ChatKind.GROUP
        if reading.settles:
            await context.reviews.chose(reading.text, reading.meaning.intent)
        if reading.code and (role := await context.registry.redeem(reading.code)):
            labels = COORDINATORS_FIRST if role in COORDINATORS else ()
            given = Say("utter_role_given", {"role": context.words(f"utter_role_{role}")}, labels)
            return now, (given, Say("utter_menu"))
        new = not group and "greeted" not in now.notices and now.active_form is None
        is_first = reading.meaning.intent in FIRST_WORDS and not speaks_another_language(reading.meaning)
        if new and is_first and not context.entity("language"):
            return now.apply(Noticed("greeted")), (Say("utter_choose_language"),)
        exchange = await self._room.talker.answer(context, reading.typed, in_group=group)
        if not new or "greeted" in exchange.conversation.notices:
            return exchange.conversation, exchange.says
        told = exchange.conversation.apply(Noticed("greeted"))
        notice = () if told.active_form else (Say("utter_notice_robot"),)
        return told, (*exchange.says, *notice)

    async def _failed(self, claimed: ClaimedIncoming) -> None:
        """Count the failure in a transaction of its own; the last one sets the event aside and apologises."""
        now = self._room.clock()
        async with self._database.transaction() as tx:
            if claimed.attempts + 1 < MOST_TRIES:
                again = now + timedelta(seconds=RETRY_SECONDS[claimed.attempts])
                await tx.inbox.failed(claimed.id, "the turn raised; see the log", again)
                return
            await tx.inbox.set_aside(claimed.id, "the turn raised; see the log", now)
            stored = await tx.conversations.get(claimed.conversation_key or "")
            incoming = self._read(claimed)
            if incoming is not None:
                language = from_json(stored.state).language if stored else "fr"
                sorry = render(self._room.domain, [Say("utter_apology")], incoming.address, language)
                await tx.outbox.add(
                    [NewDelivery(m, now, claimed.conversation_key, claimed.id) for m in sorry], now
                )


def _with_person(conversation: Conversation, person: people.Person) -> Conversation:
    """What is known of the person holds in each of their conversations."""
    language = person.language or conversation.slot("language")
    consent = True if person.consented_at else conversation.slot("consent")
    return conversation.apply(SlotSet("language", language), SlotSet("consent", consent))


async def _in_their_language(
    now: Conversation, reading: Reading, registry: StoredRegistry, person: people.Person
) -> Conversation:
    """Answer in the language written, once there is evidence, but not on the strength of a form's answer."""
    written = reading.meaning.language
    is_first = (
        person.language is None and reading.meaning.intent != "inform"
    )  # a bare name is in any language
    sure = reading.meaning.language_sure or is_first
    if reading.typed is None or written not in LANGUAGES or not sure or written == now.language:
        return now
    if now.active_form and person.language is not None:
        return now
    if reading.meaning.language_sure:
        await registry.set_language(written)
    return now.apply(SlotSet("language", written))
