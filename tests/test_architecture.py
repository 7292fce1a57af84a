"""House laws: who may import whom, and where libraries live."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "nlu").rglob("*.py")])

LAYERS = (
    ("bot.messages", "bot.errors", "bot.conversation", "bot.content"),
    ("bot.domain", "bot.channels.port", "bot.store"),
    (
        "bot.dialogue",
        "bot.actions",
        "bot.forms",
        "bot.taps",
        "bot.replies",
        "bot.interpreters",
        "bot.readings",
    ),
    (
        "bot.talk",
        "bot.search_words",
        "bot.catalogue",
        "bot.resources",
        "bot.directory",
        "bot.desk",
        "bot.registry",
    ),
    ("bot.turn", "bot.intake", "bot.events", "bot.delivery", "bot.patience", "bot.rehearsal", "bot.stories"),
    ("bot.channels", "bot.web", "bot.metrics", "bot.history", "bot.settings"),
    ("bot.app",),
    ("bot.__main__",),
)
"""From pure words at the top down to the command line: each may import its own layer and those above."""

CATCHES_ALL = {
    "bot/turn.py": "one turn",
    "bot/delivery.py": "one tick of delivery",
    "bot/channels/telegram_poll.py": "the offset must not move on whatever error the inbox has",
}


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _layer(module: str) -> int | None:
    """The layer of the longest prefix that is named; None for what is outside the map."""
    found = [
        (len(name), level)
        for level, names in enumerate(LAYERS)
        for name in names
        if module == name or module.startswith(f"{name}.")
    ]
    return max(found)[1] if found else None


@pytest.mark.parametrize("path", FILES, ids=_module)
def test_imports_go_up_the_map(path: Path) -> None:
    own = _layer(_module(path))
    wrong = [name for name in _imports(path) if own is not None and (_layer(name) or 0) > own]
    assert not wrong


def test_every_module_of_the_bot_is_on_the_map() -> None:
    assert [_module(p) for p in FILES if _layer(_module(p)) is None and _module(p).startswith("bot.")] == []


def test_the_nlu_knows_nothing_of_the_bot() -> None:
    assert not [p for p in FILES if _module(p).startswith("nlu") for n in _imports(p) if n.startswith("bot")]


@pytest.mark.parametrize(
    ("library", "home"),
    [
        ("sqlalchemy", "bot.store"),
        ("asyncpg", "bot.store"),
        ("alembic", "bot.store"),
        ("telegram", "bot.channels.telegram_ptb"),
        ("aiogram", "bot.channels.telegram_aiogram"),
    ],
)
def test_each_library_has_one_home(library: str, home: str) -> None:
    users = {_module(p) for p in FILES for name in _imports(p) if name.split(".")[0] == library}
    assert users
    assert all(user.startswith(home) for user in users)


def test_the_environment_is_read_in_one_place() -> None:
    readers = [_module(p) for p in FILES if "os.environ" in p.read_text(encoding="utf-8")]
    assert set(readers) <= {"bot.settings", "bot.store.postmaster", "bot.store.cluster"}


def test_exceptions_are_caught_wholesale_only_around_one_turn_and_one_tick() -> None:
    catching = {
        str(path.relative_to(ROOT))
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) == "Exception")
    }
    assert catching == set(CATCHES_ALL)


@pytest.mark.parametrize("path", FILES, ids=_module)
def test_files_fit_in_the_head_and_open_with_what_they_know(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 450
    assert ast.get_docstring(ast.parse(text))
