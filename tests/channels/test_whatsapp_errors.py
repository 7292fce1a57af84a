"""Meta's codes by what delivery does: in answers, in HTTP 200 with an error object, and in failed statuses."""

import json
from pathlib import Path

import pytest

from bot.channels.whatsapp_api import NoAnswer, NotSent, Rejected, result_of
from bot.channels.whatsapp_errors import DAY, TABLE, delivery_error, reaction
from bot.errors import (
    AccountStopped,
    DeliveryError,
    Refused,
    TemplateTrouble,
    TryLater,
    Unknown,
    Unreachable,
    WindowClosed,
)

FIXTURES = Path(__file__).parents[2].parent / "shared" / "fixtures" / "whatsapp"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (130429, TryLater),
        (131056, TryLater),
        (131048, TryLater),
        (131049, TryLater),
        (80007, TryLater),
        (613, TryLater),
        (4, TryLater),
        (1, TryLater),
        (131016, TryLater),
        (131047, WindowClosed),
        (131026, Unreachable),
        (131053, Refused),
        (131009, Refused),
        (132000, TemplateTrouble),
        (132001, TemplateTrouble),
        (132012, TemplateTrouble),
        (132015, TemplateTrouble),
        (132016, TemplateTrouble),
        (132099, TemplateTrouble),
        (132005, Refused),
        (190, AccountStopped),
        (368, AccountStopped),
        (131031, AccountStopped),
        (131042, AccountStopped),
        (10, AccountStopped),
        (299, AccountStopped),
        (999999, Refused),
    ],
)
def test_code_has_its_reaction(code: int, kind: type[DeliveryError]) -> None:
    assert type(reaction(code)) is kind


def test_too_fast_a_pair_silences_that_person_only() -> None:
    pair, overall = reaction(131056), reaction(130429)
    assert isinstance(pair, TryLater)
    assert pair.throttled
    assert not pair.whole_channel
    assert isinstance(overall, TryLater)
    assert overall.throttled
    assert overall.whole_channel


def test_person_spared_by_meta_waits_a_day_and_is_still_answered() -> None:
    spared = reaction(131049)
    assert isinstance(spared, TryLater)
    assert spared.after >= DAY
    assert not spared.throttled
    assert not spared.whole_channel


@pytest.mark.parametrize(
    ("status", "kind"),
    [(500, TryLater), (503, TryLater), (429, TryLater), (401, AccountStopped), (400, Refused)],
)
def test_unknown_code_is_judged_by_the_status(status: int, kind: type[DeliveryError]) -> None:
    assert type(delivery_error(Rejected(status, status))) is kind


def test_request_that_never_left_is_sent_again_and_one_without_answer_is_a_doubt() -> None:
    assert isinstance(delivery_error(NotSent("ConnectError")), TryLater)
    assert isinstance(delivery_error(NoAnswer("ReadTimeout")), Unknown)


def test_error_object_in_a_success_is_an_error() -> None:
    body = {"error": {"code": 131047, "message": "to 25377123456 …"}}
    with pytest.raises(Rejected) as told:
        result_of(200, body)
    assert isinstance(delivery_error(told.value), WindowClosed)


def test_no_reason_holds_what_meta_wrote() -> None:
    failure = Rejected(131026, 400, "Message to 25377123456 undeliverable")
    assert "25377123456" not in str(delivery_error(failure))


def test_every_error_of_the_fixtures_has_a_reaction() -> None:
    files = sorted(FIXTURES.glob("*graph_error*.json"))
    if not files:
        pytest.skip(f"no fixtures in {FIXTURES}")
    for path in files:
        with pytest.raises(Rejected) as told:
            result_of(400, json.loads(path.read_text(encoding="utf-8")))
        assert isinstance(delivery_error(told.value), DeliveryError), path.name


def test_words_of_the_table_are_ours_and_short() -> None:
    assert [words for words, _ in TABLE.values() if not 10 < len(words) < 60] == []
