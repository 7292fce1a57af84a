"""Files from the page: bounded, checked by their content, kept, named in a message; on a small phone too."""

from collections.abc import Iterable
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Page, expect

from bot.messages import Button, Incoming, Media, Outgoing
from bot.web.uploads import MAX_FILE
from tests.web.scripted import SESSION, ScriptedBot
from tests.web.test_page import PNG, fits, say

NO_FILE = '/create_announcement{"id": "1", "tell": "file:none"}'


async def post(client: httpx.AsyncClient, name: str, content: bytes) -> httpx.Response:
    headers = {"X-Chat-Session": SESSION, "X-File-Name": name}
    return await client.post("/chat/files", content=content, headers=headers)


async def test_picture_is_kept_under_its_name_and_kind(client: httpx.AsyncClient, bot: ScriptedBot) -> None:
    answer = await post(client, "affiche%20%C3%A9t%C3%A9.png", PNG)
    assert answer.status_code == 201
    kept, content = bot.files[answer.json()["key"]]
    assert (kept.name, kept.media_type, content) == ("affiche été.png", "image/png", PNG)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("affiche.png", b"<script>alert(1)</script>"),
        ("page.html", b"<p>bonjour</p>"),
        ("programme.exe", b"MZ\x90\x00"),
        ("liste.csv", b"a;b\x00c"),
        ("vide.txt", b""),
    ],
)
async def test_what_is_not_what_it_says_is_refused(
    client: httpx.AsyncClient, bot: ScriptedBot, name: str, content: bytes
) -> None:
    assert (await post(client, name, content)).status_code == 415
    assert bot.files == {}


async def test_too_large_is_refused(client: httpx.AsyncClient, bot: ScriptedBot) -> None:
    assert (await post(client, "gros.pdf", b"%PDF-" + bytes(MAX_FILE))).status_code == 413
    assert bot.files == {}


async def test_strangers_files_are_not_read(client: httpx.AsyncClient, bot: ScriptedBot) -> None:
    bot.strangers.append(SESSION)
    assert (await post(client, "affiche.png", PNG)).status_code == 403
    assert bot.files == {}


async def test_path_in_a_name_is_dropped(client: httpx.AsyncClient) -> None:
    answer = await post(client, "..%2F..%2Fetc%2Fpasswd.txt", b"bonjour")
    assert answer.json()["name"] == "passwd.txt"


def asking(heard: Incoming) -> Iterable[Outgoing]:
    if isinstance(heard.content, Media):
        yield Outgoing(heard.address, f"Reçu : {heard.content.name} ({heard.content.media})")
    else:
        yield Outgoing(heard.address, "Envoyez une photo ou un document.", (Button("Sans fichier", NO_FILE),))


async def test_coordinator_attaches_a_picture_on_a_small_phone(
    talkative: ScriptedBot, url: str, phone: Page, tmp_path: Path
) -> None:
    talkative.answer = asking
    picture = tmp_path / "affiche de la réunion.png"
    picture.write_bytes(PNG)
    await phone.goto(url)
    await say(phone, "photo")
    await expect(phone.get_by_text("attach (fr)")).to_be_visible()
    await phone.set_input_files("input[type=file]", picture)
    await expect(phone.locator("li.bot .text").last).to_have_text("Reçu : affiche de la réunion.png (photo)")
    await expect(phone.locator("li.me .text").last).to_have_text("📎 affiche de la réunion.png")
    await expect(phone.get_by_text("attach (fr)")).to_be_disabled()
    assert await fits(phone)
    await phone.reload()
    await expect(phone.locator("li.me .text").last).to_have_text("📎 affiche de la réunion.png")


async def test_refused_file_says_why_and_another_may_be_chosen(
    talkative: ScriptedBot, url: str, phone: Page, tmp_path: Path
) -> None:
    talkative.answer = asking
    wrong = tmp_path / "affiche.png"
    wrong.write_bytes(b"no picture")
    await phone.goto(url)
    await say(phone, "photo")
    await phone.set_input_files("input[type=file]", wrong)
    await expect(phone.get_by_text("file_refused (fr)")).to_be_visible()
    assert await fits(phone)
    await say(phone, "encore")
    await expect(phone.locator("li.me .text")).to_have_text(["photo", "📎 affiche.png", "encore"])
    await expect(phone.get_by_text("attach (fr)").last).to_be_enabled()


async def test_progress_is_shown_and_a_lost_link_can_be_tried_again(
    talkative: ScriptedBot, url: str, phone: Page, tmp_path: Path
) -> None:
    talkative.answer = asking
    picture = tmp_path / "a.png"
    picture.write_bytes(PNG)
    await phone.goto(url)
    await say(phone, "photo")
    await phone.route("**/chat/files", lambda route: route.abort())
    await phone.set_input_files("input[type=file]", picture)
    again = phone.get_by_text("retry (fr)")
    await expect(again).to_be_visible()
    await phone.unroute("**/chat/files")
    await again.click()
    await expect(phone.locator("li.bot .text").last).to_have_text("Reçu : a.png (photo)")
