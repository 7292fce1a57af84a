"""What is remembered of one conversation, and the only events that may change it."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import datetime
from typing import Any

from nlu.meaning import Entity

SlotValue = str | int | list[str] | bool | None


@dataclass(frozen=True, slots=True)
class SlotSet:
    name: str
    value: SlotValue


@dataclass(frozen=True, slots=True)
class SlotAsked:
    """The active form waits for this slot."""

    name: str


@dataclass(frozen=True, slots=True)
class SlotAnswered:
    """The person gave (or skipped) this slot; remembered in order, so that one can step back."""

    name: str


@dataclass(frozen=True, slots=True)
class SlotReopened:
    """The person wants to answer this slot again; its old answer is forgotten."""

    name: str


@dataclass(frozen=True, slots=True)
class FormStarted:
    """A form begins or goes on; another one that was active waits behind it."""

    name: str


@dataclass(frozen=True, slots=True)
class FormEnded:
    """The active form is over; its answers are forgotten; one that waited behind it goes on."""

    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormParked:
    """The person left the active form; its answers are kept, to be offered again."""


@dataclass(frozen=True, slots=True)
class ParkedDropped:
    """The person does not want the forms that wait any more."""

    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """Buttons (title, payload) the last reply carried; a typed number or title means the tap."""

    buttons: tuple[tuple[str, str], ...]


ESCAPE = "talk_to_human"
"""Offered beside the meanings of a message in doubt: tapping it says that none of them was meant."""


@dataclass(frozen=True, slots=True)
class Doubted:
    """The bot asked what this message meant; the next tap answers that."""

    text: str
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class Noticed:
    """A one-time notice of this name was given in this conversation."""

    name: str


@dataclass(frozen=True, slots=True)
class Searched:
    """What the last list of results was about, so that "more" goes on from there."""

    query: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Everything but the language is forgotten: the person asked for it."""


Event = (
    Forgotten
    | SlotSet
    | SlotAsked
    | SlotAnswered
    | SlotReopened
    | FormStarted
    | FormEnded
    | FormParked
    | ParkedDropped
    | Offered
    | Doubted
    | Noticed
    | Searched
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """State of one conversation; `waiting` holds forms behind the active one, the most recent last."""

    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    active_form: str | None = None
    requested_slot: str | None = None
    waiting: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    offered: tuple[tuple[str, str], ...] = ()
    doubt: Doubted | None = None
    notices: frozenset[str] = frozenset()
    search: Mapping[str, Any] | None = None
    last_seen: datetime | None = None

    @property
    def language(self) -> str:
        return str(self.slots.get("language") or "fr")

    def slot(self, name: str) -> SlotValue:
        return self.slots.get(name)

    def words(self, name: str) -> str:
        """The slot as text; empty when it is not set."""
        value = self.slots.get(name)
        return ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)

    def apply(self, *events: Event) -> "Conversation":
        """The conversation after these events, in order."""
        after = self
        for event in events:
            after = _after(after, event)
        return after


def _after(now: Conversation, event: Event) -> Conversation:
    match event:
        case Forgotten():
            return Conversation(slots={"language": now.language}, notices=now.notices & {"greeted"})
        case SlotSet(name, value):
            return replace(now, slots={**now.slots, name: value})
        case SlotAsked(name):
            return replace(now, requested_slot=name)
        case SlotAnswered(name):
            return replace(now, answered=(*(a for a in now.answered if a != name), name))
        case SlotReopened(name):
            answered = tuple(a for a in now.answered if a != name)
            return replace(now, slots={**now.slots, name: None}, answered=answered, requested_slot=name)
        case FormStarted() | FormEnded() | FormParked() | ParkedDropped():
            return _after_form(now, event)
        case Offered(buttons):
            return replace(now, offered=buttons)
        case Doubted():
            return replace(now, doubt=event)
        case Noticed(name):
            return replace(now, notices=now.notices | {name})
        case Searched(query):
            return replace(now, search=query)


def _after_form(
    now: Conversation, event: FormStarted | FormEnded | FormParked | ParkedDropped
) -> Conversation:
    match event:
        case FormStarted(name):
            behind = tuple(form for form in now.waiting if form != name)
            if now.active_form and now.active_form != name:
                behind = (*behind, now.active_form)
            return replace(now, active_form=name, requested_slot=None, waiting=behind)
        case FormEnded(slots):
            next_form = now.waiting[-1] if now.waiting else None
            return replace(_without(now, slots), active_form=next_form, waiting=now.waiting[:-1])
        case FormParked():
            waiting = (*now.waiting, now.active_form) if now.active_form else now.waiting
            return replace(now, active_form=None, requested_slot=None, waiting=waiting)
        case ParkedDropped(slots):
            return replace(_without(now, slots), waiting=())


def _without(now: Conversation, slots: tuple[str, ...]) -> Conversation:
    kept = {name: value for name, value in now.slots.items() if name not in slots}
    answered = tuple(name for name in now.answered if name not in slots)
    return replace(now, slots=kept, answered=answered, requested_slot=None)


def to_json(conversation: Conversation) -> dict[str, Any]:
    """The state as stored; unset parts are left out."""
    doubt, seen = conversation.doubt, conversation.last_seen
    state: dict[str, Any] = {
        "slots": {name: value for name, value in conversation.slots.items() if value is not None},
        "active_form": conversation.active_form,
        "requested_slot": conversation.requested_slot,
        "waiting": list(conversation.waiting),
        "answered": list(conversation.answered),
        "offered": [list(pair) for pair in conversation.offered],
        "doubt": {"text": doubt.text, "entities": [astuple(e) for e in doubt.entities]} if doubt else None,
        "notices": sorted(conversation.notices),
        "search": dict(conversation.search) if conversation.search else None,
        "last_seen": seen.isoformat() if seen else None,
    }
    return {name: value for name, value in state.items() if value}


def from_json(state: Mapping[str, Any]) -> Conversation:
    """The conversation stored as `to_json` wrote it; an empty state is a new conversation."""
    doubt, seen = state.get("doubt"), state.get("last_seen")
    return Conversation(
        slots=state.get("slots", {}),
        active_form=state.get("active_form"),
        requested_slot=state.get("requested_slot"),
        waiting=tuple(state.get("waiting", ())),
        answered=tuple(state.get("answered", ())),
        offered=tuple((title, payload) for title, payload in state.get("offered", ())),
        doubt=Doubted(doubt["text"], _entities(doubt["entities"])) if doubt else None,
        notices=frozenset(state.get("notices", ())),
        search=state.get("search"),
        last_seen=datetime.fromisoformat(seen) if seen else None,
    )


def _entities(stored: Sequence[Sequence[Any]] | Mapping[str, str]) -> tuple[Entity, ...]:
    """As stored now, or by name as before the places of entities were kept."""
    if isinstance(stored, Mapping):
        return tuple(Entity(name, value, 0, 0, value) for name, value in stored.items())
    return tuple(Entity(*parts) for parts in stored)
