"""The directory as one HTML file that searches itself without network: what goes into it, and how it is guarded."""

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.directory_words import DirectoryWords
from bot.domain import LANGUAGES, Domain
from bot.duplicates import LINKS
from bot.export_files import Snapshot
from bot.search_words import fold

TEMPLATE = Path(__file__).with_name("export_page.html")
LABELS = (
    "title", "search", "regions", "themes", "count", "none", "made", "public", "verified", "never", "projects",
    "hidden", "more", "can",
)  # fmt: skip
"""What the page says, in `domain.yml` as responses named `utter_page_<label>`."""


def as_page(snapshot: Snapshot, domain: Domain, words: DirectoryWords) -> bytes:
    """All of it in one file: entries, words in three languages, spellings of places and themes."""
    themes = {theme: f"utter_theme_{fold(theme).replace(' ', '_')}" for theme in words.themes.values}
    forms = {form: f"utter_form_{fold(form).replace(' ', '_')}" for form in words.forms.values}
    data = {
        "at": snapshot.at.date().isoformat(),
        "labels": {
            language: {name: domain.words(f"utter_page_{name}", language).text for name in LABELS}
            for language in LANGUAGES
        },
        "names": {
            language: {
                value: domain.words(said, language).text for value, said in {**themes, **forms}.items()
            }
            for language in LANGUAGES
        },
        "regions": list(words.regions.values),
        "themes": list(words.themes.values),
        "spellings": _spellings(words),
        "filler": sorted(words.filler | LINKS),
        "entries": _entries(snapshot),
    }
    page = TEMPLATE.read_text(encoding="utf-8")
    title = html.escape(domain.words("utter_page_title", "fr").text)
    return page.replace("{{title}}", title).replace("{{data}}", _embedded(data)).encode()


def _embedded(data: Mapping[str, Any]) -> str:
    """JSON that cannot end the script element it stands in, whatever the entries hold."""
    compact = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return compact.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _spellings(words: DirectoryWords) -> dict[str, str]:
    """Single words in any language for a region or a theme."""
    return {
        spelling: fold(value)
        for names in (words.regions, words.themes)
        for spelling, value in names.spellings.items()
        if " " not in spelling and spelling != fold(value)
    }


def _entries(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Short keys and no empty values, for phones and paid data."""
    projects: dict[int, list[list[Any]]] = {}
    for project in snapshot.projects:
        years = [day.year for day in (project.get("starts_on"), project.get("ends_on")) if day]
        period = "–".join(map(str, dict.fromkeys(years)))
        theme = next(iter(project.get("themes") or []), "")
        projects.setdefault(project["organisation_id"], []).append(
            [project["title"], period, theme, project.get("region") or ""]
        )
    return [_entry(row, projects.get(row["id"], [])) for row in snapshot.organisations]


def _entry(row: Mapping[str, Any], projects: list[list[Any]]) -> dict[str, Any]:
    entry = {
        "n": row["name"],
        "a": row.get("acronym"),
        "f": row.get("legal_form"),
        "r": row.get("region"),
        "l": row.get("place"),
        "t": row.get("themes"),
        "y": row.get("year"),
        "d": row.get("description"),
        "c": row.get("capacities"),
        "w": [row[name] for name in ("contact_name", "phone", "email") if row.get(name)],
        "s": row.get("standing") == "verified",
        "v": day.isoformat() if (day := row.get("verified_on")) else None,
        "p": projects,
    }
    return {name: value for name, value in entry.items() if value}
