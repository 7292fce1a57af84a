"""What each failure of the Bot API means for a message: the reaction of delivery, by code and description.

Codes and wording: Bot API "Making requests" and "ResponseParameters"; the descriptions are not documented,
they were collected from live answers and from the tables of other libraries.
"""

import logging

from bot.channels.telegram_api import CallError, NotSent, Rejected
from bot.errors import DeliveryError, Moved, Refused, TryLater, Unknown, Unreachable

logger = logging.getLogger(__name__)

SLACK = 0.5
"""Seconds added to retry_after: Telegram rounds down."""

NETWORK_PAUSE = 3.0
SERVER_PAUSE = 5.0
TOKEN_PAUSE = 60.0

GONE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "input_user_deactivated",
    "user is blocked",
    "peer_id_invalid",
    "group chat was deleted",
    "group chat was deactivated",
    "group is deactivated",
    "bot was kicked",
    "bot is not a member",
    "have no rights to send",
    "not enough rights to send",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_send_plain_forbidden",
)
"""400s which say that the chat, not the message, is the obstacle."""

TOPIC_GONE = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")


def topic_is_gone(failure: Rejected) -> bool:
    """The forum topic was closed or deleted; the rest of the group can still be written to."""
    return failure.says(*TOPIC_GONE)


def already_done(failure: Rejected) -> bool:
    """An edit or deletion that changes nothing: the chat is as it should be."""
    return failure.says("message is not modified", "message to delete not found")


def file_is_forgotten(failure: Rejected) -> bool:
    """Ids of files belong to one bot and do not live for ever; the bytes can be sent again."""
    return failure.says("wrong file identifier", "wrong remote file", "wrong file_id", "file reference")


def token_is_refused(failure: CallError) -> bool:
    """401: revoked token; 404: malformed token, or a proxy that does not know the Bot API."""
    return isinstance(failure, Rejected) and failure.code in (401, 404)


def delivery_error(failure: CallError, *, in_group: bool = False) -> DeliveryError:
    """How delivery must react to a sendMessage that failed.

    A 429 does not say whom it is for: in a group it is taken for the group's own limit, which is by far the
    lowest; elsewhere for the whole bot.
    """
    if in_group and isinstance(failure, Rejected) and failure.retry_after is not None:
        return TryLater(str(failure), failure.retry_after + SLACK, throttled=True)
    if isinstance(failure, NotSent):
        return TryLater(f"no connection to Telegram: {failure}", NETWORK_PAUSE, whole_channel=True)
    if isinstance(failure, Rejected):
        return _by_parameters(failure) or _by_code(failure)
    return Unknown(f"Telegram gave no answer: {failure}")


def _by_parameters(failure: Rejected) -> DeliveryError | None:
    if failure.new_chat_id is not None:
        return Moved(failure.new_chat_id)
    if failure.retry_after is not None:
        return TryLater(str(failure), failure.retry_after + SLACK, throttled=True, whole_channel=True)
    return None


def _by_code(failure: Rejected) -> DeliveryError:
    if token_is_refused(failure):
        logger.error("Telegram refuses the token or the address (%s): nothing can be sent", failure)
        return TryLater(str(failure), TOKEN_PAUSE, whole_channel=True)
    if failure.code == 429:
        return TryLater(str(failure), SERVER_PAUSE, throttled=True, whole_channel=True)
    if failure.code == 403 or failure.says("forbidden:") or (failure.code == 400 and failure.says(*GONE)):
        return Unreachable(failure.description)
    if failure.code == 409 or not 400 <= failure.code < 500:
        return TryLater(str(failure), SERVER_PAUSE, whole_channel=True)
    return Refused(failure.description)
