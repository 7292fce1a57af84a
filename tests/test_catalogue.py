"""The content people read is short, sourced and honest; a mistake in it is told by file, line and key."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.catalogue import Resource, read_resources, shelve, unshelve
from bot.errors import ContentError
from bot.messages import Button

DATA = Path(__file__).parents[1] / "data"
RESOURCES = read_resources(DATA / "resources")
GOOD = """kind: law
keywords: [loi]
items:
  - id: one
    fr: {title: Un titre, short: Un texte}
    source: Une source
    as_of: 2024-03-07
"""


def read(tmp_path: Path, text: str) -> tuple[Resource, ...]:
    (tmp_path / "law.yml").write_text(text, encoding="utf-8")
    return read_resources(tmp_path)


def test_good_file_is_read(tmp_path: Path) -> None:
    (one,) = read(tmp_path, GOOD)
    assert (one.id, one.wordings["fr"].keywords, one.as_of) == ("one", ("loi",), date(2024, 3, 7))


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ("kind: law", "kind: lore", r"law\.yml:1: kind: must be one of digital_space"),
        ("keywords: [loi]\n", "", r"law\.yml:1: : must hold exactly kind, keywords"),
        ("[loi]", "[107]", r"law\.yml:2: keywords: must be a list of texts"),
        ("    source: Une source\n", "", r"law\.yml:4: items\.0: lacks source"),
        ("source: Une", "sauce: x\n    source: Une", r"law\.yml:6: items\.0\.sauce: is not a key"),
        ("id: one", "id: One thing", r"law\.yml:4: items\.0\.id: must be lower-case words"),
        ("id: one", "id: " + "o" * 37, r"law\.yml:4: items\.0\.id: has 37 characters, at most 36"),
        ("Un titre", "x" * 61, r"law\.yml:5: items\.0\.fr\.title: has 61 characters, at most 60"),
        ("Un texte", "x" * 301, r"law\.yml:5: items\.0\.fr\.short: has 301 characters, at most 300"),
        ("Un texte}", "a, more: " + "x" * 1501 + "}", r"items\.0\.fr\.more: has 1501 characters"),
        (", short: Un texte", "", r"law\.yml:5: items\.0\.fr: must hold short, title"),
        ("2024-03-07", "mars 2024", r"law\.yml:7: items\.0\.as_of: must be a date"),
        ("source: Une", "regions: [Mars]\n    source: Une", r"law\.yml:6: items\.0\.regions: Mars is none"),
        ("source: Une", "themes: [tout]\n    source: Une", r"law\.yml:6: items\.0\.themes: tout is none"),
        (
            "source: Une",
            "url: www.x.dj\n    source: Une",
            r"law\.yml:6: items\.0\.url: must begin with https",
        ),
        ("source: Une", "binding: oui\n    source: Une", r"law\.yml:6: items\.0\.binding: must be true or"),
        (
            "source: Une",
            "sample: true\n    source: Une",
            r"law\.yml:5: items\.0\.fr\.title: must say « exemple",
        ),
        ("source: Une source", "source: ''", r"law\.yml:6: items\.0\.source: must be a text"),
        ("items:\n", "items:\n  - rien\n", r"law\.yml:4: items\.0: must be a resource"),
        ("fr: {", "fr: {{", r"law\.yml:6: not valid YAML"),
    ],
)
def test_mistake_is_told_by_file_line_and_key(tmp_path: Path, good: str, bad: str, told: str) -> None:
    assert good in GOOD
    with pytest.raises(ContentError, match=told):
        read(tmp_path, GOOD.replace(good, bad, 1))


def test_name_used_twice_is_told(tmp_path: Path) -> None:
    (tmp_path / "again.yml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(ContentError, match=r"law\.yml:4: items\.0\.id: one is used twice"):
        read(tmp_path, GOOD)


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda r: r.id)
def test_resource_fits_button_and_comes_back_from_the_shelf(resource: Resource) -> None:
    assert Button("x", f'/find_resource{{"id": "{resource.id}"}}').payload
    assert unshelve(shelve(resource).content) == resource


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda r: r.id)
def test_resource_has_a_source_and_is_no_older_than_its_law(resource: Resource) -> None:
    assert len(resource.source) > 8
    assert date(2010, 1, 1) <= resource.as_of <= date(2026, 11, 24)


def test_no_article_number_is_cited_as_our_copy_of_the_law_has_none() -> None:
    texts = [w.short + w.more + r.source for r in RESOURCES for w in r.wordings.values()]
    assert [t for t in texts if re.search(r"\b(article|art\.|qodobka) ?\d", t, re.IGNORECASE)] == []


def test_every_dated_call_begins_by_saying_that_it_is_over() -> None:
    calls = [r for r in RESOURCES if r.valid_until]
    assert calls
    assert [c.id for c in calls if not re.match("(Clos|Passé) :", c.wordings["fr"].title)] == []


def test_titles_fit_a_button_with_a_word_before_them() -> None:
    titles = [w.title for r in RESOURCES for w in r.wordings.values()]
    assert [title for title in titles if len(title) > 43] == []


def test_every_digital_space_says_that_its_state_is_unknown() -> None:
    spaces = [r for r in RESOURCES if r.kind == "digital_space" and r.places]
    assert [s.id for s in spaces if "inconnus" not in s.wordings["fr"].short] == []


def test_tools_tell_where_the_knowledge_comes_from() -> None:
    tools = [r for r in RESOURCES if r.kind == "toolkit"]
    honest = ("Connaissance générale, à vérifier sur le site", "Rapport de l'atelier")
    assert [t.id for t in tools if not t.source.startswith(honest) or not t.url] == []


def test_samples_say_so_where_people_look_first() -> None:
    samples = [r for r in RESOURCES if r.sample]
    assert samples
    assert [s.id for s in samples if not s.wordings["fr"].short.startswith("Exemple")] == []
