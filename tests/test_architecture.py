"""House laws: who may import whom, and where libraries live. Reads like the README's drawing."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "nlu").rglob("*.py"), ROOT / "scheduler.py"])
TESTS = sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")])


@dataclass(frozen=True, slots=True)
class Room:
    """Modules that belong together; a package stands for all in it. They may use each other and `may_use`."""

    modules: tuple[str, ...]
    may_use: tuple[str, ...] = ()


MAP = {
    "words": Room(
        (
            "bot.messages",
            "bot.errors",
            "bot.conversation",
            "bot.content",
            "bot.training",
            "bot.reminding",
            "bot.ics",
            "bot.audiences",
            "bot.announcement",
            "bot.figures",
            "bot.organisation",
            "bot.need",
            "bot.consent",
            "bot.own_data",
            "bot.call",
            "bot.synthesis_blocks",
            "bot.templates",
            "bot.sheets",
            "bot.quiet",
            "bot.postage",
            "bot.failures",
        )
    ),
    "settings": Room(("bot.settings", "bot.log"), ("words",)),
    "grammar": Room(
        (
            "bot.domain",
            "bot.search_words",
            "bot.moments",
            "bot.bounds",
            "bot.asked_days",
            "bot.freshness",
            "bot.periods",
            "bot.quiet_words",
            "bot.leaving_words",
            "bot.duplicates",
            "bot.need_topics",
            "bot.directory_words",
            "bot.directory_index",
            "bot.directory_rows",
            "bot.import_plan",
            "bot.masking",
        ),
        ("words",),
    ),
    "port": Room(("bot.channels.port",), ("words",)),
    "memory": Room(("bot.store",), ("words",)),
    "decisions": Room(
        (
            "bot.dialogue",
            "bot.forms",
            "bot.actions",
            "bot.talk",
            "bot.nearby",
            "bot.readings",
            "bot.taps",
            "bot.interpreters",
            "bot.replies",
        ),
        ("words", "grammar"),
    ),
    "use cases": Room(
        (
            "bot.turn",
            "bot.intake",
            "bot.events",
            "bot.alerts",
            "bot.delivery",
            "bot.delivery_reactions",
            "bot.receipts",
            "bot.pace",
            "bot.windows",
            "bot.template_watch",
            "bot.files",
            "bot.patience",
            "bot.catalogue",
            "bot.resources",
            "bot.directory",
            "bot.imports",
            "bot.profiles",
            "bot.freshness_ticks",
            "bot.projects",
            "bot.finding",
            "bot.directory_indexes",
            "bot.directory_ticks",
            "bot.trust",
            "bot.merging",
            "bot.exporting",
            "bot.export_files",
            "bot.export_page",
            "bot.desk",
            "bot.registry",
            "bot.trainings",
            "bot.training_planning",
            "bot.training_notices",
            "bot.reminders",
            "bot.training_ticks",
            "bot.announcing",
            "bot.announcement_ticks",
            "bot.announcement_counts",
            "bot.announcement_missed",
            "bot.uploads",
            "bot.charts",
            "bot.roles",
            "bot.linking",
            "bot.needs",
            "bot.personal",
            "bot.unasked",
            "bot.retention",
            "bot.calls",
            "bot.synthesis",
            "bot.statistics",
            "bot.synthesis_command",
            "bot.synthesis_html",
            "bot.synthesis_pdf",
            "bot.reviews",
            "bot.current_model",
            "bot.model_shelf",
            "bot.learning",
            "bot.learning_notices",
            "bot.versions",
            "bot.workshop",
            "bot.quiet",
            "bot.names",
            "bot.recurrence",
            "bot.ticks",
        ),
        ("words", "grammar", "port", "memory", "decisions"),
    ),
    "doors": Room(("bot.channels", "bot.web"), ("words", "port")),
    # They fill what the doors ask for from memory, so that no door sees a table.
    "windows": Room(("bot.history", "bot.metrics"), ("words", "memory", "doors")),
    # Stories play conversations on the decisions alone: no memory, no door.
    "rehearsal": Room(
        (
            "bot.rehearsal",
            "bot.rehearsal_directory",
            "bot.rehearsal_needs",
            "bot.rehearsal_trainings",
            "bot.stories",
        ),
        ("words", "grammar", "decisions"),
    ),
    "command line": Room(
        ("bot.__main__", "bot.directory_commands", "bot.model_commands"),
        (
            "words",
            "settings",
            "port",
            "use cases",
            "doors",
            "rehearsal",
            "clock",
            "composition root",
            "grammar",
            "memory",
        ),
    ),
    "clock": Room(("scheduler",), ("words", "settings", "memory", "use cases", "composition root")),
}
MAP["composition root"] = Room(("bot.app", "bot.whatsapp_parts"), tuple(set(MAP) - {"command line", "clock"}))

HOMES = {
    "sqlalchemy": ("bot.store",),
    "asyncpg": ("bot.store",),
    "alembic": ("bot.store",),
    "apscheduler": ("scheduler",),
    "telegram": ("bot.channels.telegram_ptb",),
    "pywa": ("bot.channels.whatsapp_messages",),
    "pywa_async": ("bot.channels.whatsapp_api",),
    "aiogram": ("bot.channels.telegram_aiogram",),
    "fastapi": ("bot.web",),
    "starlette": ("bot.web",),
    "uvicorn": ("bot.web",),
    "pydantic_settings": ("bot.settings",),
    "prometheus_client": ("bot.metrics", "bot.web.watch"),
    "numpy": ("nlu",),
    "PIL": ("bot.charts",),
    "fpdf": ("bot.synthesis_pdf",),
}

WORDS_OF_NLU = ("nlu.meaning", "nlu.almanac", "nlu.namebook", "nlu.numbers")
"""What the bot shares with the language model: values, names of months, things with names, numbers in words."""

CATCHES_ALL = {
    "scheduler.py": "one tick of the clock",
    "bot/turn.py": "one turn",
    "bot/delivery.py": "one tick of delivery",
    "bot/channels/telegram_poll.py": "updates wait for the database, whatever it complains of",
}

MOST_LINES = 450


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imports(path: Path) -> Iterator[str]:
    """Dotted names, `from a import b` as a.b; imports within functions too."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def _within(name: str, module: str) -> bool:
    return name == module or name.startswith(f"{module}.")


