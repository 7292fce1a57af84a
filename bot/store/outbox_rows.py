"""The words of the outbox: a message to queue, a row taken for sending, what becomes of it, and its stored form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from bot.messages import Address, Attachment, Button, Kind, Opening, Outgoing
from bot.store.tables import OutboxState

PRIORITY = {Kind.REPLY: 0, Kind.REMINDER: 1, Kind.ANNOUNCEMENT: 2}
SENT_AGAIN = (Kind.REPLY, Kind.REMINDER)
"""Kinds sent once more when nobody knows whether they arrived; an announcement is only counted."""
MOST_CRASHES = 5
"""Crashes (or doubts) with a row in hand after which it is not tried again, whatever its kind."""

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A message to send at `due_at`; `incoming_id` is the event it answers, if it does.

    `source` names what it belongs to ("reminder:7:1d", "announcement:12", "training:5:change:3"), `recipient`
    for whom it is ("person:5", "group:telegram:-100…"): both or neither; a pair already queued is not queued
    again. `person_id` is whom STOP, reminders off and erasure concern. After `expires_at` (the event it is
    about) it is not sent. `exact`: at its hour even if that is quiet, for the person chose it.
    """

    message: Outgoing
    due_at: datetime
    conversation_key: str | None = None
    incoming_id: int | None = None
    source: str | None = None
    recipient: str | None = None
    person_id: int | None = None
    expires_at: datetime | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """`attempts`: failed tries that count; `doubts`: tries of which nobody knows whether they arrived.

    `first_claimed_at`: when it was first tried; `due_at`: when this try was due.
    """

    id: int
    message: Outgoing
    attempts: int
    doubts: int
    due_at: datetime
    first_claimed_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A row met by a claim: SENDING, or ended there as STOPPED, EXPIRED or LOOPING.

    `quiet`: the person's own quiet hours in local time, begin and end. The rest as in `NewDelivery`.
    """

    delivery: ClaimedDelivery
    state: OutboxState
    quiet: tuple[time, time] | None
    expires_at: datetime | None
    exact: bool


class Step(StrEnum):
    """What becomes of a claimed row."""

    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    DOUBT = "doubt"
    PUT_OFF = "put_off"


@dataclass(frozen=True, slots=True)
class Settled:
    """The outcome of one claimed row; `due_at` for RETRY, DOUBT and PUT_OFF, `platform_id` for SENT.

    `burnt`: whether the try counts; with PUT_OFF, of a row not tried, whether it keeps its place in the chat.
    DOUBT waits once more for replies and reminders, else ends as unknown.
    """

    id: int
    step: Step
    platform_id: str | None = None
    due_at: datetime | None = None
    error: str | None = None
    burnt: bool = True


@dataclass(frozen=True, slots=True)
class PastDelivery:
    id: int
    text: str
    buttons: tuple[Button, ...]
    state: OutboxState
    created_at: datetime
    attachment: Attachment | None = None
    edited: bool = False


def stored_body(message: Outgoing) -> dict[str, Any]:
    """What a row or a shared content keeps of a message: all but its address and kind."""
    body: dict[str, Any] = {
        "text": message.text,
        "buttons": [_stored_button(button) for button in message.buttons],
        "language": message.language,
    }
    if message.attachment:
        body["attachment"] = asdict(message.attachment)
    if message.swaps_file:
        body["swaps_file"] = True
    if message.opening:
        body["opening"] = {
            "template": message.opening.template,
            "values": list(map(list, message.opening.values)),
        }
    return body


def message_of(address: Address, kind: Kind, body: Body) -> Outgoing:
    return Outgoing(
        address,
        body["text"],
        buttons_of(body),
        kind,
        attachment_of(body),
        language=body.get("language", "fr"),
        opening=_opening_of(body),
        swaps_file=bool(body.get("swaps_file")),
    )


def _opening_of(body: Body) -> Opening | None:
    kept = body.get("opening")
    return Opening(kept["template"], tuple((name, value) for name, value in kept["values"])) if kept else None


def attachment_of(body: Body) -> Attachment | None:
    return Attachment(**body["attachment"]) if body.get("attachment") else None


def buttons_of(body: Body) -> tuple[Button, ...]:
    return tuple(Button(**button) for button in body["buttons"])


def _stored_button(button: Button) -> dict[str, Any]:
    return {name: value for name, value in asdict(button).items() if value}
