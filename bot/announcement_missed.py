"""The list of those an announcement did not reach, as CSV for the office."""

import csv
import io
from collections.abc import Sequence

from bot.actions.announcement_texts import reason_words
from bot.actions.training_texts import Wordbook
from bot.announcement_counts import NOT_REACHED
from bot.failures import reason_key
from bot.store.announcements import Missed

HEAD = ("Nom", "Canal", "État", "Raison", "Texte de la messagerie")


def missed_csv(rows: Sequence[Missed], words: Wordbook) -> str:
    """Semicolons and a byte order mark, as spreadsheet programs set to French open it.

    State and reason in the coordinator's language; what the platform said, as it came, in the last column.
    """
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(HEAD)
    for row in rows:
        reason = (
            reason_words(reason_key(row.reason, row.state), words.text) if row.state in NOT_REACHED else ""
        )
        state = words.text(f"utter_outcome_{row.state}")
        name = _cell(row.name or row.recipient)
        writer.writerow([name, row.channel, state, _cell(reason), _cell(row.reason or "")])
    return out.getvalue()


def _cell(text: str) -> str:
    """A text that begins like a formula must not become one in a spreadsheet (OWASP, CSV injection)."""
    return f"'{text}" if text[:1] in tuple("=+-@\t\r") and not text[1:].isdigit() else text
