"""What the emulated Bot API answers: its refusals, the accidents a test asks for, and what it validates."""

import json
from dataclasses import dataclass
from typing import Any

from tests.channels.telegram_http import Params, Reply
from tests.channels.telegram_people import Chat, Json


class ApiError(Exception):
    """An answer of the Bot API that says no."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def reply(self) -> Reply:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return Reply(self.code, json.dumps(body).encode())


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call; without a reply the connection is lost. `obeyed`: Telegram did it."""

    reply: Reply | None = None
    obeyed: bool = False
    silent: bool = False

    @classmethod
    def refusal(cls, code: int, description: str, **parameters: int) -> "Fault":
        return cls(ApiError(code, description, **parameters).reply())

    @classmethod
    def page(cls, status: int, *, obeyed: bool = False) -> "Fault":
        """A proxy answers with HTML."""
        return cls(Reply(status, b"<html><h1>Something</h1></html>", "text/html"), obeyed)


LOST_BEFORE = Fault()
LOST_AFTER = Fault(obeyed=True)
SILENT_AFTER = Fault(obeyed=True, silent=True)


def json_of(params: Params, name: str) -> Any:
    value = params.get(name)
    return json.loads(value) if isinstance(value, str) else value


def check_text(text: str) -> None:
    if not text:
        raise ApiError(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > 4096:
        raise ApiError(400, "Bad Request: message is too long")


def check_markup(markup: Json, chat: Chat) -> None:
    for key in (key for row in markup.get("inline_keyboard", []) for key in row):
        if not key.get("text"):
            raise ApiError(400, "Bad Request: inline keyboard button text must be non-empty")
        if "url" not in key and not 1 <= len(key.get("callback_data", "").encode()) <= 64:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    wishes = [key for row in markup.get("keyboard", []) for key in row if key.get("request_contact")]
    if wishes and chat.kind != "private":
        raise ApiError(400, "Bad Request: phone number can be requested in private chats only")
