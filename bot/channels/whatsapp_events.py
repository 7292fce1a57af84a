"""How one delivery of Meta is taken apart: every event of every entry by itself, with the name it is known by.

Names: a message's own id (wamid); of a status the id of its message and the status; of anything else a digest.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from bot.channels.port import Payload, Received

LISTS = {"messages": "message", "statuses": "status", "user_preferences": "preference", "calls": "call"}
"""Lists of events in a change's value, and what one of them is called in a stored event."""

NEEDLESS = ("contacts", "messaging_product")
"""Each event has its own contacts; the product is always WhatsApp."""

OBJECT = "whatsapp_business_account"


def events_of(body: Any) -> list[Received]:
    """All events of a webhook's body, in its order; what has no shape we know is one event as it is.

    A stored event holds `field` (the change's), one of the names in `LISTS` or `value`, and what belongs to it:
    `account` (the entry's id), `time`, `contacts`, and the rest of the value (`metadata`, `errors`).
    """
    if not isinstance(body, dict) or body.get("object") != OBJECT or not isinstance(body.get("entry"), list):
        return [_whole({"body": body})]
    return [event for entry in body["entry"] for event in _of_entry(entry)]


def unreadable(body: bytes) -> Received:
    """A body that is no JSON: kept, so that a person can look at it."""
    text = body.decode(errors="replace").replace("\0", "")
    return Received(f"digest:{hashlib.sha256(body).hexdigest()}", {"unreadable": text})


def _of_entry(entry: Any) -> Iterator[Received]:
    if not isinstance(entry, dict) or not isinstance(entry.get("changes"), list):
        yield _whole({"entry": entry})
        return
    for change in entry["changes"]:
        yield from _of_change(entry, change)


def _of_change(entry: Payload, change: Any) -> Iterator[Received]:
    value = change.get("value") if isinstance(change, dict) else None
    if not isinstance(value, dict) or not isinstance(change.get("field"), str):
        yield _whole({"account": entry.get("id"), "change": change})
        return
    about = {"field": change["field"], "account": entry.get("id"), "time": entry.get("time")}
    lists = {name: value[name] for name in LISTS if isinstance(value.get(name), list) and value[name]}
    if not lists:
        yield _whole({**about, "value": value})
        return
    shared = {key: value[key] for key in value if key not in (*lists, *NEEDLESS, *about)}
    for name, items in lists.items():
        for item in items:
            event = {**about, **shared, "contacts": _contacts(value, item, items), LISTS[name]: item}
            yield Received(_name(name, item) or _digest(event), event)


def _contacts(value: Payload, item: Any, items: list[Any]) -> list[Any]:
    """Those of the person the item is about; a lone contact is taken for the lone sender's."""
    contacts = [c for c in _listed(value.get("contacts")) if isinstance(c, dict)]
    names = _names(item, ("from", "from_user_id", "recipient_id", "recipient_user_id", "wa_id", "user_id"))
    mine = [contact for contact in contacts if _names(contact, ("wa_id", "user_id")) & names]
    senders = {frozenset(_names(i, ("from", "from_user_id"))) for i in items}
    return mine or (contacts if len(contacts) == 1 and len(senders) == 1 else [])


def _names(item: Any, keys: tuple[str, ...]) -> set[str]:
    found = (item.get(key) for key in keys) if isinstance(item, dict) else ()
    return {name for name in found if isinstance(name, str) and name}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _name(kind: str, item: Any) -> str | None:
    """Unique in the channel, also among the names of other kinds."""
    found = item.get("id") if isinstance(item, dict) else None
    if not isinstance(found, str) or not found:
        return None
    if kind == "messages":
        return found
    status = item.get("status") if kind == "statuses" else item.get("event")
    return f"{found}:{status}" if isinstance(status, str) and status else None


def _whole(event: Payload) -> Received:
    return Received(_digest(event), event)


def _digest(event: Payload) -> str:
    text = json.dumps(event, sort_keys=True)
    return f"digest:{hashlib.sha256(text.encode()).hexdigest()}"
