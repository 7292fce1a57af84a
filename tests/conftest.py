"""What tests share: a real database of the session (or the one the environment names), and people who chat."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from pathlib import Path

import pytest

from bot.actions import ACTIONS, FORMS
from bot.announcement_ticks import AnnouncementTicks
from bot.channels.port import Channel
from bot.directory_indexes import DirectoryIndexes
from bot.domain import Domain, load_domain
from bot.forms import Forms
from bot.intake import Intake
from bot.interpreters import OwnInterpreter
from bot.need_topics import TopicWords
from bot.registry import INVITATION_LIVES, digest_of, new_code
from bot.resources import Catalogue, Library
from bot.store.base import Base
from bot.store.embedded import embedded_postgres
from bot.store.engine import Database, Transaction
from bot.synthesis import SynthesisWords
from bot.talk import Talker
from bot.turn import Room, Turns
from nlu.interpreter import Interpreter
from nlu.model import ensure_model
from tests.fakes import Chat, Clock, PlainChannel, Watcher
from tests.whatsapp_chat import WhatsAppChat, whatsapp_channel

ROOT = Path(__file__).parent.parent
CARRIERS: dict[str, type[Chat]] = {"plain": Chat, "whatsapp": WhatsAppChat}
ON_WHATSAPP_TOO = (
    "test_announcements",
    "test_announcement_reports",
    "test_conversations",
    "test_registration",
    "test_resources",
    "test_subscriptions",
    "test_trainings",
)
"""Modules whose chats are held on WhatsApp as well, unchanged."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    module = metafunc.module.__name__.rpartition(".")[2]
    if "carrier" in metafunc.fixturenames and module in ON_WHATSAPP_TOO:
        metafunc.parametrize("carrier", list(CARRIERS))


@pytest.fixture
def carrier() -> str:
    """What carries the chats of a test: the plainest channel, where a module does not ask for more."""
    return "plain"


@pytest.fixture(scope="session")
async def database_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """OSCBOT_TEST_DATABASE_URL names another server; its tables are emptied by the tests."""
    named = os.environ.get("OSCBOT_TEST_DATABASE_URL")
    if named:
        yield named
        return
    async with embedded_postgres(tmp_path_factory.mktemp("data")) as url:
        yield url


@pytest.fixture(scope="session")
async def migrated(database_url: str) -> AsyncIterator[Database]:
    """One open database for the whole session; tests ask for `database`, which is empty."""
    database = await Database.open(database_url)
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
async def database(migrated: Database) -> Database:
    """All tables there, all of them empty."""
    connection = await migrated.connect()
    await connection.execute(
        "; ".join(f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables))
    )
    await connection.close()
    return migrated


@pytest.fixture(scope="session")
def interpreter() -> OwnInterpreter:
    """The real model, trained when the data changed and kept beside the one `make run` uses."""
    model = ROOT / "var" / "model.npz"
    ensure_model(ROOT / "data", model, progress=lambda line: None)
    return OwnInterpreter(Interpreter.load(model, ROOT / "data"))


@pytest.fixture(scope="session")
def domain() -> Domain:
    return load_domain(ROOT)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return Catalogue.load(ROOT / "data")


@pytest.fixture
async def room(database: Database, domain: Domain, interpreter: OwnInterpreter, catalogue: Catalogue) -> Room:
    """Everything a turn needs, with the real content, and fakes at the ports."""
    async with database.transaction() as tx:
        await catalogue.publish(tx.resources)

    def library(tx: Transaction) -> Library:
        return Library(tx.resources, catalogue, date(2026, 11, 24))

    indexes = DirectoryIndexes.load(ROOT / "data")
    talker = Talker(domain, ACTIONS, Forms(FORMS))
    channels: dict[str, Channel] = {"plain": PlainChannel(), "whatsapp": whatsapp_channel()}
    return Room(
        domain,
        channels,
        interpreter,
        library,
        indexes,
        talker,
        Clock(),
        Watcher(),
        topics=TopicWords.load(ROOT / "data"),
        synthesis=SynthesisWords.load(ROOT / "data"),
    )


@pytest.fixture
def chats(database: Database, room: Room, carrier: str) -> Callable[[str], Chat]:
    """Chats of as many people as a test needs, over one database and one clock."""
    clock = room.clock
    assert isinstance(clock, Clock)
    intake, turns = Intake(database, room.channels, clock), Turns(database, room)
    return lambda person: CARRIERS[carrier](database, intake, turns, clock, person)


@pytest.fixture
def chat(chats: Callable[[str], Chat]) -> Chat:
    return chats("amina")


@pytest.fixture
def invited(database: Database, room: Room) -> Callable[[str], Awaitable[str]]:
    """Codes as `python -m bot invite ROLE` prints them."""

    async def invite(role: str) -> str:
        code = new_code()
        async with database.transaction() as tx:
            await tx.invitations.add(digest_of(code), role, room.clock() + INVITATION_LIVES)
        return code

    return invite


@pytest.fixture
def ticks(database: Database, room: Room) -> AnnouncementTicks:
    """The clock's part in announcements, two recipients a step."""
    return AnnouncementTicks(database, room.domain, room.zone, chunk=2)
