"""What the emulated Graph API refuses: sizes, recipients, windows, rates and templates, with Meta's codes.

Figures: Cloud API, "Messages", "Interactive messages", "Throughput", "Pair rate limits", "Messaging limits".
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.channels.telegram_http import Reply
from tests.channels.telegram_limits import Window

Json = dict[str, Any]
DAY = 24 * 3600.0
PAIR_SECONDS, PAIR_BURST = 6.0, 45
ADDRESSED = (
    "messaging_product",
    "recipient_type",
    "type",
    "to",
    "recipient",
    "context",
    "biz_opaque_callback_data",
)
TEXTS_OF = {
    130429: "Rate limit hit",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131026: "Message undeliverable",
    131047: "Re-engagement message",
    131048: "Spam rate limit hit",
    131056: "(Business Account, Consumer Account) pair rate limit hit",
    132000: "Number of parameters does not match the expected number of params",
    132001: "Template name does not exist in the translation",
    132015: "Template is Paused",
    132016: "Template is Disabled",
    190: "Invalid OAuth access token",
    100: "Invalid parameter",
}
TEMPLATE_TROUBLE = {"PAUSED": 132015, "DISABLED": 132016}


class GraphError(Exception):
    """An answer of the Graph API that says no."""

    def __init__(self, code: int, details: str = "", status: int = 400) -> None:
        super().__init__(f"{code} {details}")
        self.code = code
        self.details = details
        self.status = status

    def json(self) -> Json:
        """As in a response's `error` and, without type and trace, in a status's `errors`."""
        title = TEXTS_OF.get(self.code, "Something went wrong")
        data = {"messaging_product": "whatsapp", "details": self.details}
        return {"code": self.code, "title": title, "message": f"(#{self.code}) {title}", "error_data": data}

    def reply(self) -> Reply:
        error = self.json() | {"type": "OAuthException", "fbtrace_id": "AAAAAAAAAAAAAAAAAAAAAAA"}
        del error["title"]
        return Reply(self.status, json.dumps({"error": error}).encode())


@dataclass(slots=True)
class Limits:
    """80 messages a second, one in six seconds to a person with bursts, `tier` people a day opened by us."""

    clock: Callable[[], float]
    tier: int = 250
    overall: Window = field(default_factory=lambda: Window(80, 1.0))
    pairs: dict[str, float] = field(default_factory=dict)
    opened: dict[str, float] = field(default_factory=dict)

    def take(self, person: str, *, opens: bool) -> None:
        """Raises GraphError when this message may not go now."""
        now = self.clock()
        if self.overall.wait(now) > 0:
            raise GraphError(130429, "Cloud API message throughput has been reached", 429)
        paid_until = max(self.pairs.get(person, now), now)
        if paid_until - now > (PAIR_BURST - 1) * PAIR_SECONDS:
            raise GraphError(131056, "Too many messages sent to the same recipient", 400)
        if opens:
            self._open(person, now)
        self.overall.times.append(now)
        self.pairs[person] = paid_until + PAIR_SECONDS

    def _open(self, person: str, now: float) -> None:
        recent = {name for name, at in self.opened.items() if at > now - DAY}
        if person not in recent and len(recent) >= self.tier:
            raise GraphError(
                131048, "There are restrictions on how many messages can be sent from this number"
            )
        self.opened[person] = now


def check_message(message: Json) -> None:
    """Sizes and shape of what is sent. Raises GraphError."""
    if message.get("messaging_product") != "whatsapp":
        raise GraphError(100, "messaging_product")
    kind = message.get("type", "text")
    content = message.get(kind)
    if kind not in CHECKS or not isinstance(content, dict):
        raise GraphError(131008, str(kind))
    if unknown := set(message) - {*ADDRESSED, kind}:
        raise GraphError(100, f"unexpected {sorted(unknown)}")
    CHECKS[kind](content)


def _text(text: Json) -> None:
    _length("text.body", text.get("body"), 4096)


def _media(media: Json) -> None:
    if not (media.get("id") or media.get("link")):
        raise GraphError(131008, "id or link")
    _length("caption", media.get("caption", "-"), 1024)


def _interactive(interactive: Json) -> None:
    kind = interactive.get("type")
    checks: dict[object, Callable[[Json, Json], None]] = {
        "button": _buttons, "list": _list, "cta_url": _link,
        "location_request_message": lambda _i, _a: None,
    }  # fmt: skip
    if kind not in checks:
        raise GraphError(131009, f"interactive.type {kind}")
    body = interactive.get("body")
    _length("body", body.get("text") if isinstance(body, dict) else None, 4096 if kind == "list" else 1024)
    header = interactive.get("header") or {"type": "image"}
    if header["type"] == "text":
        _length("header", header.get("text"), 60)
    _length("footer", (interactive.get("footer") or {"text": "-"}).get("text"), 60)
    checks[kind](interactive, interactive.get("action") or {})


def _buttons(_interactive: Json, action: Json) -> None:
    replies = [button.get("reply") or {} for button in action.get("buttons") or ()]
    if not 1 <= len(replies) <= 3:
        raise GraphError(131009, "1 to 3 buttons")
    for reply in replies:
        _length("button title", reply.get("title"), 20)
        _length("button id", reply.get("id"), 256)
    _unique([reply["title"] for reply in replies], "button titles")
    _unique([reply["id"] for reply in replies], "button ids")


def _list(_interactive: Json, action: Json) -> None:
    _length("list button", action.get("button"), 20)
    sections = action.get("sections") or []
    rows = [row for section in sections for row in section.get("rows") or ()]
    if not 1 <= len(sections) <= 10 or not 1 <= len(rows) <= 10:
        raise GraphError(131009, "1 to 10 sections, 10 rows in total")
    for section in sections:
        _length("section title", section.get("title", "-" if len(sections) == 1 else None), 24)
    for row in rows:
        _length("row title", row.get("title"), 24)
        _length("row id", row.get("id"), 200)
        _length("row description", row.get("description", "-"), 72)
    _unique([row["id"] for row in rows], "row ids")


def _link(_interactive: Json, action: Json) -> None:
    parameters = action.get("parameters") or {}
    _length("link title", parameters.get("display_text"), 20)
    if not str(parameters.get("url", "")).startswith(("http://", "https://")):
        raise GraphError(131009, "url")


def _template(template: Json) -> None:
    _length("template name", template.get("name"), 512)
    _length("template language", (template.get("language") or {}).get("code"), 10)


CHECKS: dict[str, Callable[[Json], None]] = {
    "text": _text,
    "image": _media,
    "document": _media,
    "audio": _media,
    "video": _media,
    "interactive": _interactive,
    "template": _template,
}


def check_template(template: Json, known: list[Json]) -> Json:
    """The approved template a message names, its values counted. Raises GraphError."""
    wanted = (template.get("name"), template["language"].get("code"))
    found = next((one for one in known if (one["name"], one["language"]) == wanted), None)
    if found is None or found["status"] not in ("APPROVED", *TEMPLATE_TROUBLE):
        raise GraphError(132001, f"{wanted}", 404)
    if found["status"] in TEMPLATE_TROUBLE:
        raise GraphError(TEMPLATE_TROUBLE[found["status"]])
    given = {c["type"].upper(): c.get("parameters") or [] for c in template.get("components") or ()}
    for part in found["components"]:
        wants = len(set(placeholders(part.get("text", ""))))
        has = len(given.get(part["type"], []))
        if part["type"] in ("BODY", "HEADER") and wants != has:
            raise GraphError(132000, f"{part['type']}: {has} values for {wants}")
        if any(
            not str(p.get("text", "")).strip() for p in given.get(part["type"], []) if p.get("type") == "text"
        ):
            raise GraphError(131008, f"{part['type']}: an empty value")
    return found


def placeholders(text: str) -> list[str]:
    """{{1}} or {{name}}, in order."""
    return [piece.partition("}}")[0].strip() for piece in text.split("{{")[1:]]


def check_new_template(template: Json) -> None:
    """Creating one (message_templates). Raises GraphError."""
    name = str(template.get("name", ""))
    if not name or name != name.lower() or not all(c.isalnum() or c == "_" for c in name):
        raise GraphError(100, "name: lower case, digits and _")
    if template.get("category") not in ("UTILITY", "MARKETING", "AUTHENTICATION"):
        raise GraphError(100, "category")
    parts = {str(part.get("type")): part for part in template.get("components") or ()}
    if "BODY" not in parts:
        raise GraphError(100, "a body is needed")
    for kind, most in {"HEADER": 60, "BODY": 1024, "FOOTER": 60}.items():
        if kind in parts and "text" in parts[kind]:
            _length(kind, parts[kind]["text"], most)
    buttons = parts.get("BUTTONS", {}).get("buttons", [])
    if len(buttons) > 10 or any(not 1 <= len(str(button.get("text", ""))) <= 25 for button in buttons):
        raise GraphError(100, "at most 10 buttons of 25 characters")


def _length(what: str, value: object, most: int) -> None:
    if not isinstance(value, str) or not value.strip():
        raise GraphError(131008, what)
    if len(value) > most:
        raise GraphError(100, f"{what} must be at most {most} characters long")


def _unique(values: list[str], what: str) -> None:
    if len(set(values)) != len(values):
        raise GraphError(131009, f"{what} must be unique")
