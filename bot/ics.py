"""A training as a calendar file: RFC 5545, times in UTC, lines folded at 75 octets, text escaped."""

from datetime import UTC, datetime

from bot.training import Status, Training

MEDIA_TYPE = "text/calendar"
WIDTH = 75
"""Octets of a line without its break (RFC 5545, 3.1)."""


def calendar_file(training: Training, language: str, now: datetime) -> bytes:
    """One event; a newer file of the same training replaces the older one in the phone's calendar."""
    plan, texts = training.plan, training.texts(language)
    status = "CANCELLED" if training.status is Status.CANCELLED else "CONFIRMED"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Bender-Djedid//oscbot//FR",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:training-{training.id}@oscbot",
        f"SEQUENCE:{training.revision}",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(plan.starts_at)}",
        f"DTEND:{_utc(plan.ends_at)}",
        f"SUMMARY:{escaped(texts.title)}",
        f"LOCATION:{escaped(f'{plan.place}, {plan.region}')}",
        *([f"DESCRIPTION:{escaped(texts.description)}"] if texts.description else []),
        f"STATUS:{status}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def escaped(text: str) -> str:
    """TEXT of RFC 5545, 3.3.11."""
    for plain, safe in (("\\", "\\\\"), (";", "\\;"), (",", "\\,")):
        text = text.replace(plain, safe)
    return "\\n".join(text.splitlines())


def folded(line: str) -> str:
    """Parted before a character that would pass the width, never within one; continuation lines begin blank."""
    parts, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > WIDTH:
            parts.append("")
            size = 1
        parts[-1] += character
        size += width
    return "\r\n ".join(parts)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
