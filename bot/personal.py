"""A person's own data within one transaction: read as a file, agreed to by purpose, erased."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.actions.personal_texts import Known, told
from bot.actions.training_texts import Wordbook
from bot.channels.port import Payload
from bot.consent import Purpose, version_of
from bot.errors import Unparsable
from bot.messages import Attachment, Edited, Incoming, Location, Media, SharedContact, Tap, Text
from bot.own_data import Written
from bot.registry import StoredRegistry
from bot.store.engine import Transaction
from bot.unasked import stop_writing, write_again

FILE_LIVES = timedelta(days=7)
MOST_MESSAGES = 500
Reads = Callable[[str, Payload], Incoming | None]
"""What a stored event of a channel says; raises `Unparsable`."""


@dataclass(frozen=True, slots=True)
class StoredPersonal:
    """`bot.actions.personal_port.Personal` for one person."""

    tx: Transaction
    registry: StoredRegistry
    words: Wordbook
    read: Reads

    @property
    def _person_id(self) -> int:
        return self.registry.person_id

    @property
    def _now(self) -> datetime:
        return self.registry.now

    async def consents(self) -> Mapping[Purpose, bool]:
        person = await self.tx.people.get(self._person_id)
        assert person is not None, self._person_id
        given = person.consented_at is not None
        return {
            Purpose.PROFILE: given,
            Purpose.LEARNING: given and await self._learns(),
            Purpose.UNASKED: person.wishes.stopped_at is None,
        }

    async def _learns(self) -> bool:
        """Part of what is asked at the beginning, until it is taken back by itself."""
        last = await self.tx.consents.last(self._person_id, Purpose.LEARNING)
        return last is None or last.given

    async def decide(self, purpose: Purpose, given: bool) -> None:
        match purpose:
            case Purpose.PROFILE if given:
                await self.registry.consent()
            case Purpose.PROFILE:
                await self.forget()
            case Purpose.UNASKED if given:
                await write_again(self.tx, self._person_id, self._now)
            case Purpose.UNASKED:
                await stop_writing(self.tx, self._person_id, self._now)
            case Purpose.LEARNING:
                version = version_of(self.words.text(f"utter_consent_about_{purpose}"))
                await self.tx.consents.say(self._person_id, purpose, given, version, self._now)

    async def file(self) -> Attachment:
        everything = await self.tx.personal.everything(self._person_id, MOST_MESSAGES)
        known = Known(
            await self.registry.remembered(),
            [identity.channel for identity in await self.tx.people.identities(self._person_id)],
            await self.tx.consents.all_of(self._person_id),
            everything,
            [(w.at, w.ours, text) for w in everything.messages if (text := self._text(w))],
        )
        text = told(self.words, self._now, known)
        content = text.encode("utf-8-sig")  # so that old phones show its accents
        name = f"mes-donnees-{self._now:%Y-%m-%d}.txt"
        return await self.tx.files.add(name, "text/plain", content, self._now, self._now + FILE_LIVES)

    def _text(self, written: Written) -> str:
        if written.ours:
            return str(written.body.get("text") or "")
        try:
            incoming = self.read(written.channel, dict(written.body))
        except Unparsable:
            return ""
        return _words(incoming.content) if incoming is not None else ""

    async def forget(self) -> Sequence[str]:
        before = {row.id: row.name for row in await self.tx.organisations.of_person(self._person_id)}
        await self.registry.forget()
        version = version_of(self.words.text("utter_delete_confirm"))
        await self.tx.consents.say(self._person_id, Purpose.PROFILE, False, version, self._now)
        return [name for number, name in before.items() if await self.tx.organisations.get(number)]


def _words(content: Any) -> str:
    match content:
        case Text(text) | Edited(text) | Tap(text):
            return text
        case Media(media, _, caption):
            return f"[{media}] {caption or ''}".strip()
        case SharedContact(phone, _):
            return phone
        case Location(latitude, longitude):
            return f"{latitude}, {longitude}"
    return ""
