"""Resources in the database: replaced as a whole, found by words, place and date, always in one order."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.store.engine import Database
from bot.store.resources import Replaced, Resources, Shelved, Wanted

TODAY = date(2026, 11, 24)


def shelved(name: str, heading: str = "", **changes: Any) -> Shelved:
    item = Shelved(
        id=name,
        kind="law",
        regions=(),
        places=(),
        themes=(),
        as_of=date(2024, 3, 7),
        valid_until=None,
        closed=False,
        heading=heading,
        summary="",
        details="",
        content={"id": name, "position": 0},
        digest=name + heading,
    )
    return replace(item, **changes)


def words(*names: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    return tuple(((name,),) for name in names)


async def found(database: Database, items: list[Shelved], wanted: Wanted) -> list[str]:
    async with database.transaction() as tx:
        shelf = Resources(tx.session)
        await shelf.replace_all(items)
        return [content["id"] for content in (await shelf.search(wanted, 10)).contents]


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_only_what_changed_is_written_and_what_vanished_goes(database: Database) -> None:
    async with database.transaction() as tx:
        shelf = Resources(tx.session)
        first = await shelf.replace_all([shelved("a"), shelved("b"), shelved("c")])
        second = await shelf.replace_all([shelved("a"), shelved("b", "new")])
    assert (first, second) == (Replaced(3, 0), Replaced(1, 1))


async def test_nothing_new_costs_one_query(database: Database) -> None:
    async with database.transaction() as tx:
        await Resources(tx.session).replace_all([shelved("a"), shelved("b")])
    async with database.transaction() as tx:
        with counted_statements() as statements:
            await Resources(tx.session).replace_all([shelved("a"), shelved("b")])
    assert len(statements) == 1


async def test_changed_words_are_found_and_old_ones_are_not(database: Database) -> None:
    async with database.transaction() as tx:
        await Resources(tx.session).replace_all([shelved("a", "impot")])
    assert await found(database, [shelved("a", "statuts")], Wanted(TODAY, groups=words("statut"))) == ["a"]
    assert await found(database, [shelved("a", "statuts")], Wanted(TODAY, groups=words("impot"))) == []


async def test_french_endings_do_not_matter(database: Database) -> None:
    items = [shelved("a", "formations numeriques")]
    assert await found(database, items, Wanted(TODAY, groups=words("formation", "numerique"))) == ["a"]


async def test_all_words_of_an_alternative_must_be_there(database: Database) -> None:
    items = [shelved("both", "espace public"), shelved("one", "espace")]
    wanted = Wanted(TODAY, groups=((("espace", "public"),),))
    assert await found(database, items, wanted) == ["both"]


async def test_lone_hit_in_a_long_question_is_noise_without_a_kind(database: Database) -> None:
    items = [shelved("a", "loi")]
    many = words("loi", "football", "match", "soir")
    assert await found(database, items, Wanted(TODAY, groups=many)) == []
    assert await found(database, items, Wanted(TODAY, kind="law", groups=many)) == ["a"]


async def test_word_of_the_details_alone_does_not_find(database: Database) -> None:
    items = [shelved("a", "loi", details="exemple"), shelved("b", "exemple")]
    assert await found(database, items, Wanted(TODAY, groups=words("exemple"))) == ["b"]


async def test_order_is_place_region_theme_words_newest_name(database: Database) -> None:
    items = [
        shelved("z-old", "loi", as_of=date(2020, 1, 1)),
        shelved("y-same", "loi"),
        shelved("x-same", "loi"),
        shelved("words", "loi impot"),
        shelved("theme", "loi", themes=("eau",)),
        shelved("region", "loi", regions=("obock",)),
        shelved("place", "loi", places=("balbala",)),
    ]
    wanted = Wanted(TODAY, "law", words("loi", "impot"), (), "obock", "balbala", "eau")
    assert await found(database, items, wanted) == [
        "place",
        "region",
        "theme",
        "words",
        "x-same",
        "y-same",
        "z-old",
    ]


async def test_hints_order_but_do_not_find(database: Database) -> None:
    items = [shelved("a", "loi"), shelved("b", "loi association"), shelved("c", "association")]
    wanted = Wanted(TODAY, groups=words("loi"), hints=words("association"))
    assert await found(database, items, wanted) == ["b", "a"]


async def test_other_regions_are_left_out_unless_lifted(database: Database) -> None:
    items = [shelved("here", regions=("obock",)), shelved("there", regions=("dikhil",)), shelved("all")]
    wanted = Wanted(TODAY, kind="law", region="obock")
    assert await found(database, items, wanted) == ["here", "all"]
    assert len(await found(database, items, replace(wanted, any_region=True))) == 3


@pytest.mark.parametrize("over", [{"closed": True}, {"valid_until": date(2026, 11, 23)}])
async def test_what_is_over_comes_last_even_if_it_matches_better(
    database: Database, over: dict[str, Any]
) -> None:
    items = [shelved("over", "appel projet", **over), shelved("open", "appel", valid_until=TODAY)]
    wanted = Wanted(TODAY, kind="law", groups=words("appel", "projet"))
    assert await found(database, items, wanted) == ["open", "over"]


async def test_total_counts_all_pages(database: Database) -> None:
    async with database.transaction() as tx:
        shelf = Resources(tx.session)
        await shelf.replace_all([shelved(name) for name in "abcde"])
        hits = await shelf.search(Wanted(TODAY, kind="law"), limit=2, offset=4)
    assert ([c["id"] for c in hits.contents], hits.total) == (["e"], 5)


async def test_nothing_asked_finds_nothing(database: Database) -> None:
    assert await found(database, [shelved("a", "loi")], Wanted(TODAY)) == []


async def test_region_alone_finds_what_is_there(database: Database) -> None:
    items = [shelved("here", regions=("obock",)), shelved("all")]
    assert await found(database, items, Wanted(TODAY, region="obock")) == ["here"]


async def test_one_is_got_by_its_name(database: Database) -> None:
    async with database.transaction() as tx:
        await Resources(tx.session).replace_all([shelved("a")])
        assert await Resources(tx.session).get("a") == {"id": "a", "position": 0}
        assert await Resources(tx.session).get("b") is None


async def test_one_kind_is_listed_as_its_editors_wrote_it(database: Database) -> None:
    items = [
        shelved(name, "loi", content={"id": name, "position": place}, as_of=date(2020 + place, 1, 1))
        for place, name in enumerate(["c", "a", "b"])
    ]
    assert await found(database, items, Wanted(TODAY, kind="law")) == ["c", "a", "b"]
    assert await found(database, items, Wanted(TODAY, kind="law", groups=words("loi"))) == ["c", "a", "b"]
