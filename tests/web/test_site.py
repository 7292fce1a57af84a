"""The page, the webhook and the watch, asked as browsers, Telegram and supervisors ask."""

import gzip
import json
import re
import socket
from typing import Any

import httpx
import pytest

from bot.errors import ContentError, StartError, TryLater
from bot.messages import Attachment
from bot.web.files import address_of
from bot.web.page import LABELS, compose, labels_of, language_of
from bot.web.ports import Health
from bot.web.rate import Pace, Rate
from bot.web.server import create_server
from bot.web.webhooks import HEADER, MAX_BODY
from tests.web.conftest import serving
from tests.web.scripted import TEXTS, FakeWebhook, ScriptedBot

UPDATE: dict[str, Any] = {"update_id": 9000000001, "message": {"message_id": 5, "text": "salut"}}


async def test_the_page_weighs_less_than_50_kilobytes(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert (answer.status_code, answer.headers["content-encoding"]) == (200, "gzip")
    assert len(answer.content) < 50_000
    assert len(gzip.compress(answer.content)) < 15_000


@pytest.mark.parametrize(
    ("accepted", "language"),
    [(None, "fr"), ("so-DJ,so;q=0.9,fr;q=0.8", "so"), ("en-US, aa;q=0.5", "aa"), ("en", "fr"), ("", "fr")],
)
def test_the_language_is_the_first_of_ours(accepted: str | None, language: str) -> None:
    assert language_of(accepted) == language


async def test_a_known_page_is_not_sent_again(client: httpx.AsyncClient) -> None:
    etag = (await client.get("/")).headers["etag"]
    answer = await client.get("/", headers={"If-None-Match": f'"other", {etag}'})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)


async def test_the_page_may_run_nothing_but_its_own_script(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert re.search(r'\s(on\w+|style)="', answer.text) is None


def test_a_label_cannot_end_the_element_it_lies_in() -> None:
    texts = {"fr": dict.fromkeys(LABELS, "</script><b>")}
    page = compose(labels_of(texts))["fr"].body.decode()
    data = page.split('id="data">')[1].split("</script>")[0]
    assert json.loads(data)["labels"]["fr"]["send"] == "</script><b>"


def test_a_label_missing_in_french_stops_the_start() -> None:
    texts = {"fr": {**TEXTS["fr"], "send": ""}}
    with pytest.raises(ContentError, match="utter_web_send"):
        labels_of(texts)


def test_a_label_missing_elsewhere_is_shown_in_french() -> None:
    texts = {"fr": TEXTS["fr"], "aa": {"send": "Rub"}}
    assert (labels_of(texts)["aa"]["send"], labels_of(texts)["aa"]["you"]) == ("Rub", "you (fr)")


def test_no_file_of_the_page_speaks_by_itself() -> None:
    page = compose(labels_of({"fr": dict.fromkeys(LABELS, "")} | {"fr": dict.fromkeys(LABELS, "x")}))["fr"]
    shown = re.sub(r"<(style|script|template).*?</\1>|<[^>]*>", " ", page.body.decode(), flags=re.S)
    assert set(shown.split()) == {"x"}


@pytest.mark.parametrize(
    ("health", "status"),
    [
        (Health(database=True, model=True, version="1", outbox_depth=2, outbox_age=1.5), 200),
        (Health(database=False, model=True, version="1"), 503),
        (Health(database=True, model=False, version="1"), 503),
    ],
)
async def test_health_says_what_is_wrong(
    bot: ScriptedBot, client: httpx.AsyncClient, health: Health, status: int
) -> None:
    bot.healthy = health
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()["ok"]) == (status, status == 200)
    assert answer.json()["outbox"] == {"depth": health.outbox_depth, "age": health.outbox_age}


async def test_metrics_are_given_as_prometheus_reads_them(client: httpx.AsyncClient) -> None:
    answer = await client.get("/metrics")
    assert (answer.text, answer.headers["content-type"][:10]) == ("oscbot_turns_total 3\n", "text/plain")


@pytest.fixture
def webhook(bot: ScriptedBot) -> FakeWebhook:
    bot.telegram = FakeWebhook("s3cret")
    return bot.telegram


