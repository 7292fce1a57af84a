"""How the bot's log is written: one line a record, on standard error, libraries kept quiet."""

import logging
import sys

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
QUIET = {"httpx": "WARNING", "alembic": "WARNING", "pywa": "WARNING", "apscheduler": "ERROR"}
"""APScheduler warns of every tick that takes longer than its interval."""


def begin_log(level: str) -> None:
    logging.basicConfig(level=level, format=LOG_FORMAT, stream=sys.stderr)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(least)
