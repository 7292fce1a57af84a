"""What platforms say when they refuse, in the kinds a coordinator can do something about."""

import pytest

from bot.failures import Failure, failure_of, reason_key


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Forbidden: bot was blocked by the user", Failure.BLOCKED),
        ("Forbidden: user is deactivated", Failure.GONE),
        ("Bad Request: chat not found", Failure.GONE),
        ("Forbidden: bot can't initiate conversation with a user", Failure.GONE),
        ("Forbidden: bot was kicked from the supergroup chat", Failure.GROUP),
        ("Bad Request: not enough rights to send text messages to the chat", Failure.GROUP),
        ("Bad Request: message is too long", Failure.TOO_LONG),
        ("Bad Request: MEDIA_CAPTION_TOO_LONG", Failure.TOO_LONG),
        ("Bad Request: wrong file identifier/HTTP URL specified", Failure.FILE),
        ("the file is not kept", Failure.FILE),
        ("given up: 502 Bad Gateway", Failure.DOWN),
        ("given up: no connection to Telegram: ConnectError", Failure.DOWN),
        ("Bad Request: BUTTON_URL_INVALID", Failure.REFUSED),
        (None, Failure.REFUSED),
    ],
)
def test_refusal_is_understood(said: str | None, kind: Failure) -> None:
    assert failure_of(said) is kind


def test_what_nobody_knows_is_counted_with_its_own_words() -> None:
    assert reason_key("Bad Request: BUTTON_URL_INVALID") == "refused|Bad Request: BUTTON_URL_INVALID"
    assert reason_key(None) == "refused|?"


def test_rows_that_were_never_refused_say_why_they_ended() -> None:
    assert (reason_key(None, "expired"), reason_key(None, "looping")) == (Failure.TOO_LATE, Failure.LOOP)
