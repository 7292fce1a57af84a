"""Everything known of a person as a text they can read: sections with a heading in their language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.actions.announcement_texts import LANGUAGE_KEYS
from bot.actions.context import Remembered
from bot.actions.profile_fields import field_words
from bot.actions.training_texts import Wordbook
from bot.consent import Consent
from bot.own_data import Everything


@dataclass(frozen=True, slots=True)
class Known:
    """`accounts`: their channels. `said`: when, whether ours, the words."""

    kept: Remembered
    accounts: Sequence[str]
    consents: Sequence[Consent]
    everything: Everything
    said: Sequence[tuple[datetime, bool, str]]


def told(words: Wordbook, now: datetime, known: Known) -> str:
    """Sections that hold nothing are left out."""
    everything = known.everything
    sections: Mapping[str, Iterable[str]] = {
        "person": _person(words, known.kept),
        "accounts": known.accounts,
        "consents": (_consent(words, consent) for consent in known.consents),
        "organisations": (line for card in everything.organisations for line in _card(words, card)),
        "projects": everything.projects,
        "trainings": (
            f"{words.moment(at)} : {_title(texts)} : {_seat(words, seat)}"
            for texts, at, seat in everything.enrolments
        ),
        "opinions": (
            f"{_title(texts)} : {mark}/5 {comment or ''}" for texts, mark, comment in everything.opinions
        ),
        "reminders": (f"{words.moment(at)} : {text}" for text, at in everything.reminders),
        "topics": everything.topics,
        "needs": _answered(words, everything.needs),
        "questions": _answered(words, everything.questions),
        "reviews": (f"{words.moment(at)} : {text}" for text, at in everything.reviews),
        "messages": (f"{words.moment(at)} {'«' if ours else '»'} {text}" for at, ours, text in known.said),
    }
    blocks = [words.say("utter_file_title", today=words.moment(now))]
    for name, lines in sections.items():
        listed = [f"- {line}" for line in lines]
        if listed:
            blocks.append("\n".join([words.text(f"utter_file_{name}").upper(), *listed]))
    return "\n\n".join(blocks) + "\n"


def _person(words: Wordbook, kept: Remembered) -> list[str]:
    language = LANGUAGE_KEYS.get(kept.language or "fr", "francais")
    return [
        kept.name or "—",
        words.text(f"utter_language_{language}"),
        words.text(f"utter_role_{kept.role}"),
    ]


def _consent(words: Wordbook, consent: Consent) -> str:
    answer = words.text("utter_consent_yes" if consent.given else "utter_consent_no")
    about = words.text(f"utter_consent_about_{consent.purpose}")
    return f"{words.moment(consent.at)} : {about} {answer} (n° {consent.version})"


def _card(words: Wordbook, card: Mapping[str, Any]) -> list[str]:
    """The organisation as its profile shows it, each field by its name."""
    status = words.text(f"utter_status_{card['status']}")
    fields = {
        column: value for column, value in card.items() if value not in (None, [], "") and column != "status"
    }
    lines = [
        f"{words.text(f'utter_label_osc_{c}')} : {field_words(words.text, f'osc_{c}', v)}"
        for c, v in fields.items()
    ]
    return [*lines, f"{words.text('utter_label_osc_status')} : {status}"]


def _seat(words: Wordbook, seat: str) -> str:
    return words.say(f"utter_seat_{seat}", position="…").replace("\n", " ")


def _title(texts: Mapping[str, Any]) -> str:
    first: Mapping[str, Any] = texts.get("fr") or next(iter(texts.values()), {})
    return str(first.get("title", ""))


def _answered(words: Wordbook, rows: Iterable[tuple[str, datetime, str | None]]) -> list[str]:
    return [f"{words.moment(at)} : {text}" + (f" → {answer}" if answer else "") for text, at, answer in rows]
