"""The command line: run, chat, stories, invite, examples, retrain, models, import, export, whatsapp."""

import argparse
import asyncio
import getpass
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import StartError
from bot.log import begin_log
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.model_commands import ModelCommands

EARLIER = 0
"""No version has this number: the one used before is meant."""


def main(arguments: list[str] | None = None) -> int:
    """Gives the exit status: 0, or 1 after one clear line on standard error."""
    chosen = _parser().parse_args(arguments)
    try:
        settings = read_settings()
        begin_log(settings.log_level if chosen.command == "run" else "ERROR")
        status: int = _go(chosen.work(settings, chosen))
    except StartError as error:
        print(f"oscbot: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="serve the web chat, and Telegram when a token is set")
    run.set_defaults(work=_run)
    chat = commands.add_parser("chat", help="talk to the bot in this terminal, or line by line from a script")
    chat.add_argument("--as", dest="person", default=None, help="who talks; the login name by default")
    chat.set_defaults(work=_chat)
    invite = commands.add_parser("invite", help="print a one-time code that gives a role")
    invite.add_argument("role", choices=["partner", "coordinator", "admin"])
    invite.set_defaults(work=_invite)
    examples = commands.add_parser("examples", help="write what coordinators agreed upon for `nlu export`")
    examples.set_defaults(work=_examples)
    taking = commands.add_parser(
        "import", help="bring a CSV or XLSX file into the directory, or take one back"
    )
    taking.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="organisations, projects, or both"
    )
    taking.add_argument("--dry-run", action="store_true", help="only say what would become of each row")
    taking.add_argument("--json", action="store_true", help="rows as lists: new, update, duplicate, rejected")
    taking.add_argument("--undo", type=int, metavar="ID", help="take back the import of this number")
    taking.set_defaults(work=_import)
    whatsapp = commands.add_parser(
        "whatsapp", help="compare templates with the account; list titles too long"
    )
    whatsapp.add_argument("what", choices=["templates", "texts"])
    whatsapp.add_argument("--submit", action="store_true", help="send what is missing to be approved")
    whatsapp.set_defaults(work=_whatsapp)
    retrain = commands.add_parser("retrain", help="learn now from what coordinators agreed upon")
    retrain.set_defaults(work=_retrain)
    models = commands.add_parser("models", help="the versions of the language model, and the way back")
    models.add_argument(
        "--rollback",
        nargs="?",
        type=int,
        const=EARLIER,
        metavar="VERSION",
        help="use this version again; without a number the one before",
    )
    models.set_defaults(work=_models)
    synthesis = commands.add_parser("synthesis", help="write the synthesis of needs as HTML and PDF")
    synthesis.add_argument(
        "--from", dest="first", metavar="DATE", help="first day, 2026-01-31; a year ago by default"
    )
    synthesis.add_argument("--to", dest="last", metavar="DATE", help="last day; today by default")
    synthesis.add_argument("--output", type=Path, metavar="DIR", help="where; DATA_DIR/synthesis by default")
    synthesis.set_defaults(work=_synthesis)
    giving = commands.add_parser("export", help="write the directory as CSV, XLSX, JSON and offline HTML")
    giving.add_argument("target", type=Path, metavar="DIR|FILE", help="a folder, or a file of one of these")
    giving.add_argument(
        "--all-contacts", action="store_true", help="also contact details that are not public"
    )
    giving.set_defaults(work=_export)
    stories = commands.add_parser("stories", help="run test stories in Rasa's format on our engine")
    stories.add_argument("files", nargs="+", type=Path, metavar="FILE")
    stories.add_argument("--json", action="store_true")
    stories.set_defaults(work=_stories)
    return parser


def _go(work: Coroutine[Any, Any, int]) -> int:
    return asyncio.run(work)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


