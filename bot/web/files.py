"""Attachments on the web: GET /files/<key>/<name>, for whoever was given the address."""

from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from bot.errors import Refused, TryLater
from bot.messages import Attachment
from bot.web.ports import ReadsFile


def address_of(attachment: Attachment) -> str:
    """The path under which the page finds it; the key in it is a secret of its chat."""
    return f"/files/{attachment.key}/{quote(attachment.name, safe='')}"


class FileDoor:
    """Pictures are shown, anything else is saved: no document may run as a page of ours."""

    def __init__(self, read: ReadsFile) -> None:
        self._read = read

    def routes(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/files/{key}/{name}", self.get, methods=["GET"])
        return router

    async def get(self, key: str, name: str) -> Response:
        try:
            attachment, content = await self._read(key)
        except Refused:
            return Response(status_code=404)
        except TryLater as error:
            return Response(status_code=503, headers={"Retry-After": str(round(error.after) + 1)})
        return Response(content, headers=_headers(attachment), media_type=_type(attachment))


def _type(attachment: Attachment) -> str:
    shown = attachment.is_picture or attachment.media_type in ("text/csv", "text/calendar", "application/pdf")
    return attachment.media_type if shown else "application/octet-stream"


def _headers(attachment: Attachment) -> dict[str, str]:
    how = "inline" if attachment.is_picture else "attachment"
    return {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(attachment.name, safe='')}",
        "Cache-Control": "private, max-age=86400",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Referrer-Policy": "no-referrer",
    }
