"""A conversation without channel, database or model: the bot's own dialogue over ports that only remember."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from bot.actions import ACTIONS, FORMS
from bot.actions.announcement_port import Announcing, Roles
from bot.actions.context import (
    Context,
    Found,
    Person,
    Query,
    Question,
    Remembered,
    ResourceText,
)
from bot.actions.finding_port import (
    FoundOsc,
    FoundProject,
    Letter,
    MayWrite,
    OscPage,
    ProjectPage,
)
from bot.actions.linking_port import Account, Linked, LinkTried
from bot.actions.review_port import Card, Labelled
from bot.actions.statistics_port import Statistics
from bot.conversation import Conversation, FormEnded, SlotSet
from bot.dialogue import Start
from bot.directory_index import Sought, Understood
from bot.domain import LANGUAGES, Domain
from bot.errors import NotAllowed
from bot.forms import Forms, FormStep, Progress
from bot.messages import Address, Attachment
from bot.quiet import NIGHT, Hours
from bot.rehearsal_directory import NobodyJudges, NoProjects, OwnOrganisations
from bot.rehearsal_needs import NeedsOfOne, NoCalls, OwnData
from bot.rehearsal_trainings import NobodyPlans, NoTrainings, OwnReminders
from bot.replies import render
from bot.talk import Talker
from nlu.meaning import Interpretation

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
ADDRESS = Address("rehearsal", "1")
LOOP_ENDS = "action_deactivate_loop"
"""How Rasa writes that a form is left before its end."""


class EmptyLibrary:
    """No resource at all: every search says so."""

    async def find(self, query: Query, language: str, limit: int) -> Found:
        return Found((), 0)

    async def get(self, resource_id: str, language: str) -> ResourceText | None:
        return None


class EmptyDirectory:
    """Nobody to be found, and nobody to write to."""

    async def organisations(self, sought: Sought, offset: int, limit: int) -> OscPage:
        return OscPage((), 0, Understood(sought))

    async def named(self, text: str) -> OscPage:
        return OscPage((), 0, Understood(Sought(text)))

    async def projects(self, sought: Sought, offset: int, limit: int) -> ProjectPage:
        return ProjectPage((), 0, Understood(sought))

    async def organisation(self, organisation_id: int) -> FoundOsc | None:
        return None

    async def project(self, project_id: int) -> FoundProject | None:
        return None

    async def take_away(self, form: str, *, all_contacts: bool) -> Attachment:
        return Attachment("rehearsal", f"annuaire.{form}", "text/html")

    async def watch(self, kind: str, sought: Sought) -> bool:
        return True

    async def may_write(self, organisation_id: int) -> MayWrite:
        return MayWrite.NOBODY

    async def write(self, organisation_id: int, text: str) -> Letter | None:
        return None

    async def letter(self, number: int) -> Letter | None:
        return None

    async def settle(self, number: int, state: str) -> Letter | None:
        return None


class NothingReviewed:
    """Stories teach nobody."""

    async def keep(self, text: str, guesses: Sequence[tuple[str, float]], language: str) -> bool:
        return True

    async def chose(self, text: str, intent: str) -> None:
        return None

    async def waiting(self) -> int:
        return 0

    async def untaught(self) -> int:
        return 0

    async def ask_to_learn(self) -> bool:
        return False

    async def next(self) -> Card | None:
        return None

    async def label(self, card_id: int, label: str) -> Labelled:
        return Labelled.GONE


class OneAccount:
    """Stories are told from one account, and no other asks for a code."""

    async def accounts(self) -> Sequence[Account]:
        return (Account(ADDRESS, "own", here=True, language="fr"),)

    async def code(self) -> tuple[str, datetime]:
        return "123456", NOW

    async def join(self, code: str) -> LinkTried:
        return LinkTried(Linked.WRONG, tries=2)

    async def part(self, key: str) -> Account | None:
        return None


@dataclass(slots=True)
class UnansweredDesk:
    """A desk where messages are numbered and nobody sits."""

    kept: list[tuple[str, str]] = field(default_factory=list)

    async def keep(self, kind: str, text: str, details: Mapping[str, Any]) -> int:
        self.kept.append((kind, text))
        return len(self.kept)

    async def note(self, kind: str, text: str, details: Mapping[str, Any]) -> bool:
        self.kept.append((kind, text))
        return True

    async def tell_later(self) -> bool:
        return any(kind == "not_found" for kind, _ in self.kept)

    async def coordinators(self) -> Sequence[tuple[Address, str]]:
        return ()

    async def question(self, question_id: int) -> Question | None:
        return None

    async def waiting(self, limit: int) -> Sequence[Question]:
        return ()

    async def answered(self, question_id: int, answer: str) -> bool:
        return False


@dataclass(slots=True)
class OwnRegistry:
    """Remembers the consent given; knows no invitation."""

    consented: bool = False

    async def set_language(self, language: str) -> None:
        """The conversation's slot holds it already."""

    async def consent(self) -> None:
        self.consented = True

    async def remembered(self) -> Remembered:
        return Remembered(None, None, self.consented, "member", 0, 0)

    async def forget(self) -> None:
        self.consented = False

    async def redeem(self, code: str) -> str | None:
        return None


