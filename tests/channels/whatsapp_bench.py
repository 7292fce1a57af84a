"""What the tests of WhatsApp share: an account of ours, a channel for it, and payloads as Meta writes them."""

import hashlib
import hmac
import json
from typing import Any

from bot.channels.port import NoFiles
from bot.channels.whatsapp import WhatsAppChannel
from bot.channels.whatsapp_api import WhatsAppOptions
from bot.messages import Incoming
from tests.channels.whatsapp_emulator import ACCOUNT_ID, APP_SECRET, PHONE_ID, TOKEN, VERIFY_TOKEN
from tests.fakes import Clock

AMINA = "DJ.13491208655302741918"
AMINAS_NUMBER = "25377123456"


def options(api_url: str = "http://127.0.0.1:9", phone_id: str = PHONE_ID) -> WhatsAppOptions:
    return WhatsAppOptions(TOKEN, phone_id, ACCOUNT_ID, APP_SECRET, VERIFY_TOKEN, api_url, NoFiles())


def channel(api_url: str = "http://127.0.0.1:9", phone_id: str = PHONE_ID) -> WhatsAppChannel:
    return WhatsAppChannel(options(api_url, phone_id), clock=Clock())


def signature(body: bytes, secret: str = APP_SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def message(wamid: str = "wamid.1", **content: Any) -> dict[str, Any]:
    """`content` beside what every message of Amina has."""
    return {"from": AMINAS_NUMBER, "id": wamid, "timestamp": "1764000000", **content}


def text(body: str, wamid: str = "wamid.1", **more: Any) -> dict[str, Any]:
    return message(wamid, type="text", text={"body": body}, **more)


def status(wamid: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": wamid, "status": name, "timestamp": "1764000000", "recipient_id": AMINAS_NUMBER, **more}


AMINAS_CARD = {"profile": {"name": "Amina"}, "wa_id": AMINAS_NUMBER, "user_id": AMINA}


def value(contacts: list[dict[str, Any]] | None = None, **lists: Any) -> dict[str, Any]:
    shared = {"metadata": {"display_phone_number": "25321350000", "phone_number_id": PHONE_ID}}
    card = [AMINAS_CARD] if contacts is None else contacts
    return {"messaging_product": "whatsapp", **shared, "contacts": card, **lists}


def webhook(*values: dict[str, Any], field: str = "messages") -> dict[str, Any]:
    changes = [{"field": field, "value": one} for one in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT_ID, "changes": changes}]}


def signed(body: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """Non-ASCII letters escaped, as Meta sends and signs them."""
    content = json.dumps(body).encode()
    return content, {"X-Hub-Signature-256": signature(content), "Content-Type": "application/json"}


def read(body: dict[str, Any]) -> list[Incoming | None]:
    """Every event of a webhook, read."""
    whatsapp = channel()
    return [whatsapp.read(event.payload) for event in whatsapp.events(body)]


def read_one(item: dict[str, Any], **more: Any) -> Incoming:
    (found,) = read(webhook(value(messages=[item], **more)))
    assert found is not None
    return found
