"""The way into the database: one engine, one transaction at a time, one error when the server is away."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Self

import asyncpg
from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from bot.errors import OscbotError, StartError
from bot.store import migrate
from bot.store.announcements import Announcements
from bot.store.audiences import Audiences
from bot.store.audit import Audit
from bot.store.calls import Calls
from bot.store.consents import Consents
from bot.store.conversations import Conversations
from bot.store.directory import Organisations
from bot.store.directory_search import DirectorySearch
from bot.store.enrolments import Enrolments
from bot.store.erasure import Erasure
from bot.store.figures import Figures
from bot.store.files import FileShelf
from bot.store.following import Following
from bot.store.freshness import Freshness
from bot.store.groups import Groups
from bot.store.history import History
from bot.store.imports import Imports
from bot.store.inbox import IncomingMessages
from bot.store.invitations import Invitations
from bot.store.linking import Linking
from bot.store.memberships import Memberships
from bot.store.merging import Merging
from bot.store.model_orders import ModelOrders
from bot.store.models import Models
from bot.store.names import Names
from bot.store.needs import Needs
from bot.store.outbox import Outbox
from bot.store.pauses import Pauses
from bot.store.people import People
from bot.store.personal import PersonalData
from bot.store.projects import Projects
from bot.store.questions import Questions
from bot.store.relays import Relays
from bot.store.reminders import Reminders
from bot.store.resources import Resources
from bot.store.retention import Retention
from bot.store.reviews import Reviews
from bot.store.trainings import Trainings
from bot.store.troubles import Troubles
from bot.store.trust import Trust
from bot.store.windows import Windows
from bot.store.wishes import TrainingWishes

OLDEST_SERVER = 150000
CONNECT_SECONDS = 5.0
STATEMENT_SECONDS = 30.0
AWAY_SQLSTATES = ("08", "57P", "53")
"""Connection lost; server stopping or starting; nothing left (PostgreSQL, appendix A: 53, resources)."""


class DatabaseAway(OscbotError):
    """The server cannot be used for now: the transaction is undone; try again later."""


class Transaction:
    """One unit of work: everything done through it is committed together or not at all."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.inbox = IncomingMessages(session)
        self.conversations = Conversations(session)
        self.people = People(session)
        self.groups = Groups(session)
        self.outbox = Outbox(session)
        self.pauses = Pauses(session)
        self.files = FileShelf(session)
        self.questions = Questions(session)
        self.organisations = Organisations(session)
        self.memberships = Memberships(session)
        self.projects = Projects(session)
        self.imports = Imports(session)
        self.history = History(session)
        self.freshness = Freshness(session)
        self.directory_search = DirectorySearch(session)
        self.relays = Relays(session)
        self.trust = Trust(session)
        self.merging = Merging(session)
        self.erasure = Erasure(session)
        self.resources = Resources(session)
        self.invitations = Invitations(session)
        self.audit = Audit(session)
        self.trainings = Trainings(session)
        self.enrolments = Enrolments(session)
        self.reminders = Reminders(session)
        self.announcements = Announcements(session)
        self.audiences = Audiences(session)
        self.following = Following(session)
        self.reviews = Reviews(session)
        self.names = Names(session)
        self.wishes = TrainingWishes(session)
        self.linking = Linking(session)
        self.windows = Windows(session)
        self.troubles = Troubles(session)
        self.needs = Needs(session)
        self.calls = Calls(session)
        self.consents = Consents(session)
        self.personal = PersonalData(session)
        self.retention = Retention(session)
        self.models = Models(session)
        self.model_orders = ModelOrders(session)
        self.figures = Figures(session)


