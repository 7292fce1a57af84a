"""The emulated Bot API's files: uploads and their ids, captions, downloads."""

import itertools
from dataclasses import replace
from typing import Any

from tests.channels.telegram_answers import ApiError
from tests.channels.telegram_http import Params, Reply, Uploaded
from tests.channels.telegram_people import Json, Sent

MOST_UPLOADED = 50 * 1024 * 1024
MOST_DOWNLOADED = 20 * 1024 * 1024


class EmulatedFiles:
    """What was uploaded, by the file ids the emulator gave."""

    def __init__(self) -> None:
        self._kept: dict[str, Uploaded] = {}
        self._numbers = itertools.count(1)

    def keep(self, kind: str, given: Any) -> tuple[str, str, str]:
        """kind, name and file id of an upload or of a file id seen before. Raises ApiError."""
        if isinstance(given, Uploaded):
            return kind, given.name, self.put(kind, given)
        if str(given) not in self._kept:
            raise ApiError(400, "Bad Request: wrong file identifier/HTTP URL specified")
        return kind, self._kept[str(given)].name, str(given)

    def put(self, kind: str, file: Uploaded) -> str:
        if not file.content:
            raise ApiError(400, "Bad Request: file must be non-empty")
        if len(file.content) > MOST_UPLOADED:
            raise ApiError(413, "Request Entity Too Large")
        file_id = f"{kind}-{next(self._numbers)}"
        self._kept[file_id] = file
        return file_id

    def forget(self, file_id: str) -> None:
        del self._kept[file_id]

    def content(self, file_id: str) -> bytes:
        return self._kept[file_id].content

    def describe(self, file_id: str) -> Json:
        """getFile."""
        if file_id not in self._kept:
            raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(self._kept[file_id].content) > MOST_DOWNLOADED:
            raise ApiError(400, "Bad Request: file is too big")
        return {"file_id": file_id, "file_unique_id": file_id, "file_path": f"files/{file_id}"}

    def download(self, path: str) -> Reply:
        """GET /file/bot<token>/<file_path>; `path` is what follows the token."""
        file = self._kept.get(path.rpartition("/")[2])
        if file is None:
            return Reply(404, b'{"ok":false,"error_code":404,"description":"Not Found"}')
        return Reply(200, file.content, "application/octet-stream")


def check_caption(params: Params) -> str:
    caption = str(params.get("caption", "")).strip()
    if len(caption.encode("utf-16-le")) // 2 > 1024:
        raise ApiError(400, "Bad Request: message caption is too long")
    return caption


def shown_file(sent: Sent) -> Json:
    """The part of a Message that shows what is attached."""
    if sent.file is None:
        return {"text": sent.text}
    kind, name, file_id = sent.file
    about: Json = {"file_id": file_id, "file_unique_id": file_id}
    caption = {"caption": sent.text} if sent.text else {}
    if kind == "photo":
        return caption | {
            "photo": [about | {"width": 90, "height": 60}, about | {"width": 800, "height": 533}]
        }
    return caption | {"document": about | {"file_name": name}}


def changed(old: Sent, text: str, markup: Json, file: tuple[str, str, str] | None = None) -> Sent:
    """`file` None: it keeps its own. Raises ApiError when nothing would change."""
    new = replace(old, text=text, markup=markup, file=file or old.file)
    if new == old:
        raise ApiError(400, "Bad Request: message is not modified")
    return new
