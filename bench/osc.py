"""A directory made up for measuring: plausible names, every entry marked as an example, duplicates seeded."""

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

MARK = "Exemple inventé pour les mesures, pas une organisation réelle."
SEED = 20261128
FORMS = (
    "Association",
    "Association",
    "Association",
    "Coopérative",
    "Ururka",
    "Egla",
    "Réseau",
    "Comité",
    "ONG",
    "Union",
)
WHO = (
    "femmes", "jeunes", "mères", "pêcheurs", "éleveurs", "enseignants", "parents d'élèves", "artisans", "étudiants",
    "personnes handicapées", "veuves", "agriculteurs", "commerçantes", "nomades", "retraités", "filles", "orphelins",
    "infirmiers", "maraîchers", "bergers", "conteurs", "sportifs", "couturières", "apiculteurs", "guides",
)  # fmt: skip
WHAT = (
    "développement", "solidarité", "santé communautaire", "protection de la nature", "alphabétisation", "entraide",
    "promotion du numérique", "accès à l'eau", "lutte contre l'excision", "formation professionnelle", "reboisement",
    "sauvegarde des mangroves", "insertion", "microcrédit", "théâtre", "football", "patrimoine", "droits de l'enfant",
    "assainissement", "énergie solaire", "secours", "citoyenneté", "lecture publique", "nutrition", "pêche durable",
)  # fmt: skip
PROPER = (
    "Iftin", "Horsed", "Hodan", "Waberi", "Barwaqo", "Tawakal", "Ramaas", "Qaran", "Bilal", "Nasteexo", "Samawade",
    "Xasilooni", "Guurti", "Daryeel", "Kaalmo", "Midnimo", "Rajo", "Hiil", "Horumar", "Wadajir", "Bulsho", "Xoolo",
    "Dardar", "Gobaad", "Lee", "Dayla", "Ayro", "Robe", "Goba", "Buqre", "Maqaane", "Kulan", "Tadamun", "Amal", "Nour",
)  # fmt: skip
PLACES = {
    "Djibouti-Ville": (
        "Balbala",
        "Boulaos",
        "Ras-Dika",
        "Ambouli",
        "Einguela",
        "Arhiba",
        "Quartier 7",
        "Hayableh",
    ),
    "Arta": ("Arta", "Wea", "Damerjog", "Chabelley"),
    "Ali Sabieh": ("Ali Sabieh", "Holhol", "Ali Adde", "Assamo"),
    "Dikhil": ("Dikhil", "Yoboki", "As Eyla", "Mouloud", "Gorabous"),
    "Obock": ("Obock", "Khor Angar", "Alaili Dadda", "Medeho"),
    "Tadjourah": ("Tadjourah", "Randa", "Day", "Dorra", "Sagallou"),
}
THEMES = (
    "éducation", "santé", "environnement", "jeunesse", "femmes", "handicap", "culture", "sport", "droits humains",
    "économie", "agriculture", "eau", "numérique", "humanitaire", "enfance", "migration",
)  # fmt: skip
CAN = (
    "formation au numérique",
    "alphabétisation",
    "collecte de données",
    "animation de radio",
    "comptabilité",
    "",
)
TITLES = (
    "Puits",
    "École",
    "Jardin",
    "Atelier",
    "Caravane",
    "Bibliothèque",
    "Forum",
    "Pépinière",
    "Studio",
    "Marché",
)
COLUMNS = (
    "name", "acronym", "legal_form", "region", "place", "themes", "phone", "email", "year", "description", "capacities",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """One row; `twin`: the number of the row it is a disguised second entry of."""

    name: str
    acronym: str
    legal_form: str
    region: str
    place: str
    themes: str
    phone: str
    email: str
    year: str
    description: str
    capacities: str
    twin: int | None = None


def organisations(count: int, dice: random.Random) -> list[Made]:
    """So many different organisations; names may share words, as real ones do, but not all but the form."""
    made: dict[str, Made] = {}
    while len(made) < count:
        one = _one(len(made), dice)
        made.setdefault(" ".join(word for word in one.name.split() if word not in FORMS), one)
    return list(made.values())


def _one(number: int, dice: random.Random) -> Made:
    region = dice.choice(list(PLACES))
    place = dice.choice(PLACES[region])
    form, who, what, proper = (dice.choice(some) for some in (FORMS, WHO, WHAT, PROPER))
    name = dice.choice(
        (
            f"{form} {proper} des {who} de {place}",
            f"{form} {proper} pour {_the(what)}",
            f"{form} des {who} de {place} pour {_the(what)}",
            f"{proper} {what} {place}",
        )
    )
    acronym = "".join(word[0] for word in name.split() if word[0].isupper() or len(word) > 3).upper()[:6]
    return Made(
        name=name,
        acronym=acronym if dice.random() < 0.5 and len(acronym) >= 3 else "",
        legal_form="coopérative" if form == "Coopérative" else "association",
        region=region,
        place=place,
        themes="; ".join(dice.sample(THEMES, dice.choice((1, 2, 2, 3)))),
        phone=f"+25377{number // 10000 % 10}{dice.randrange(10)}{number % 10000:04d}"
        if dice.random() < 0.8
        else "",
        email=f"contact{number}@exemple.dj" if dice.random() < 0.5 else "",
        year=str(dice.randrange(1985, 2026)) if dice.random() < 0.7 else "",
        description=f"{what.capitalize()} avec les {who} de {place}. {MARK}",
        capacities=dice.choice(CAN),
    )


def _the(what: str) -> str:
    return f"l'{what}" if what[0] in "aeiouéhî" else f"le {what}" if what[0] in "dmprft" else f"la {what}"


def disguised(of: Sequence[Made], count: int, dice: random.Random) -> list[Made]:
    """Second entries of some, as other people would make them; `twin` says of which."""
    return [_disguise(number, of[number], dice) for number in dice.sample(range(len(of)), count)]


def _disguise(number: int, one: Made, dice: random.Random) -> Made:
    words = one.name.split()
    name = dice.choice(
        (
            one.name.upper(),
            mistyped(one.name, dice),
            mistyped(mistyped(one.name, dice), dice),
            " ".join([dice.choice(("Ururka", "Egla", "Asso", "ONG")), *words[1:]])
            if words[0] in FORMS
            else one.name,
            " ".join([*words[len(words) // 2 :], *words[: len(words) // 2]]),
            " ".join(words[:-1]) if one.phone or one.email else one.name.lower(),
        )
    )
    kept = dice.random()
    changed = replace(one, name=name, twin=number, description="", year="", acronym="")
    if kept < 0.3:
        return replace(changed, phone="", email="")
    return replace(changed, email="") if kept < 0.6 else changed


def mistyped(text: str, dice: random.Random) -> str:
    """One letter left out, doubled, or swapped with the next."""
    at = dice.choice([i for i in range(len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha()])
    kind = dice.randrange(3)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    return text[:at] + (
        text[at] * 2 + text[at + 1 :] if kind == 1 else text[at + 1] + text[at] + text[at + 2 :]
    )


def as_csv(made: Sequence[Made]) -> bytes:
    return _csv(COLUMNS, [[str(getattr(one, name)) for name in COLUMNS] for one in made])


def projects(of: Sequence[Made], count: int, dice: random.Random) -> bytes:
    """A file of so many projects of these organisations."""
    rows = []
    for number in range(count):
        one = dice.choice(of)
        year = dice.randrange(2015, 2027)
        title = f"{dice.choice(TITLES)} {dice.choice(PROPER)} {number} à {one.place}"
        theme = one.themes.split("; ")[0]
        rows.append([title, one.name, theme, one.region, one.place, str(year), str(year + 1), f"{MARK}"])
    return _csv(("title", "organisation", "themes", "region", "place", "start", "end", "result"), rows)


def _csv(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(heads)
    lines.writerows(rows)
    return text.getvalue().encode()
