"""How one stored event of WhatsApp is read: our own reading of the raw JSON, Incoming (or nothing for the bot) out.

pywa's parser is not used: it needs `contacts[0].user_id`, a profile and complete error objects, and raises
KeyError for valid events without them (docs/decisions/0010).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.channels.port import Payload
from bot.channels.whatsapp_contents import content_of
from bot.channels.whatsapp_errors import UNTOLD, reaction
from bot.errors import DeliveryError, Unparsable
from bot.messages import Address, Change, Content, Incoming, Membership, Progress, Receipt, Sender

CHANNEL = "whatsapp"
Json = dict[str, Any]

NOT_OURS = frozenset(
    {
        *("account_alerts", "account_review_update", "account_settings_update", "account_update"),
        *("automatic_events", "business_capability_update", "business_status_update", "calls", "flows"),
        *("group_lifecycle_update", "group_participants_update", "group_settings_update"),
        *("group_status_update", "history", "message_echoes", "message_template_components_update"),
        *("message_template_quality_update", "message_template_status_update", "partner_solutions"),
        *("payment_configuration_update", "phone_number_name_update", "phone_number_quality_update"),
        *("security", "smb_app_state_sync", "smb_message_echoes", "standby", "template_category_update"),
        *("template_correct_category_detection", "tracking_events", "message_template_category_update"),
        *("messaging_handovers",),
    }
)
"""Fields of Meta's webhooks (Graph API, WhatsApp Business Account) that tell of the account and not of a person:
kept as rows, nothing to answer. A field not named here is quarantined."""

MUTING = {"stop": Change.MUTED, "resume": Change.UNMUTED}
MOVING = ("user_changed_number", "customer_changed_number", "user_changed_user_id")


def read_event(event: Payload, phone_id: str, now: datetime) -> Incoming | None:
    """None: nothing for the bot. `now` dates what says no readable time. Raises Unparsable."""
    if "unreadable" in event:
        raise Unparsable("the body is not JSON")
    field = event.get("field")
    if not isinstance(field, str):
        raise Unparsable("not the shape of a webhook of WhatsApp")
    try:
        if _for_another_number(event, phone_id):
            return None
        for name, reader in READERS.items():
            if isinstance(event.get(name), dict):
                return reader(event[name], event, now)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError) as error:
        # Only the kind and the key: the text of a ValueError may quote what somebody wrote.
        key = f" {error}" if isinstance(error, KeyError) else ""
        raise Unparsable(f"{field}: {type(error).__name__}{key}") from error
    if field in NOT_OURS:
        return None
    raise Unparsable(f"{field}: a kind of event we do not know")


def _for_another_number(event: Payload, phone_id: str) -> bool:
    """One account may have several numbers; their events come to the same address."""
    metadata = event.get("metadata")
    number = metadata.get("phone_number_id") if isinstance(metadata, dict) else None
    return number is not None and str(number) != phone_id


def _read_message(message: Json, event: Payload, now: datetime) -> Incoming | None:
    """Groups of WhatsApp are not served; the bot has joined none."""
    if message.get("group_id"):
        return None
    if not isinstance(message.get("id"), str) or not message["id"]:
        raise ValueError("a message without id")
    sender = _sender(message, event)
    system = message.get("system")
    if isinstance(system, dict):
        moved = _moved(system, sender)
        return _incoming(message, moved[0], moved[1], now) if moved else None
    content = content_of(message, sender)
    return None if content is None else _incoming(message, sender, content, now)


def _moved(system: Json, sender: Sender) -> tuple[Sender, Content] | None:
    """The person's number or id is another now (v12 and later: `wa_id`; before: `new_wa_id`)."""
    new_chat = system.get("user_id") or system.get("wa_id") or system.get("new_wa_id")
    if system.get("type") not in MOVING or not new_chat:
        return None
    old = str(system.get("customer") or sender.external_id)
    return Sender(old), Membership(Change.MIGRATED, new_chat_id=str(new_chat))


def _read_status(status: Json, event: Payload, now: datetime) -> Incoming | None:
    """Statuses of calls and of groups are nothing to us; what Meta calls a warning is no failure."""
    if status.get("type") == "call" or status.get("recipient_type") == "group":
        return None
    name = str(status["status"])
    if name in ("deleted", "warning"):
        return None
    receipt = Receipt(str(status["id"]), Progress(name), _failure(status) if name == "failed" else None)
    contact = _contact(event)
    names = (contact.get("user_id"), status.get("recipient_user_id"), status.get("recipient_id"))
    sender = Sender(str(next((found for found in names if found), "")))
    return _incoming(status | {"id": f"{status['id']}:{name}"}, sender, receipt, now)


def _failure(status: Json) -> DeliveryError:
    """Meta sends one error; its `code` says what to do, its texts may hold the person's number."""
    errors = status.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    return reaction(int(first.get("code") or UNTOLD))


def _read_preference(preference: Json, event: Payload, now: datetime) -> Incoming | None:
    """Marketing messages switched off or on in WhatsApp itself (user_preferences)."""
    change = MUTING.get(str(preference.get("value")))
    if change is None:
        return None
    sender = _sender(preference, event)
    name = f"{sender.external_id}:{preference.get('timestamp')}:{change}"
    return _incoming(preference | {"id": name}, sender, Membership(change), now)


def _read_nothing(_call: Json, _event: Payload, _now: datetime) -> None:
    """Calls are not taken."""


Reader = Callable[[Json, Payload, datetime], Incoming | None]

READERS: dict[str, Reader] = {
    "message": _read_message,
    "status": _read_status,
    "preference": _read_preference,
    "call": _read_nothing,
}


def _sender(item: Json, event: Payload) -> Sender:
    """By the business-scoped user id where there is one: a person with a username may send no number at all."""
    contact = _contact(event)
    user_id = item.get("from_user_id") or item.get("user_id") or contact.get("user_id")
    number = item.get("from") or item.get("wa_id") or contact.get("wa_id")
    if not user_id and not number:
        raise ValueError("nobody has sent it")
    profile = contact.get("profile")
    name = profile.get("name") if isinstance(profile, dict) else None
    also = str(number) if number else None
    return Sender(str(user_id or number), str(name) if name else None, also=also)


def _contact(event: Payload) -> Json:
    contacts = event.get("contacts")
    return contacts[0] if isinstance(contacts, list) and contacts and isinstance(contacts[0], dict) else {}


def _incoming(item: Json, sender: Sender, content: Content, now: datetime) -> Incoming:
    context = item.get("context")
    return Incoming(
        message_id=str(item["id"]),
        address=Address(CHANNEL, sender.external_id),
        sender=sender,
        content=content,
        sent_at=_moment(item.get("timestamp"), now),
        forwarded=isinstance(context, dict) and context.get("forwarded") is True,
    )


def _moment(timestamp: object, now: datetime) -> datetime:
    """Seconds since 1970, as text or a number; a wrong one must not cost the message."""
    try:
        return datetime.fromtimestamp(int(str(timestamp)), UTC)
    except (ValueError, OverflowError, OSError):
        return now
