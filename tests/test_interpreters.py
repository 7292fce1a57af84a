"""A Rasa server as interpreter: its answers as it really gives them, and what happens when it gives none."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.domain import Domain
from bot.interpreters import REST, OwnInterpreter, RasaInterpreter, RasaServer
from nlu.meaning import Entity, Interpretation, Verdict
from tests.channels.telegram_http import LoopbackServer, Reply, Request

TODAY = date(2026, 11, 25)
RECORDED = json.loads(Path(__file__).with_name("rasa_parses.json").read_text(encoding="utf-8"))
"""What Rasa 3.6.21 answered to `POST /model/parse`, its model trained on a small part of our examples."""
OURS = Interpretation("so", True, "greet", 0.9, ranking=(("greet", 0.9),))


class Ours:
    """Our interpreter in a word: always the same meaning."""

    def __init__(self, meaning: Interpretation = OURS) -> None:
        self._meaning = meaning

    async def interpret(self, text: str, language: str | None, today: date) -> Interpretation:
        return self._meaning


@dataclass
class Rasa:
    """Answers with `reply`; None hangs. `asked` holds the texts."""

    reply: Reply | None = None
    asked: list[str] = field(default_factory=list)

    async def __call__(self, request: Request) -> Reply | None:
        assert request.path == "/model/parse"
        self.asked.append(request.params["text"])
        if self.reply is None:
            await asyncio.Event().wait()
        return self.reply

    def says(self, parsed: Any) -> None:
        self.reply = Reply(200, json.dumps(parsed).encode())


@dataclass
class Watch:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Scene:
    rasa: Rasa
    loopback: LoopbackServer
    interpreter: RasaInterpreter
    watch: Watch

    async def hears(self, text: str = "bonjour") -> Interpretation:
        return await self.interpreter.interpret(text, "fr", TODAY)


@asynccontextmanager
async def scene(domain: Domain, ours: Interpretation = OURS, patience: float = 5.0) -> AsyncIterator[Scene]:
    rasa, watch = Rasa(), Watch()
    loopback = LoopbackServer(rasa)
    await loopback.start()
    try:
        async with httpx.AsyncClient(trust_env=False) as client:
            server = RasaServer(client, f"http://127.0.0.1:{loopback.port}/", domain.intents, patience)
            yield Scene(rasa, loopback, RasaInterpreter(Ours(ours), server, watch), watch)
    finally:
        await loopback.stop()


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda parsed: parsed["text"])
async def test_what_rasa_really_answers_is_understood(domain: Domain, recorded: dict[str, Any]) -> None:
    async with scene(domain) as here:
        here.rasa.says(recorded)
        meaning = await here.hears(recorded["text"])
    ranking = [
        (i["name"], i["confidence"]) for i in recorded["intent_ranking"] if i["name"] != "nlu_fallback"
    ]
    assert (meaning.intent, meaning.confidence) == ranking[0]
    assert meaning.language == OURS.language
    assert {(e.name, e.value) for e in meaning.entities} == {
        (e["entity"], e["value"]) for e in recorded["entities"]
    }


async def test_what_rasa_would_not_act_on_is_asked_back(domain: Domain) -> None:
    unsure = next(parsed for parsed in RECORDED if parsed["intent"]["name"] == "nlu_fallback")
    likely = {**unsure, "intent_ranking": [{"name": "greet", "confidence": 0.75}]}
    async with scene(domain) as here:
        here.rasa.says(likely)
        assert (await here.hears(unsure["text"])).verdict is Verdict.ASK


@pytest.mark.parametrize(
    ("confidence", "verdict"), [(0.95, Verdict.ACT), (0.5, Verdict.ASK), (0.1, Verdict.ABSTAIN)]
)
async def test_confidence_decides_what_may_be_done(
    domain: Domain, confidence: float, verdict: Verdict
) -> None:
    first = {"name": "find_training", "confidence": confidence}
    async with scene(domain) as here:
        here.rasa.says({"intent": first, "entities": [], "intent_ranking": [first]})
        assert (await here.hears()).verdict is verdict


async def test_our_canonical_value_replaces_rasas_spelling(domain: Domain) -> None:
    text = "formation à tajoura demain"
    region, day = (
        Entity("region", "Tadjourah", 12, 19, "tajoura"),
        Entity("date", "2026-11-26", 20, 26, "demain"),
    )
    first = {"name": "find_training", "confidence": 0.9}
    rasas = {"entity": "region", "value": "tajoura", "start": 12, "end": 19}
    async with scene(domain, replace(OURS, entities=(region, day))) as here:
        here.rasa.says({"intent": first, "entities": [rasas], "intent_ranking": [first]})
        assert (await here.hears(text)).entities == (region, day)


GOOD = {"name": "greet", "confidence": 0.9}
GARBAGE = {
    "an error": Reply(500, b"{}"),
    "no JSON": Reply(200, b"<html>"),
    "a list": Reply(200, b"[]"),
    "null": Reply(200, b"null"),
    "no ranking": Reply(200, b'{"entities": []}'),
    "an empty ranking": Reply(200, b'{"intent": {"name": null}, "entities": [], "intent_ranking": []}'),
    "a redirection": Reply(302, b""),
    "not in UTF-8": Reply(200, b"\xff\xfe\xff"),
    **{
        name: Reply(200, json.dumps(parsed).encode())
        for name, parsed in {
            "another project": {
                "intent": {"name": "order_pizza"},
                "entities": [],
                "intent_ranking": [{"name": "order_pizza", "confidence": 0.99}],
            },
            "no number": {
                "intent": GOOD,
                "entities": [],
                "intent_ranking": [{"name": "greet", "confidence": "high"}],
            },
            "not a number": {
                "intent": GOOD,
                "entities": [],
                "intent_ranking": [{"name": "greet", "confidence": float("nan")}],
            },
            "an entity outside": {
                "intent": GOOD,
                "intent_ranking": [GOOD],
                "entities": [{"entity": "place", "value": "x", "start": 90, "end": 99}],
            },
        }.items()
    },
}


@pytest.mark.parametrize("reply", GARBAGE.values(), ids=GARBAGE)
async def test_ours_answers_when_rasa_gives_nothing_usable(domain: Domain, reply: Reply) -> None:
    async with scene(domain) as here:
        here.rasa.reply = reply
        assert await here.hears() == OURS
        assert here.rasa.asked == ["bonjour"]


async def test_ours_answers_when_rasa_hangs_and_it_is_left_alone_for_a_while(domain: Domain) -> None:
    async with scene(domain, patience=0.05) as here:
        assert await here.hears() == OURS
        here.watch.now += REST - 1
        assert await here.hears() == OURS
        assert len(here.rasa.asked) == 1


async def test_rasa_is_asked_again_after_its_rest_and_taken_back(
    domain: Domain, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene(domain) as here:
        await here.loopback.stop()
        assert await here.hears() == OURS
        await here.loopback.start()
        here.rasa.says(
            {"intent": GOOD, "entities": [], "intent_ranking": [{"name": "thank", "confidence": 0.8}]}
        )
        assert await here.hears() == OURS
        here.watch.now += REST
        assert [(await here.hears()).intent for _ in range(3)] == ["thank"] * 3
    assert [record.levelname for record in caplog.records if record.name == "bot.interpreters"] == [
        "WARNING"
    ] * 2
    assert "bonjour" not in caplog.text


async def test_only_one_message_waits_for_a_server_that_may_still_be_ill(domain: Domain) -> None:
    async with scene(domain, patience=0.05) as here:
        await here.hears()
        here.watch.now += REST
        assert await asyncio.gather(*(here.hears() for _ in range(5))) == [OURS] * 5
        assert len(here.rasa.asked) == 2


async def test_our_own_interpreter_answers_in_the_place_of_a_server_that_is_not_there(
    domain: Domain, interpreter: OwnInterpreter
) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        server = RasaServer(client, "http://127.0.0.1:9", domain.intents)
        heard = await RasaInterpreter(interpreter, server).interpret("bonjour", "fr", TODAY)
    assert heard == await interpreter.interpret("bonjour", "fr", TODAY)
