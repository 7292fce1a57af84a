"""Reading a request's body safely: bounded in bytes and time, strict JSON, strings a database can hold."""

import asyncio
import json
from typing import Any

from starlette.requests import ClientDisconnect, Request

MAX_SECONDS = 60.0
"""For a body to arrive; 16 KB over a bad 2G link take about ten."""


class BodyTooLargeError(Exception):
    """More bytes than the route takes."""


class BodyUnreadableError(Exception):
    """Not JSON, or it did not arrive in time or in full."""


async def read_json(request: Request, limit: int) -> Any:
    """The JSON value of the body. Raises `BodyTooLargeError` over `limit` bytes, `BodyUnreadableError`."""
    try:
        async with asyncio.timeout(MAX_SECONDS):
            body = await _read(request, limit)
        return _storable(json.loads(body, parse_constant=_refuse))
    except (ValueError, RecursionError, TimeoutError, ClientDisconnect) as error:
        # The text of a JSON error never quotes the body; still only its kind is passed on.
        raise BodyUnreadableError(type(error).__name__) from error


async def _read(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise BodyTooLargeError
    return bytes(body)


def _refuse(constant: str) -> None:
    # Python reads NaN and Infinity, JSON and PostgreSQL's jsonb do not know them.
    raise ValueError(constant)


def _storable(value: Any) -> Any:
    """Half of a cut emoji becomes U+FFFD and NUL goes: PostgreSQL refuses both in text and jsonb."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return value
