"""Telegram through aiogram 3: how that library makes a call, refuses an update and names a failure.

Requests are its `TelegramMethod`s with a raw result, and the session's `make_request` is ours: an answer with
fields of a newer Bot API must not make a sent message look unsent, nor a connection that was never made look
like an answer that never came.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from http import HTTPStatus
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import BufferedInputFile, Update
from aiogram.utils.token import TokenValidationError
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientTimeout,
    ConnectionTimeoutError,
    FormData,
    InvalidURL,
)
from pydantic import Field, ValidationError

from bot.channels.port import Payload
from bot.channels.telegram_api import NoAnswer, NotSent, Params, TelegramOptions, Upload, result_of
from bot.channels.telegram_channel import PATIENCE, TelegramChannel, utc_now
from bot.channels.telegram_patience import Rhythm
from bot.channels.telegram_updates import update_id
from bot.errors import StartError, Unparsable

CONNECT_PATIENCE = 10.0
ATTACHED = "attach://"

NEVER_WRITTEN = (ClientConnectorError, ConnectionTimeoutError, InvalidURL)


class TelegramAiogram(TelegramChannel):
    """Raises StartError for a token that cannot be one."""

    def __init__(
        self,
        options: TelegramOptions,
        rhythm: Rhythm | None = None,
        patience: float = PATIENCE,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(options, AiogramWire(options), rhythm, patience, clock)


class AiogramWire:
    """Implements `bot.channels.telegram_api.Wire`."""

    def __init__(self, options: TelegramOptions) -> None:
        self._session = RawSession(api=TelegramAPIServer.from_base(options.api_url))
        try:
            self._bot = Bot(options.token, session=self._session)
        except TokenValidationError as error:
            raise StartError("the Telegram token is not valid; copy it again from @BotFather") from error

    async def call(self, method: str, params: Params, patience: float) -> Any:
        fields = {name: _as_file(value) for name, value in _attached(params).items()}
        return await self._bot(_request_class(method)(patience=patience, **fields))

    async def download(self, file_path: str, patience: float) -> bytes:
        return await self._session.download(self._session.api.file_url(self._bot.token, file_path), patience)

    def check(self, payload: Payload) -> None:
        try:
            Update.model_validate(payload)
        except ValidationError as error:
            raise Unparsable(f"aiogram refuses update {update_id(payload)}: {_places(error)}") from error

    async def renew(self) -> None:
        await self._session.close()

    async def close(self) -> None:
        await self._session.close()


class RawCall(TelegramMethod[Any]):
    """A request whose parameters and result are JSON as the Bot API names them."""

    __returning__ = Any
    patience: float = Field(exclude=True)


class RawSession(AiohttpSession):
    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], *_args: Any, **_kwargs: Any
    ) -> TelegramType:
        patience = method.patience if isinstance(method, RawCall) else self.timeout
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        form = self.build_form_data(bot=bot, method=method)
        return cast(TelegramType, result_of(*await self._exchange("POST", url, form, patience)))

    async def download(self, url: str, patience: float) -> bytes:
        status, body = await self._exchange("GET", url, None, patience)
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            result_of(status, body)
        return body

    async def _exchange(
        self, verb: str, url: str, form: FormData | None, patience: float
    ) -> tuple[int, bytes]:
        session = await self.create_session()
        timeout = ClientTimeout(connect=CONNECT_PATIENCE, sock_read=patience)
        try:
            async with session.request(verb, url, data=form, timeout=timeout) as response:
                return response.status, await response.read()
        except NEVER_WRITTEN as error:
            raise NotSent(type(error).__name__) from None
        except (ClientError, TimeoutError) as error:
            raise NoAnswer(type(error).__name__) from None

    async def close(self) -> None:
        """Without the parent's quarter of a second of sleep: aiohttp itself awaits the end of TLS."""
        if self._session is not None:
            await self._session.close()


def _as_file(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_file(inner) for name, inner in value.items()}
    return BufferedInputFile(value.content, value.name) if isinstance(value, Upload) else value


def _attached(params: Params) -> Params:
    """A file that a medium refers to stands inside it: the library gives the parts of a form names of its own."""
    media = params.get("media")
    if not isinstance(media, dict) or not str(media["media"]).startswith(ATTACHED):
        return params
    name = media["media"].removeprefix(ATTACHED)
    return {k: v for k, v in params.items() if k != name} | {"media": media | {"media": params[name]}}


@cache
def _request_class(method: str) -> type[RawCall]:
    return type(method, (RawCall,), {"__api_method__": method, "__module__": __name__})


def _places(error: ValidationError) -> str:
    """Where and why, never the person's words."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in found[:3])
