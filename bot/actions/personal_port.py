"""What a person may see and decide of their own data."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.consent import Purpose
from bot.messages import Attachment


class Personal(Protocol):
    """Of the person who talks."""

    async def consents(self) -> Mapping[Purpose, bool]:
        """What holds now."""

    async def decide(self, purpose: Purpose, given: bool) -> None:
        """Give or take back one consent; without the profile's, nothing personal is kept from now on."""

    async def file(self) -> Attachment:
        """Everything known of them as a text to read, kept for a few days only."""

    async def forget(self) -> Sequence[str]:
        """Erase; the names of the organisations that stay in the directory."""
