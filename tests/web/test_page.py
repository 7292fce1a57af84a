"""The page in a real browser on a small phone, against a bot that answers by a script."""

import base64
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.channels.web import MAX_TEXT
from bot.messages import Attachment, Button, Incoming, Outgoing, Tap, Text
from tests.web.conftest import serving
from tests.web.scripted import ScriptedBot

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
LONG = "Adresse : https://exemple.dj/" + "a" * 90 + "\nsuite " + "x" * 120


def polite(heard: Incoming) -> Iterable[Outgoing]:
    """Repeats what is written, offers two choices when greeted."""
    if isinstance(heard.content, Text):
        yield Outgoing(heard.address, f"Vous dites : {heard.content.text}")
    elif heard.content == Tap("/greet"):
        choices = (
            Button("Obock", "/obock"),
            Button("Dikhil", "/dikhil"),
            Button("Site", url="https://x.dj/"),
        )
        yield Outgoing(heard.address, "Quelle région ?", choices)
    elif isinstance(heard.content, Tap):
        yield Outgoing(heard.address, f"Choisi : {heard.content.payload}")


@pytest.fixture
async def chat(talkative: ScriptedBot, url: str, phone: Page) -> Page:
    """The page open, with a bot that answers."""
    talkative.answer = polite
    await phone.goto(url)
    return phone


