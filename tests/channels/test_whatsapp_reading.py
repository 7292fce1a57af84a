"""What people send on WhatsApp, as Meta writes it, in our vocabulary."""

from typing import Any

import pytest

from bot.errors import Unparsable
from bot.messages import (
    Change,
    Content,
    Edited,
    Location,
    Media,
    Membership,
    SharedContact,
    TakenBack,
    Tap,
    Text,
)
from tests.channels.whatsapp_bench import (
    AMINA,
    AMINAS_NUMBER,
    channel,
    message,
    read,
    read_one,
    text,
    value,
    webhook,
)

FILE = {"mime_type": "application/pdf", "sha256": "mu/J5=", "id": "848704520347750"}

CONTENTS: dict[str, tuple[dict[str, Any], Content]] = {
    "text": ({"type": "text", "text": {"body": "Slt, ɖo ?"}}, Text("Slt, ɖo ?")),
    "quick reply of a template": (
        {"type": "button", "button": {"payload": "/switch_language", "text": "Af-Soomaali"}},
        Tap("/switch_language"),
    ),
    "quick reply that is not ours": (
        {"type": "button", "button": {"payload": "No-Button-Payload", "text": "No"}},
        Text("No"),
    ),
    "button": (
        {
            "type": "interactive",
            "interactive": {"type": "button_reply", "button_reply": {"id": "/help", "title": "Aide"}},
        },
        Tap("/help"),
    ),
    "row of a list": (
        {
            "type": "interactive",
            "interactive": {
                "type": "list_reply",
                "list_reply": {"id": '/find_osc{"id": "3"}', "title": "ADD", "description": "Balbala"},
            },
        },
        Tap('/find_osc{"id": "3"}'),
    ),
    "flow": (
        {
            "type": "interactive",
            "interactive": {
                "type": "nfm_reply",
                "nfm_reply": {
                    "response_json": '{"nom": "ADD", "membres": 12, "flow_token": "x"}',
                    "body": "Sent",
                    "name": "flow",
                },
            },
        },
        Text("ADD, 12"),
    ),
    "flow left empty": (
        {
            "type": "interactive",
            "interactive": {"type": "nfm_reply", "nfm_reply": {"response_json": '{"flow_token": "x"}'}},
        },
        Media("flow"),
    ),
    "reply Meta could not pass on": ({"type": "interactive"}, Media("interactive")),
    "location": (
        {"type": "location", "location": {"latitude": 11.58, "longitude": 43.14, "name": "Bender-Djedid"}},
        Location(11.58, 43.14),
    ),
    "location without its type": ({"location": {"latitude": 11.58, "longitude": 43.14}}, Location(11.58, 43.14)),
    "own card": (
        {
            "type": "contacts",
            "contacts": [{"name": {}, "phones": [{"phone": "+253 77 12 34 56", "wa_id": AMINAS_NUMBER}]}],
        },
        SharedContact(f"+{AMINAS_NUMBER}", own=True),
    ),
    "card of somebody else": (
        {"type": "contacts", "contacts": [{"phones": [{"phone": "77 65 43 21", "wa_id": "25377654321"}]}]},
        SharedContact("77 65 43 21", own=False),
    ),
    "card without a number": (
        {"type": "contacts", "contacts": [{"name": {"formatted_name": "ADD"}}]},
        Media("contacts"),
    ),
    "picture": (
        {"type": "image", "image": {"id": "654", "mime_type": "image/jpeg", "caption": "notre salle"}},
        Media("photo", "654", "notre salle", None, "image/jpeg"),
    ),
    "document": (
        {"type": "document", "document": {**FILE, "filename": "statuts.pdf"}},
        Media("document", FILE["id"], None, "statuts.pdf", "application/pdf"),
    ),
    "voice": ({"type": "audio", "audio": {"id": "7", "voice": True}}, Media("voice", "7")),
    "music": ({"type": "audio", "audio": {"id": "7", "voice": False}}, Media("audio", "7")),
    "sticker": ({"type": "sticker", "sticker": {"id": "8"}}, Media("sticker", "8")),
    "unsupported": (
        {"type": "unsupported", "errors": [{"code": 131051, "title": "Message type unknown"}]},
        Media("unsupported"),
    ),
    "of a type made later": ({"type": "hologram", "hologram": {"id": "9"}}, Media("unsupported")),
    "order": ({"type": "order", "order": {"catalog_id": "1"}}, Media("unsupported")),
    "correction": (
        {"type": "edit", "edit": {"message": {"type": "text", "text": {"body": "ADD"}}}},
        Edited("ADD"),
    ),
    "correction under a picture": (
        {
            "type": "edit",
            "edit": {"original_message_id": "wamid.0", "message": {"type": "image", "image": {"caption": "ici"}}},
        },
        Edited("ici"),
    ),
    "deletion": ({"type": "revoke", "revoke": {"original_message_id": "wamid.0"}}, TakenBack("wamid.0")),
    "chat opened": ({"type": "request_welcome"}, Tap("/greet")),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTENTS)
def test_a_message_is_read(name: str) -> None:
    sent, understood = CONTENTS[name]
    assert read_one(message(**sent)).content == understood


@pytest.mark.parametrize(
    "sent",
    [
        {"type": "reaction", "reaction": {"message_id": "wamid.0", "emoji": "👍"}},
        {"type": "reaction", "reaction": {"message_id": "wamid.0"}},
        {"type": "text", "text": {"body": "salut"}, "group_id": "G1"},
        {"type": "interactive", "interactive": {"type": "call_permission_reply"}},
        {"type": "system", "system": {"type": "customer_identity_changed", "body": "…"}},
    ],
)
def test_what_asks_for_no_answer_is_nothing_for_the_bot(sent: dict[str, Any]) -> None:
    assert read(webhook(value(messages=[message(**sent)]))) == [None]


