"""Which of the places with a digital space is nearest to a point; their addresses are not known, their towns are."""

from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0
MOST_KM = 250.0
"""From farther away no place of Djibouti is near."""

Entities = tuple[tuple[str, str], ...]

SPACES: tuple[tuple[float, float, Entities], ...] = (
    (11.5890, 43.1450, (("region", "Djibouti-Ville"),)),
    (11.5610, 43.1110, (("region", "Djibouti-Ville"), ("place", "Balbala"))),
    (11.7850, 42.8840, (("region", "Tadjourah"),)),
    (11.1045, 42.3690, (("region", "Dikhil"),)),
)
"""Latitude and longitude of the towns' centres (GeoNames), and how a question would name them. A test holds them
to data/resources/digital_spaces.yml."""


def nearest_space(latitude: float, longitude: float) -> Entities:
    """What a question about digital spaces near this point is about; nothing when none is near."""
    distance, place = min((_km(latitude, longitude, lat, lon), place) for lat, lon, place in SPACES)
    return place if distance <= MOST_KM else ()


def _km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Along a great circle (haversine)."""
    north, east = radians(other_latitude - latitude), radians(other_longitude - longitude)
    way = sin(north / 2) ** 2 + cos(radians(latitude)) * cos(radians(other_latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(way))
