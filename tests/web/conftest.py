"""Fixtures of the web's tests: the site without a network, the same site on loopback, and a real browser."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpx
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.web.server import WebServer, create_server
from tests.web.scripted import ScriptedBot

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


@pytest.fixture
def bot() -> ScriptedBot:
    return ScriptedBot()


@pytest.fixture
async def client(bot: ScriptedBot) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=bot.site())
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        yield client


@asynccontextmanager
async def serving(bot: ScriptedBot, port: int = 0) -> AsyncIterator[WebServer]:
    """The bot's site on loopback, on any free port or a given one; stopped at the end."""
    site = bot.site()
    server = create_server(site, bot.channel, "127.0.0.1", port)
    running = asyncio.create_task(server.serve())
    try:
        yield server
    finally:
        server.should_exit = True
        await running


@pytest.fixture
def talkative() -> ScriptedBot:
    """A bot with a real clock, for browsers, which have one too."""
    return ScriptedBot(clock=lambda: datetime.now(UTC))


@pytest.fixture
async def url(talkative: ScriptedBot) -> AsyncIterator[str]:
    async with serving(talkative) as server:
        yield f"http://127.0.0.1:{server.port}/"


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser here: none of {', '.join(BROWSERS)} is installed")
    expect.set_options(timeout=15_000)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def phone(browser: Browser) -> AsyncIterator[Page]:
    """A page on a small phone set to French; what its console complains of fails the test."""
    context = await browser.new_context(
        viewport={"width": 360, "height": 640}, locale="fr-FR", is_mobile=True, has_touch=True
    )
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    await context.close()
    # Chromium itself reports each request that failed or was refused.
    assert [text for text in complaints if not text.startswith("Failed to load resource")] == []
