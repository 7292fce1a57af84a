"""Where an entity stands: the words as typed, whatever their letters, accents, signs and what stands around them."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.entities import find_entities
from nlu.lexicon import Lexicon
from nlu.meaning import Entity
from nlu.namebook import Known, NameBook

TODAY = date(2026, 3, 2)
LEXICON = Lexicon.learn(Path(__file__).parents[2] / "data" / "gazetteer.yml", [])
NAMES = NameBook(
    [Known("organisation", "7", ("Réseau Nagaad",), "RNG"), Known("training", "9", ("Word avancé",))],
    LEXICON.is_ordinary,
)
SAID = {
    "Tadjourah": ("region", "Tadjourah"),
    "Ali Sabieh": ("region", "Ali Sabieh"),
    "Obokka": ("region", "Obock"),
    "Quartier 7": ("place", "Quartier 7"),
    "PK12": ("place", "PK12"),
    "sécheresse et assainissement": ("theme", "eau"),
    "éleveurs": ("theme", "agriculture"),
    "Réseau Nagaad": ("organisation", "7"),
    "Word avancé": ("training", "9"),
    "12/05/2026": ("date", "2026-05-12"),
    "après-demain": ("date", "2026-03-04"),
    "saddex iyo toban maayo": ("date", "2026-05-13"),
    "la semaine prochaine": ("period", "2026-03-08/2026-03-14"),
    "2,5 millions de francs": ("money", "2500000 DJF"),
    "quatre-vingt-dix-neuf": ("number", "99"),
    "laba boqol iyo shan": ("number", "205"),
    "77 83 12 34": ("phone", "+25377831234"),
    "amina@osc.dj": ("email", "amina@osc.dj"),
    "14h30": ("time", "14:30"),
}
SPELT: Mapping[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "in capitals": str.upper,
    "in small letters": str.lower,
    "with accents of their own": lambda text: unicodedata.normalize("NFD", text),
    "without accents": lambda text: "".join(
        c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)
    ),
}
AROUND = st.sampled_from(
    ["", "🙏🙏 ", "ß… ", "ﬁn ; ", "İİ — ", "e\u0301\u0301 ", "“ ", "mmmmmmm, ", "العربية ", "\t\n"]
)


def found(text: str) -> tuple[Entity, ...]:
    return find_entities(text, LEXICON, TODAY, None, NAMES)


@pytest.mark.parametrize("spelling", SPELT)
@pytest.mark.parametrize("said", SAID)
def test_an_entity_stands_where_its_words_were_typed(said: str, spelling: str) -> None:
    typed = SPELT[spelling](said)
    text = f"🙏 ß, {typed} — ﬁ"
    name, value = SAID[said]
    (entity,) = (e for e in found(text) if (e.name, e.value) == (name, value))
    assert entity.text == text[entity.start : entity.end]
    assert entity.text in typed
    assert entity.text == typed or said in ("sécheresse et assainissement", "la semaine prochaine")


@settings(deadline=None)
@given(st.lists(st.tuples(AROUND, st.sampled_from(sorted(SAID)), st.sampled_from(sorted(SPELT))), max_size=4))
def test_every_entity_of_a_message_is_its_own_words_and_none_overlap(
    parts: list[tuple[str, str, str]],
) -> None:
    text = " / ".join(f"{before}{SPELT[spelling](said)}" for before, said, spelling in parts)
    entities = found(text)
    assert [text[e.start : e.end] for e in entities] == [e.text for e in entities]
    assert all(one.end <= later.start for one, later in pairwise(entities))
    assert all(e.text == e.text.strip() and e.text for e in entities)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_typed_entities_are_parts_of_it(text: str) -> None:
    entities = found(text)
    assert all(0 <= e.start < e.end <= len(text) and text[e.start : e.end] == e.text for e in entities)
    assert all(one.end <= later.start for one, later in pairwise(entities))
