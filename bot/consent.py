"""What a person may agree to, one by one, and which words they agreed to."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """PROFILE: keeping what they tell. LEARNING: keeping, masked, what was not understood. UNASKED: writing first."""

    PROFILE = "profile"
    LEARNING = "learning"
    UNASKED = "unasked"


@dataclass(frozen=True, slots=True)
class Consent:
    """One word of a person on one purpose; `version` names the text they saw. The last word holds."""

    purpose: Purpose
    given: bool
    version: str
    at: datetime


def version_of(text: str) -> str:
    """A short name of a text that changes when the text does."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]
