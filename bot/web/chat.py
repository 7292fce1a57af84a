"""The web chat's API: what the page may ask, how much of it and how often."""

from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from bot.channels.port import Received
from bot.channels.web import NAME, is_session
from bot.errors import Unparsable
from bot.web.body import BodyTooLargeError, BodyUnreadableError, read_json
from bot.web.page import language_of
from bot.web.ports import WebPorts
from bot.web.rate import Pace, Rate
from bot.web.stream import as_json, events, since

MAX_BODY = 16 * 1024
HISTORY = 60
"""Messages shown again after a reload."""
MAX_STREAMS = 2000
"""Open pages of one process; each costs a few kilobytes and a look at the database per heartbeat."""

# A training room or a mobile network shares one address among many people: only floods are stopped there.
SESSION_PACE = Pace(burst=12, per_second=0.5)
ADDRESS_PACE = Pace(burst=200, per_second=10)

_PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
# "no-transform" and X-Accel-Buffering keep proxies from holding the stream back until it ends.
_STREAM = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}
_KEPT_OFFLINE = timedelta(days=30)
_MAX_TITLE = 100


class Chat:
    """The routes /chat/…; a session is named in header or body only: it is a secret and URLs are logged."""

    def __init__(self, ports: WebPorts, labels: dict[str, dict[str, str]]) -> None:
        self._ports = ports
        self._labels = labels
        self._per_session = Rate(SESSION_PACE)
        self._per_address = Rate(ADDRESS_PACE)

    def routes(self) -> APIRouter:
        router = APIRouter(prefix="/chat")
        router.add_api_route("/messages", self.receive, methods=["POST"])
        router.add_api_route("/history", self.history, methods=["GET"])
        router.add_api_route("/events", self.stream, methods=["GET"])
        return router

    async def receive(self, request: Request) -> Response:
        """Take one message; 202 only once it is committed, and again 202 for one that is known already."""
        if wait := self._per_address.wait_for(_address(request)):
            return self._too_fast(request, wait)
        try:
            event = self._event(await read_json(request, MAX_BODY))
        except BodyTooLargeError:
            return _refused(413, "too_large")
        except (BodyUnreadableError, Unparsable):
            return _refused(400, "unreadable")
        if wait := self._per_session.wait_for(event.payload["session"]):
            return self._too_fast(request, wait)
        await self._ports.inbox.store(NAME, [event])
        self._ports.web_channel.wake(event.payload["session"])
        return JSONResponse({"id": event.external_id}, 202, _PRIVATE)

    async def history(self, request: Request, after: int | None = None) -> Response:
        """The last messages of the session, or with `after` what the page may not know yet."""
        session = request.headers.get("X-Chat-Session")
        if not is_session(session) or (after is not None and after < 0):
            return _refused(400, "unreadable")
        if wait := self._per_address.wait_for(_address(request)):
            return self._too_fast(request, wait)
        if after is None:
            items = await self._ports.history(session, None, HISTORY)
        else:
            items = await since(self._ports, session, after)
        return JSONResponse({"items": [as_json(item) for item in items]}, headers=_PRIVATE)

    async def stream(self, request: Request, after: int = 0) -> Response:
        """Server-Sent Events: messages after `after`, or after the Last-Event-ID of a reconnecting client."""
        session = request.headers.get("X-Chat-Session")
        last = request.headers.get("Last-Event-ID", "")
        if not is_session(session):
            return _refused(400, "unreadable")
        if wait := self._per_address.wait_for(_address(request)):
            return self._too_fast(request, wait)
        if self._ports.web_channel.listeners >= MAX_STREAMS:
            return _refused(503, "full", {"Retry-After": "30"})
        after = int(last) if _is_number(last) else after
        return StreamingResponse(
            events(self._ports, session, after), headers=_STREAM, media_type="text/event-stream"
        )

    def _event(self, sent: Any) -> Received:
        """Keep what we know of the page's message, the time in bounds. Raises Unparsable."""
        if not isinstance(sent, dict):
            raise Unparsable("web: not an object")
        payload = {
            key: sent[key] for key in ("id", "session", "text", "payload", "file", "language") if key in sent
        }
        payload["sent_at"] = _bounded(sent.get("sent_at"), self._ports.now()).isoformat()
        if isinstance(sent.get("title"), str):
            payload["title"] = sent["title"][:_MAX_TITLE]
        incoming = self._ports.web_channel.read(payload)
        return Received(incoming.message_id, payload)

    def _too_fast(self, request: Request, wait: int) -> Response:
        language = language_of(request.headers.get("Accept-Language"))
        said = {"error": "too_fast", "message": self._labels[language]["too_fast"]}
        return JSONResponse(said, 429, {**_PRIVATE, "Retry-After": str(wait)})


def _refused(status: int, error: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": error}, status, {**_PRIVATE, **(headers or {})})


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _bounded(sent_at: object, now: datetime) -> datetime:
    """The page's clock is believed for what was kept while offline, never for the future."""
    try:
        moment = datetime.fromisoformat(sent_at).astimezone(UTC) if isinstance(sent_at, str) else now
    except (ValueError, OverflowError):
        return now
    return moment if now - _KEPT_OFFLINE <= moment <= now else now