def _room(name: str) -> str | None:
    """The room whose module names it most closely: bot.channels.port is the port, not a door."""
    found = [(len(m), room) for room, r in MAP.items() for m in r.modules if _within(name, m)]
    return max(found)[1] if found else None


def _catches_all(handler: ast.ExceptHandler) -> bool:
    """Any exception is caught and not simply raised again at the end."""
    caught = (
        {n.id for n in ast.walk(handler.type) if isinstance(n, ast.Name)} if handler.type else {"Exception"}
    )
    last = handler.body[-1]
    raised_again = isinstance(last, ast.Raise) and last.exc is None
    return bool(caught & {"Exception", "BaseException"}) and not raised_again


@pytest.mark.parametrize("path", CODE, ids=_name)
def test_imports_keep_to_the_map(path: Path) -> None:
    own = _room(_name(path))
    allowed = {None, own, *(MAP[own].may_use if own else ())}
    assert [name for name in _imports(path) if _room(name) not in allowed] == []


def test_every_module_of_the_bot_is_on_the_map() -> None:
    names = [_name(path) for path in CODE if _name(path).startswith("bot.")]
    assert [name for name in names if _room(name) is None] == []


def test_the_map_names_only_what_exists() -> None:
    existing = {_name(path) for path in CODE}
    assert [module for room in MAP.values() for module in room.modules if module not in existing] == []


def test_only_the_command_line_and_the_clock_import_the_composition_root() -> None:
    users = {_name(path) for path in CODE for name in _imports(path) if _within(name, "bot.app")}
    assert users == {"bot.__main__", "scheduler"}


def test_imports_are_absolute() -> None:
    assert [_name(p) for p in [*CODE, *TESTS] for name in _imports(p) if name.startswith(".")] == []


def test_the_nlu_knows_nothing_of_the_bot() -> None:
    nlu = [path for path in CODE if _within(_name(path), "nlu")]
    assert [_name(path) for path in nlu for name in _imports(path) if _within(name, "bot")] == []


def test_the_bot_sees_meanings_and_few_see_the_model() -> None:
    users = {
        _name(path)
        for path in CODE
        for name in _imports(path)
        if _within(_name(path), "bot")
        and _within(name, "nlu")
        and not any(_within(name, known) for known in WORDS_OF_NLU)
    }
    models = {"bot.workshop", "bot.current_model", "bot.versions"}
    assert users <= {"bot.app", "bot.interpreters", "bot.stories", *models}


@pytest.mark.parametrize("library", HOMES)
def test_each_library_has_one_home(library: str) -> None:
    users = {_name(path) for path in CODE for name in _imports(path) if _within(name, library)}
    assert users
    assert [user for user in users if not any(_within(user, home) for home in HOMES[library])] == []


def test_nobody_reads_the_environment_past_the_settings() -> None:
    """bot.settings has pydantic read it; the language model alone, which has no settings, asks for its folder."""
    readers = {
        _name(path)
        for path in CODE
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"}
    }
    direct = {_name(p) for p in CODE for name in _imports(p) if name in {"os.environ", "os.getenv"}}
    assert readers | direct == {"nlu.__main__"}


def test_exceptions_are_caught_wholesale_only_where_said() -> None:
    catching = {
        path.relative_to(ROOT).as_posix()
        for path in CODE
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ExceptHandler) and _catches_all(node)
    }
    assert catching == set(CATCHES_ALL)


def test_tests_use_fakes_written_by_hand() -> None:
    assert [_name(path) for path in TESTS for name in _imports(path) if _within(name, "unittest")] == []


def test_files_open_with_what_they_know() -> None:
    assert [_name(path) for path in CODE if not ast.get_docstring(_tree(path))] == []


def test_files_fit_in_the_head() -> None:
    lengths = {_name(p): len(p.read_text(encoding="utf-8").splitlines()) for p in [*CODE, *TESTS]}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_migrations_are_one_line_of_numbers() -> None:
    """Two that were written at the same time must not both follow the same one."""
    files = sorted((ROOT / "bot" / "store" / "migrations" / "versions").glob("[0-9]*.py"))
    steps = []
    for path in files:
        text = path.read_text(encoding="utf-8")
        steps.append(
            (path.name[:4], *re.findall(r'^(?:down_)?revision = (?:"(\d+)"|None)', text, re.MULTILINE))
        )
    numbers = [f"{place:04}" for place in range(1, len(files) + 1)]
    assert steps == [(n, n, "" if n == "0001" else f"{int(n) - 1:04}") for n in numbers]
