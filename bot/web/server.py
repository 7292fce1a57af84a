"""How uvicorn serves the site: a port taken is one clear line, and open streams do not hold up its stop."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from bot.channels.web import WebChannel
from bot.errors import StartError

STOP_WITHIN = 5
"""Seconds requests in flight have to finish."""


class WebServer(uvicorn.Server):
    """`await serve()` runs until `should_exit` is set, and ends the chat's streams before it waits.

    Signals stay with whoever starts it: uvicorn's own handlers would replace those of the bot.
    """

    def __init__(self, config: uvicorn.Config, web_channel: WebChannel, listener: socket.socket) -> None:
        super().__init__(config)
        self._web_channel = web_channel
        self.listener = listener
        # Of interest when 0, "any free one", was asked for.
        self.port: int = listener.getsockname()[1]

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        await super().serve([self.listener, *(sockets or [])])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._web_channel.close()
        await super().shutdown(sockets)


def create_server(site: FastAPI, web_channel: WebChannel, host: str, port: int) -> WebServer:
    """Listens at once, answers from `serve()` on. Raises StartError if the address is taken."""
    config = uvicorn.Config(
        site,
        # The access log would name addresses and paths of people; uvicorn's errors go to the bot's own log.
        access_log=False,
        log_config=None,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=STOP_WITHIN,
        # What a proxy says of the person's address is believed from this machine only.
        forwarded_allow_ips="127.0.0.1",
    )
    return WebServer(config, web_channel, _listen(host, port))


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
        # asyncio does this only for sockets that name TCP; without it an answer in two parts waits 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as error:
        raise StartError(
            f"OSCBOT_HOST, OSCBOT_PORT: cannot listen on {host}:{port}: {error.strerror}"
        ) from error
