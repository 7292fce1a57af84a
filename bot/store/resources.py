"""How resources are kept and ranked: place and theme, French full text over folded words, then freshness.

Every text that arrives here is folded (lower case, no accents, only letters and digits), so PostgreSQL's own
French dictionary gives the same result on every server. `unaccent` and `pg_trgm` are not asked for: the
embedded server and some hosted ones lack them. Typing mistakes are mended before, in `bot/search_words.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    case,
    cast,
    delete,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import REGCONFIG, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.store.content_tables import ResourceRow

FRENCH = cast("french", REGCONFIG)
MAIN_PARTS = ":AB"
"""Where a word says what a resource is about: title and keywords (A) and summary (B), not details (D)."""
HEADING = ":A"
COVERED_SHARE = 3
"""With no kind asked for, one word in so many must be found: a lone hit in a long question is noise."""

Alternative = tuple[str, ...]
Group = tuple[Alternative, ...]
"""One word of a question: its alternatives, each of one or more folded words that must all be there."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """A resource as it is stored; texts and places are folded, except in `content`, kept as it is.

    `content` holds its `position` among its kind, the order its editors gave.
    """

    id: str
    kind: str
    regions: tuple[str, ...]
    places: tuple[str, ...]
    themes: tuple[str, ...]
    as_of: date
    valid_until: date | None
    closed: bool
    heading: str
    summary: str
    details: str
    content: dict[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search: `groups` must match, `hints` only help to order.

    `any_words` and `any_region` lift the demand that words, or the region, match.
    """

    today: date
    kind: str | None = None
    groups: tuple[Group, ...] = ()
    hints: tuple[Group, ...] = ()
    region: str | None = None
    place: str | None = None
    theme: str | None = None
    any_words: bool = False
    any_region: bool = False


@dataclass(frozen=True, slots=True)
class Hits:
    """`contents` of one page, best first; `total` counts all that matched."""

    contents: tuple[dict[str, Any], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Replaced:
    written: int
    removed: int


class Resources:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def replace_all(self, items: Sequence[Shelved]) -> Replaced:
        """Make the table hold these items and no others; one query when nothing changed."""
        stored = await self._session.execute(select(ResourceRow.id, ResourceRow.digest))
        known = {row.id: row.digest for row in stored}
        changed = sorted((i for i in items if known.get(i.id) != i.digest), key=lambda item: item.id)
        vanished = sorted(known.keys() - {item.id for item in items})
        if changed:
            await self._write(changed)
        if vanished:
            await self._session.execute(delete(ResourceRow).where(ResourceRow.id.in_(vanished)))
        return Replaced(len(changed), len(vanished))

    async def _write(self, items: Sequence[Shelved]) -> None:
        statement = insert(ResourceRow).values([_values(item) for item in items])
        columns = {
            c.name: statement.excluded[c.name] for c in ResourceRow.__table__.columns if c.name != "id"
        }
        await self._session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=columns))

    async def search(self, wanted: Wanted, limit: int, offset: int = 0) -> Hits:
        """Best first: open before closed, place, region, theme, words, newest, id (for a stable order).

        In one kind, among those that match as well, the order of the content file comes before counted words.
        """
        conditions = _conditions(wanted)
        found = await self._session.execute(
            select(ResourceRow.content, func.count().over())
            .where(*conditions)
            .order_by(*_order(wanted))
            .limit(limit)
            .offset(offset)
        )
        rows = found.all()
        if not rows and offset:  # a page after the last still says how many there are
            counted = select(func.count()).select_from(ResourceRow).where(*conditions)
            return Hits((), await self._session.scalar(counted) or 0)
        return Hits(tuple(row[0] for row in rows), rows[0][1] if rows else 0)

    async def get(self, resource_id: str) -> dict[str, Any] | None:
        return await self._session.scalar(select(ResourceRow.content).where(ResourceRow.id == resource_id))


def _values(item: Shelved) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind,
        "regions": list(item.regions),
        "places": list(item.places),
        "themes": list(item.themes),
        "as_of": item.as_of,
        "valid_until": item.valid_until,
        "closed": item.closed,
        "content": item.content,
        "digest": item.digest,
        "search": _weighed(item.heading, "A") + _weighed(item.summary, "B") + _weighed(item.details, "D"),
    }


def _weighed(text: str, weight: str) -> ColumnElement[str]:
    # The weight is PostgreSQL's own type "char", which only a literal becomes by itself; String makes + a ||.
    return func.setweight(func.to_tsvector(FRENCH, text), literal_column(f"'{weight}'"), type_=String)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.kind:
        conditions.append(ResourceRow.kind == wanted.kind)
    if wanted.region and not wanted.any_region:
        conditions.append(
            or_(func.cardinality(ResourceRow.regions) == 0, _holds(ResourceRow.regions, wanted.region))
        )
    if wanted.groups and not wanted.any_words:
        conditions.append(_matches([a for group in wanted.groups for a in group], MAIN_PARTS))
    if wanted.groups and not wanted.any_words and not wanted.kind:
        conditions.append(_count(wanted.groups) * COVERED_SHARE >= len(wanted.groups))
    if not wanted.groups and not wanted.kind:
        conditions.append(or_(false(), *_places(wanted)))
    return conditions


def _order(wanted: Wanted) -> list[ColumnElement[Any]]:
    closed = or_(ResourceRow.closed, func.coalesce(ResourceRow.valid_until < wanted.today, false()))
    order: list[ColumnElement[Any]] = [closed, *(place.desc() for place in _places(wanted))]
    position = ResourceRow.content["position"].as_integer()
    if wanted.groups:
        words = (*wanted.groups, *wanted.hints)
        rank = func.ts_rank(ResourceRow.search, _query([phrase for group in words for phrase in group]))
        order += [_count(wanted.groups, MAIN_PARTS).desc(), _count(wanted.groups, HEADING).desc()]
        order += [position, rank.desc()] if wanted.kind else [rank.desc()]
    elif wanted.kind:
        order.append(position)
    return [*order, ResourceRow.as_of.desc(), ResourceRow.__table__.c.id]


def _places(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What is asked for of place, region and theme, in the order they weigh."""
    columns = (ResourceRow.places, wanted.place), (ResourceRow.regions, wanted.region)
    asked = (*columns, (ResourceRow.themes, wanted.theme))
    return [_holds(column, value) for column, value in asked if value is not None]


def _holds(column: InstrumentedAttribute[list[str]], value: str) -> ColumnElement[bool]:
    return literal(value) == func.any(column)


def _count(groups: Sequence[Group], parts: str = "") -> ColumnElement[int]:
    found = [case((_matches(group, parts), 1), else_=0) for group in groups]
    return sum(found[1:], cast(found[0], Integer))


def _matches(alternatives: Sequence[Alternative], parts: str = "") -> ColumnElement[bool]:
    return ResourceRow.search.bool_op("@@")(_query(alternatives, parts))


def _query(alternatives: Sequence[Alternative], parts: str = "") -> ColumnElement[str]:
    """The tsquery of any of these; folded words hold letters and digits only, so none is an operator."""
    phrases = dict.fromkeys("(" + " & ".join(word + parts for word in a) + ")" for a in alternatives)
    return func.to_tsquery(FRENCH, " | ".join(phrases))
