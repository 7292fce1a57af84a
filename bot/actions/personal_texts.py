"""Everything known of a person as a text they can read: sections with a heading in their language."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.actions.announcement_texts import LANGUAGE_KEYS
from bot.actions.context import Remembered
from bot.actions.training_texts import Wordbook
from bot.consent import Consent

Said = Sequence[tuple[datetime, bool, str]]
"""Messages: when, whether ours, the words."""


def told(
    words: Wordbook,
    now: datetime,
    kept: Remembered,
    parts: tuple[Sequence[str], Sequence[Consent], Any, Said],
) -> str:
    """`parts`: channels of the accounts, consents, `bot.store.personal.Everything`, messages.

    Sections that hold nothing are left out.
    """
    accounts, consents, everything, said = parts
    sections: Mapping[str, Iterable[str]] = {
        "person": _person(words, kept),
        "accounts": accounts,
        "consents": (_consent(words, consent) for consent in consents),
        "organisations": (line for card in everything.organisations for line in _card(card)),
        "projects": everything.projects,
        "trainings": (
            f"{words.moment(at)} : {_title(texts)} ({seat})" for texts, at, seat in everything.enrolments
        ),
        "opinions": (
            f"{_title(texts)} : {mark}/5 {comment or ''}" for texts, mark, comment in everything.opinions
        ),
        "reminders": (f"{words.moment(at)} : {text}" for text, at in everything.reminders),
        "topics": everything.topics,
        "needs": _answered(words, everything.needs),
        "questions": _answered(words, everything.questions),
        "reviews": (f"{words.moment(at)} : {text}" for text, at in everything.reviews),
        "messages": (f"{words.moment(at)} {'«' if ours else '»'} {text}" for at, ours, text in said),
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


def _card(card: Mapping[str, Any]) -> list[str]:
    return [f"{name} : {_value(value)}" for name, value in card.items() if value not in (None, [], "")]


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:%d/%m/%Y}" if isinstance(value, datetime) else str(value)


def _title(texts: Mapping[str, Any]) -> str:
    first: Mapping[str, Any] = texts.get("fr") or next(iter(texts.values()), {})
    return str(first.get("title", ""))


def _answered(words: Wordbook, rows: Iterable[tuple[str, datetime, str | None]]) -> list[str]:
    return [f"{words.moment(at)} : {text}" + (f" → {answer}" if answer else "") for text, at, answer in rows]
