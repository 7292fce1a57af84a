"""The Graph API on loopback, for tests: sending with its rules, files, templates, and webhooks as Meta delivers them.

async with WhatsAppEmulator() as emulator:
    amina = emulator.person()
    emulator.deliver_to(f"{site}/webhooks/whatsapp")     # the bot under test is started with emulator.settings
    amina.says("slt")
    answer = await amina.hears()
    amina.taps(answer.buttons[0])
"""

import asyncio
import hashlib
import hmac
import itertools
import json
import random
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import httpx

from bot.channels.port import Files, NoFiles
from bot.channels.whatsapp_api import WhatsAppOptions
from tests.channels.telegram_answers import Fault
from tests.channels.telegram_http import LoopbackServer, Params, Reply, Request, Uploaded
from tests.channels.whatsapp_people import Person, Sent
from tests.channels.whatsapp_rules import (
    DAY,
    GraphError,
    Json,
    Limits,
    check_message,
    check_new_template,
    check_template,
)

TOKEN = "EAAG-emulated-system-user-token"
APP_SECRET = "emulated-app-secret"
VERIFY_TOKEN = "un mot a nous"
PHONE_ID, ACCOUNT_ID = "106540352242922", "102290129340398"
LARGEST_UPLOAD = 100 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Mischief:
    """How badly webhooks are delivered: `batch` events in one, each delivery `repeats` times, and with `dice`
    statuses in any order."""

    batch: int = 1
    repeats: int = 1
    dice: random.Random | None = None


def graph_error(code: int, status: int = 400, details: str = "") -> Fault:
    """For `fail_next`; with status 200 an error object all the same."""
    return Fault(GraphError(code, details, status).reply())


