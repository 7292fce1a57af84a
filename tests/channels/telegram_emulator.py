"""The Bot API on loopback, for tests: polling and webhook, its limits and refusals, and failures on demand.

async with TelegramEmulator() as emulator:
    fatouma = emulator.person(7)
    fatouma.says("slt")            # the bot under test is started with emulator.api_url and emulator.token
    answer = await fatouma.hears()
    fatouma.taps(answer.buttons[0])
"""

import asyncio
import itertools
import json
import re
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from typing import Any, Self

import httpx

from tests.channels.telegram_answers import ApiError, Fault, check_markup, check_text, json_of
from tests.channels.telegram_emulated_files import EmulatedFiles, changed, check_caption, shown_file
from tests.channels.telegram_http import LoopbackServer, Params, Reply, Request
from tests.channels.telegram_limits import Limits
from tests.channels.telegram_people import Chat, Group, Json, Person, Sent

BOT_ID = 987654321
TOKEN = f"{BOT_ID}:AAE-emulator_token_of_thirty-five_x"
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
UPDATES_BY_DEFAULT = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post", "poll")


class TelegramEmulator:
    """`limits=None` enforces no flood windows; `Limits()` enforces Telegram's."""

    def __init__(self, limits: Limits | None = None, now: Callable[[], float] = time.time) -> None:
        self.token = TOKEN
        self.username = "OscTestBot"
        self.bot_user: Json = {
            "id": BOT_ID,
            "is_bot": True,
            "first_name": "OSC",
            "username": self.username,
        }
        self.limits = limits
        self.commands: dict[str, list[Json]] = {}
        self.webhook: Json = {}
        self.calls: dict[str, list[Params]] = defaultdict(list)
        self.answered: list[str] = []
        self.pending: list[Json] = []
        self.files = EmulatedFiles()
        self._now = now
        self._allowed: tuple[str, ...] = UPDATES_BY_DEFAULT
        self._chats: dict[int, Chat] = {}
        self._sent: dict[int, list[Sent]] = defaultdict(list)
        self._faults: dict[str, deque[Fault | None]] = defaultdict(deque)
        self._queries: set[str] = set()
        self._poll: asyncio.Future[None] | None = None
        self._changed = asyncio.Event()
        self._poster: asyncio.Task[None] | None = None
        self._update_ids = itertools.count(500_000_001)
        self._message_ids = itertools.count(1)
        self._server = LoopbackServer(self._answer)

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    async def __aenter__(self) -> Self:
        await self._server.start()
        self._poster = asyncio.create_task(self._post_updates())
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

    def person(self, number: int, name: str = "Fatouma", language_code: str | None = "fr") -> Person:
        """A person who has started the bot."""
        chat = self._chats.setdefault(number, Chat(number, "private", name))
        user: Json = {"id": number, "is_bot": False, "first_name": name}
        return Person(self, chat, user | ({"language_code": language_code} if language_code else {}))

    def group(self, number: int, title: str = "Réseau", *, forum: bool = False) -> Group:
        """Numbers of groups are negative; a forum is a supergroup with topics."""
        kind = "supergroup" if forum or number < -(10**12) else "group"
        return Group(self, self._chats.setdefault(number, Chat(number, kind, title, forum)))

    def messages_to(self, chat_id: int) -> list[Sent]:
        """What the bot has written to the chat, oldest first."""
        return list(self._sent[chat_id])

    def now(self) -> int:
        return int(self._now())

    def message(self, chat: Chat, sender: Json, content: Json) -> Json:
        head = {
            "message_id": next(self._message_ids),
            "from": sender,
            "chat": chat.json(),
            "date": self.now(),
        }
        return head | content

    def shown(self, sent: Sent) -> Json:
        """A message of the bot as an update quotes it."""
        content: Json = shown_file(sent) | {"message_id": sent.message_id}
        if sent.thread_id is not None:
            content |= {"message_thread_id": sent.thread_id, "is_topic_message": True}
        if "inline_keyboard" in sent.markup:
            content["reply_markup"] = sent.markup
        return self.message(self._chats[sent.chat_id], self.bot_user, content)

    def membership(self, chat: Chat, by: Json, before: str, after: str) -> Json:
        return {
            "chat": chat.json(),
            "from": by,
            "date": self.now(),
            "old_chat_member": self._member(before),
            "new_chat_member": self._member(after),
        }

    def _member(self, status: str) -> Json:
        member: Json = {"user": self.bot_user, "status": status}
        return member | ({"until_date": 0} if status == "kicked" else {})

    def tap(self, user: Json, message: Json, data: str) -> str:
        query = str(7_000_000_000 + next(self._update_ids))
        self._queries.add(query)
        event = {"id": query, "from": user, "message": message, "chat_instance": "1", "data": data}
        self.push("callback_query", event)
        return query

    def push(self, kind: str, event: Json) -> int:
        """Queue an update of that kind, unless the bot did not ask for the kind; gives its update_id."""
        number = next(self._update_ids)
        if kind in self._allowed:
            self.push_raw({"update_id": number, kind: event})
        return number

    def push_raw(self, update: Json) -> None:
        self.pending.append(update)
        self._changed.set()

    def fail_next(self, method: str, fault: Fault | None, times: int = 1) -> None:
        """The next `times` calls of the method go wrong in this way (None: go well); faults queue up."""
        self._faults[method].extend([fault] * times)

    async def until(self, condition: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait for something to become true; looked at after each call and update. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    # --- the Bot API ------------------------------------------------------------------------------------

    async def _answer(self, request: Request) -> Reply | None:
        if request.path.startswith(f"/file/bot{self.token}/"):
            return self.files.download(request.path)
        _, bot, method = [*request.path.split("/", 2), "", ""][:3]
        fault = self._faults[method].popleft() if self._faults[method] else None
        self.calls[method].append(request.params)
        self._changed.set()
        try:
            if fault is None or fault.obeyed:
                reply = await self._obey(bot, method, request.params)
        except ApiError as error:
            reply = error.reply()
        finally:
            self._changed.set()
        if fault is None:
            return reply
        if fault.silent:
            await asyncio.Event().wait()
        return fault.reply

    async def _obey(self, bot: str, method: str, params: Params) -> Reply:
        if bot != f"bot{self.token}":
            raise ApiError(401, "Unauthorized") if ":" in bot else ApiError(404, "Not Found")
        handlers: dict[str, Callable[[Params], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "sendDocument": self._send_document,
            "editMessageText": self._edit_text,
            "editMessageCaption": self._edit_caption,
            "editMessageMedia": self._edit_media,
            "deleteMessage": self._delete_message,
            "getFile": self._get_file,
            "answerCallbackQuery": self._answer_callback,
            "sendChatAction": self._chat_action,
            "setMyCommands": self._set_commands,
        }
        if method not in handlers:
            raise ApiError(404, "Not Found")
        result = await handlers[method](params)
        return Reply(200, json.dumps({"ok": True, "result": result}).encode())

    async def _get_me(self, _params: Params) -> Json:
        return self.bot_user | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    async def _get_updates(self, params: Params) -> list[Json]:
        if self.webhook:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        self._allow(params)
        self._confirm(int(params.get("offset", 0)))
        self._changed.set()
        limit = min(100, int(params.get("limit", 100)))
        if not self.pending and int(params.get("timeout", 0)) > 0:
            await self._long_poll(float(params["timeout"]))
        return self.pending[:limit]

    async def _long_poll(self, seconds: float) -> None:
        """A second getUpdates ends the one that waits."""
        self._poll = mine = asyncio.get_running_loop().create_future()
        news = asyncio.ensure_future(self.until(lambda: bool(self.pending), seconds))
        try:
            await asyncio.wait((mine, news), return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
            await asyncio.gather(news, return_exceptions=True)
        if mine.done():
            raise ApiError(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        mine.cancel()

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]

    def _allow(self, params: Params) -> None:
        """Omitted: as before. Updates already queued are not touched."""
        if (kinds := json_of(params, "allowed_updates")) is not None:
            self._allowed = tuple(kinds) or UPDATES_BY_DEFAULT

    async def _set_webhook(self, params: Params) -> bool:
        secret = params.get("secret_token")
        if secret is not None and not SECRET.fullmatch(secret):
            raise ApiError(400, "Bad Request: secret token contains unallowed characters")
        url = params.get("url", "")
        if url and not url.startswith(("https://", "http://127.0.0.1")):
            raise ApiError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self._allow(params)
        self.webhook = {"url": url, "secret": secret} if url else {}
        return True

    async def _delete_webhook(self, params: Params) -> bool:
        self.webhook = {}
        if str(params.get("drop_pending_updates", "")).lower() == "true":
            self.pending.clear()
        return True

    async def _webhook_info(self, _params: Params) -> Json:
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending),
            "allowed_updates": list(self._allowed),
        }

    async def _post_updates(self) -> None:
        """One at a time and in order, again after anything but a 2xx."""
        async with httpx.AsyncClient(timeout=60) as client:
            while True:
                await self.until(lambda: bool(self.webhook and self.pending), 10**6)
                if not await self._post(client, self.pending[0]):
                    await asyncio.sleep(0.05)

    async def _post(self, client: httpx.AsyncClient, update: Json) -> bool:
        secret = self.webhook["secret"]
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            answer = await client.post(self.webhook["url"], json=update, headers=headers)
        except httpx.HTTPError:
            return False
        if answer.is_success and update in self.pending:
            self.pending.remove(update)
            self._changed.set()
        return answer.is_success

    async def _send_message(self, params: Params) -> Json:
        text = str(params.get("text", "")).strip()
        check_text(text)
        return self._write(params, text)

    async def _send_photo(self, params: Params) -> Json:
        return self._write(params, check_caption(params), self.files.keep("photo", params.get("photo")))

    async def _send_document(self, params: Params) -> Json:
        return self._write(params, check_caption(params), self.files.keep("document", params.get("document")))

    def _write(self, params: Params, text: str, file: tuple[str, str, str] | None = None) -> Json:
        chat = self._reachable(params)
        markup = json_of(params, "reply_markup") or {}
        check_markup(markup, chat)
        thread = self._thread(chat, params)
        self._check_limits(chat)
        sent = Sent(next(self._message_ids), chat.id, text, thread, markup, file)
        self._sent[chat.id].append(sent)
        return self.shown(sent)

    async def _get_file(self, params: Params) -> Json:
        return self.files.describe(str(params.get("file_id", "")))

    def _reachable(self, params: Params) -> Chat:
        chat = self._chats.get(int(params.get("chat_id", 0)))
        if chat is None:
            raise ApiError(400, "Bad Request: chat not found")
        if chat.moved_to is not None:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            raise ApiError(400, text, migrate_to_chat_id=chat.moved_to)
        if chat.away is not None:
            raise ApiError(*chat.away)
        return chat

    def _check_limits(self, chat: Chat) -> None:
        if self.limits is not None and (wait := self.limits.take(chat.id)):
            raise ApiError(429, f"Too Many Requests: retry after {wait}", retry_after=wait)

    def _thread(self, chat: Chat, params: Params) -> int | None:
        if "message_thread_id" not in params:
            return None
        thread = int(params["message_thread_id"])
        if thread not in chat.topics:
            raise ApiError(400, "Bad Request: message thread not found")
        if chat.topics[thread] == "closed":
            raise ApiError(400, "Bad Request: TOPIC_CLOSED")
        return thread

    async def _edit_text(self, params: Params) -> Json:
        text = str(params.get("text", "")).strip()
        check_text(text)
        if self._edited(params).file is not None:
            raise ApiError(400, "Bad Request: there is no text in the message to edit")
        return self._change(params, text)

    async def _edit_caption(self, params: Params) -> Json:
        caption = check_caption(params)
        if self._edited(params).file is None:
            raise ApiError(400, "Bad Request: there is no caption in the message to edit")
        return self._change(params, caption)

    async def _edit_media(self, params: Params) -> Json:
        """Also adds a file to a message of text."""
        media = json_of(params, "media")
        given = media["media"]
        if given.startswith("attach://"):
            given = params.get(given.removeprefix("attach://"))
        self._edited(params)
        return self._change(params, check_caption(media), self.files.keep(media["type"], given))

    def _edited(self, params: Params) -> Sent:
        chat = self._reachable(params)
        return self._sent[chat.id][self._find(chat, params, "message to edit not found")]

    def _change(self, params: Params, text: str, file: tuple[str, str, str] | None = None) -> Json:
        chat = self._reachable(params)
        index = self._find(chat, params, "message to edit not found")
        markup = json_of(params, "reply_markup") or {}
        shown = {} if markup == {"inline_keyboard": []} else markup
        self._sent[chat.id][index] = new = changed(self._sent[chat.id][index], text, shown, file)
        return self.shown(new)

    async def _delete_message(self, params: Params) -> bool:
        chat = self._reachable(params)
        del self._sent[chat.id][self._find(chat, params, "message to delete not found")]
        return True

    def _find(self, chat: Chat, params: Params, otherwise: str) -> int:
        wanted = int(params.get("message_id", 0))
        for index, sent in enumerate(self._sent[chat.id]):
            if sent.message_id == wanted:
                return index
        raise ApiError(400, f"Bad Request: {otherwise}")

    async def _answer_callback(self, params: Params) -> bool:
        query = params.get("callback_query_id", "")
        if query not in self._queries:
            raise ApiError(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        self._queries.discard(query)
        self.answered.append(query)
        return True

    async def _chat_action(self, params: Params) -> bool:
        self._reachable(params)
        if params.get("action") != "typing":
            raise ApiError(400, "Bad Request: wrong parameter action in request")
        return True

    async def _set_commands(self, params: Params) -> bool:
        language = str(params.get("language_code", ""))
        if language and not re.fullmatch("[a-z]{2}", language):
            raise ApiError(400, "Bad Request: invalid language code specified")
        commands = json_of(params, "commands")
        for command in commands:
            if not COMMAND.fullmatch(command["command"]) or not 1 <= len(command["description"]) <= 256:
                raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
        self.commands[language] = commands
        return True
