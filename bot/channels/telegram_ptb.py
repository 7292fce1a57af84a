"""Telegram through python-telegram-bot: how that library makes a call, refuses an update and names a failure.

Two of its extension points are used: `HTTPXRequest.do_request`, where an answer is still raw (its exceptions
lose the code and rewrite the description), and `Bot._post`, which gives results as JSON without a warning for
methods the library knows. An answer with fields of a newer Bot API must not make a sent message look unsent.
"""

import logging
import warnings
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

import httpx
from telegram import Bot, InputFile, Update
from telegram.error import TelegramError
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from bot.channels.port import Payload
from bot.channels.telegram_api import CallError, NoAnswer, NotSent, Params, TelegramOptions, Upload, result_of
from bot.channels.telegram_channel import PATIENCE, TelegramChannel, utc_now
from bot.channels.telegram_patience import Rhythm
from bot.channels.telegram_updates import update_id
from bot.errors import Unparsable

CONNECT_PATIENCE = 10.0
POOL_PATIENCE = 5.0

NEVER_WRITTEN = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


class TelegramPtb(TelegramChannel):
    """Raises StartError for a token that cannot be one."""

    def __init__(
        self,
        options: TelegramOptions,
        rhythm: Rhythm | None = None,
        patience: float = PATIENCE,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(options, PtbWire(options), rhythm, patience, clock)


class PtbWire:
    """Implements `bot.channels.telegram_api.Wire`."""

    def __init__(self, options: TelegramOptions) -> None:
        # httpx logs every URL at INFO, and ours hold the token.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._requests = (_request(2), _request(64))
        self._bot = RawBot(
            options.token,
            base_url=f"{options.api_url.rstrip('/')}/bot",
            base_file_url=f"{options.api_url.rstrip('/')}/file/bot",
            get_updates_request=self._requests[0],
            request=self._requests[1],
        )

    async def call(self, method: str, params: Params, patience: float) -> Any:
        try:
            return await self._bot.call(method, {k: _as_file(v) for k, v in params.items()}, patience)
        except TelegramError as error:
            raise _failure(error) from error

    async def download(self, file_path: str, patience: float) -> bytes:
        try:
            return await self._requests[1].retrieve(f"{self._bot.base_file_url}/{file_path}", patience)
        except TelegramError as error:
            raise _failure(error) from error

    def check(self, payload: Payload) -> None:
        try:
            with warnings.catch_warnings():
                # The library warns of its own future when it builds some service messages.
                warnings.simplefilter("ignore", PTBDeprecationWarning)
                Update.de_json(payload)
        except (TypeError, AttributeError, KeyError, ValueError, OverflowError, OSError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise Unparsable(f"python-telegram-bot refuses update {update_id(payload)}: {reason}") from error

    async def renew(self) -> None:
        for request in self._requests:
            await request.shutdown()
            await request.initialize()

    async def close(self) -> None:
        for request in self._requests:
            await request.shutdown()


class RawBot(Bot):
    """A Bot that gives the JSON of any method, through the library's pools and form encoding."""

    async def call(self, method: str, params: Params, patience: float) -> Any:
        return await self._post(method, dict(params), read_timeout=patience)


class RawRequest(HTTPXRequest):
    """Raises our Rejected before the library interprets an error; it becomes the cause of a TelegramError."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        status, body = await super().do_request(*args, **kwargs)
        if status >= HTTPStatus.MULTIPLE_CHOICES or kwargs.get("method") == "POST":
            result_of(status, body)
        return status, body


def _as_file(value: Any) -> Any:
    return InputFile(value.content, value.name) if isinstance(value, Upload) else value


def _request(connections: int) -> RawRequest:
    return RawRequest(connections, connect_timeout=CONNECT_PATIENCE, pool_timeout=POOL_PATIENCE)


def _failure(error: TelegramError) -> CallError:
    cause = error.__cause__
    if isinstance(cause, CallError):
        return cause
    if isinstance(cause, NEVER_WRITTEN):
        return NotSent(type(cause).__name__)
    return NoAnswer(type(cause or error).__name__)