async def _run(settings: Settings, _: argparse.Namespace) -> int:
    from bot import app
    from scheduler import ticking

    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with app.built(settings, _say) as bot:
        server = app.web_server(bot)
        async with app.working(bot), ticking(app.ticks(bot)):
            serving = asyncio.create_task(server.serve())
            channels = " + ".join(sorted(bot.channels))
            _say(f"Ready ({channels}): http://{settings.host}:{server.port}/   Ctrl+C stops.")
            await asyncio.wait(
                [serving, asyncio.create_task(stop.wait())], return_when=asyncio.FIRST_COMPLETED
            )
            _say("Stopping…")
            server.should_exit = True
            await serving
    return 0


async def _chat(settings: Settings, chosen: argparse.Namespace) -> int:
    from bot import app
    from bot.channels.console import ConsoleChannel
    from bot.channels.port import Files
    from bot.patience import PatientInbox
    from scheduler import ticking

    def console(files: Files) -> ConsoleChannel:
        return ConsoleChannel(
            chosen.person or getpass.getuser(), place=(files, settings.data_dir / "received")
        )

    async with (
        app.built(settings, _say, console) as bot,
        app.working(bot, receive=False),
        ticking(app.ticks(bot)),
    ):
        await bot.channels["console"].run(PatientInbox(bot.intake, bot.database))
    return 0


async def _invite(settings: Settings, chosen: argparse.Namespace) -> int:
    from bot import app

    print(await app.invite(settings, chosen.role, _say))
    return 0


async def _examples(settings: Settings, _: argparse.Namespace) -> int:
    return await _with_models(settings, lambda commands: commands.examples())


async def _retrain(settings: Settings, _: argparse.Namespace) -> int:
    return await _with_models(settings, lambda commands: commands.retrain())


async def _models(settings: Settings, chosen: argparse.Namespace) -> int:
    from bot.versions import Rollback

    wanted = None if chosen.rollback is None else Rollback(chosen.rollback or None)
    return await _with_models(settings, lambda commands: commands.versions(wanted))


async def _with_models(settings: Settings, work: Callable[["ModelCommands"], Awaitable[int]]) -> int:
    from bot import app
    from bot.domain import load_domain
    from bot.model_commands import ModelCommands
    from bot.workshop import Workshop

    async with app.opened(settings, _say) as database:
        workshop = Workshop(app.ROOT, settings.data_dir)
        return await work(ModelCommands(database, load_domain(app.ROOT), workshop, settings))


async def _import(settings: Settings, chosen: argparse.Namespace) -> int:
    from bot import app, directory_commands

    if (chosen.undo is None) == (not chosen.files):
        raise StartError("import: name a file, or --undo with the number of an import")
    async with app.opened(settings, _say) as database:
        if chosen.undo is not None:
            return await directory_commands.undo(database, app.ROOT / "data", chosen.undo)
        how = directory_commands.How(dry=chosen.dry_run, as_json=chosen.json)
        return await directory_commands.take_in(database, app.ROOT / "data", chosen.files, how)


async def _whatsapp(settings: Settings, chosen: argparse.Namespace) -> int:
    from bot.app import ROOT
    from bot.domain import load_domain
    from bot.whatsapp_parts import shortened_titles, whatsapp_templates

    if chosen.what == "texts":
        print("\n".join(shortened_titles(load_domain(ROOT))))
        return 0
    lines, well = await whatsapp_templates(settings, submit=chosen.submit)
    print("\n".join(lines))
    return 0 if well else 1


async def _synthesis(settings: Settings, chosen: argparse.Namespace) -> int:
    from bot import app
    from bot.synthesis_command import Wanted, write_synthesis

    wanted = Wanted(chosen.first, chosen.last, chosen.output or settings.data_dir / "synthesis")
    async with app.opened(settings, _say) as database:
        return await write_synthesis(database, app.ROOT / "data", settings.zone, wanted)


async def _export(settings: Settings, chosen: argparse.Namespace) -> int:
    from bot import app, directory_commands

    async with app.opened(settings, _say) as database:
        return await directory_commands.give_out(
            database, app.exporting(), chosen.target, all_contacts=chosen.all_contacts
        )


async def _stories(_: Settings, chosen: argparse.Namespace) -> int:
    from bot.stories import run_files

    return await run_files(chosen.files, as_json=chosen.json)


if __name__ == "__main__":
    sys.exit(main())
