"""Whatever Meta (or a mistake in its name) sends signed, is confirmed, and nothing of it is lost: hypothesis tries."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.port import Received
from bot.channels.whatsapp import WhatsAppChannel
from bot.errors import Unparsable
from bot.intake import Intake
from bot.messages import Incoming
from bot.store.engine import Database
from bot.store.tables import IncomingState
from bot.web.body import _storable
from tests.channels.whatsapp_bench import channel, options, signature, status, text, value, webhook
from tests.fakes import Clock
from tests.web.scripted import ScriptedBot

PATH = "/webhooks/whatsapp"
QUICK = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

leaves = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = [
    *(
        "id",
        "from",
        "from_user_id",
        "type",
        "text",
        "body",
        "timestamp",
        "context",
        "forwarded",
        "interactive",
    ),
    *("button_reply", "list_reply", "nfm_reply", "response_json", "button", "payload", "title", "location"),
    *(
        "latitude",
        "longitude",
        "contacts",
        "phones",
        "wa_id",
        "user_id",
        "image",
        "audio",
        "voice",
        "caption",
    ),
    *(
        "edit",
        "message",
        "revoke",
        "original_message_id",
        "reaction",
        "system",
        "customer",
        "status",
        "errors",
    ),
    *("code", "recipient_id", "metadata", "phone_number_id", "profile", "name", "group_id", "value"),
]
WORDS = [
    *("text", "button", "interactive", "location", "contacts", "image", "audio", "edit", "revoke", "system"),
    *(
        "reaction",
        "unsupported",
        "button_reply",
        "nfm_reply",
        "user_changed_number",
        "sent",
        "delivered",
        "read",
    ),
    *("failed", "wamid.1", "wamid.2", "1764000000", "25377123456", "{}", "[]", ""),
]
likely = st.recursive(
    leaves | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=20,
)
"""Words and keys of real events in the wrong places."""
items = st.dictionaries(st.sampled_from(KEYS), likely, max_size=8) | likely
changes = st.fixed_dictionaries(
    {
        "field": st.sampled_from(["messages", "user_preferences", "account_update", "nobody_knows"]) | leaves,
        "value": st.fixed_dictionaries(
            {},
            optional={
                "messages": st.lists(items, max_size=4),
                "statuses": st.lists(items, max_size=4),
                "user_preferences": st.lists(items, max_size=2),
                "contacts": st.lists(items, max_size=2) | anything,
                "metadata": anything,
            },
        )
        | anything,
    }
)
entries = st.fixed_dictionaries(
    {"id": leaves, "changes": st.lists(changes | anything, max_size=3) | anything}
)
bodies = st.fixed_dictionaries(
    {"object": st.just("whatsapp_business_account"), "entry": st.lists(entries | anything, max_size=3)}
)


class QuietChannel(WhatsAppChannel):
    """Marks nothing as read: there is no Graph API here."""

    async def _mark_read(self, message_id: str) -> None:
        return None


class Door:
    """The site with WhatsApp's webhook, built once; `post` gives the status and what was stored."""

    def __init__(self) -> None:
        self.bot = ScriptedBot(whatsapp=QuietChannel(options(), clock=Clock()))
        transport = httpx.ASGITransport(app=self.bot.site())
        self.client = httpx.AsyncClient(transport=transport, base_url="http://chat.test")

    async def post(self, content: bytes, given: str | None = None) -> tuple[int, list[Received]]:
        self.bot.stored.clear()
        return await self.post_again(content, given)

    async def post_again(self, content: bytes, given: str | None = None) -> tuple[int, list[Received]]:
        headers = {"X-Hub-Signature-256": signature(content) if given is None else given}
        answer = await self.client.post(PATH, content=content, headers=headers)
        return answer.status_code, [event for _, event in self.bot.stored]


@pytest.fixture(scope="module")
def door() -> Door:
    return Door()


