"""What those who look after the bot may read over HTTP: whether it is well, and its figures."""

import asyncio

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from bot.web.ports import WebPorts

MAX_SECONDS = 5.0
"""After which a bot that does not say how it is counts as unwell."""


class Watch:
    def __init__(self, ports: WebPorts) -> None:
        self._ports = ports

    def routes(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/healthz", self.healthz, methods=["GET", "HEAD"])
        router.add_api_route("/metrics", self.metrics, methods=["GET"])
        return router

    async def healthz(self) -> Response:
        """200 when the database answers and the model is loaded, else 503; the reasons as JSON."""
        try:
            async with asyncio.timeout(MAX_SECONDS):
                health = await self._ports.health()
        except TimeoutError:
            return JSONResponse({"ok": False, "error": "timeout"}, 503, {"Cache-Control": "no-store"})
        report = {
            "ok": health.ok,
            "database": health.database,
            "model": health.model,
            "outbox": {"depth": health.outbox_depth, "age": health.outbox_age},
            "version": health.version,
        }
        return JSONResponse(report, 200 if health.ok else 503, {"Cache-Control": "no-store"})

    async def metrics(self) -> Response:
        return Response(self._ports.metrics(), headers={"Content-Type": CONTENT_TYPE_LATEST})
