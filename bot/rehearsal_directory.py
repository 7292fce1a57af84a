"""The directory of a rehearsed conversation: what it registered itself, nobody else's, and nobody who judges."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.actions.directory_port import (
    Asked,
    Changed,
    JoinDecided,
    Joined,
    Joining,
    Left,
    OrganisationCard,
    Profile,
    Undoing,
    Undone,
)
from bot.actions.project_port import ProjectCard
from bot.actions.trust_port import Alike, Answered, Judged, ReviewCard, Verdict
from bot.messages import Media
from bot.organisation import Part

OVER = Verdict(Judged.OVER)


@dataclass(slots=True)
class OwnOrganisations:
    """The organisations this conversation registered; nobody else belongs to any."""

    cards: list[OrganisationCard] = field(default_factory=list)

    async def of_person(self, person_id: int) -> Sequence[OrganisationCard]:
        return tuple(self.cards)

    async def register(self, person_id: int, card: OrganisationCard) -> OrganisationCard:
        self.cards.append(replace(card, id=len(self.cards) + 1))
        return self.cards[-1]

    async def change(self, person_id: int, organisation_id: int, field_name: str, value: Any) -> bool:
        changed: dict[str, Any] = {field_name: tuple(value) if isinstance(value, list) else value}
        self.cards = [replace(c, **changed) if c.id == organisation_id else c for c in self.cards]
        return any(card.id == organisation_id for card in self.cards)

    async def profile(self, organisation_id: int) -> Profile | None:
        found = [card for card in self.cards if card.id == organisation_id]
        return Profile(found[0], Part.CONTACT, {}, ()) if found else None

    async def answer_freshness(self, number: int, answer: str) -> Asked | None:
        return None

    async def keep_picture(self, media: Media) -> str | None:
        return media.file_id

    async def find(self, words: str) -> Sequence[OrganisationCard]:
        return [card for card in self.cards if words.casefold() in card.name.casefold()]

    async def ask_to_join(self, organisation_id: int) -> Joining:
        return Joining(Joined.UNKNOWN)

    async def decide_join(self, number: int, part: Part | None) -> JoinDecided | None:
        return None

    async def set_part(self, organisation_id: int, person_id: int, part: Part | None) -> bool:
        return False

    async def leave(self, organisation_id: int) -> Left | None:
        left = [card for card in self.cards if card.id == organisation_id]
        self.cards = [card for card in self.cards if card.id != organisation_id]
        return Left(left[0].name, alone=True) if left else None

    async def history(self, organisation_id: int, offset: int, limit: int) -> Sequence[Changed]:
        return ()

    async def undo(self, change_id: int) -> Undoing:
        return Undoing(Undone.GONE)


class NobodyJudges:
    """The person who rehearses is a member of a directory without others."""

    async def waiting(self) -> int:
        return 0

    async def next(self, after: int | None) -> ReviewCard | None:
        return None

    async def card(self, organisation_id: int) -> ReviewCard | None:
        return None

    async def alike(self, card: OrganisationCard) -> Sequence[Alike]:
        return ()

    async def accept(self, organisation_id: int) -> Verdict:
        return OVER

    async def attest(self, organisation_id: int) -> Verdict:
        return OVER

    async def refuse(self, organisation_id: int, reason: str) -> Verdict:
        return OVER

    async def ask(self, organisation_id: int, text: str) -> Verdict:
        return OVER

    async def answer(self, number: int, text: str) -> Answered | None:
        return None

    async def question(self, number: int) -> str | None:
        return None

    async def ask_to_vouch(self, organisation_id: int, voucher_id: int) -> Verdict:
        return OVER

    async def vouch(self, organisation_id: int, voucher_id: int) -> Verdict:
        return OVER

    async def merge(self, duplicate_id: int, kept_id: int) -> Verdict:
        return OVER


class NoProjects:
    """Nobody declared any, and stories declare none."""

    async def of(self, organisation_id: int) -> Sequence[ProjectCard]:
        return ()

    async def get(self, project_id: int) -> ProjectCard | None:
        return None

    async def declare(self, organisation_id: int, card: ProjectCard) -> ProjectCard | None:
        return None

    async def change(self, project_id: int, values: dict[str, Any]) -> ProjectCard | None:
        return None
