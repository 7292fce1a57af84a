"""The account behind WhatsApp: its templates and its tier, asked for and answered in our own words."""

from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.channels.whatsapp_api import CallError, Graph, WhatsAppOptions
from bot.channels.whatsapp_errors import delivery_error
from bot.templates import AccountTemplate, Template

FIELDS = ("name", "language", "status", "category", "rejected_reason")
PAGE = 100
TIERS = {
    "TIER_50": 50,
    "TIER_250": 250,
    "TIER_1K": 1000,
    "TIER_2K": 2000,
    "TIER_10K": 10_000,
    "TIER_100K": 100_000,
}
"""Graph API, phone number, messaging_limit_tier; TIER_UNLIMITED and what is not told: no limit."""


class WhatsAppAccount:
    """`bot.template_watch.Account`."""

    def __init__(self, graph: Graph, options: WhatsAppOptions) -> None:
        self._graph = graph
        self._options = options

    async def templates(self) -> Sequence[AccountTemplate]:
        found: list[AccountTemplate] = []
        page: dict[str, str] | None = {"limit": str(PAGE)}
        while page is not None:
            answer = await _made(
                self._graph.get_templates(self._options.account_id, fields=FIELDS, pagination=page)
            )
            found += [_template(entry) for entry in answer.get("data") or () if isinstance(entry, dict)]
            page = _next(answer)
        return found

    async def submit(self, template: Template) -> str:
        answer = await _made(self._graph.create_template(self._options.account_id, template.to_meta()))
        return str(answer.get("status") or "PENDING")

    async def people_a_day(self) -> int | None:
        fields = ("messaging_limit_tier",)
        answer = await _made(self._graph.get_business_phone_number(self._options.phone_id, fields))
        return TIERS.get(str(answer.get("messaging_limit_tier")))


@asynccontextmanager
async def opened(options: WhatsAppOptions) -> AsyncIterator[WhatsAppAccount]:
    """For one look: the connection ends with it."""
    graph = Graph(options)
    try:
        yield WhatsAppAccount(graph, options)
    finally:
        await graph.close()


def _template(entry: dict[str, Any]) -> AccountTemplate:
    """Meta says NONE where a template was not rejected."""
    reason = str(entry.get("rejected_reason") or "").removeprefix("NONE")
    name, language = str(entry.get("name")), str(entry.get("language"))
    return AccountTemplate(name, language, str(entry.get("status")), str(entry.get("category")), reason)


def _next(answer: dict[str, Any]) -> dict[str, str] | None:
    paging = answer.get("paging") or {}
    after = (paging.get("cursors") or {}).get("after")
    return {"limit": str(PAGE), "after": str(after)} if paging.get("next") and after else None


async def _made(call: Awaitable[Any]) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = await call
    except CallError as failure:
        raise delivery_error(failure) from failure
    return answer
