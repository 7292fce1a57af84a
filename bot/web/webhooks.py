"""Where platforms deliver by themselves: checked, committed, and only then confirmed."""

import hashlib
import json
import logging

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.channels.port import Inbox, Payload, Received
from bot.web.body import BodyTooLargeError, BodyUnreadableError, read_json
from bot.web.ports import TelegramWebhook

MAX_BODY = 1024 * 1024
"""An update of Telegram is a few kilobytes."""

HEADER = "X-Telegram-Bot-Api-Secret-Token"

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


def _external_id(update: Payload) -> str:
    """The update's own id; without one its digest, so that what cannot be read is kept and recognised too."""
    number = update.get("update_id")
    if isinstance(number, int) and not isinstance(number, bool):
        return str(number)
    return hashlib.sha256(json.dumps(update, sort_keys=True).encode()).hexdigest()
