"""A point on the map leads to the digital space of the nearest town that has one."""

from pathlib import Path

import pytest
import yaml

from bot.nearby import SPACES, Entities, nearest_space

DATA = Path(__file__).parent.parent / "data" / "resources" / "digital_spaces.yml"


@pytest.mark.parametrize(
    ("point", "place"),
    [
        ((11.5945, 43.1480), (("region", "Djibouti-Ville"),)),
        ((11.5560, 43.1050), (("region", "Djibouti-Ville"), ("place", "Balbala"))),
        ((11.79, 42.88), (("region", "Tadjourah"),)),
        ((11.1558, 42.7125), (("region", "Dikhil"),)),  # from Ali Sabieh, which has none
        ((11.9630, 43.2890), (("region", "Djibouti-Ville"),)),  # from Obock, across the gulf
        ((48.8566, 2.3522), ()),
        ((-33.0, 151.0), ()),
    ],
)
def test_the_nearest_town_with_a_digital_space_is_meant(point: tuple[float, float], place: Entities) -> None:
    assert nearest_space(*point) == place


def test_the_towns_are_those_of_the_facts() -> None:
    items = yaml.safe_load(DATA.read_text(encoding="utf-8"))["items"]
    with_space = {
        i["regions"][0] for i in items if i["id"].startswith("space-") and len(i.get("regions", ())) == 1
    }
    assert {dict(place)["region"] for _, _, place in SPACES} == with_space
    places = {name for i in items for name in i.get("places", ())}
    assert {name for _, _, place in SPACES for kind, name in place if kind == "place"} <= places
