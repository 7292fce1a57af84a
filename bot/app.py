"""The composition root: the only module that knows all others; builds the bot and takes it down in order."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

import httpx

from bot import __version__
from bot.actions import ACTIONS, FORMS
from bot.actions.context import Library
from bot.alerts import LoopAlert
from bot.announcement_ticks import AnnouncementTicks
from bot.channels.port import Channel, Files
from bot.channels.web import WebChannel
from bot.current_model import CurrentModel
from bot.delivery import Delivery, Surroundings
from bot.directory_indexes import DirectoryIndexes
from bot.directory_ticks import DirectoryTicks
from bot.directory_words import DirectoryWords
from bot.domain import LANGUAGES, Domain, load_domain
from bot.errors import ContentError
from bot.exporting import Exporting, WeeklyExport
from bot.files import StoredFiles
from bot.forms import Forms
from bot.freshness import load_half_lives
from bot.freshness_ticks import FreshnessTicks
from bot.history import ChatHistory
from bot.intake import Intake
from bot.interpreters import OwnInterpreter, RasaInterpreter, RasaServer, Understands
from bot.learning import Learning
from bot.metrics import Metrics
from bot.names import NamesTold
from bot.need_topics import TopicWords
from bot.quiet import QuietHours, hours_of
from bot.registry import INVITATION_LIVES, digest_of, new_code
from bot.resources import Catalogue
from bot.resources import Library as StoredLibrary
from bot.retention import SECONDS as RETENTION_SECONDS
from bot.retention import KeptFor, RetentionTicks
from bot.settings import Settings, TelegramLibrary, TelegramMode
from bot.store.bell import Bell, listening
from bot.store.embedded import embedded_postgres
from bot.store.engine import Database, DatabaseAway, Transaction
from bot.store.seats import Seats, seated
from bot.store.tables import IncomingState
from bot.synthesis import SynthesisWords
from bot.talk import Talker
from bot.ticks import Tick
from bot.training_ticks import TrainingTicks
from bot.turn import Room, Turns
from bot.uploads import StoredUploads
from bot.web.ports import Health, TelegramWebhook, WebPorts, WhatsAppWebhook
from bot.web.server import WebServer, create_server
from bot.web.site import create_web
from bot.whatsapp_parts import postage, whatsapp_channel, whatsapp_ticks
from bot.workshop import Workshop

logger = logging.getLogger(__name__)

ROOT = Path(__file__).parent.parent
WORKERS = 4
REMINDER_SECONDS = 5.0
TRAINING_SECONDS = 60.0
FRESHNESS_SECONDS = 600.0
ANNOUNCEMENT_SECONDS = 2.0
REPORT_SECONDS = 5.0
WATCH_SECONDS = 300.0
LEARNING_SECONDS = 5.0
EXPORT_SECONDS = 3600.0
COMMANDS = ("help", "find_osc", "switch_language", "register_osc", "talk_to_human", "cancel")
"""Shown in Telegram's menu; their descriptions are the names of the intents in domain.yml."""

Progress = Callable[[str], None]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Premises(Protocol):
    """What the clock's ticks work with; a `Bot` offers it, and so does a process that only ticks."""

    @property
    def settings(self) -> Settings: ...

    @property
    def domain(self) -> Domain: ...

    @property
    def database(self) -> Database: ...


