"""The NLU alone, from the command line: train, parse, evaluate, lint, and make the language counts."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import yaml
from dotenv import dotenv_values

from nlu import report
from nlu.corpora import texts
from nlu.evaluation import Evaluation, Heard, hear, hear_all, judge
from nlu.examples import BadExamples, read_examples
from nlu.folds import folds
from nlu.interpreter import BadModel, Interpreter
from nlu.langid import build
from nlu.learned import exported
from nlu.lesson import figures, teach
from nlu.lint import LEAST, lint
from nlu.model import SEED, ensure_model

DATA = Path(__file__).parent.parent / "data"
DOMAIN = DATA.parent / "domain.yml"
JUDGED = DATA.parent / "tests" / "nlu"
FOLDER = "OSCBOT_DATA_DIR"
"""The bot's setting: where its model and what it learnt lie."""
GENTLE = 15
"""Of 19: what people wait for goes first, also on one core."""


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0, or 1 after one clear line on standard error."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.work(chosen) or 0)
    except (BadExamples, BadModel, UnicodeDecodeError) as error:
        print(f"nlu: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"nlu: {error.filename or 'output'}: {error.strerror}", file=sys.stderr)
        return 1


def _kept() -> Path:
    """The bot's data directory, read as the bot reads it: the environment, then `.env`."""
    return Path(os.environ.get(FOLDER) or dotenv_values(".env").get(FOLDER) or "var")


def _parser() -> argparse.ArgumentParser:
    kept = _kept()
    parser = argparse.ArgumentParser(prog="python -m nlu", description=__doc__)
    commands = parser.add_subparsers(required=True)
    train = commands.add_parser("train", help="train when the data changed")
    train.add_argument("--seed", type=int, default=SEED)
    train.add_argument("--learned", type=Path, metavar="FOLDER", help="also what was learnt from use")
    train.add_argument("--json", action="store_true", help="the number of examples, for programs")
    train.add_argument("--gently", action="store_true", help="let everything else on this machine go first")
    train.set_defaults(work=_train)
    parse = commands.add_parser("parse", help="the meaning of texts, or of each line of the input")
    parse.add_argument("texts", nargs="*")
    parse.add_argument("--json", action="store_true")
    parse.set_defaults(work=_parse)
    judged = commands.add_parser("evaluate", help="figures on files of labelled messages")
    judged.add_argument("files", nargs="+", type=Path, metavar="FILE.yml")
    judged.add_argument("--json", action="store_true", help="figures only, for programs")
    judged.add_argument("--html", type=Path, metavar="FILE", help="also write the report with its picture")
    judged.add_argument("--cv", type=int, metavar="FOLDS", help="also cross-validate on the training data")
    judged.set_defaults(work=_evaluate)
    compared = commands.add_parser("compare", help="counts of models on a test set, as JSON")
    compared.add_argument("models", nargs="+", type=Path, metavar="MODEL.npz")
    compared.add_argument("--judged", type=Path, default=JUDGED, metavar="FOLDER", help="the test set")
    compared.set_defaults(work=_compare)
    counts = commands.add_parser("langid-build", help="make data/langid from a folder of texts")
    counts.add_argument("folder", type=Path)
    counts.set_defaults(work=_build)
    export = commands.add_parser("export", help="examples learnt from use, as Rasa YAML")
    export.add_argument("--learned", type=Path, default=kept / "learned", metavar="FOLDER")
    export.add_argument("--to", type=Path, metavar="FILE")
    export.set_defaults(work=_export)
    linted = commands.add_parser(
        "lint", help="what is wrong with the examples; 1 when something must be mended"
    )
    linted.add_argument("--judged", type=Path, default=JUDGED, metavar="FOLDER", help="the test set")
    linted.add_argument("--domain", type=Path, default=DOMAIN, help="names the intents")
    linted.add_argument("--all", action="store_true", help="list the remarks too, not only their number")
    linted.set_defaults(work=_lint)
    for command in (train, parse, judged, compared, linted):
        command.add_argument("--data", type=Path, default=DATA)
    for command in (train, parse, judged):
        command.add_argument("--model", "--out", type=Path, default=kept / "model.npz")
    return parser


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _train(chosen: argparse.Namespace) -> None:
    if chosen.gently:
        os.nice(GENTLE)
    if chosen.learned is not None:
        count = teach(chosen.data, chosen.learned, chosen.model, seed=chosen.seed, progress=_tell)
        if chosen.json:
            print(json.dumps({"examples": count}))
        return
    ensure_model(chosen.data, chosen.model, seed=chosen.seed, progress=_tell)
    _tell(f"The model is {chosen.model}, {chosen.model.stat().st_size / 1e6:.1f} MB.")


def _interpreter(chosen: argparse.Namespace) -> Interpreter:
    ensure_model(chosen.data, chosen.model, progress=_tell)
    return Interpreter.load(chosen.model, chosen.data)


def _parse(chosen: argparse.Namespace) -> None:
    interpreter = _interpreter(chosen)
    for text in chosen.texts or (line.rstrip("\n") for line in sys.stdin):
        meaning = interpreter.parse(text)
        if chosen.json:
            print(json.dumps({"text": text, **asdict(meaning)}, ensure_ascii=False))
            continue
        named = ", ".join(f"{e.name}={e.value}" for e in meaning.entities)
        verdict = f"{meaning.verdict} {meaning.intent} {meaning.confidence:.2f}"
        print(f"{meaning.language}  {verdict}  {named}  « {text} »")


def _evaluate(chosen: argparse.Namespace) -> None:
    interpreter = _interpreter(chosen)
    heard = [(str(file), hear(interpreter, file)) for file in chosen.files]
    if chosen.cv:
        heard.append((f"{chosen.data} in {chosen.cv} folds", _cross_validated(chosen)))
    results = [judge(name, found) for name, found in heard]
    pairs = [pair for _, found in heard for pair in found.pairs]
    if chosen.html:
        chosen.html.write_text(report.page(pairs), encoding="utf-8")
    if chosen.json:
        print(json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=1))
        return
    for result in results:
        print(_summary(result))
    print("\n".join(report.lines(pairs)))


