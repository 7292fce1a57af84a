"""Reading a request's body safely: bounded in bytes and time, strict JSON, strings a database can hold."""

import asyncio
import json
import math
from typing import Any

from starlette.requests import ClientDisconnect, Request

MAX_SECONDS = 60.0
"""For a body to arrive; 16 KB over a bad 2G link take about ten."""

MOST_LEVELS = 64
"""Objects within objects; no platform sends a tenth of it, and what follows must not run out of stack."""


class BodyTooLargeError(Exception):
    """More bytes than the route takes."""


class BodyUnreadableError(Exception):
    """Not JSON, or it did not arrive in time or in full."""


async def read_json(request: Request, limit: int) -> Any:
    """The JSON value of the body. Raises `BodyTooLargeError` over `limit` bytes, `BodyUnreadableError`."""
    return json_of(await read_bytes(request, limit))


async def read_bytes(request: Request, limit: int, seconds: float = MAX_SECONDS) -> bytes:
    """The body as it came: signed, or a file. Raises as `read_json`."""
    try:
        async with asyncio.timeout(seconds):
            return await _read(request, limit)
    except (TimeoutError, ClientDisconnect) as error:
        raise BodyUnreadableError(type(error).__name__) from error


def json_of(body: bytes) -> Any:
    """The JSON value, fit for a database. Raises `BodyUnreadableError`."""
    try:
        return _storable(json.loads(body, parse_constant=_refuse, parse_float=_finite), MOST_LEVELS)
    except (ValueError, RecursionError) as error:
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


def _finite(number: str) -> float:
    """1e999 is valid JSON, but infinity is no number of jsonb's."""
    found = float(number)
    if not math.isfinite(found):
        raise ValueError("no finite number")
    return found


def _storable(value: Any, levels: int) -> Any:
    """Half of a cut emoji becomes U+FFFD and NUL goes: PostgreSQL refuses both in text and jsonb."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
    if not levels and isinstance(value, list | dict):
        raise ValueError("nested too deep")
    if isinstance(value, list):
        return [_storable(item, levels - 1) for item in value]
    if isinstance(value, dict):
        return {_storable(key, 0): _storable(item, levels - 1) for key, item in value.items()}
    return value