class WhatsAppEmulator:
    """One business number. `limits=None` enforces no rates and no tier; the 24-hour window always holds.

    `late`: what may not be delivered is accepted first and told by a failed status, as Meta often does.
    `tells`: the statuses each delivered message gets by itself.
    """

    def __init__(self, limits: Limits | None = None, now: Callable[[], float] = time.time) -> None:
        self.limits = limits
        self.late = False
        self.tells: tuple[str, ...] = ("sent", "delivered")
        self.mischief = Mischief()
        self.number = "25321350000"
        self.tier = "TIER_250"
        self.templates: list[Json] = []
        self.calls: list[tuple[str, str, Params]] = []
        self.read: list[str] = []
        self.subscribed = False
        self.pending: list[tuple[str, Json]] = []
        self.delivered: list[bytes] = []
        self.answers: list[int] = []
        self._webhook = ""
        self._now = now
        self._people: dict[str, Person] = {}
        self._sent: list[Sent] = []
        self._owners: dict[str, Person] = {}
        self._files: dict[str, tuple[bytes, str]] = {}
        self._faults: dict[str, deque[Fault | None]] = defaultdict(deque)
        self._numbers = itertools.count(1)
        self._changed = asyncio.Event()
        self._poster: asyncio.Task[None] | None = None
        self._server = LoopbackServer(self._answer)

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def settings(self) -> dict[str, str]:
        """Of a bot on this WhatsApp, without their prefix."""
        return {
            "WHATSAPP_TOKEN": TOKEN,
            "WHATSAPP_PHONE_ID": PHONE_ID,
            "WHATSAPP_BUSINESS_ACCOUNT_ID": ACCOUNT_ID,
            "WHATSAPP_APP_SECRET": APP_SECRET,
            "WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
            "WHATSAPP_API_URL": self.api_url,
        }

    def options(self, files: Files | None = None, token: str = TOKEN) -> WhatsAppOptions:
        return WhatsAppOptions(
            token, PHONE_ID, ACCOUNT_ID, APP_SECRET, VERIFY_TOKEN, self.api_url, files or NoFiles()
        )

    async def __aenter__(self) -> Self:
        await self._server.start()
        self._poster = asyncio.create_task(self._post_webhooks())
        return self

    async def __aexit__(self, *_exception: object) -> None:
        if self._poster is not None:
            self._poster.cancel()
            await asyncio.gather(self._poster, return_exceptions=True)
        await self._server.stop()

    async def goes_away(self) -> None:
        """No connection is accepted any more and open ones are lost."""
        await self._server.stop()

    async def comes_back(self) -> None:
        await self._server.start()

    # --- people -----------------------------------------------------------------------------------------

    def person(
        self, number: str | None = "25377123456", user_id: str | None = None, name: str = "Amina"
    ) -> Person:
        """Somebody who has never written; without a number, one who is known by a username."""
        user_id = user_id or (f"DJ.{number}" if number else f"DJ.{next(self._numbers):012}")
        known = self._people.get(user_id)
        person = known or Person(self, name, user_id, number)
        self._people |= {key: person for key in (user_id, number) if key}
        return person

    def rename(self, person: Person, number: str, user_id: str) -> None:
        self._people = {key: who for key, who in self._people.items() if who is not person}
        self._people |= {number: person, user_id: person}
        person.number, person.user_id = number, user_id

    def messages_to(self, person: Person) -> list[Sent]:
        """What the bot has written to the person, oldest first; also under a number they have no more."""
        return [sent for sent in self._sent if self._owners[sent.wamid] is person]

    def time(self) -> float:
        return self._now()

    def now(self) -> int:
        return int(self._now())

    def fail_next(self, endpoint: str, fault: Fault | None, times: int = 1) -> None:
        """The next `times` requests to messages, media, message_templates… go wrong in this way (None: well)."""
        self._faults[endpoint].extend([fault] * times)

    async def until(self, condition: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait for something to become true; looked at after each request and delivery. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    # --- webhooks ---------------------------------------------------------------------------------------

    async def shakes_hands(self, url: str, token: str = VERIFY_TOKEN) -> httpx.Response:
        """What Meta asks when the address is entered on the page of the app."""
        asked = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "1158201444"}
        async with httpx.AsyncClient() as client:
            return await client.get(url, params=asked)

    def deliver_to(self, url: str) -> None:
        self._webhook = url
        self._changed.set()

    def push(self, value: Json, field: str = "messages") -> None:
        """Queue one change for delivery."""
        metadata = {"display_phone_number": self.number, "phone_number_id": PHONE_ID}
        self.pending.append((field, {"messaging_product": "whatsapp", "metadata": metadata, **value}))
        self._changed.set()

    def tell(self, wamid: str, status: str, error: GraphError | None = None) -> None:
        """A status of a message of the bot."""
        person = self._owners[wamid]
        told: Json = {"id": wamid, "status": status, "timestamp": str(self.now())}
        told |= {"recipient_id": person.number} if person.number else {"recipient_user_id": person.user_id}
        if error is not None:
            told["errors"] = [error.json()]
        # No profile, as in life (pywa #188).
        card = {key: value for key, value in person.card().items() if key != "profile"}
        self.push({"contacts": [card], "statuses": [told]})

    @property
    def quiet(self) -> bool:
        """Everything pushed has been delivered."""
        return not self.pending

    def body_of(self, changes: list[tuple[str, Json]]) -> bytes:
        """Each change in an entry of its own; non-ASCII letters escaped, as Meta signs them."""
        entries = [
            {"id": ACCOUNT_ID, "changes": [{"field": field, "value": value}]} for field, value in changes
        ]
        return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()

    async def post(self, body: bytes, signature: str | None = None) -> int:
        """One delivery, signed; 0 when nobody answers."""
        digest = hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": signature or f"sha256={digest}", "Content-Type": "application/json"}
        async with httpx.AsyncClient(timeout=20) as client:
            try:
                answer = await client.post(self._webhook, content=body, headers=headers)
            except httpx.HTTPError:
                return 0
        self.answers.append(answer.status_code)
        return answer.status_code

    async def _post_webhooks(self) -> None:
        """In order, again after anything but 200; the mischief asked for comes on top."""
        while True:
            await self.until(lambda: bool(self._webhook and self.pending), 10**6)
            await asyncio.sleep(0)
            batch = self._batch()
            body = self.body_of(batch)
            statuses = [await self.post(body) for _ in range(self.mischief.repeats)]
            if statuses[-1] != 200:
                await asyncio.sleep(0.05)
                continue
            self.delivered.append(body)
            self.pending = [change for change in self.pending if not any(change is one for one in batch)]
            self._changed.set()

    def _batch(self) -> list[tuple[str, Json]]:
        """The first ones; people's own messages keep their order, statuses may come before their time."""
        dice = self.mischief.dice
        if dice is not None:
            places = [i for i, (_, value) in enumerate(self.pending) if "statuses" in value]
            shuffled = [self.pending[i] for i in places]
            dice.shuffle(shuffled)
            for place, change in zip(places, shuffled, strict=True):
                self.pending[place] = change
        return self.pending[: self.mischief.batch]

    # --- the Graph API ----------------------------------------------------------------------------------

    async def _answer(self, request: Request) -> Reply | None:
        _, _version, *path = request.path.split("/")
        endpoint = path[1] if len(path) > 1 else "object"
        fault = self._faults[endpoint].popleft() if self._faults[endpoint] else None
        self.calls.append((request.method, "/".join(path), request.params))
        reply: Reply | None = None
        try:
            if fault is None or fault.obeyed:
                reply = self._obey(request, path)
        except GraphError as error:
            reply = error.reply()
        finally:
            self._changed.set()
        if fault is None:
            return reply
        if fault.silent:
            await asyncio.Event().wait()
        return fault.reply

    def _obey(self, request: Request, path: list[str]) -> Reply:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise GraphError(190, "Cannot parse access token", 401)
        match (request.method, *path):
            case ("POST", number, "messages") if number == PHONE_ID:
                return _ok(self._message(request.params))
            case ("POST", number, "media") if number == PHONE_ID:
                return _ok({"id": self._upload(request.params)})
            case ("GET", "files", media_id):
                return Reply(200, self._file(media_id)[0], self._file(media_id)[1])
            case ("GET", account, "message_templates") if account == ACCOUNT_ID:
                return _ok({"data": self.templates, "paging": {}})
            case ("POST", account, "message_templates") if account == ACCOUNT_ID:
                return _ok(self._create_template(request.params))
            case ("POST", account, "subscribed_apps") if account == ACCOUNT_ID:
                self.subscribed = True
                return _ok({"success": True})
            case ("GET", number) if number == PHONE_ID:
                about = {"messaging_limit_tier": self.tier, "quality_rating": "GREEN", "verified_name": "OSC"}
                return _ok(about | {"id": PHONE_ID, "display_phone_number": self.number})
            case ("GET", media_id):
                return _ok(self._describe(media_id))
        raise GraphError(100, f"Unsupported {request.method.lower()} request", 400)

    def _message(self, params: Params) -> Json:
        if params.get("status") == "read":
            self.read.append(str(params["message_id"]))
            return {"success": True}
        check_message(params)
        named = str(params.get("to") or params.get("recipient") or "")
        person = self._people.get(named.removeprefix("+"))
        error = self._refusal(person, params)
        if error is not None and (person is None or not self.late):
            raise error
        assert person is not None
        kind = str(params.get("type", "text"))
        sent = Sent(f"wamid.OUT{next(self._numbers):08}", named, kind, params[kind])
        self._owners[sent.wamid] = person
        if error is None:
            self._sent.append(sent)
        for status in self.tells if error is None else ("failed",):
            self.tell(sent.wamid, status, error)
        contact = {
            "input": named,
            **({"wa_id": person.number} if person.number else {}),
            "user_id": person.user_id,
        }
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": sent.wamid}]}

    def _refusal(self, person: Person | None, params: Params) -> GraphError | None:
        if person is None:
            return GraphError(131026, "the recipient is not on WhatsApp")
        if person.away is not None:
            return GraphError(person.away)
        inside = person.wrote_at is not None and self.time() - person.wrote_at < DAY
        template = params.get("type") == "template"
        try:
            if template:
                check_template(params["template"], self.templates)
            elif not inside:
                raise GraphError(131047, "more than 24 hours have passed since the customer last replied")
            if self.limits is not None:
                self.limits.take(person.user_id, opens=not inside)
            for kind in ("image", "document"):
                if "id" in params.get(kind, {}):
                    self._file(str(params[kind]["id"]))
        except GraphError as error:
            return error
        return None

    # --- templates and files ----------------------------------------------------------------------------

    def approve(self, name: str, language: str = "fr", status: str = "APPROVED", **changes: Any) -> None:
        """Meta has decided about a template; told by a webhook too."""
        found = next(t for t in self.templates if (t["name"], t["language"]) == (name, language))
        found |= {"status": status, **changes}
        about = {"message_template_name": name, "message_template_language": language}
        told = {"event": status, "message_template_id": found["id"], "reason": None, **about}
        self.pending.append(("message_template_status_update", told))
        self._changed.set()

    def quick_reply(self, sent: Sent, title: str) -> str | None:
        """The payload of a template's button, by its title."""
        named = (sent.content["name"], sent.content["language"]["code"])
        template = next(t for t in self.templates if (t["name"], t["language"]) == named)
        titles = [b["text"] for c in template["components"] if c["type"] == "BUTTONS" for b in c["buttons"]]
        for part in sent.content.get("components") or ():
            if part["type"] == "button" and titles[int(part["index"])] == title:
                return str(part["parameters"][0]["payload"])
        return title if title in titles else None

    def _create_template(self, params: Params) -> Json:
        check_new_template(params)
        if any((t["name"], t["language"]) == (params["name"], params["language"]) for t in self.templates):
            raise GraphError(100, "there is already content in this language for this template")
        new = {**params, "id": str(next(self._numbers)), "status": "PENDING"}
        self.templates.append(new)
        return {"id": new["id"], "status": "PENDING", "category": new["category"]}

    def keep_file(self, content: bytes, mime_type: str) -> str:
        media_id = f"{next(self._numbers):015}"
        self._files[media_id] = (content, mime_type)
        return media_id

    def forget_file(self, media_id: str) -> None:
        """After seven days."""
        del self._files[media_id]

    def _upload(self, params: Params) -> str:
        file = params.get("file")
        if not isinstance(file, Uploaded) or not file.content:
            raise GraphError(100, "file")
        if len(file.content) > LARGEST_UPLOAD:
            raise GraphError(131053, "too large")
        return self.keep_file(file.content, str(params.get("type")))

    def _describe(self, media_id: str) -> Json:
        content, mime_type = self._file(media_id)
        url = f"{self.api_url}/v1/files/{media_id}"
        size = len(content)
        return {
            "id": media_id,
            "url": url,
            "mime_type": mime_type,
            "file_size": size,
            "messaging_product": "whatsapp",
        }

    def _file(self, media_id: str) -> tuple[bytes, str]:
        if media_id not in self._files:
            raise GraphError(100, f"Object with ID '{media_id}' does not exist", 400)
        return self._files[media_id]


def _ok(answer: Json) -> Reply:
    return Reply(200, json.dumps(answer).encode())
