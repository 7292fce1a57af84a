"""The two ways to understand a text: our own model, or a running Rasa server with our model behind it."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

import httpx

from nlu.interpreter import Interpreter
from nlu.meaning import Entity, Interpretation, Verdict
from nlu.namebook import Known

RASA_ACTS_FROM = 0.7
RASA_ASKS_FROM = 0.3
PATIENCE = 1.5
"""Seconds a person may wait for Rasa (14 ms in the median on loopback) before our model answers."""
REST = 15.0
"""Seconds without a question after a failure, so that a server that hangs slows one message, not each."""

logger = logging.getLogger(__name__)


class Understands(Protocol):
    async def interpret(self, text: str, language: str | None, today: date) -> Interpretation:
        """The meaning of a text; `language` is what the person last used."""


class OwnInterpreter:
    """Our model, in this process."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self._known: Sequence[Known] = ()
        self._names = interpreter.book(())

    def know(self, known: Sequence[Known]) -> None:
        """From now on these names are found, and no others; takes some milliseconds, in any thread."""
        self._known, self._names = known, self._interpreter.book(known)

    def take(self, interpreter: Interpreter) -> None:
        """From the next message on, a newer model answers; a message is never read by two."""
        self._interpreter, self._names = interpreter, interpreter.book(self._known)

    async def interpret(self, text: str, language: str | None, today: date) -> Interpretation:
        return self._interpreter.parse(text, prior_language=language, today=today, names=self._names)


class RasaAway(Exception):
    """No usable answer from the Rasa server; str() names it and what it did, never the message."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What Rasa said: intents that we know, likeliest first and at least one; `sure`: it would act itself."""

    ranking: tuple[tuple[str, float], ...]
    entities: tuple[Entity, ...]
    sure: bool


class RasaServer:
    """A Rasa 3 server started with `--enable-api`."""

    def __init__(
        self, client: httpx.AsyncClient, base_url: str, intents: Iterable[str], patience: float = PATIENCE
    ) -> None:
        """`intents`: those of the domain; a model of another project offers others, with which nothing can be done."""
        self.url = base_url.rstrip("/") + "/model/parse"
        self._client = client
        self._intents = frozenset(intents)
        self._patience = patience

    async def parse(self, text: str) -> Parsed:
        """Raises RasaAway."""
        try:
            # Around the whole exchange: a server that sends a byte a second keeps every other time-out happy.
            async with asyncio.timeout(self._patience):
                response = await self._client.post(self.url, json={"text": text})
            response.raise_for_status()
            return self._read(response.json(), text)
        except (httpx.HTTPError, TimeoutError, ValueError, LookupError, TypeError, AttributeError) as error:
            reason = str(error) if isinstance(error, Unusable) else type(error).__name__
            raise RasaAway(f"{self.url}: {reason}") from error

    def _read(self, parsed: Any, text: str) -> Parsed:
        pairs = [(str(i["name"]), float(i["confidence"])) for i in parsed["intent_ranking"]]
        known = [pair for pair in pairs if pair[0] in self._intents]
        if not known:
            raise Unusable("a model without any of our intents")
        if not all(0 <= confidence <= 1 for _, confidence in known):
            raise Unusable("a confidence that is none")
        ranking = tuple(sorted(known, key=lambda pair: -pair[1]))
        entities = tuple(_entity(item, text) for item in parsed["entities"])
        return Parsed(ranking, entities, parsed["intent"]["name"] == ranking[0][0])


class Unusable(ValueError):
    """Rasa answered, with what cannot be used."""


def _entity(item: Any, text: str) -> Entity:
    start, end = int(item["start"]), int(item["end"])
    if not 0 <= start < end <= len(text):
        raise Unusable("an entity outside the text")
    return Entity(str(item["entity"]), str(item["value"]), start, end, text[start:end])


class RasaInterpreter:
    """Intent and entities from Rasa's `POST /model/parse`; ours whenever it gives no usable answer in time.

    The language, and the canonical values of what both found, are ours: Rasa's pipeline knows neither.
    """

    def __init__(
        self, own: Understands, server: RasaServer, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._own = own
        self._server = server
        self._clock = clock
        self._away = False
        self._ask_from = clock()

    async def interpret(self, text: str, language: str | None, today: date) -> Interpretation:
        """Never raises for what the server does."""
        ours = await self._own.interpret(text, language, today)
        if self._clock() < self._ask_from:
            return ours
        if self._away:  # the first to ask again is the only one until it has its answer
            self._ask_from = self._clock() + REST
        try:
            found = await self._server.parse(text)
        except RasaAway as error:
            self._rest(error)
            return ours
        if self._away:
            logger.warning("Rasa answers again at %s", self._server.url)
        self._away, self._ask_from = False, self._clock()
        return _joined(ours, found)

    def _rest(self, error: RasaAway) -> None:
        if not self._away:
            logger.warning("our own model answers until Rasa does again: %s", error)
        self._away, self._ask_from = True, self._clock() + REST


def _joined(ours: Interpretation, found: Parsed) -> Interpretation:
    intent, confidence = found.ranking[0]
    return replace(
        ours,
        intent=intent,
        confidence=confidence,
        ranking=found.ranking,
        entities=_entities(found.entities, ours.entities),
        verdict=_verdict(confidence, sure=found.sure),
    )


def _entities(rasas: Sequence[Entity], ours: Sequence[Entity]) -> tuple[Entity, ...]:
    """Rasa decides what something is; where we found the same, our canonical value of it. Then what only we found."""
    taken = [next((o for o in ours if o.name == r.name and _touch(o, r)), r) for r in rasas]
    taken += [o for o in ours if not any(_touch(o, t) for t in taken)]
    return tuple(sorted(dict.fromkeys(taken), key=lambda entity: entity.start))


def _touch(one: Entity, other: Entity) -> bool:
    return one.start < other.end and other.start < one.end


def _verdict(confidence: float, *, sure: bool) -> Verdict:
    """`sure`: Rasa's own FallbackClassifier lets it act (two intents may be likely and near each other)."""
    if confidence >= RASA_ACTS_FROM and sure:
        return Verdict.ACT
    return Verdict.ASK if confidence >= RASA_ASKS_FROM else Verdict.ABSTAIN