async def deliver(client: httpx.AsyncClient, content: bytes, secret: str | None = "s3cret") -> int:
    headers = {} if secret is None else {HEADER: secret}
    return (await client.post("/webhooks/telegram", content=content, headers=headers)).status_code


async def test_an_update_is_stored_before_it_is_confirmed(
    bot: ScriptedBot, webhook: FakeWebhook, client: httpx.AsyncClient
) -> None:
    status = await deliver(client, json.dumps(UPDATE).encode())
    assert (status, webhook.known) == (200, [UPDATE])
    assert [(channel, event.external_id) for channel, event in bot.stored] == [("telegram", "9000000001")]


@pytest.mark.parametrize("secret", [None, "", "wrong"])
async def test_an_update_without_the_secret_is_refused(
    bot: ScriptedBot, webhook: FakeWebhook, client: httpx.AsyncClient, secret: str | None
) -> None:
    assert (await deliver(client, json.dumps(UPDATE).encode(), secret), bot.stored) == (403, [])


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 400), (b"[1]", 400), (b"\xff", 400), (b" " * (MAX_BODY + 1), 413)]
)
async def test_what_is_no_update_is_refused_and_logged(
    webhook: FakeWebhook,
    client: httpx.AsyncClient,
    caplog: pytest.LogCaptureFixture,
    body: bytes,
    status: int,
) -> None:
    assert await deliver(client, body) == status
    assert "telegram webhook" in caplog.text


async def test_an_update_of_unknown_shape_is_kept_once(
    bot: ScriptedBot, webhook: FakeWebhook, client: httpx.AsyncClient
) -> None:
    statuses = [await deliver(client, b'{"surprise": "\\ud83d"}') for _ in range(2)]
    assert (statuses, len(bot.stored)) == ([200, 200], 1)


async def test_there_is_no_webhook_where_telegram_is_polled(client: httpx.AsyncClient) -> None:
    assert await deliver(client, b"{}") == 404


async def test_a_port_taken_is_one_clear_line(bot: ScriptedBot) -> None:
    async with serving(bot) as server:
        with pytest.raises(StartError, match=rf"cannot listen on 127.0.0.1:{server.port}"):
            create_server(bot.site(), bot.channel, "127.0.0.1", server.port)


def test_a_pace_allows_a_burst_then_its_rate() -> None:
    now = [0.0]
    rate = Rate(Pace(burst=2, per_second=0.5), clock=lambda: now[0])
    first = [rate.wait_for("a") for _ in range(3)]
    now[0] = 2.0
    assert (first, rate.wait_for("a"), rate.wait_for("a")) == ([0, 0, 2], 0, 2)


def test_paces_are_kept_for_a_bounded_number_of_keys() -> None:
    rate = Rate(Pace(burst=1, per_second=0.001), clock=lambda: 0.0, most_keys=2)
    asked = [rate.wait_for(key) for key in ("a", "b", "b", "c", "a")]
    assert asked[:2] + asked[3:] == [0, 0, 0, 0]
    assert asked[2] > 0


async def test_a_file_is_read_by_whoever_has_its_address(bot: ScriptedBot, client: httpx.AsyncClient) -> None:
    page = Attachment("k" * 24, "mémo.html", "text/html")
    bot.files = {page.key: (page, b"<script>alert(1)</script>")}
    answer = await client.get(address_of(page))
    assert (answer.status_code, answer.content) == (200, b"<script>alert(1)</script>")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''m%C3%A9mo.html"
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_a_file_that_is_not_there_is_not_found_and_one_out_of_reach_is_asked_again(
    bot: ScriptedBot, client: httpx.AsyncClient
) -> None:
    assert (await client.get("/files/unknown/x.csv")).status_code == 404
    bot.trouble = TryLater("Telegram is away", 3.0)
    answer = await client.get("/files/unknown/x.csv")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "4")


async def test_the_parts_of_an_answer_do_not_wait_for_one_another(bot: ScriptedBot) -> None:
    server = create_server(bot.site(), bot.channel, "127.0.0.1", 0)
    with server.listener, socket.create_connection(("127.0.0.1", server.port)):
        accepted, _ = server.listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
