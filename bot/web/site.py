"""The whole site put together: page, chat, webhooks and watch, and what holds for all of them."""

import logging

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from starlette.middleware.gzip import GZipMiddleware

from bot.errors import OscbotError
from bot.web.chat import Chat
from bot.web.files import FileDoor
from bot.web.page import Page, compose, labels_of, language_of
from bot.web.ports import WebPorts
from bot.web.uploads import UploadDoor
from bot.web.watch import Watch
from bot.web.webhooks import TelegramDoor, WhatsAppDoor

log = logging.getLogger(__name__)


def create_web(ports: WebPorts) -> FastAPI:
    """The ASGI application. Raises ContentError when the page's labels are not complete in French."""
    labels = labels_of(ports.texts)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(GZipMiddleware, compresslevel=6)
    app.include_router(PageDoor(compose(labels)).routes())
    app.include_router(Chat(ports, labels).routes())
    app.include_router(Watch(ports).routes())
    app.add_exception_handler(OscbotError, _away)
    if ports.files is not None:
        app.include_router(FileDoor(ports.files).routes())
    if ports.uploads is not None:
        app.include_router(UploadDoor(ports.uploads).routes())
    if ports.telegram is not None:
        app.include_router(TelegramDoor(ports.telegram, ports.inbox).routes())
    if ports.whatsapp is not None:
        app.include_router(WhatsAppDoor(ports.whatsapp, ports.inbox).routes())
    return app


async def _away(request: Request, error: Exception) -> Response:
    """Nothing was accepted; pages and platforms come again with the same."""
    log.warning("%s %s: %s", request.method, request.url.path, type(error).__name__)
    return Response(status_code=503, headers={"Retry-After": "5", "Cache-Control": "no-store"})


class PageDoor:
    """GET /, in the language the browser asks for."""

    def __init__(self, pages: dict[str, Page]) -> None:
        self._pages = pages

    def routes(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/", self.page, methods=["GET", "HEAD"])
        return router

    async def page(self, request: Request) -> Response:
        page = self._pages[language_of(request.headers.get("Accept-Language"))]
        if _known(request.headers.get("If-None-Match", ""), page.etag):
            return Response(status_code=304, headers=page.headers)
        return Response(page.body, headers=page.headers, media_type="text/html; charset=utf-8")


def _known(known: str, etag: str) -> bool:
    """Weak comparison (RFC 9110, 8.8.3.2): proxies may add or drop the W/."""
    return etag.removeprefix("W/") in [tag.strip().removeprefix("W/") for tag in known.split(",")]
