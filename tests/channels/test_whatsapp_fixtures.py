"""Recorded payloads beside the repository: every event is read, or quarantined with a reason; the count is printed."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.channels.port import Received
from bot.channels.whatsapp_api import NoAnswer, Rejected, result_of
from bot.channels.whatsapp_errors import reaction
from bot.channels.whatsapp_events import events_of
from bot.errors import DeliveryError, Unparsable
from bot.intake import Intake
from bot.store.engine import Database
from bot.store.tables import IncomingState
from tests.channels.whatsapp_bench import channel
from tests.fakes import Clock

FOLDER = Path(__file__).parents[2].parent / "shared" / "fixtures" / "whatsapp"
FILES = sorted(path.name for path in FOLDER.glob("[0-9]*.json"))
ERRORS = [name for name in FILES if "graph_error" in name]
RESPONSES = [name for name in FILES if "send_response" in name]
WEBHOOKS = [name for name in FILES if name not in (*ERRORS, *RESPONSES)]

UNREADABLE = {
    "150_msg.location__whatsapp-cloud-api.json": 1,  # LOCATION_LATITUDE instead of a number
    "193_unknown_field_xyz.__whatsapp.json": 1,
}
"""How many events of a file are quarantined; none of any other."""

pytestmark = pytest.mark.skipif(not FILES, reason="shared/fixtures/whatsapp is not beside the repository")


def payload_of(name: str) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads((FOLDER / name).read_text())
    return payload


def number_of(event: Received) -> str:
    """The recorded number it was sent to: for the test, ours."""
    metadata = event.payload.get("metadata") or {}
    return str(metadata.get("phone_number_id", "1"))


def outcome(event: Received) -> str:
    try:
        found = channel(phone_id=number_of(event)).read(event.payload)
    except Unparsable as reason:
        return "quarantined" if str(reason) else "quarantined without a reason"
    return "nothing to answer" if found is None else type(found.content).__name__


@pytest.mark.parametrize("name", WEBHOOKS)
def test_every_recorded_event_is_read_or_quarantined_with_a_reason(name: str) -> None:
    outcomes = [outcome(event) for event in events_of(payload_of(name))]
    assert outcomes.count("quarantined") == UNREADABLE.get(name, 0)
    assert "quarantined without a reason" not in outcomes
    assert outcomes or name.startswith("175_empty")


def test_no_recorded_event_is_lost_and_the_count_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    counts = Counter(outcome(event) for name in WEBHOOKS for event in events_of(payload_of(name)))
    with capsys.disabled():
        told = ", ".join(f"{kind} {count}" for kind, count in counts.most_common())
        print(f"\nWhatsApp fixtures: {counts.total()} events of {len(WEBHOOKS)} webhooks: {told}")
    assert counts.total() == sum(_events_in(payload_of(name)) for name in WEBHOOKS)


def _events_in(body: dict[str, Any]) -> int:
    """Counted another way: the items of all lists that hold events, else one for a change."""
    total = 0
    for entry in body.get("entry", []):
        for change in entry["changes"]:
            lists = ("messages", "statuses", "user_preferences", "calls")
            total += sum(len(change["value"].get(name) or []) for name in lists) or 1
    return total


async def test_all_recorded_webhooks_are_stored_and_stored_once(database: Database) -> None:
    """Several recordings share a placeholder for a wamid; they are one event for us, as for Meta."""
    intake = Intake(database, {"whatsapp": channel()}, Clock())
    for _ in range(2):
        for name in WEBHOOKS:
            await intake.store("whatsapp", events_of(payload_of(name)))
    names = {event.external_id for name in WEBHOOKS for event in events_of(payload_of(name))}
    async with database.transaction() as tx:
        counts = [await tx.inbox.count(state) for state in IncomingState]
    assert sum(counts) == len(names)


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize("status", [200, 400])
def test_a_recorded_error_is_one_also_when_it_comes_with_200(name: str, status: int) -> None:
    answer = payload_of(name)
    with pytest.raises(Rejected) as caught:
        result_of(status, answer)
    assert caught.value.code == answer["error"]["code"]
    assert isinstance(reaction(caught.value.code), DeliveryError)


@pytest.mark.parametrize("name", RESPONSES)
def test_a_recorded_success_names_its_message(name: str) -> None:
    assert result_of(200, payload_of(name))["messages"][0]["id"].startswith("wamid.")


def test_a_page_of_a_proxy_is_neither_a_success_nor_an_error_of_whatsapp() -> None:
    with pytest.raises(NoAnswer):
        result_of(200, None)
    with pytest.raises(Rejected) as caught:
        result_of(502, None)
    assert caught.value.code == 502