@dataclass(slots=True)
class OwnTopics:
    """The topics followed in this conversation."""

    followed: list[str] = field(default_factory=list)
    off: bool = False
    hours: Hours | None = None

    @property
    def usual_quiet(self) -> Hours:
        return NIGHT

    async def quiet(self) -> Hours | None:
        return self.hours

    async def keep_quiet(self, hours: Hours | None) -> None:
        self.hours = hours

    async def topics(self) -> Sequence[str]:
        return tuple(self.followed)

    async def follow(self, topic: str) -> None:
        self.followed.append(topic)

    async def leave(self, topic: str) -> None:
        self.followed = [kept for kept in self.followed if kept != topic]

    async def stopped(self) -> bool:
        return self.off

    async def stop(self) -> None:
        self.off = True

    async def come_back(self) -> None:
        self.off = False


class _Closed:
    """What only coordinators and admins use; the person who rehearses is a member."""

    def __getattr__(self, name: str) -> object:
        raise NotAllowed("member")


@dataclass(slots=True)
class _Notes:
    """What the forms did in one turn, in the words of Rasa's stories, and the slots they set."""

    steps: list[tuple[str, ...]] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _WatchedForms(Forms):
    notes: _Notes = field(default_factory=_Notes)

    async def take(self, step: FormStep, context: Context) -> Progress:
        form = step.form if isinstance(step, Start) else context.conversation.active_form
        progress = await Forms.take(self, step, context)
        events, said = progress.outcome.events, tuple(say.response for say in progress.outcome.says)
        self.notes.slots.update({e.name: e.value for e in events if isinstance(e, SlotSet)})
        if any(isinstance(event, FormEnded) for event in events):
            self.notes.steps.append((said[0], LOOP_ENDS))
        else:
            self.notes.steps.append((form,) if form else said)
        return progress


@dataclass(frozen=True, slots=True)
class Heard:
    """What one message led to; `slots` also holds what a form was told before it ended and forgot it."""

    actions: tuple[str, ...]
    slots: Mapping[str, Any]
    active_form: str | None


class Rehearsal:
    """One conversation from its beginning; every reply is worded in all languages on the way."""

    def __init__(self, domain: Domain) -> None:
        self._domain = domain
        self._now = Conversation()
        self._directory = OwnOrganisations()
        self._desk = UnansweredDesk()
        self._registry = OwnRegistry()
        self._reminders = OwnReminders()
        self._topics = OwnTopics()

    async def hear(self, meaning: Interpretation, typed: str | None) -> Heard:
        """One message. Raises KeyError when a response lacks a value it names."""
        forms = _WatchedForms(FORMS)
        exchange = await Talker(self._domain, ACTIONS, forms).answer(self._context(meaning, typed), typed)
        for language in LANGUAGES:
            render(self._domain, exchange.says, ADDRESS, language)
        self._now = after = exchange.conversation
        actions = _in_order(self._domain, exchange.actions, forms.notes.steps)
        slots = {**after.slots, **forms.notes.slots, "requested_slot": after.requested_slot}
        return Heard(actions, slots, after.active_form)

    def _context(self, meaning: Interpretation, typed: str | None) -> Context:
        return Context(
            domain=self._domain,
            conversation=self._now,
            meaning=meaning,
            text=typed or "",
            person=Person(1, consented=self._registry.consented),
            address=ADDRESS,
            now=NOW,
            library=EmptyLibrary(),
            directory=self._directory,
            profiles=self._directory,
            trust=NobodyJudges(),
            projects=NoProjects(),
            desk=self._desk,
            registry=self._registry,
            trainings=NoTrainings(),
            planning=NobodyPlans(),
            reminders=self._reminders,
            announcing=cast(Announcing, _Closed()),
            following=self._topics,
            roles=cast(Roles, _Closed()),
            reviews=NothingReviewed(),
            linking=OneAccount(),
            needs=NeedsOfOne(),
            calls=NoCalls(),
            personal=OwnData(),
            finding=EmptyDirectory(),
            statistics=cast(Statistics, _Closed()),
        )


def _in_order(
    domain: Domain, done: tuple[str, ...], form_steps: Sequence[tuple[str, ...]]
) -> tuple[str, ...]:
    """The names of what was done, each step of a form in its place."""
    steps = iter(form_steps)
    named = [(name,) if name in domain.actions | domain.responses.keys() else next(steps) for name in done]
    return tuple(name for group in named for name in group)
