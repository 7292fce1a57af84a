"""Why a message did not arrive, in the few kinds a coordinator can do something about.

The texts are those of the platforms as the channels pass them on (Bot API descriptions, WhatsApp's error codes,
our own words where nothing was sent); an unknown one is "refused", and is shown as it is.
"""

from enum import StrEnum

LONGEST_SHOWN = 80


class Failure(StrEnum):
    BLOCKED = "blocked"
    GONE = "gone"
    GROUP = "group"
    TOO_LONG = "too_long"
    FILE = "file"
    WINDOW = "window"
    DOWN = "down"
    TOO_LATE = "too_late"
    LOOP = "loop"
    REFUSED = "refused"


PHRASES: tuple[tuple[Failure, tuple[str, ...]], ...] = (
    (Failure.DOWN, ("given up:", "no connection", "bad gateway", "too many requests", "internal server")),
    (
        Failure.GROUP,
        ("kicked", "not a member", "no rights", "not enough rights", "group", "chat_write", "topic"),
    ),
    (Failure.BLOCKED, ("blocked", "131050")),
    (Failure.GONE, ("deactivated", "not found", "peer_id_invalid", "131026", "initiate conversation")),
    (Failure.TOO_LONG, ("too long", "too_long")),
    (Failure.WINDOW, ("131047", "window", "template")),
    (Failure.FILE, ("file", "photo", "document", "image", "media")),
)
"""The first that fits counts."""


def failure_of(text: str | None) -> Failure:
    low = (text or "").lower()
    return next((kind for kind, phrases in PHRASES if any(p in low for p in phrases)), Failure.REFUSED)


def reason_key(text: str | None, ended: str = "") -> str:
    """What reasons are counted by: the kind, with the platform's own text where that is all there is.

    `ended`: the state of a row that was never refused: expired or looping.
    """
    if ended in ("expired", "looping"):
        return Failure.TOO_LATE if ended == "expired" else Failure.LOOP
    kind = failure_of(text)
    return f"{kind}|{(text or '?')[:LONGEST_SHOWN]}" if kind is Failure.REFUSED else kind