@pytest.mark.parametrize(
    "sent",
    [
        {"type": "text"},
        {"type": "text", "text": {"body": " "}},
        {"type": "location", "location": {"latitude": "LOCATION_LATITUDE", "longitude": 43.1}},
        {"type": "location", "location": {"latitude": 91, "longitude": 43.1}},
        {"type": "contacts", "contacts": "none"},
        {"type": "revoke"},
    ],
)
def test_a_message_whose_parts_are_missing_is_unparsable_and_not_quoted(sent: dict[str, Any]) -> None:
    (event,) = channel().events(webhook(value(messages=[message(**sent)])))
    with pytest.raises(Unparsable, match=r"^messages: ") as caught:
        channel().read(event.payload)
    assert "LOCATION_LATITUDE" not in str(caught.value)


def test_a_person_is_known_by_the_user_id_and_the_number_stands_beside_it() -> None:
    found = read_one(text("salut"))
    assert (found.address.channel, found.address.chat_id) == ("whatsapp", AMINA)
    assert (found.sender.external_id, found.sender.also, found.sender.name) == (AMINA, AMINAS_NUMBER, "Amina")


def test_a_person_without_a_number_is_a_person() -> None:
    sent = text("salut")
    del sent["from"]
    found = read_one(
        sent, contacts=[{"profile": {"name": "Amina", "username": "amina.dj"}, "user_id": AMINA}]
    )
    assert (found.sender.external_id, found.sender.also) == (AMINA, None)


def test_without_a_user_id_the_number_is_the_name() -> None:
    found = read_one(text("salut"), contacts=[{"wa_id": AMINAS_NUMBER}])
    assert (found.sender.external_id, found.sender.also, found.sender.name) == (
        AMINAS_NUMBER,
        AMINAS_NUMBER,
        None,
    )


def test_without_contacts_the_message_names_its_sender() -> None:
    assert read_one(text("salut", from_user_id=AMINA), contacts=[]).sender.external_id == AMINA


def test_a_message_of_nobody_is_unparsable() -> None:
    sent = text("salut")
    del sent["from"]
    (event,) = channel().events(webhook(value(messages=[sent], contacts=[])))
    with pytest.raises(Unparsable):
        channel().read(event.payload)


def test_each_message_of_a_batch_has_its_own_sender() -> None:
    other = {"profile": {"name": "Ali"}, "wa_id": "25377999999", "user_id": "DJ.2"}
    messages = [text("a", "wamid.1"), text("b", "wamid.2") | {"from": "25377999999"}]
    body = webhook(value(messages=messages, contacts=[other, {"wa_id": AMINAS_NUMBER, "user_id": AMINA}]))
    assert [found and found.sender.external_id for found in read(body)] == [AMINA, "DJ.2"]


@pytest.mark.parametrize("moment", ["1764000000", 1764000000])
def test_seconds_come_as_text_or_number(moment: object) -> None:
    assert read_one(text("salut", timestamp=moment)).sent_at.timestamp() == 1764000000


@pytest.mark.parametrize("moment", ["yesterday", None, 10**30, "", -(10**18)])
def test_a_wrong_time_does_not_cost_the_message(moment: object) -> None:
    assert read_one(text("salut", timestamp=moment)).content == Text("salut")


def test_a_forwarded_message_says_so() -> None:
    assert read_one(text("salut", context={"forwarded": True})).forwarded
    assert not read_one(text("salut", context={"id": "wamid.0"})).forwarded


@pytest.mark.parametrize(
    "system",
    [
        {"type": "user_changed_number", "wa_id": "25377000001", "customer": AMINAS_NUMBER},
        {"type": "customer_changed_number", "new_wa_id": "25377000001", "customer": AMINAS_NUMBER},
        {"type": "user_changed_user_id", "user_id": "25377000001", "customer": AMINAS_NUMBER},
    ],
)
def test_a_person_with_a_new_number_moves(system: dict[str, Any]) -> None:
    found = read_one(message(type="system", system=system), contacts=[])
    assert found.content == Membership(Change.MIGRATED, new_chat_id="25377000001")
    assert found.address.chat_id == AMINAS_NUMBER


@pytest.mark.parametrize(("chosen", "change"), [("stop", Change.MUTED), ("resume", Change.UNMUTED)])
def test_the_switch_for_marketing_messages_is_heeded(chosen: str, change: Change) -> None:
    preference = {"wa_id": AMINAS_NUMBER, "category": "marketing_messages", "value": chosen, "timestamp": 1}
    (found,) = read(webhook(value(user_preferences=[preference]), field="user_preferences"))
    assert found is not None
    assert (found.content, found.sender.external_id) == (Membership(change), AMINA)


def test_events_of_another_number_of_the_account_are_not_ours() -> None:
    one = value(messages=[text("salut")]) | {"metadata": {"phone_number_id": "999"}}
    assert read(webhook(one)) == [None]


def test_news_of_the_account_is_kept_and_answered_by_nobody() -> None:
    assert read(webhook({"event": "APPROVED"}, field="message_template_status_update")) == [None]


def test_a_field_nobody_knows_is_unparsable() -> None:
    (event,) = channel().events(webhook({}, field="unknown_field_xyz"))
    with pytest.raises(Unparsable, match="unknown_field_xyz"):
        channel().read(event.payload)