class Database:
    """A PostgreSQL database, version 15 or newer."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        # What is read is always as the database has it, also a second time: rows change under other turns.
        self._sessions = async_sessionmaker(
            engine,
            expire_on_commit=False,
            execution_options={"populate_existing": True, "synchronize_session": False},
        )

    @classmethod
    async def open(cls, url: str) -> Self:
        """Connect once to be sure; raises StartError, never naming the password."""
        address = parse_url(url)
        engine = create_async_engine(
            address,
            pool_size=8,
            max_overflow=2,
            pool_timeout=10,
            pool_pre_ping=True,
            hide_parameters=True,  # errors are logged, and parameters hold what people wrote
            connect_args={
                "timeout": CONNECT_SECONDS,
                "command_timeout": STATEMENT_SECONDS,
                "server_settings": {"application_name": "oscbot", "timezone": "UTC", "jit": "off"},
            },
        )
        database = cls(engine)
        try:
            await _check_version(engine, address)
        except BaseException:
            await database.close()
            raise
        return database

    async def migrate(self) -> None:
        """Bring the tables to the newest revision; safe when several processes start at once.

        Raises StartError.
        """
        try:
            with away_told():
                await migrate.to_head(self._engine)
        except DatabaseAway as error:
            raise StartError(f"the tables cannot be brought up to date: {error}") from None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Commit at the end, roll back on any exception; raises DatabaseAway when the server is not there."""
        with away_told():
            async with self._sessions.begin() as session:
                yield Transaction(session)

    async def connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        """A bare connection outside the pool, for listening; raises DatabaseAway."""
        _, options = self._engine.dialect.create_connect_args(self._engine.url)
        opening = asyncio.ensure_future(
            asyncpg.connect(
                **options, timeout=CONNECT_SECONDS, server_settings={"application_name": "oscbot bell"}
            )
        )
        with away_told():
            try:
                return await asyncio.shield(opening)
            except asyncio.CancelledError:
                # What is connected after all has nobody to close it.
                opening.add_done_callback(_drop)
                raise

    async def close(self) -> None:
        await self._engine.dispose()


def _drop(opening: "asyncio.Future[asyncpg.Connection[asyncpg.Record]]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().terminate()


def parse_url(url: str) -> URL:
    """Accept postgresql://, postgres:// and libpq's sslmode; raises StartError without repeating the text."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise StartError(
            "OSCBOT_DATABASE_URL is not a database address (postgresql://user:password@host/name)"
        ) from None
    if address.get_backend_name() not in ("postgresql", "postgres"):
        raise StartError(
            f"OSCBOT_DATABASE_URL must name a PostgreSQL server, not {address.get_backend_name()}"
        )
    query: dict[str, Any] = dict(address.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return address.set(drivername="postgresql+asyncpg", query=query)


@contextmanager
def away_told() -> Iterator[None]:
    """Turn every sign of a server that cannot be used for now into DatabaseAway."""
    try:
        yield
    except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        if not is_away(error):
            raise
        raise DatabaseAway(f"the database is away: {_first_line(error)}") from error


def is_away(error: BaseException) -> bool:
    """Whether the trouble is the server's or the network's, so that the same work may succeed later."""
    if isinstance(error, (OSError, PoolTimeout, asyncpg.InterfaceError)):
        return True
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        return str(getattr(error.orig, "sqlstate", None) or "").startswith(AWAY_SQLSTATES)
    return str(getattr(error, "sqlstate", None) or "").startswith(AWAY_SQLSTATES)


async def _check_version(engine: AsyncEngine, address: URL) -> None:
    where = address.render_as_string(hide_password=True)
    try:
        async with asyncio.timeout(2 * CONNECT_SECONDS), engine.connect() as connection:
            version = int((await connection.execute(text("SHOW server_version_num"))).scalar_one())
    except (OSError, TimeoutError) as error:
        raise StartError(f"the database at {where} cannot be reached ({type(error).__name__})") from None
    except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise StartError(f"the database at {where} refuses the bot: {_first_line(error)}") from None
    if version < OLDEST_SERVER:
        raise StartError(
            f"the database at {where} is PostgreSQL {version // 10000}: "
            f"the bot needs {OLDEST_SERVER // 10000} or newer"
        )


def _first_line(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    cause = getattr(cause, "__cause__", None) or cause
    return str(cause).partition("\n")[0] or type(cause).__name__