def parts_of(body: Any) -> list[Any]:
    """What must be kept of a body: each item of its lists of events, and whole what has another shape."""
    if not isinstance(body, dict) or not isinstance(body.get("entry"), list):
        return [body]
    found: list[Any] = []
    for entry in body["entry"]:
        changes = entry.get("changes") if isinstance(entry, dict) else None
        for change in changes if isinstance(changes, list) else [entry]:
            found += _items_of(change)
    return found


def _items_of(change: Any) -> list[Any]:
    value = change.get("value") if isinstance(change, dict) else None
    if not isinstance(value, dict) or not isinstance(change.get("field"), str):
        return [change]
    lists = [value.get(name) for name in ("messages", "statuses", "user_preferences", "calls")]
    return [item for one in lists if isinstance(one, list) for item in one] or [value]


def inside(value: Any) -> Iterator[str]:
    """The value and all it holds, as JSON."""
    yield json.dumps(value, sort_keys=True)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from inside(one)


def repeated(body: Any) -> bool:
    """The same wamid twice in one delivery is the same event, whatever else it says."""
    names = [
        item["id"] for item in parts_of(body) if isinstance(item, dict) and isinstance(item.get("id"), str)
    ]
    return len(set(names)) < len(names)


@QUICK
@given(body=bodies | anything)
async def test_any_signed_json_is_confirmed_and_every_event_of_it_kept(door: Door, body: Any) -> None:
    code, stored = await door.post(json.dumps(body).encode())
    assert code == 200
    if not repeated(body):
        kept = {part for event in stored for part in inside(event.payload)}
        lost = [
            part for part in parts_of(_storable(body, 64)) if json.dumps(part, sort_keys=True) not in kept
        ]
        assert lost == []


@QUICK
@given(content=st.binary(max_size=200))
async def test_any_signed_bytes_are_confirmed_and_kept(door: Door, content: bytes) -> None:
    code, stored = await door.post(content)
    assert (code, len(stored)) == (200, 1)


@QUICK
@given(content=st.binary(max_size=200), given_signature=st.text(alphabet="abcdef0123456789=sh", max_size=80))
async def test_nothing_unsigned_gets_in(door: Door, content: bytes, given_signature: str) -> None:
    assert await door.post(content, given_signature) == (403, [])


@QUICK
@given(item=items, contacts=st.lists(items, max_size=2))
def test_any_item_is_read_or_unparsable_and_nothing_else(item: Any, contacts: list[Any]) -> None:
    whatsapp = channel()
    for event in whatsapp.events(webhook(value(messages=[item], statuses=[item], contacts=contacts))):
        with contextlib.suppress(Unparsable):
            found = whatsapp.read(event.payload)
            assert found is None or isinstance(found, Incoming)


@QUICK
@given(body=bodies)
async def test_any_event_can_be_stored_in_the_database(door: Door, database: Database, body: Any) -> None:
    _, events = await door.post(json.dumps(body).encode())
    await Intake(database, {"whatsapp": channel()}, Clock()).store("whatsapp", events)
    async with database.transaction() as tx:
        counts = [await tx.inbox.count(state) for state in IncomingState]
    assert sum(counts) >= len(events)


@QUICK
@given(
    order=st.permutations(
        [text("un", "wamid.1"), text("deux", "wamid.2"), status("wamid.9", "read"), status("wamid.9", "sent")]
    ),
    repeats=st.integers(1, 3),
    batch=st.integers(1, 4),
)
async def test_batches_repeats_and_disorder_store_each_event_once(
    door: Door, order: list[Any], repeats: int, batch: int
) -> None:
    door.bot.stored.clear()
    for start in range(0, 4, batch):
        some = order[start : start + batch]
        values = [value(**{"statuses" if "status" in one else "messages": [one]}) for one in some]
        for _ in range(repeats):
            code, stored = await door.post_again(json.dumps(webhook(*values)).encode())
            assert code == 200
    names = sorted(event.external_id for event in stored)
    assert names == ["wamid.1", "wamid.2", "wamid.9:read", "wamid.9:sent"]
