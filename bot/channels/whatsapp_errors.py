"""What each error code of the Cloud API means for a message: the reaction of delivery, by code, never by text.

Meta's texts hold phone numbers, so none is kept or logged: each code has words of ours. The same codes come in the
answer to a request, in an HTTP 200 with an error object, and hours later in a failed status.
Codes: Meta, "Cloud API error codes"; those above 130,000 are about messages, below them about access and load.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus

from bot.channels.whatsapp_api import CallError, NotSent, Rejected
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

logger = logging.getLogger(__name__)

NETWORK_PAUSE = 3.0
SERVER_PAUSE = 10.0
THROUGHPUT_PAUSE = 5.0
PAIR_PAUSE = 30.0
ACCOUNT_PAUSE = 600.0
HOUR = 3600.0
DAY = 24 * HOUR

Reaction = Callable[[str], DeliveryError]


def _throttled(after: float, *, whole: bool = True) -> Reaction:
    return lambda reason: TryLater(reason, after, throttled=True, whole_channel=whole)


def _later(after: float, *, whole: bool = False) -> Reaction:
    return lambda reason: TryLater(reason, after, whole_channel=whole)


def _stopped(reason: str) -> DeliveryError:
    return AccountStopped(reason, ACCOUNT_PAUSE)


TABLE: dict[int, tuple[str, Reaction]] = {
    0: ("the token is not accepted", _stopped),
    1: ("WhatsApp has a fault", _later(SERVER_PAUSE, whole=True)),
    2: ("WhatsApp is out of service", _later(SERVER_PAUSE, whole=True)),
    3: ("the token may not do this", _stopped),
    4: ("too many requests of this app", _throttled(HOUR / 4)),
    10: ("the token may not do this", _stopped),
    33: ("the phone number is not known to WhatsApp", _stopped),
    100: ("WhatsApp finds the request wrong", Refused),
    190: ("the token has expired", _stopped),
    368: ("the account is locked for breaking rules", _stopped),
    613: ("too many requests in a short time", _throttled(60.0)),
    80007: ("the account's rate is used up", _throttled(HOUR / 4)),
    130429: ("more messages a second than allowed", _throttled(THROUGHPUT_PAUSE)),
    130472: ("Meta withholds such messages from this person", Refused),
    130497: ("the account may not write to this country", Refused),
    131000: ("WhatsApp could not send it", _later(SERVER_PAUSE)),
    131005: ("the token may not do this", _stopped),
    131008: ("WhatsApp misses a value", Refused),
    131009: ("WhatsApp finds a value wrong", Refused),
    131014: ("WhatsApp could not fetch the file", Refused),
    131016: ("WhatsApp is overloaded", _later(SERVER_PAUSE, whole=True)),
    131021: ("sender and receiver are the same number", Refused),
    131026: ("this person cannot be reached on WhatsApp", Unreachable),
    131030: ("a test number writes only to people on its list", Refused),
    131031: ("the account is locked", _stopped),
    131037: ("the display name is not approved", _stopped),
    131042: ("the account has a problem with its payment", _stopped),
    131045: ("the phone number is not registered", _stopped),
    131047: ("the person has not written for 24 hours", WindowClosed),
    131048: ("too many messages were blocked or marked as spam", _throttled(HOUR)),
    131049: ("Meta spares this person another message today", _later(DAY)),
    131050: ("the person wants no such messages on WhatsApp", Refused),
    131051: ("WhatsApp does not know this kind of message", Refused),
    131052: ("WhatsApp could not download the file", Refused),
    131053: ("WhatsApp refuses the file", Refused),
    131056: ("too many messages to this person", _throttled(PAIR_PAUSE, whole=False)),
    131057: ("the account is being maintained", _later(HOUR / 12, whole=True)),
    132000: ("the template expects other values", TemplateTrouble),
    132001: ("the template does not exist in this language", TemplateTrouble),
    132005: ("the template is too long with its values", Refused),
    132007: ("the template breaks rules", TemplateTrouble),
    132012: ("the template expects values of another form", TemplateTrouble),
    132015: ("the template is paused for its quality", TemplateTrouble),
    132016: ("the template is disabled", TemplateTrouble),
    132018: ("a value of the template has a form that is not allowed", Refused),
    133010: ("the phone number is not registered", _stopped),
    135000: ("WhatsApp could not send it", _later(SERVER_PAUSE)),
}
"""What is said in reports, and what is done. Wholly unknown codes: see `reaction`."""

UNTOLD = -1
"""In place of the code where an error names none."""

FILE_CODES = (100, 131009, 131052, 131053)
"""With these a message with a file is worth one more try with the file sent anew: its id may be forgotten."""


def reaction(code: int, http_status: int = HTTPStatus.OK) -> DeliveryError:
    """How delivery must react to this code, in a response or in a failed status.

    An unknown one: by its range (132xxx templates, 200–299 permissions), else by the HTTP status; a status that
    failed for a reason nobody knows is refused, since WhatsApp has given up too.
    """
    if code in TABLE:
        words, react = TABLE[code]
        return react(f"{code}: {words}")
    if 200 <= code < 300:
        return _stopped(f"{code}: the token may not do this")
    if 132000 <= code < 133000:
        return TemplateTrouble(f"{code}: WhatsApp refuses the template")
    if http_status == HTTPStatus.TOO_MANY_REQUESTS:
        return TryLater(f"{code}: too many requests", SERVER_PAUSE, throttled=True, whole_channel=True)
    if http_status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return _stopped(f"{code}: the token is not accepted")
    if http_status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return TryLater(f"{code}: WhatsApp has a fault", SERVER_PAUSE, whole_channel=True)
    logger.warning("WhatsApp error %d (HTTP %d) is not in our table", code, http_status)
    return Refused(f"{code}: WhatsApp refuses the message")


def delivery_error(failure: CallError) -> DeliveryError:
    """How delivery must react to a request that failed."""
    if isinstance(failure, Rejected):
        return reaction(failure.code, failure.status)
    if isinstance(failure, NotSent):
        return TryLater(f"no connection to WhatsApp: {failure}", NETWORK_PAUSE, whole_channel=True)
    return Unknown(f"WhatsApp gave no answer: {failure}")
