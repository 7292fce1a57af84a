"""The library, asked as people ask: in three languages, with mistakes, with and without a kind or a place."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.actions.context import Query
from bot.catalogue import ResourceKind
from bot.resources import Catalogue, Library, Page
from bot.store.engine import Database
from bot.store.resources import Resources

DATA = Path(__file__).parents[1] / "data"
TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(DATA)


@pytest.fixture
async def library(database: Database, catalogue: Catalogue) -> AsyncIterator[Library]:
    async with database.transaction() as tx:
        shelf = Resources(tx.session)
        await catalogue.publish(shelf)
        yield Library(shelf, catalogue, TODAY)


def ids(page: Page) -> list[str]:
    return [item.id for item in page.items]


FIRST = [
    ("fr", "comment créer une association ?", "law-create-association"),
    ("fr", "cmt déclaré une asso svp", "law-create-association"),
    ("fr", "quels papiers pour le récépissé", "law-papers-receipt"),
    ("fr", "recepicé association pieces a fournir", "law-papers-receipt"),
    ("fr", "est-ce que le président peut être payé ?", "law-officers-unpaid"),
    ("fr", "on peut recevoir de l'argent de l'étranger ?", "law-resources-foreign-funds"),
    ("fr", "faut il renouveler l'enregistrement chaque année", "law-registration-guarantees"),
    ("fr", "quelles sanctions pour les associations", "law-sanctions"),
    ("fr", "UTILITE PUBLIQUE", "law-public-interest"),
    ("fr", "impots", "law-taxes"),
    ("fr", "cooperative ou association, quelle difference", "law-legal-forms"),
    ("fr", "c koi une osc", "law-osc-definition"),
    ("fr", "où est le cyber à Balbala", "space-balbala"),
    ("fr", "tarif spécial associations internet", "internet-osc-tariff"),
    ("fr", "la 4g marche a obock ?", "internet-obock"),
    ("fr", "on cherche des ordis", "equipment-where"),
    ("fr", "logiciel pour faire le budget", "tool-libreoffice"),
    ("fr", "anquete terrain hors ligne", "tool-kobotoolbox"),
    ("fr", "mdp facebook piraté", "tool-keepassxc"),
    ("fr", "exemple de lettre", "doc-example-tariff-letter"),
    ("fr", "c'est quoi le plaidoyer", "project-goal"),
    ("so", "Sidee loo sameeyaa urur cusub?", "law-create-association"),
    ("so", "sida ururka loo diiwaangeliyo", "law-create-association"),
    ("so", "waraaqaha loo baahan yahay", "law-papers-receipt"),
    ("so", "goobta dijitaalka Tajuura", "space-tadjourah"),
    ("so", "qiimaha internetka", "internet-prices"),
    ("so", "kombyutar ayaan rabnaa", "equipment-where"),
    ("so", "yaa maalgeliya mashruuca", "project-partners"),
    ("so", "tababar fogaan ah", "training-distance"),
    ("so", "canshuurta", "law-taxes"),
    ("so", "sharciga ururrada", "law-107-overview"),
    ("so", "xoriyada kulanka", "law-freedoms"),
    ("so", "furaha sirta ah", "tool-keepassxc"),
    ("so", "racfaan diidmo", "law-appeal"),
    ("so", "lacagta dibadda ka timaada", "law-resources-foreign-funds"),
    ("so", "barnaamij bilaash ah oo miisaaniyadda", "tool-libreoffice"),
    ("aa", "egla madqah", "law-107-overview"),
    ("aa", "egla maysarraqa", "law-create-association"),
    ("aa", "maaliyya", "funding-open-calls"),
    ("aa", "internet limo", "internet-prices"),
    ("aa", "kombiiteri", "equipment-where"),
    ("aa", "dariifah madqa", "law-environment"),
    ("aa", "agabuh garwa", "law-gender-inclusion"),
    ("aa", "xijital taddeera", "project-goal"),
]
AMONG_THREE = [
    ("fr", "financement union européenne", "funding-donors"),
    ("fr", "asosiasion enregistremant", "law-registration-guarantees"),
    ("fr", "imprimante gratuite svp", "equipment-where"),
    ("fr", "modele de compte rendu", "doc-example-minutes"),
    ("so", "lacag ururka mashruuciisa", "funding-help-writing"),
    ("so", "intarnetka Obokh", "internet-obock"),
    ("aa", "aydakaakan", "training-requested"),
]


@pytest.mark.parametrize(("language", "words", "wanted"), FIRST)
async def test_question_finds_its_resource_first(
    library: Library, language: str, words: str, wanted: str
) -> None:
    assert ids(await library.find(Query(words=words), language, 3))[:1] == [wanted]


@pytest.mark.parametrize(("language", "words", "wanted"), AMONG_THREE)
async def test_question_finds_its_resource_among_three(
    library: Library, language: str, words: str, wanted: str
) -> None:
    assert wanted in ids(await library.find(Query(words=words), language, 3))


@pytest.mark.parametrize(
    ("query", "language", "wanted"),
    [
        (Query("digital_space", "espace numérique", "Tadjourah"), "fr", "space-tadjourah"),
        (Query("digital_space", "cyber", "Obock"), "fr", "space-none-known"),
        (Query("digital_space", "", "Djibouti-Ville", "Balbala"), "fr", "space-balbala"),
        (Query("digital_space", "horaires"), "fr", "space-opening-hours"),
        (Query("internet_offer", "c combien le forfait"), "fr", "internet-prices"),
        (Query("internet_offer", "imisa ayuu internetku joogaa"), "so", "internet-prices"),
        (Query("internet_offer", "internetih limo", "Obock"), "aa", "internet-obock"),
        (Query("funding", "appels a projets en cours"), "fr", "funding-open-calls"),
        (Query("funding", "ma jiraan baaqyo mashaariic oo furan"), "so", "funding-open-calls"),
        (Query("project", "qui finance le projet"), "fr", "project-partners"),
        (Query("project", "goorma shirka"), "so", "project-calendar"),
        (Query("project", "quels sont les besoins des associations"), "fr", "needs-five-themes"),
        (Query("project", "besoins", "Dikhil"), "fr", "project-consultation-dikhil"),
        (Query("law", "droits", theme="femmes"), "fr", "law-gender-inclusion"),
        (Query("law", "vieille association, faut tout refaire ?"), "fr", "law-existing-associations"),
    ],
)
async def test_kind_place_and_theme_lead(library: Library, query: Query, language: str, wanted: str) -> None:
    assert ids(await library.find(query, language, 3))[0] == wanted


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "qui a gagné le match de football hier soir"),
        ("fr", "quelle est la météo demain"),
        ("fr", "recette de couscous"),
        ("fr", "raconte une blague"),
        ("fr", "xyzzy blorp 💥"),
        ("fr", "?!"),
        ("fr", ""),
        ("so", "ciyaarta kubadda cagta shalay yaa badiyay"),
        ("so", "roobka berri"),
        ("aa", "robti beera"),
        ("other", "what is the capital of Mongolia"),
    ],
)
async def test_nonsense_finds_nothing(library: Library, language: str, words: str) -> None:
    page = await library.find(Query(words=words), language, 3)
    assert (page.items, page.total) == ((), 0)


@pytest.mark.parametrize(
    "words", ["' OR 1=1 --", "a & | ! ( ) :*", "loi:*", "\x00", "é" * 5000, "abcdefgh" * 900, "loi " * 900]
)
async def test_hostile_words_are_only_words(library: Library, words: str) -> None:
    assert (await library.find(Query(words=words), "fr", 3)).total >= 0


async def test_place_named_in_the_words_is_a_demand(library: Library) -> None:
    page = await library.find(Query("internet_offer", "internet à Dikhil"), "fr", 5)
    assert ids(page) == ["internet-dikhil", "internet-prices", "internet-osc-tariff"]


async def test_words_that_fit_nothing_of_a_kind_give_all_of_that_region(library: Library) -> None:
    page = await library.find(Query("digital_space", "xyzzy", "Dikhil"), "fr", 5)
    assert (ids(page), page.understood.lifted) == (["space-dikhil", "space-opening-hours"], ("words",))


async def test_closed_calls_come_last(library: Library) -> None:
    page = await library.find(Query("funding", "subvention", theme="environnement"), "fr", 10)
    assert [item.closed for item in page.items] == sorted(item.closed for item in page.items)
    assert {i.id for i in page.items if i.closed} == {"funding-eu-2026", "funding-aimf-2022", "funding-pasoc"}


async def test_call_is_open_until_its_last_day(library: Library, catalogue: Catalogue) -> None:
    call = next(r for r in catalogue.resources if r.id == "funding-aimf-2022")
    assert not call.is_closed(date(2022, 11, 24))
    assert call.is_closed(date(2022, 11, 25))


async def test_pages_go_on_without_gap_or_repetition(library: Library) -> None:
    whole = ids(await library.find(Query("law", "loi"), "fr", 50))
    pages = [ids(await library.find(Query("law", "loi", offset=n), "fr", 4)) for n in range(0, 28, 4)]
    assert [name for page in pages for name in page] == whole


async def test_a_page_after_the_last_says_how_many_there_are(library: Library) -> None:
    whole = await library.find(Query("law", "loi"), "fr", 50)
    after = await library.find(Query("law", "loi", offset=len(whole.items)), "fr", 4)
    assert not after.items
    assert after.total == whole.total
    assert whole.total == len(whole.items) > 4


async def test_somali_is_shown_where_it_exists_and_french_told_elsewhere(library: Library) -> None:
    shown = await library.get("law-taxes", "so")
    assert shown is not None
    assert (shown.title, shown.french) == ("Canshuurta iyo hawlaha lacagta keena", frozenset({"more"}))


async def test_afar_falls_back_to_french(library: Library) -> None:
    shown = await library.get("law-taxes", "aa")
    assert shown is not None
    assert (shown.title, shown.as_of, "title" in shown.french) == (
        "Impôts et activités payantes",
        "07/03/2024",
        True,
    )


async def test_unknown_resource_is_none(library: Library) -> None:
    assert await library.get("no-such", "fr") is None


@pytest.mark.parametrize("kind", list(ResourceKind))
async def test_every_kind_has_something_to_show(library: Library, kind: ResourceKind) -> None:
    page = await library.find(Query(kind), "fr", 3)
    assert {item.kind for item in page.items} == {kind}


async def test_what_is_read_is_what_was_written(library: Library, catalogue: Catalogue) -> None:
    resource = catalogue.resources[0]
    shown = await library.get(resource.id, "fr")
    assert shown is not None
    assert (shown.short, shown.source) == (resource.wordings["fr"].short, resource.source)