async def say(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.press("#text", "Enter")


async def fits(page: Page) -> bool:
    """No horizontal scrolling, neither of the page nor of the messages."""
    wide = "[document.documentElement, document.getElementById('scroll')].some(e => e.scrollWidth > 360)"
    return not await page.evaluate(wide)


async def test_a_message_is_answered(chat: Page) -> None:
    await say(chat, "bonjour")
    await expect(chat.locator("li.me .text")).to_have_text(["bonjour"])
    await expect(chat.locator("li.me .mark")).to_have_text("sent (fr)")
    await expect(chat.locator("li.bot .text")).to_have_text(["Vous dites : bonjour"])
    await expect(chat.locator("#typing")).to_be_hidden()


async def test_the_bot_is_seen_thinking(talkative: ScriptedBot, url: str, phone: Page) -> None:
    await phone.goto(url)
    await say(phone, "bonjour")
    await expect(phone.locator("#typing")).to_be_visible()
    await talkative.say("voilà", session=talkative.sessions[0])
    await expect(phone.locator("#typing")).to_be_hidden()


async def test_a_button_says_its_title_and_is_used_up(talkative: ScriptedBot, chat: Page) -> None:
    await chat.click("#start")
    await chat.get_by_role("button", name="Dikhil").click()
    await expect(chat.locator("li.bot .text").last).to_have_text("Choisi : /dikhil")
    await expect(chat.locator("li.me .text").last).to_have_text("Dikhil")
    await expect(chat.locator(".buttons button:disabled")).to_have_text(["Obock", "Dikhil"])
    await expect(chat.locator(".buttons [aria-pressed=true]")).to_have_text("Dikhil")


async def test_a_link_opens_a_page_that_knows_nothing_of_ours(chat: Page) -> None:
    await chat.click("#start")
    link = chat.locator(".buttons a")
    await expect(link).to_have_attribute("href", "https://x.dj/")
    await expect(link).to_have_attribute("rel", re.compile("noopener"))
    await expect(link).to_have_attribute("target", "_blank")


async def test_history_is_there_after_a_reload(talkative: ScriptedBot, chat: Page) -> None:
    await chat.click("#start")
    await chat.get_by_role("button", name="Obock").click()
    await expect(chat.locator("li.bot .text")).to_have_text(["Quelle région ?", "Choisi : /obock"])
    await chat.reload()
    await expect(chat.locator("li .text")).to_have_text(
        ["start (fr)", "Quelle région ?", "Obock", "Choisi : /obock"]
    )
    await expect(chat.locator(".buttons [aria-pressed=true]:disabled")).to_have_text("Obock")
    assert len(talkative.stored) == 2


async def test_days_are_told_apart(talkative: ScriptedBot, chat: Page) -> None:
    await say(chat, "hier")
    await expect(chat.locator("li.bot")).to_have_count(1)
    session = talkative.sessions[0]
    talkative.items[session] = [
        replace(item, at=item.at - timedelta(days=1)) for item in talkative.items[session]
    ]
    await talkative.say("aujourd’hui", session=session)
    await chat.reload()
    await expect(chat.locator("li")).to_have_count(3)
    days = await chat.locator("li").evaluate_all("all => all.map(e => e.dataset.day || '')")
    assert [bool(re.fullmatch(r"\d\d/\d\d/\d{4}", day)) for day in days] == [True, False, True]


async def test_a_message_written_offline_arrives_once(talkative: ScriptedBot, chat: Page) -> None:
    await say(chat, "un")
    await expect(chat.locator("li.bot")).to_have_count(1)
    await chat.context.set_offline(True)
    await say(chat, "deux")
    await expect(chat.locator("#state")).to_have_text("offline (fr)")
    await expect(chat.locator("li.unsent .mark")).to_have_text("sending (fr)")
    await chat.context.set_offline(False)
    await expect(chat.locator("li.bot .text")).to_have_text(["Vous dites : un", "Vous dites : deux"])
    await expect(chat.locator("#state")).to_be_hidden()
    assert texts(talkative) == ["un", "deux"]


async def test_messages_written_while_the_server_is_away_survive_a_closed_page(
    talkative: ScriptedBot, phone: Page
) -> None:
    talkative.answer = polite
    async with serving(talkative) as server:
        address = f"http://127.0.0.1:{server.port}/"
        await phone.goto(address)
        await say(phone, "un")
        await expect(phone.locator("li.bot")).to_have_count(1)
    await say(phone, "deux")
    await say(phone, "trois")
    await expect(phone.locator("#state")).to_have_text("reconnecting (fr)")
    async with serving(talkative, server.port):
        await phone.goto(address)
        await expect(phone.locator("li.bot .text").last).to_have_text("Vous dites : trois")
        await expect(phone.locator("li.me .text")).to_have_text(["un", "deux", "trois"])
        await expect(phone.locator("li.unsent")).to_have_count(0)
        # The open stream comes back as well, without a reload.
        await talkative.say("toujours là", session=talkative.sessions[0])
        await expect(phone.locator("li.bot .text").last).to_have_text("toujours là")
    assert texts(talkative) == ["un", "deux", "trois"]


async def test_the_open_page_comes_back_after_a_restart(talkative: ScriptedBot, phone: Page) -> None:
    async with serving(talkative) as server:
        await phone.goto(f"http://127.0.0.1:{server.port}/")
        await say(phone, "un")
        await expect(phone.locator("li.sent")).to_have_count(1)
    async with serving(talkative, server.port):
        await talkative.say("pendant ce temps", session=talkative.sessions[0])
        await expect(phone.locator("li.bot .text")).to_have_text(["pendant ce temps"])
        await expect(phone.locator("#state")).to_be_hidden()


async def test_a_lost_confirmation_is_no_second_message(
    talkative: ScriptedBot, url: str, phone: Page
) -> None:
    lost: list[str] = []

    async def lose_the_first(route: Any) -> None:
        answer = await route.fetch()
        if lost:
            await route.fulfill(response=answer)
        else:
            lost.append(route.request.url)
            await route.abort()

    await phone.route("**/chat/messages", lose_the_first)
    await phone.goto(url)
    await say(phone, "une fois")
    await expect(phone.locator("li.sent .text")).to_have_text(["une fois"])
    assert (len(lost), texts(talkative)) == (1, ["une fois"])


async def test_a_refused_message_can_be_tried_again(talkative: ScriptedBot, chat: Page) -> None:
    await chat.route(
        "**/chat/messages", lambda route: route.fulfill(status=400, json={"error": "unreadable"})
    )
    await say(chat, "bonjour")
    await expect(chat.locator("li.failed .mark")).to_have_text("failed (fr)")
    await chat.unroute("**/chat/messages")
    await chat.get_by_role("button", name="retry (fr)").click()
    await expect(chat.locator("li.bot .text")).to_have_text(["Vous dites : bonjour"])


async def test_too_fast_waits_and_goes_on(talkative: ScriptedBot, chat: Page) -> None:
    answers = [{"status": 429, "json": {"message": "doucement"}, "headers": {"Retry-After": "1"}}]

    async def slow_down(route: Any) -> None:
        await (route.fulfill(**answers.pop()) if answers else route.continue_())

    await chat.route("**/chat/messages", slow_down)
    await say(chat, "vite")
    await expect(chat.locator("#state")).to_have_text("doucement")
    await expect(chat.locator("li.bot .text")).to_have_text(["Vous dites : vite"])


async def test_long_words_wrap_and_lines_are_kept(chat: Page) -> None:
    await chat.fill("#text", LONG)
    await chat.click("#send")
    await expect(chat.locator("li.bot .text")).to_have_text(f"Vous dites : {LONG}")
    await expect(chat.locator("li.bot .text a")).to_have_attribute(
        "href", re.compile(r"^https://exemple\.dj/a+$")
    )
    lines = await chat.locator("li.me .text").evaluate("e => getComputedStyle(e).whiteSpace")
    assert (lines, await fits(chat)) == ("pre-wrap", True)


async def test_markup_stays_text(chat: Page) -> None:
    await say(chat, "<img src=x onerror=alert(1)><b>gras</b>")
    await expect(chat.locator("li.bot .text")).to_have_text(
        "Vous dites : <img src=x onerror=alert(1)><b>gras</b>"
    )
    assert await chat.locator("li img, li b").count() == 0


async def test_everything_fits_a_narrow_phone(chat: Page) -> None:
    welcome = await fits(chat)
    await chat.click("#options summary")
    options = await fits(chat)
    await chat.keyboard.press("Escape")
    await chat.click("#start")
    await expect(chat.locator(".buttons button")).to_have_count(2)
    assert (welcome, options, await fits(chat)) == (True, True, True)


async def test_the_page_asks_for_one_document_and_nothing_of_others(url: str, phone: Page) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    await phone.goto(url)
    await expect(phone.locator("#welcome")).to_be_visible()
    assert [address for address in asked if not address.startswith((f"{url}chat/", "data:"))] == [url]


async def test_the_session_is_in_no_address(url: str, chat: Page) -> None:
    asked: list[str] = []
    chat.on("request", lambda request: asked.append(request.url))
    await say(chat, "bonjour")
    await chat.reload()
    await expect(chat.locator("li")).to_have_count(2)
    session = await chat.evaluate("localStorage.getItem('oscbot.session')")
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", session)
    assert not [address for address in asked if session in address]


@pytest.mark.parametrize(
    ("locale", "language"), [("fr-FR", "fr"), ("so-DJ", "so"), ("aa-DJ", "aa"), ("en", "fr")]
)
async def test_labels_follow_the_browser(browser: Browser, url: str, locale: str, language: str) -> None:
    context = await browser.new_context(locale=locale)
    page = await context.new_page()
    await page.goto(url)
    await expect(page.locator("#start")).to_have_text(f"start ({language})")
    await expect(page.locator("html")).to_have_attribute("lang", language)
    await expect(page.locator("#text")).to_have_attribute("placeholder", f"placeholder ({language})")
    await context.close()


async def test_labels_follow_the_language_the_bot_answers_in(
    talkative: ScriptedBot, url: str, phone: Page
) -> None:
    await phone.goto(url)
    await say(phone, "salaan")
    await expect(phone.locator("li.sent")).to_have_count(1)
    await talkative.say("Waan ku caawinayaa", session=talkative.sessions[0], language="so")
    await expect(phone.locator("#menu")).to_have_text("menu (so)")
    await expect(phone.locator("li.bot")).to_have_attribute("lang", "so")


async def test_a_language_chosen_is_told_to_the_bot(talkative: ScriptedBot, chat: Page) -> None:
    await say(chat, "bonjour")
    await expect(chat.locator("li.bot")).to_have_count(1)
    await chat.click("#options summary")
    await chat.locator("#options").get_by_text("language_name (so)").click()
    await expect(chat.locator("#menu")).to_have_text("menu (so)")
    await expect(chat.locator("li.bot .text").last).to_have_text(
        'Choisi : /switch_language{"language": "somali"}'
    )


async def test_what_is_forgotten_is_not_shown_again(chat: Page) -> None:
    await say(chat, "bonjour")
    await expect(chat.locator("li.bot")).to_have_count(1)
    before = await chat.evaluate("localStorage.getItem('oscbot.session')")
    chat.on("dialog", lambda dialog: dialog.accept())
    await chat.click("#options summary")
    await chat.click("#forget")
    await expect(chat.locator("#welcome")).to_be_visible()
    assert await chat.evaluate("localStorage.getItem('oscbot.session')") != before


async def test_two_pages_of_one_session_show_the_same(chat: Page, url: str) -> None:
    other = await chat.context.new_page()
    await other.goto(url)
    await say(chat, "bonjour")
    await expect(other.locator("li .text")).to_have_text(["bonjour", "Vous dites : bonjour"])


async def test_a_proxy_that_holds_streams_back_is_survived(chat: Page) -> None:
    await chat.evaluate("line.deaf = true; line.open.abort()")
    await say(chat, "bonjour")
    await expect(chat.locator("li.bot .text")).to_have_text(["Vous dites : bonjour"], timeout=9000)


async def test_the_keyboard_stays_on_sending_and_none_opens_by_itself(chat: Page) -> None:
    at_first = await chat.evaluate("document.activeElement.id")
    await chat.fill("#text", "bonjour")
    await chat.tap("#send")
    await expect(chat.locator("li.bot")).to_have_count(1)
    assert (at_first, await chat.evaluate("document.activeElement.id")) == ("", "text")


async def test_everything_to_press_has_a_name_and_room_for_a_thumb(chat: Page) -> None:
    await chat.click("#start")
    await expect(chat.locator(".buttons button")).to_have_count(2)
    shown = chat.locator("button:visible, summary:visible, a:visible, textarea:visible")
    boxes = [await one.bounding_box() for one in await shown.all()]
    names = await shown.evaluate_all("all => all.map(e => e.ariaLabel || e.textContent.trim())")
    assert [box for box in boxes if box is None or min(box["width"], box["height"]) < 44] == []
    assert "" not in names


async def test_the_field_takes_what_the_server_takes(chat: Page) -> None:
    assert await chat.locator("#text").get_attribute("maxlength") == str(MAX_TEXT)


async def test_a_picture_is_shown_and_a_document_can_be_saved(chat: Page, talkative: ScriptedBot) -> None:
    picture = Attachment("p" * 24, "affiche.png", "image/png")
    document = Attachment("d" * 24, "présents.csv", "text/csv")
    talkative.files = {picture.key: (picture, PNG), document.key: (document, b"nom")}
    talkative.answer = lambda heard: [
        Outgoing(heard.address, "Affiche", attachment=picture),
        Outgoing(heard.address, "Liste", attachment=document),
    ]
    await say(chat, "bonjour")
    await expect(chat.locator("li.bot a.file")).to_have_count(2)
    shown = chat.locator("li.bot a.file img")
    await expect(shown).to_have_js_property("naturalWidth", 1)
    async with chat.expect_download() as saved:
        await chat.get_by_role("link", name="présents.csv").click()
    assert (await saved.value).suggested_filename == "présents.csv"
    assert await fits(chat)


async def test_a_message_the_bot_changes_is_changed_where_it_stands(
    chat: Page, talkative: ScriptedBot
) -> None:
    await chat.click("#start")
    await expect(chat.locator(".buttons button")).to_have_count(2)
    await talkative.changes("10 sur 10")
    await expect(chat.locator("li.bot .text")).to_have_text(["10 sur 10"])
    await expect(chat.locator(".buttons button")).to_have_count(0)


def texts(bot: ScriptedBot) -> list[str]:
    return [event.payload["text"] for _, event in bot.stored]
