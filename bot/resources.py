"""The library: what a person asked for becomes the resources that answer it, in the language they speak."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol, Self

from bot.actions.context import Found, Query, ResourceText
from bot.catalogue import Resource, ResourceKind, Wording, read_resources, shelve, unshelve
from bot.organisation import REGIONS
from bot.search_words import Group, Reading, SearchTerms, WordReader, fold
from bot.store.resources import Hits, Replaced, Shelved, Wanted

FOLDED_REGIONS = frozenset(map(fold, REGIONS))


class Shelf(Protocol):
    """Where resources are kept; `bot.store.resources.Resources` within one transaction."""

    async def replace_all(self, items: list[Shelved]) -> Replaced: ...

    async def search(self, wanted: Wanted, limit: int, offset: int = 0) -> Hits: ...

    async def get(self, resource_id: str) -> dict[str, Any] | None: ...


@dataclass(frozen=True, slots=True)
class Shown(ResourceText):
    """A resource as one person reads it. `french`: the parts shown in French for lack of another wording."""

    kind: ResourceKind = ResourceKind.DOCUMENT
    binding: bool = False
    sample: bool = False
    closed: bool = False
    french: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Understood:
    """What was looked for: French words, and which demands (words, region) were lifted to find anything."""

    words: tuple[str, ...] = ()
    lifted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page(Found):
    items: Sequence[Shown]
    understood: Understood = Understood()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The content of the data folder, read once at the start."""

    resources: tuple[Resource, ...]
    shelved: tuple[Shelved, ...]
    reader: WordReader
    places: frozenset[str]
    """Places that resources are about, folded: a question that names one asks for what is there."""

    @classmethod
    def load(cls, data_dir: Path) -> Self:
        """Read `data_dir`/resources and `data_dir`/search_terms.yml. Raises ContentError."""
        resources = read_resources(data_dir / "resources")
        shelved = tuple(map(shelve, resources))
        texts = [text for item in shelved for text in (item.heading, item.summary, item.details)]
        reader = WordReader(SearchTerms.load(data_dir / "search_terms.yml"), texts)
        return cls(resources, shelved, reader, frozenset(place for item in shelved for place in item.places))

    async def publish(self, shelf: Shelf) -> Replaced:
        """Make the database hold exactly this content; one query when it already does."""
        return await shelf.replace_all(list(self.shelved))


class Library:
    """The resources within one transaction; `today` decides which calls are closed."""

    def __init__(self, shelf: Shelf, catalogue: Catalogue, today: date) -> None:
        self._shelf = shelf
        self._reader = catalogue.reader
        self._known_places = catalogue.places
        self._today = today

    async def find(self, query: Query, language: str, limit: int) -> Page:
        """One page of what answers, best first, always in the same order.

        A kind asked for is always respected. When nothing of this kind matches the words, all of the kind in
        that region is given; when there is nothing for the region, other regions' are. Without a kind, words
        (or failing these a place or a theme) must match: nonsense finds nothing.
        """
        reading = self._reader.read(query.words, language)
        for wanted, lifted in _attempts(self._wanted(query, reading)):
            hits = await self._shelf.search(wanted, limit, query.offset)
            if hits.total:
                items = [self._shown(unshelve(content), language) for content in hits.contents]
                return Page(items, hits.total, Understood(reading.words, lifted))
        return Page((), 0, Understood(reading.words))

    async def get(self, resource_id: str, language: str) -> Shown | None:
        content = await self._shelf.get(resource_id)
        return None if content is None else self._shown(unshelve(content), language)

    def _wanted(self, query: Query, reading: Reading) -> Wanted:
        """A place named among the words is a demand of its own, not one more word."""
        region = fold(query.region) if query.region else _named(reading, FOLDED_REGIONS)
        place = fold(query.place) if query.place else _named(reading, self._known_places)
        return Wanted(
            today=self._today,
            kind=query.kind,
            groups=tuple(group for group in reading.groups if not _names(group, {region, place})),
            hints=reading.hints,
            region=region,
            place=place,
            theme=query.theme and fold(query.theme),
        )

    def _shown(self, resource: Resource, language: str) -> Shown:
        french = resource.wordings["fr"]
        own = resource.wordings.get(language, Wording(""))
        missing = {part for part in ("title", "short", "more") if not getattr(own, part)}
        return Shown(
            id=resource.id,
            title=own.title or french.title,
            short=own.short or french.short,
            more=own.more or french.more,
            source=resource.source,
            as_of=resource.as_of.strftime("%d/%m/%Y"),
            url=resource.url,
            valid_until=resource.valid_until,
            kind=resource.kind,
            binding=resource.binding,
            sample=resource.sample,
            closed=resource.is_closed(self._today),
            french=frozenset(part for part in missing if getattr(french, part)),
        )


def _names(group: Group, places: Collection[str | None]) -> bool:
    return any(" ".join(phrase) in places for phrase in group)


def _named(reading: Reading, places: Collection[str]) -> str | None:
    spoken = [" ".join(phrase) for group in reading.groups for phrase in group]
    return next((name for name in spoken if name in places), None)


def _attempts(wanted: Wanted) -> list[tuple[Wanted, tuple[str, ...]]]:
    """The search as asked, then with fewer demands; only a kind asked for makes that sensible."""
    attempts: list[tuple[Wanted, tuple[str, ...]]] = [(wanted, ())]
    if wanted.kind is None:
        return attempts
    if wanted.groups:
        attempts.append((replace(wanted, any_words=True), ("words",)))
    if wanted.region:
        attempts.append((replace(wanted, any_words=True, any_region=True), ("words", "region")))
    return attempts