def _cross_validated(chosen: argparse.Namespace) -> Heard:
    heard = Heard([], [])
    for interpreter, unseen in folds(
        read_examples([chosen.data / "nlu"]), chosen.data, chosen.cv, SEED, _tell
    ):
        found = hear_all(interpreter, unseen)
        heard.pairs.extend(found.pairs)
        heard.seconds.extend(found.seconds)
    return heard


def _summary(result: Evaluation) -> str:
    language = "" if result.language_accuracy is None else f"language {result.language_accuracy:.3f}, "
    return (
        f"{result.file}: {result.messages} messages, accuracy {result.accuracy:.3f}, "
        f"macro-F1 {result.macro_f1:.3f}, entity F1 {result.entity_f1:.3f}, acted wrong "
        f"{result.acted_wrong:.3f}, asked {result.asked:.3f}, abstained {result.abstained:.3f}, {language}"
        f"p50 {result.latency_ms_p50} ms"
    )


def _compare(chosen: argparse.Namespace) -> None:
    """One object a model: figures by file of the test set."""
    found = [figures(Interpreter.load(path, chosen.data), chosen.judged) for path in chosen.models]
    print(json.dumps(found))


def _lint(chosen: argparse.Namespace) -> int:
    domain = yaml.load(chosen.domain.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    tests = [file for file in sorted(chosen.judged.glob("*.yml")) if file.stem != "known_misses"]
    found = lint(chosen.data, tests, domain["intents"])
    for line in (*found.errors, *(found.remarks if chosen.all else ())):
        print(line)
    for language in LEAST:
        counts = sorted((n, intent) for (intent, spoken), n in found.counts.items() if spoken == language)
        if counts:
            total = sum(n for n, _ in counts)
            print(
                f"{language}: {total} examples, {counts[0][0]} ({counts[0][1]}) to {counts[-1][0]} ({counts[-1][1]})"
            )
    print(
        f"{len(found.errors)} errors, {len(found.remarks)} remarks{'' if chosen.all else ' (--all lists them)'}"
    )
    return int(bool(found.errors))


def _export(chosen: argparse.Namespace) -> None:
    merged = exported(chosen.learned)
    if chosen.to is None:
        print(merged, end="")
    else:
        chosen.to.write_text(merged, encoding="utf-8")


def _build(chosen: argparse.Namespace) -> None:
    build(texts(chosen.folder), DATA / "langid" / "counts.json")


if __name__ == "__main__":
    sys.exit(main())
