"""Where platforms deliver by themselves: checked, committed, and only then confirmed."""

import hashlib
import json
import logging
import time

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from bot.channels.port import Inbox, Payload, Received
from bot.web.body import BodyTooLargeError, BodyUnreadableError, json_of, read_bytes, read_json
from bot.web.ports import TelegramWebhook, WhatsAppWebhook

MAX_BODY = 1024 * 1024
"""An update of Telegram is a few kilobytes."""

HEADER = "X-Telegram-Bot-Api-Secret-Token"

SIGNATURE = "X-Hub-Signature-256"

MAX_DELIVERY = 4 * 1024 * 1024
"""Meta's deliveries hold up to 1000 events and 3 MB (Graph API, Webhooks)."""

log = logging.getLogger(__name__)


class TelegramDoor:
    """POST /webhooks/telegram (Bot API, setWebhook); anything but 200 makes Telegram deliver again."""

    def __init__(self, webhook: TelegramWebhook, inbox: Inbox) -> None:
        self._webhook = webhook
        self._inbox = inbox

    def routes(self) -> APIRouter:
        router = APIRouter(prefix="/webhooks")
        router.add_api_route("/telegram", self.receive, methods=["POST"])
        return router

    async def receive(self, request: Request) -> Response:
        if not self._webhook.accepts(request.headers.get(HEADER)):
            log.warning("telegram webhook: wrong or missing secret")
            return Response(status_code=403)
        try:
            update = await read_json(request, MAX_BODY)
        except BodyTooLargeError:
            log.warning("telegram webhook: body over %d bytes", MAX_BODY)
            return Response(status_code=413)
        except BodyUnreadableError as error:
            log.warning("telegram webhook: unreadable body (%s)", error)
            return Response(status_code=400)
        if not isinstance(update, dict):
            log.warning("telegram webhook: JSON, but not an object")
            return Response(status_code=400)
        await self._inbox.store("telegram", [Received(_external_id(update), update)])
        await self._webhook.received(update)
        return Response(status_code=200)


class WhatsAppDoor:
    """/webhooks/whatsapp (Graph API, Webhooks): the handshake of the set-up, then deliveries.

    Whatever is signed is stored and confirmed, be it unreadable: anything but 200 makes Meta repeat it for days,
    and hold back what comes after. Without our signature nothing is even looked at.
    """

    def __init__(self, webhook: WhatsAppWebhook, inbox: Inbox) -> None:
        self._webhook = webhook
        self._inbox = inbox

    def routes(self) -> APIRouter:
        router = APIRouter(prefix="/webhooks")
        router.add_api_route("/whatsapp", self.handshake, methods=["GET"])
        router.add_api_route("/whatsapp", self.receive, methods=["POST"])
        return router

    async def handshake(self, request: Request) -> Response:
        asked = request.query_params
        known = self._webhook.knows(asked.get("hub.verify_token"))
        if asked.get("hub.mode") != "subscribe" or not known:
            log.warning("whatsapp webhook: a handshake with a wrong mode or verify token")
            return Response(status_code=403)
        plain = {"X-Content-Type-Options": "nosniff"}
        return PlainTextResponse(asked.get("hub.challenge", ""), headers=plain)

    async def receive(self, request: Request) -> Response:
        begun = time.perf_counter()
        try:
            body = await read_bytes(request, MAX_DELIVERY)
        except BodyTooLargeError:
            log.warning("whatsapp webhook: body over %d bytes", MAX_DELIVERY)
            return Response(status_code=413)
        except BodyUnreadableError as error:
            log.warning("whatsapp webhook: the body did not arrive (%s)", error)
            return Response(status_code=400)
        if not self._webhook.accepts(request.headers.get(SIGNATURE), body):
            log.warning("whatsapp webhook: wrong or missing signature")
            return Response(status_code=403)
        events = self._events(body)
        await self._inbox.store("whatsapp", events)
        self._webhook.received(events)
        log.debug("whatsapp webhook: %d events in %.1f ms", len(events), 1000 * (time.perf_counter() - begun))
        return Response(status_code=200)

    def _events(self, body: bytes) -> list[Received]:
        try:
            return self._webhook.events(json_of(body))
        except BodyUnreadableError as error:
            log.warning("whatsapp webhook: signed, but unreadable (%s)", error)
            return [self._webhook.unreadable(body)]


def _external_id(update: Payload) -> str:
    """The update's own id; without one its digest, so that what cannot be read is kept and recognised too."""
    number = update.get("update_id")
    if isinstance(number, int) and not isinstance(number, bool):
        return str(number)
    return hashlib.sha256(json.dumps(update, sort_keys=True).encode()).hexdigest()
