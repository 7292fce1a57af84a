"""The offline directory in a real browser on a small phone: found as typed, safe, small, without any request."""

import random
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bench.osc import SEED, organisations
from bot.directory_words import DirectoryWords
from bot.domain import Domain
from bot.export_files import Snapshot
from bot.export_page import as_page

DATA = Path(__file__).parents[2] / "data"
WORDS = DirectoryWords.load(DATA)
HOSTILE = "</script><script>document.title='taken'</script><img src=x onerror=alert(1)>"


def _row(number: int, **values: object) -> dict[str, object]:
    return {"id": number, "legal_form": "association", "region": "Obock", "themes": [], **values}


ROWS = [
    _row(
        1,
        name="Femmes d'Obock debout",
        acronym="FOD",
        themes=["femmes"],
        phone="+25377000002",
        verified_on=date(2026, 3, 1),
    ),
    _row(
        2, name="Jeunes connectés", themes=["numérique"], region="Arta", capacities=["formation au numérique"]
    ),
    _row(3, name=f"Piège {HOSTILE}", themes=["sport"], description=HOSTILE),
]
PROJECTS = [{"title": "Eau propre", "organisation_id": 1, "themes": ["eau"], "starts_on": date(2023, 1, 1)}]


@pytest.fixture
async def page(phone: Page, domain: Domain, tmp_path: Path) -> Page:
    file = tmp_path / "annuaire.html"
    file.write_bytes(as_page(Snapshot(datetime(2026, 11, 24, tzinfo=UTC), ROWS, PROJECTS), domain, WORDS))
    await phone.goto(file.as_uri())
    return phone


async def found(page: Page, words: str) -> list[str]:
    await page.get_by_role("searchbox").fill(words)
    await page.wait_for_timeout(300)
    return [title.partition(" ")[0] for title in await page.locator("article h2").all_inner_texts()]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("femmes", ["Femmes"]),
        ("FOD", ["Femmes"]),
        ("associations de femmes à Obok", ["Femmes"]),
        ("fammes debot", ["Femmes"]),
        ("haween Hayyu", ["Femmes"]),
        ("agabu", ["Femmes"]),
        ("formation", ["Jeunes"]),
        ("eau", ["Femmes"]),
        ("licornes", []),
    ],
)
async def test_typed_words_find_their_organisation(page: Page, words: str, wanted: list[str]) -> None:
    assert await found(page, words) == wanted


async def test_filters_narrow_and_the_count_is_told(page: Page) -> None:
    await page.locator("select.region").select_option("Arta")
    await expect(page.locator(".count")).to_have_text("Organisations : 1")
    await page.locator("select.theme").select_option("sport")
    await expect(page.locator(".count")).to_contain_text("Aucune organisation")


async def test_card_opens_with_contact_projects_and_date(page: Page) -> None:
    await page.get_by_role("button", name="Femmes d'Obock debout").click()
    await expect(page.locator("article a")).to_have_attribute("href", "tel:+25377000002")
    await expect(page.locator(".more")).to_contain_text("Eau propre · 2023")
    await expect(page.locator(".dated")).to_have_text("Vérifié le 01/03/2026")


async def test_names_are_text_whatever_they_hold(page: Page) -> None:
    await page.get_by_role("button", name="Piège").click()
    await expect(page.locator(".more")).to_contain_text("<img src=x")
    assert "Annuaire" in await page.title()
    assert await page.locator("img").count() == 0


async def test_three_languages_and_no_sideways_scrolling(page: Page) -> None:
    await page.get_by_role("button", name="Soomaali").click()
    await expect(page.locator("h1")).to_contain_text("Diiwaanka")
    await expect(page.locator(".themes li").first).to_have_text("Haween")
    assert await page.evaluate("document.documentElement.scrollWidth") == 360


async def test_thousand_organisations_stay_under_two_megabytes(domain: Domain) -> None:
    made = organisations(1000, random.Random(SEED))
    rows = [
        _row(
            n,
            name=o.name,
            acronym=o.acronym,
            place=o.place,
            themes=o.themes.split("; "),
            description=o.description * 3,
        )
        for n, o in enumerate(made)
    ]
    projects = [
        {**PROJECTS[0], "title": f"Projet d'exemple numéro {n}", "organisation_id": n % 1000}
        for n in range(3000)
    ]
    content = as_page(Snapshot(datetime(2026, 11, 24, tzinfo=UTC), rows, projects), domain, WORDS)
    assert len(content) < 2_000_000
    assert b"http://" not in content.replace(b"http://www.w3.org", b"")
