"""`python -m bench [NAME …]`: measures what is named, or all; prints one table, writes results/latest.json."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from bench.figures import Figure, table, together

MODULES = {
    "start": "bench.start",
    "turns": "bench.turns",
    "web": "bench.web",
    "delivery": "bench.delivery",
    "whatsapp": "bench.whatsapp",
    "directory": "bench.directory",
    "nlu": "bench.nlu",
    "rasa": "bench.rasa_server",
}
RESULTS = Path(__file__).parent / "results" / "latest.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(MODULES)}; all by default")
    parser.add_argument("--rasa-epochs", type=int, help="train Rasa for fewer epochs than config.yml says")
    parser.add_argument("--large", action="store_true", help="also deliver with a million recipients waiting")
    chosen = parser.parse_args()
    names = chosen.names or list(MODULES)
    if unknown := set(names) - MODULES.keys():
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    figures: list[Figure] = []
    loads: dict[str, float] = {}
    for name in names:
        print(f"{name}…", file=sys.stderr, flush=True)
        loads[name] = os.getloadavg()[0]
        figures += _run(name, chosen)
    merged = together(figures)
    print(table(merged))
    _write(merged, loads)
    return 0


def _run(name: str, chosen: argparse.Namespace) -> list[Figure]:
    measure: Callable[..., list[Figure]] = import_module(MODULES[name]).run
    match name:
        case "rasa":
            return measure(chosen.rasa_epochs)
        case "delivery":
            return measure(large=chosen.large)
        case _:
            return measure()


def _write(figures: list[Figure], loads: Mapping[str, float]) -> None:
    """`load_before` tells how busy the machine was; figures taken on a busy one are no figures."""
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": loads,
        "figures": [figure.as_json() for figure in figures],
    }
    RESULTS.parent.mkdir(exist_ok=True)
    draft = RESULTS.with_suffix(".tmp")
    draft.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draft.replace(RESULTS)


if __name__ == "__main__":
    sys.exit(main())
