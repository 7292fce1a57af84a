"""What a resource is and how data/resources/*.yml is read: every mistake is told by file, line and key."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.content import Source, read_yaml
from bot.organisation import REGIONS
from bot.search_words import LANGUAGES, fold
from bot.store.resources import Shelved

THEMES = frozenset(
    {
        "agriculture",
        "culture",
        "droits humains",
        "eau",
        "économie",
        "éducation",
        "enfance",
        "environnement",
        "femmes",
        "handicap",
        "humanitaire",
        "jeunesse",
        "migration",
        "numérique",
        "santé",
        "sport",
    }
)
LONGEST = {"title": 60, "short": 300, "more": 1500}
"""Characters: a title fits a button's line, `short` one phone screen, `more` one message."""
LONGEST_ID = 36  # `/find_resource{"id": "…"}` must fit the 64 bytes of a button
SAMPLE_WORDS = {"fr": "exemple", "so": "tusaale", "aa": "exemple"}
"""What is not real says so in its own title, in these words."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_REQUIRED = {"id", "fr", "source", "as_of"}
_LISTS = {"regions", "places", "themes"}
_FLAGS = {"binding", "sample", "closed"}
_ALLOWED = _REQUIRED | _LISTS | _FLAGS | {"so", "aa", "url", "valid_until"}


class ResourceKind(StrEnum):
    DIGITAL_SPACE = "digital_space"
    INTERNET_OFFER = "internet_offer"
    EQUIPMENT = "equipment"
    TOOLKIT = "toolkit"
    FUNDING = "funding"
    LAW = "law"
    PROJECT = "project"
    TRAINING = "training"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Wording:
    """A resource in one language; outside French only the title is sure to be there."""

    title: str
    short: str = ""
    more: str = ""
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """A fact with its source and date. `binding`: dates, money, eligibility or consent, shown in French too.

    `position`: its place in its file. `sample`: made for demonstration. `closed`: over, end date unknown.
    """

    id: str
    kind: ResourceKind
    wordings: Mapping[str, Wording]
    source: str
    as_of: date
    position: int = 0
    regions: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    url: str | None = None
    valid_until: date | None = None
    binding: bool = False
    sample: bool = False
    closed: bool = False

    def is_closed(self, today: date) -> bool:
        return self.closed or (self.valid_until is not None and self.valid_until < today)


def read_resources(directory: Path) -> tuple[Resource, ...]:
    """All resources of data/resources, ordered by file name. Raises ContentError."""
    found: dict[str, Resource] = {}
    for path in sorted(directory.glob("*.yml")):
        source = read_yaml(path)
        for index, resource in enumerate(_read_file(source)):
            if resource.id in found:
                raise source.error(("items", index, "id"), f"{resource.id} is used twice")
            found[resource.id] = resource
    return tuple(found.values())


def _read_file(source: Source) -> list[Resource]:
    data = source.data
    if not isinstance(data, dict) or set(data) != {"kind", "keywords", "items"}:
        raise source.error((), "must hold exactly kind, keywords (words for all its items) and items")
    if data["kind"] not in list(ResourceKind):
        raise source.error(("kind",), f"must be one of {', '.join(ResourceKind)}")
    if not isinstance(data["items"], list):
        raise source.error(("items",), "must be a list")
    kind = ResourceKind(data["kind"])
    shared = _texts(source, ("keywords",), data["keywords"])
    items = [_Item(source, ("items", index), entry) for index, entry in enumerate(data["items"])]
    return [item.read(kind, shared) for item in items]


def _texts(source: Source, key: tuple[str | int, ...], values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(v, str) and v for v in values):
        raise source.error(key, "must be a list of texts (quote numbers)")
    return tuple(values)


@dataclass(frozen=True, slots=True)
class _Item:
    """One entry of a file while it is checked."""

    source: Source
    key: tuple[str | int, ...]
    entry: Any

    def read(self, kind: ResourceKind, shared: tuple[str, ...]) -> Resource:
        self._check_keys()
        resource = Resource(
            id=self._id(),
            kind=kind,
            wordings={name: self._wording(name, shared) for name in LANGUAGES if name in self.entry},
            source=self._text(("source",), 200),
            as_of=self._date("as_of"),
            position=int(self.key[-1]),
            regions=self._list("regions", frozenset(REGIONS)),
            places=self._list("places"),
            themes=self._list("themes", THEMES),
            url=self._url(),
            valid_until=self._date("valid_until") if "valid_until" in self.entry else None,
            **{flag: self._flag(flag) for flag in sorted(_FLAGS)},
        )
        if resource.sample:
            self._check_sample(resource)
        return resource

    def _check_keys(self) -> None:
        if not isinstance(self.entry, dict):
            raise self.source.error(self.key, "must be a resource")
        if missing := sorted(_REQUIRED - set(self.entry)):
            raise self.source.error(self.key, f"lacks {', '.join(missing)}")
        if unknown := sorted(set(self.entry) - _ALLOWED):
            raise self.source.error((*self.key, unknown[0]), "is not a key of a resource")

    def _id(self) -> str:
        value = self._text(("id",), LONGEST_ID)
        if not _ID.fullmatch(value):
            raise self.source.error((*self.key, "id"), "must be lower-case words joined by hyphens")
        return value

    def _wording(self, language: str, shared: tuple[str, ...]) -> Wording:
        entry = self.entry[language]
        required = {"title", "short"} if language == "fr" else {"title"}
        if not isinstance(entry, dict) or not required <= set(entry) <= {*LONGEST, "keywords"}:
            message = f"must hold {', '.join(sorted(required))}, and of title, short, more, keywords no other"
            raise self.source.error((*self.key, language), message)
        texts = {p: self._text((language, p), most) for p, most in LONGEST.items() if p in entry}
        own = _texts(self.source, (*self.key, language, "keywords"), entry.get("keywords", []))
        return Wording(**texts, keywords=own + shared if language == "fr" else own)

    def _text(self, path: tuple[str, ...], most: int) -> str:
        value = self.entry
        for step in path:
            value = value[step]
        if not isinstance(value, str) or not value.strip():
            raise self.source.error((*self.key, *path), "must be a text")
        if len(value.strip()) > most:
            problem = f"has {len(value.strip())} characters, at most {most} are read"
            raise self.source.error((*self.key, *path), problem)
        return value.strip()

    def _list(self, name: str, allowed: frozenset[str] | None = None) -> tuple[str, ...]:
        values = _texts(self.source, (*self.key, name), self.entry.get(name, []))
        if allowed is not None and (strange := [v for v in values if v not in allowed]):
            problem = f"{strange[0]} is none of {', '.join(sorted(allowed))}"
            raise self.source.error((*self.key, name), problem)
        return values

    def _date(self, name: str) -> date:
        value = self.entry[name]
        if type(value) is not date:
            raise self.source.error((*self.key, name), "must be a date, as 2024-03-07")
        return value

    def _url(self) -> str | None:
        value = self.entry.get("url")
        if value is not None and (not isinstance(value, str) or not value.startswith("https://")):
            raise self.source.error((*self.key, "url"), "must begin with https://")
        return value

    def _flag(self, name: str) -> bool:
        value = self.entry.get(name, False)
        if not isinstance(value, bool):
            raise self.source.error((*self.key, name), "must be true or false")
        return value

    def _check_sample(self, resource: Resource) -> None:
        for language, wording in resource.wordings.items():
            if SAMPLE_WORDS[language] not in fold(wording.title).split():
                problem = f"must say « {SAMPLE_WORDS[language]} », as the resource is a sample"
                raise self.source.error((*self.key, language, "title"), problem)


def shelve(resource: Resource) -> Shelved:
    """The resource as it is stored: folded for the search, and whole for those who read it."""
    wordings = resource.wordings.values()
    headings = [w.title for w in wordings] + [k for w in wordings for k in w.keywords]
    content = _content(resource)
    texts = {
        "heading": fold(" . ".join([*headings, *resource.places, *resource.regions])),
        "summary": fold(" . ".join(w.short for w in wordings)),
        "details": fold(" . ".join(w.more for w in wordings)),
    }
    written = json.dumps([content, texts], ensure_ascii=False, sort_keys=True)
    return Shelved(
        id=resource.id,
        kind=resource.kind,
        regions=tuple(map(fold, resource.regions)),
        places=tuple(map(fold, resource.places)),
        themes=tuple(map(fold, resource.themes)),
        as_of=resource.as_of,
        valid_until=resource.valid_until,
        closed=resource.closed,
        content=content,
        digest=hashlib.sha256(written.encode()).hexdigest(),
        **texts,
    )


def _content(resource: Resource) -> dict[str, Any]:
    return {
        "id": resource.id,
        "kind": resource.kind.value,
        "position": resource.position,
        "wordings": {
            language: {"title": w.title, "short": w.short, "more": w.more, "keywords": list(w.keywords)}
            for language, w in resource.wordings.items()
        },
        "source": resource.source,
        "as_of": resource.as_of.isoformat(),
        "regions": list(resource.regions),
        "places": list(resource.places),
        "themes": list(resource.themes),
        "url": resource.url,
        "valid_until": resource.valid_until and resource.valid_until.isoformat(),
        "binding": resource.binding,
        "sample": resource.sample,
        "closed": resource.closed,
    }


def unshelve(content: Mapping[str, Any]) -> Resource:
    """A stored resource as it was read."""
    wordings = {
        language: Wording(w["title"], w["short"], w["more"], tuple(w["keywords"]))
        for language, w in content["wordings"].items()
    }
    until = content["valid_until"]
    return Resource(
        id=content["id"],
        kind=ResourceKind(content["kind"]),
        position=content["position"],
        wordings=wordings,
        source=content["source"],
        as_of=date.fromisoformat(content["as_of"]),
        regions=tuple(content["regions"]),
        places=tuple(content["places"]),
        themes=tuple(content["themes"]),
        url=content["url"],
        valid_until=until and date.fromisoformat(until),
        binding=content["binding"],
        sample=content["sample"],
        closed=content["closed"],
    )
