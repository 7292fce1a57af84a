"""A conversation without channel, database or model: the bot's own dialogue over ports that only remember."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.actions import ACTIONS, FORMS
from bot.actions.context import Context, Found, OrganisationCard, Person, Query, Question, ResourceText
from bot.conversation import Conversation, FormEnded, SlotSet
from bot.domain import LANGUAGES, Domain
from bot.forms import Forms, FormStep, Progress
from bot.dialogue import Start
from bot.messages import Address
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


@dataclass(slots=True)
class OwnOrganisations:
    """The organisations this conversation registered."""

    cards: list[OrganisationCard] = field(default_factory=list)

    async def of_person(self, person_id: int) -> Sequence[OrganisationCard]:
        return tuple(self.cards)

    async def register(self, person_id: int, card: OrganisationCard) -> OrganisationCard:
        self.cards.append(replace(card, id=len(self.cards) + 1))
        return self.cards[-1]

    async def change(self, person_id: int, organisation_id: int, field_name: str, value: Any) -> bool:
        kept = tuple(value) if isinstance(value, list) else value
        self.cards = [replace(c, **{field_name: kept}) if c.id == organisation_id else c for c in self.cards]
        return any(card.id == organisation_id for card in self.cards)


@dataclass(slots=True)
class UnansweredDesk:
    """A desk where messages are numbered and nobody sits."""

    kept: list[tuple[str, str]] = field(default_factory=list)

    async def keep(self, kind: str, text: str, details: Mapping[str, Any]) -> int:
        self.kept.append((kind, text))
        return len(self.kept)

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

    async def redeem(self, code: str) -> str | None:
        return None


class _WatchedForms:
    """The bot's forms, with a note of what each step did, in the words of Rasa's stories."""

    def __init__(self) -> None:
        self._forms = Forms(FORMS)
        self.steps: list[tuple[str, ...]] = []
        self.set: dict[str, Any] = {}

    async def take(self, step: FormStep, context: Context) -> Progress:
        form = step.form if isinstance(step, Start) else context.conversation.active_form
        progress = await self._forms.take(step, context)
        events, said = progress.outcome.events, [say.response for say in progress.outcome.says]
        self.set |= {event.name: event.value for event in events if isinstance(event, SlotSet)}
        if any(isinstance(event, FormEnded) for event in events):
            self.steps.append((said[0], LOOP_ENDS))
        else:
            self.steps.append((form,) if form else tuple(said))
        return progress