@dataclass(frozen=True, slots=True)
class Clockroom:
    """`Premises` of a process that only ticks: no model, no channels."""

    settings: Settings
    domain: Domain
    database: Database


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot, built and connected, not yet working."""

    settings: Settings
    domain: Domain
    database: Database
    bell: Bell
    intake: Intake
    turns: Turns
    delivery: Delivery
    seats: Seats
    channels: Mapping[str, Channel]
    files: StoredFiles
    metrics: Metrics
    model: CurrentModel
    names: NamesTold


@asynccontextmanager
async def built(
    settings: Settings, progress: Progress, only: Callable[[Files], Channel] | None = None
) -> AsyncIterator[Bot]:
    """Build the bot. With `only` that channel alone, beside a bot that may run already. Raises StartError."""
    async with AsyncExitStack() as stack:
        domain = load_domain(ROOT)
        _check_actions(domain)
        database = await _database(stack, settings, progress, join=only is not None)
        model = CurrentModel(database, Workshop(ROOT, settings.data_dir), utc_now)
        own = await model.begin()
        catalogue = Catalogue.load(ROOT / "data")
        async with database.transaction() as tx:
            await catalogue.publish(tx.resources)
        bell = await stack.enter_async_context(listening(database))
        channels: dict[str, Channel] = {}
        files = StoredFiles(database, channels)
        for channel in [only(files)] if only else _channels(settings, domain, files):
            channels[channel.name] = channel
            if isinstance(channel, WebChannel):
                bell.on_news = channel.wake
        for channel in channels.values():
            stack.push_async_callback(channel.close)
        metrics = Metrics()
        accounts = {name: c.traits.account for name, c in channels.items() if c.traits.account}
        seats = await stack.enter_async_context(seated(database, accounts))
        around = Surroundings(
            quiet=_quiet(settings),
            seats=seats,
            watcher=metrics,
            tell_of_loop=LoopAlert(domain).tell,
        )

        def library(tx: Transaction) -> Library:
            return StoredLibrary(tx.resources, catalogue, datetime.now(settings.zone).date())

        names = NamesTold(database, own, utc_now)
        await names.refresh()
        indexes = DirectoryIndexes.load(ROOT / "data")
        interpreter = await _interpreter(stack, settings, own, domain)
        talker = Talker(domain, ACTIONS, Forms(FORMS))
        room = Room(
            domain,
            channels,
            interpreter,
            library,
            indexes,
            talker,
            utc_now,
            metrics,
            around.quiet,
            postage(settings),
            TopicWords.load(ROOT / "data"),
            SynthesisWords.load(ROOT / "data"),
        )
        yield Bot(
            settings,
            domain,
            database,
            bell,
            Intake(database, channels, utc_now),
            Turns(database, room),
            Delivery(database, channels, bell, utc_now, around),
            seats,
            channels,
            files,
            metrics,
            model,
            names,
        )


@asynccontextmanager
async def clockroom(settings: Settings, progress: Progress) -> AsyncIterator[Clockroom]:
    """What `python scheduler.py` needs beside running bots. Raises StartError."""
    async with AsyncExitStack() as stack:
        domain = load_domain(ROOT)
        yield Clockroom(settings, domain, await _database(stack, settings, progress))


def ticks(premises: Premises) -> list[Tick]:
    """What is looked at again and again; each claims what is due in its tables."""
    trainings = TrainingTicks(premises.database, premises.domain, premises.settings.zone)
    announcements = AnnouncementTicks(premises.database, premises.domain, premises.settings.zone)
    workshop = Workshop(ROOT, premises.settings.data_dir)
    learning = Learning(premises.database, premises.domain, workshop, premises.settings.zone)
    freshness = FreshnessTicks(
        premises.database,
        premises.domain,
        premises.settings.zone,
        _quiet(premises.settings),
        load_half_lives(ROOT / "data"),
    )
    indexes = DirectoryIndexes.load(ROOT / "data")
    directory = DirectoryTicks(premises.database, premises.domain, indexes)
    taking_out = Exporting(premises.domain, indexes.words)
    weekly = WeeklyExport(premises.database, taking_out, premises.settings.data_dir)
    found = [
        Tick("freshness", FRESHNESS_SECONDS, freshness.ask),
        Tick("requests to join", FRESHNESS_SECONDS, freshness.tell_of_requests),
        Tick("announcements", ANNOUNCEMENT_SECONDS, announcements.start_due),
        Tick("delivery reports", REPORT_SECONDS, announcements.follow),
        Tick("reminders", REMINDER_SECONDS, trainings.remind),
        Tick("trainings", TRAINING_SECONDS, trainings.look_after),
        Tick("searches that wait", WATCH_SECONDS, directory.tell_watchers),
        Tick("learning", LEARNING_SECONDS, learning.tick),
        Tick("directory to take away", EXPORT_SECONDS, weekly.renew),
    ]
    days = premises.settings.keep_messages_days, premises.settings.keep_strangers_days
    kept = KeptFor(*(timedelta(days=number) for number in days))
    found.append(Tick("retention", RETENTION_SECONDS, RetentionTicks(premises.database, kept).purge))
    return [*found, *whatsapp_ticks(premises.settings, premises.domain, premises.database)]


def _quiet(settings: Settings) -> QuietHours:
    return QuietHours(settings.zone, hours_of(settings.quiet_night), hours_of(settings.quiet_friday))


def _check_actions(domain: Domain) -> None:
    for action in sorted(domain.actions - ACTIONS.keys()):
        raise ContentError(f"domain.yml: actions: {action} is not an action of the bot")
    for form in sorted(domain.forms.keys() - FORMS.keys()):
        raise ContentError(f"domain.yml: forms: {form} is not a form of the bot")


async def _database(
    stack: AsyncExitStack, settings: Settings, progress: Progress, *, join: bool = False
) -> Database:
    if settings.database_url:
        url = settings.database_url.get_secret_value()
    else:
        progress("Starting the private database…")
        url = await stack.enter_async_context(embedded_postgres(settings.data_dir, join=join))
    database = await Database.open(url)
    stack.push_async_callback(database.close)
    await database.migrate()
    return database


async def _interpreter(
    stack: AsyncExitStack, settings: Settings, own: OwnInterpreter, domain: Domain
) -> Understands:
    if settings.nlu_url is None:
        return own
    client = await stack.enter_async_context(httpx.AsyncClient())
    return RasaInterpreter(own, RasaServer(client, str(settings.nlu_url), domain.intents))


def _channels(settings: Settings, domain: Domain, files: Files) -> list[Channel]:
    telegram = [_telegram(settings, domain, files)] if settings.telegram_token else []
    whatsapp = [whatsapp_channel(settings, domain, files)] if settings.whatsapp else []
    return [WebChannel(), *telegram, *whatsapp]


def _telegram(settings: Settings, domain: Domain, files: Files) -> Channel:
    """Only the chosen library is imported."""
    api = import_module("bot.channels.telegram_api")
    token = settings.telegram_token
    secret = settings.telegram_webhook_secret
    webhook = settings.telegram_mode is TelegramMode.WEBHOOK
    options = api.TelegramOptions(
        token=token.get_secret_value() if token else "",
        api_url=str(settings.telegram_api_url).rstrip("/"),
        mode=settings.telegram_mode.value,
        webhook_url=f"{str(settings.public_url).rstrip('/')}/webhooks/telegram" if webhook else None,
        webhook_secret=secret.get_secret_value() if secret else None,
        commands={language: _commands(domain, language or "fr") for language in ("", *LANGUAGES)},
        files=files,
    )
    if settings.telegram_library is TelegramLibrary.AIOGRAM:
        channel: Channel = import_module("bot.channels.telegram_aiogram").TelegramAiogram(options)
    else:
        channel = import_module("bot.channels.telegram_ptb").TelegramPtb(options)
    return channel


def _commands(domain: Domain, language: str) -> list[tuple[str, str]]:
    return [
        (command, domain.words(f"utter_intent_{command}", language).text)
        for command in COMMANDS
        if f"utter_intent_{command}" in domain.responses
    ]


def _web_texts(domain: Domain) -> dict[str, dict[str, str]]:
    names = [name for name in domain.responses if name.startswith("utter_web_")]
    return {
        language: {name.removeprefix("utter_web_"): domain.words(name, language).text for name in names}
        for language in LANGUAGES
    }


def web_server(bot: Bot) -> WebServer:
    """The site on its port, listening already. Raises StartError when the port is taken."""
    web = bot.channels["web"]
    assert isinstance(web, WebChannel)
    telegram = bot.channels.get("telegram") if bot.settings.telegram_mode is TelegramMode.WEBHOOK else None
    ports = WebPorts(
        inbox=bot.intake,
        web_channel=web,
        history=ChatHistory(bot.database),
        health=lambda: health(bot),
        metrics=bot.metrics.exposition,
        texts=_web_texts(bot.domain),
        files=bot.files.get,
        uploads=StoredUploads(bot.database),
        telegram=cast(TelegramWebhook | None, telegram),
        whatsapp=cast(WhatsAppWebhook | None, bot.channels.get("whatsapp")),
    )
    return create_server(create_web(ports), web, bot.settings.host, bot.settings.port)


async def health(bot: Bot) -> Health:
    """Also brings the gauges up to date."""
    now = utc_now()
    try:
        async with bot.database.transaction() as tx:
            outbox = await tx.outbox.backlog(now)
            inbox = await tx.inbox.backlog(now)
            quarantined = await tx.inbox.count(IncomingState.QUARANTINED)
    except DatabaseAway:
        return Health(database=False, model=True, version=__version__)
    bot.metrics.set_backlogs(inbox, outbox, quarantined)
    oldest = max((b.oldest_seconds for b in outbox.values() if b.depth), default=None)
    return Health(True, True, __version__, sum(b.depth for b in outbox.values()), oldest)


async def invite(settings: Settings, role: str, progress: Progress) -> str:
    """A new code that gives this role to whoever sends it to the bot first, within seven days."""
    async with AsyncExitStack() as stack:
        database = await _database(stack, settings, progress, join=True)
        code = new_code()
        async with database.transaction() as tx:
            await tx.invitations.add(digest_of(code), role, utc_now() + INVITATION_LIVES)
    return code


@asynccontextmanager
async def opened(settings: Settings, progress: Progress) -> AsyncIterator[Database]:
    """The database alone, beside a bot that may run already. Raises StartError."""
    async with AsyncExitStack() as stack:
        yield await _database(stack, settings, progress, join=True)


def exporting() -> Exporting:
    """What writes the directory to files. Raises ContentError."""
    return Exporting(load_domain(ROOT), DirectoryWords.load(ROOT / "data"))


@asynccontextmanager
async def working(bot: Bot, *, receive: bool = True) -> AsyncIterator[None]:
    """Turns, delivery and, with `receive`, the channels work while the context lasts; then all end in order."""
    channels = bot.channels.values() if receive else ()
    receivers = [asyncio.create_task(_receive(bot, channel)) for channel in channels]
    workers = [asyncio.create_task(bot.turns.run(bot.bell)) for _ in range(WORKERS)]
    sender = asyncio.create_task(bot.delivery.run())
    following = asyncio.create_task(bot.model.follow(bot.bell))
    naming = asyncio.create_task(bot.names.follow(bot.bell))
    for task in (*receivers, *workers, sender, following, naming):
        task.add_done_callback(_report)
    try:
        yield
    finally:
        for group in (receivers, workers, [sender, following, naming]):
            for task in group:
                task.cancel()
            await asyncio.gather(*group, return_exceptions=True)


async def _receive(bot: Bot, channel: Channel) -> None:
    """Where an account is served by one process at a time, the others stand by, ready to read what it stores."""
    seat = bot.seats.of(channel.name)
    if seat is None:
        await channel.run(bot.intake)
        return
    preparing = asyncio.create_task(channel.prepare())
    try:
        while True:
            await seat.taken.wait()
            serving = asyncio.create_task(channel.run(bot.intake))
            try:
                await seat.lost.wait()
            finally:
                serving.cancel()
                await asyncio.wait([serving])
    finally:
        preparing.cancel()


def _report(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        logger.critical("a part of the bot has ended", exc_info=error)
