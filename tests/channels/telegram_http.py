"""A small HTTP/1.1 server on loopback which, unlike a real one, can lose a connection at a chosen moment."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file in a multipart/form-data body."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """`params` from the query and the body, form or JSON; header names in lower case."""

    path: str
    params: Params
    headers: dict[str, str]
    method: str = "POST"


Handler = Callable[[Request], Awaitable[Reply | None]]
"""None: close the connection without an answer."""


class LoopbackServer:
    """Answers every request with the handler, which is cancelled when its client goes away."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self.port = 0

    async def start(self) -> None:
        """The second start takes the same port: clients see a server that was away."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._serve_one(reader, writer):
                    pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        request = await _read_request(reader)
        reply = await _unless_gone(self._handler(request), reader)
        if reply is None:
            return False
        writer.write(_head(reply) + reply.body)
        await writer.drain()
        return True


async def _unless_gone(answer: Awaitable[Reply | None], reader: asyncio.StreamReader) -> Reply | None:
    handling = asyncio.ensure_future(answer)
    leaving = asyncio.ensure_future(reader.read(1))
    try:
        await asyncio.wait((handling, leaving), return_when=asyncio.FIRST_COMPLETED)
        return handling.result() if handling.done() else None
    finally:
        for task in (handling, leaving):
            task.cancel()
        await asyncio.gather(handling, leaving, return_exceptions=True)


async def _read_request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, address, _ = head[0].split(" ")
    target = urlsplit(address)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    body = await _read_body(reader, headers)
    params: Params = dict(parse_qsl(target.query))
    if headers.get("content-type", "").startswith("application/json"):
        params |= json.loads(body)
    elif headers.get("content-type", "").startswith("multipart/form-data"):
        params |= _multipart(headers["content-type"], body)
    else:
        params |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    return Request(target.path, params, headers, method)


def _multipart(content_type: str, body: bytes) -> Params:
    parsed = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    params: Params = {}
    for part in parsed.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        filename = part.get_filename()
        params[name] = content.decode() if filename is None else Uploaded(filename, content)
    return {name: _attached(value, params) for name, value in params.items()}


def _attached(value: Any, params: Params) -> Any:
    """attach://<name> stands for the file of that name (Bot API, "Sending files")."""
    reference = value.removeprefix("attach://") if isinstance(value, str) else ""
    return params[reference] if reference != value and reference in params else value


async def _read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    body = b""
    while size := int(await reader.readline(), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return body


def _head(reply: Reply) -> bytes:
    lines = (
        f"HTTP/1.1 {reply.status} Answer",
        f"Content-Type: {reply.content_type}",
        f"Content-Length: {len(reply.body)}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
