"""What the Graph API of WhatsApp is asked and answers, through pywa: one call, its result or why there is none.

pywa's methods (`send_message`, `upload_media`, `get_media_url`, `get_templates`…) build the requests; only how a
request is made is ours. pywa's own way takes an error object that comes with HTTP 200 for a success, raises
KeyError for error objects with few keys, and always asks graph.facebook.com (docs/decisions/0010).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx
from pywa_async.api import GraphAPIAsync

from bot.channels.port import Files, Payload
from bot.channels.whatsapp_messages import Hints
from bot.templates import Template

API_VERSION = 26.0
"""The newest that pywa 4.5 knows (pywa.utils.Version.GRAPH_API)."""

PATIENCE = 20.0
"""Seconds a call may wait for its answer before nobody knows."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """What is in no message: the hints, by language; the approved templates, by what they are for."""

    hints: Mapping[str, Hints] = field(default_factory=dict)
    templates: Mapping[str, Template] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WhatsAppOptions:
    """One number of one WhatsApp Business Account; secrets as they are, kept out of repr.

    `people_a_day`: the tier of its portfolio, None where it has none (any more).
    """

    token: str = field(repr=False)
    phone_id: str
    account_id: str
    app_secret: str = field(repr=False)
    verify_token: str = field(repr=False)
    api_url: str
    files: Files
    phrases: Phrases = field(default_factory=Phrases)
    people_a_day: int | None = 250


class CallError(Exception):
    """A call of the Graph API without a result."""


class NotSent(CallError):
    """No connection: the request never left."""


class NoAnswer(CallError):
    """The request left; what became of it is not known."""


class Rejected(CallError):
    """The Graph API's error object, also one that comes with HTTP 200; branch on `code`, never on words.

    `str()` holds the code and the kind only: Meta's texts may hold phone numbers; they are in `details`.
    """

    def __init__(self, code: int, status: int, details: str = "") -> None:
        super().__init__(f"Graph API error {code} (HTTP {status})")
        self.code = code
        self.status = status
        self.details = details


class Graph(GraphAPIAsync):
    """All calls of one account: pywa's methods, each of which raises `CallError` and nothing else."""

    def __init__(
        self,
        options: WhatsAppOptions,
        patience: float = PATIENCE,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`transport` stands in for the network."""
        limits = httpx.Limits(max_connections=100)
        session = httpx.AsyncClient(timeout=patience, limits=limits, transport=transport)
        super().__init__(options.token, session, API_VERSION)
        session.base_url = httpx.URL(f"{options.api_url}/v{API_VERSION}")
        self._http = session

    async def _request(  # type: ignore[override] # pywa_async overrides a plain method the same way
        self, method: str, endpoint: str, **kwargs: Any
    ) -> Payload:
        """The extension point: pywa's methods hand their requests here."""
        kwargs.pop("log_kwargs", None)
        answer = await self._ask(method, endpoint, **kwargs)
        return result_of(answer.status_code, _json(answer))

    async def download(self, url: str, most: int) -> bytes:
        """The bytes behind a media URL, which wants the token too. Raises CallError; ValueError over `most`."""
        content = bytearray()
        try:
            async with self._http.stream("GET", url, follow_redirects=True) as answer:
                if answer.status_code != HTTPStatus.OK:
                    raise Rejected(answer.status_code, answer.status_code)
                async for chunk in answer.aiter_bytes():
                    content += chunk
                    if len(content) > most:
                        raise ValueError(f"over {most} bytes")
        except httpx.TransportError as error:
            raise NoAnswer(type(error).__name__) from error
        return bytes(content)

    async def close(self) -> None:
        await self._http.aclose()

    async def _ask(self, method: str, endpoint: str, **kwargs: Any) -> httpx.Response:
        try:
            return await self._http.request(method, endpoint, **kwargs)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            raise NotSent(type(error).__name__) from error
        except httpx.HTTPError as error:
            raise NoAnswer(type(error).__name__) from error


def result_of(status: int, answer: object) -> Payload:
    """The answer, unless it is an error. Raises Rejected; NoAnswer for a success that cannot be read.

    An error that is not the Graph API's (a proxy's page) has its HTTP status for a code.
    """
    error = answer.get("error") if isinstance(answer, Mapping) else None
    if error is not None:
        raise Rejected(_code(error, status), status, _details(error))
    if status >= HTTPStatus.BAD_REQUEST:
        raise Rejected(status, status)
    if not isinstance(answer, dict):
        raise NoAnswer(f"HTTP {status} with an answer that is not the Graph API's")
    return answer


def _json(answer: httpx.Response) -> object:
    try:
        found: object = answer.json()
    except ValueError:
        return None
    return found


def _code(error: object, status: int) -> int:
    code = error.get("code") if isinstance(error, Mapping) else None
    return code if isinstance(code, int) else status


def _details(error: object) -> str:
    if not isinstance(error, Mapping):
        return str(error)
    data = error.get("error_data")
    details = data.get("details") if isinstance(data, Mapping) else data
    return str(details or error.get("message") or error.get("title") or "")
