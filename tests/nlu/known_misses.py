"""The messages of the test set whose intent is misunderstood: found, read from the list, written to it."""

from pathlib import Path

import yaml

from nlu.examples import read_examples
from nlu.interpreter import Interpreter
from nlu.model import ensure_model

ROOT = Path(__file__).parents[2]
LISTED = Path(__file__).with_name("known_misses.yml")
FILES = ("fr", "so", "aa", "mixed")

Miss = tuple[str, str, str]
"""File, text, the intent that is meant."""


def missed(interpreter: Interpreter) -> set[Miss]:
    return {
        (name, example.text, example.intent)
        for name in FILES
        for example in read_examples([Path(__file__).with_name(f"{name}.yml")])
        if interpreter.parse(example.text).intent != example.intent
    }


def read_listed() -> set[Miss]:
    listed = yaml.safe_load(LISTED.read_text(encoding="utf-8"))
    return {(name, text, intent) for name, texts in listed.items() for text, intent in texts.items()}


def main() -> None:
    model = ROOT / "var" / "model.npz"
    ensure_model(ROOT / "data", model)
    found = missed(Interpreter.load(model, ROOT / "data"))
    content = {name: {text: intent for own, text, intent in sorted(found) if own == name} for name in FILES}
    LISTED.write_text(yaml.safe_dump(content, allow_unicode=True, width=110), encoding="utf-8")


if __name__ == "__main__":
    main()
