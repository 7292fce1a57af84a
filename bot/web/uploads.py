"""Files from the page: POST /chat/files, bounded, of a known kind by their content, kept before it is confirmed."""

from collections.abc import Callable
from urllib.parse import unquote

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from bot.channels.web import is_session
from bot.web.body import BodyTooLargeError, BodyUnreadableError, read_bytes
from bot.web.ports import KeepsFiles
from bot.web.rate import Pace, Rate

MAX_FILE = 10 * 1024 * 1024
"""Bytes; Telegram takes pictures up to 10 MB (Bot API, sendPhoto)."""
MAX_SECONDS = 900.0
"""For a file to arrive: 10 MB over a bad 3G link."""
MAX_NAME = 80
SESSION_PACE = Pace(burst=6, per_second=0.05)
_PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, tuple[str, bytes]] = {
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "pdf": ("application/pdf", b"%PDF-"),
    "docx": (f"{_OFFICE}wordprocessingml.document", b"PK\x03\x04"),
    "xlsx": (f"{_OFFICE}spreadsheetml.sheet", b"PK\x03\x04"),
    "pptx": (f"{_OFFICE}presentationml.presentation", b"PK\x03\x04"),
    "odt": ("application/vnd.oasis.opendocument.text", b"PK\x03\x04"),
    "ods": ("application/vnd.oasis.opendocument.spreadsheet", b"PK\x03\x04"),
    "doc": ("application/msword", b"\xd0\xcf\x11\xe0"),
    "xls": ("application/vnd.ms-excel", b"\xd0\xcf\x11\xe0"),
}
"""By ending: the media type, and how the content begins."""
TEXTS = {"csv": "text/csv", "txt": "text/plain"}
ENDINGS = (*KINDS, *TEXTS)


def media_type_of(name: str, content: bytes) -> str | None:
    """By the ending, if the content is what it says; None for anything else."""
    ending = name.rpartition(".")[2].lower()
    if ending in TEXTS:
        return TEXTS[ending] if _is_text(content) else None
    media_type, begins = KINDS.get(ending, ("", b""))
    return media_type if media_type and content.startswith(begins) else None


def _is_text(content: bytes) -> bool:
    """No byte of zero; UTF-8 or the Latin-1 of older spreadsheets."""
    return bool(content) and b"\0" not in content


class UploadDoor:
    """Only for those whom `files` lets: a stranger's bytes are not even read."""

    def __init__(self, files: KeepsFiles, rate: Callable[[Pace], Rate] = Rate) -> None:
        self._files = files
        self._per_session = rate(SESSION_PACE)

    def routes(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/chat/files", self.receive, methods=["POST"])
        return router

    async def receive(self, request: Request) -> Response:
        """201 with {key, name, type}, to be named in a message; 403, 413, 415, 429 say why not."""
        session = request.headers.get("X-Chat-Session")
        name = _clean(unquote(request.headers.get("X-File-Name", "")))
        if not is_session(session) or not name:
            return _refused(400, "unreadable")
        if wait := self._per_session.wait_for(session):
            return JSONResponse({"error": "too_fast"}, 429, {**_PRIVATE, "Retry-After": str(wait)})
        if not await self._files.may_send(session):
            return _refused(403, "not_allowed")
        try:
            content = await read_bytes(request, MAX_FILE, MAX_SECONDS)
        except BodyTooLargeError:
            return _refused(413, "too_large")
        except BodyUnreadableError:
            return _refused(400, "unreadable")
        media_type = media_type_of(name, content)
        if media_type is None:
            return _refused(415, "kind")
        key = await self._files.keep_file(name, media_type, content)
        return JSONResponse({"key": key, "name": name, "type": media_type}, 201, _PRIVATE)


def _clean(name: str) -> str:
    """The last part of a path, without what cannot be printed, its ending kept."""
    last = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable()).strip()
    stem, dot, ending = last.rpartition(".")
    return (
        f"{stem[: MAX_NAME - len(ending) - 1]}{dot}{ending}" if stem and len(ending) < 8 else last[:MAX_NAME]
    )


def _refused(status: int, error: str) -> Response:
    return JSONResponse({"error": error}, status, _PRIVATE)
