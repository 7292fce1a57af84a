"""The two ways to understand a text: our own model, or a running Rasa server."""

from datetime import date
from typing import Any, Protocol

import httpx

from bot.errors import OscbotError
from nlu.interpreter import Interpreter
from nlu.meaning import Entity, Interpretation, Verdict

RASA_ACTS_FROM = 0.7
RASA_ASKS_FROM = 0.3


class InterpreterAway(OscbotError):
    """The Rasa server gives no usable answer; the turn is tried again."""


class Understands(Protocol):
    async def interpret(self, text: str, language: str, today: date) -> Interpretation:
        """The meaning of a text; `language` is what the person last used."""


class OwnInterpreter:
    """Our model, in this process."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter

    async def interpret(self, text: str, language: str, today: date) -> Interpretation:
        return self._interpreter.parse(text, prior_language=language, today=today)


class RasaInterpreter:
    """Intent and entities from Rasa's `POST /model/parse`; the language still from our model."""

    def __init__(self, own: OwnInterpreter, client: httpx.AsyncClient, base_url: str) -> None:
        self._own = own
        self._client = client
        self._url = base_url.rstrip("/") + "/model/parse"

    async def interpret(self, text: str, language: str, today: date) -> Interpretation:
        """Raises InterpreterAway."""
        ours = await self._own.interpret(text, language, today)
        try:
            response = await self._client.post(self._url, json={"text": text}, timeout=5.0)
            response.raise_for_status()
            parsed: dict[str, Any] = response.json()
            ranking = tuple((i["name"], float(i["confidence"])) for i in parsed["intent_ranking"])
            entities = tuple(
                Entity(e["entity"], str(e["value"]), e["start"], e["end"], text[e["start"] : e["end"]])
                for e in parsed["entities"]
            )
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise InterpreterAway(f"Rasa at {self._url}: {type(error).__name__}") from error
        known = tuple(pair for pair in ranking if pair[0] != "nlu_fallback")
        intent, confidence = known[0] if known else ("out_of_scope", 0.0)
        return Interpretation(
            ours.language, ours.language_sure, intent, confidence, entities, known, _verdict(confidence)
        )


def _verdict(confidence: float) -> Verdict:
    if confidence >= RASA_ACTS_FROM:
        return Verdict.ACT
    return Verdict.ASK if confidence >= RASA_ASKS_FROM else Verdict.ABSTAIN
