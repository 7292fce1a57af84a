"""A stretch of time is read as people write it, in three languages."""

from datetime import date

import pytest

from bot.periods import Period, read_period


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("en 2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2023-2025", date(2023, 1, 1), date(2025, 12, 31)),
        ("de mars 2025 à juin 2026", date(2025, 3, 1), date(2026, 6, 30)),
        ("de mars à juin 2025", date(2025, 3, 1), date(2025, 6, 30)),
        ("03/2025 - 12/2025", date(2025, 3, 1), date(2025, 12, 31)),
        ("du 15/03/2025 au 2/4/2025", date(2025, 3, 15), date(2025, 4, 2)),
        ("maarso 2025 ilaa juun 2026", date(2025, 3, 1), date(2026, 6, 30)),
        ("février 2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("depuis 2023", date(2023, 1, 1), None),
        ("laga bilaabo 2023", date(2023, 1, 1), None),
    ],
)
def test_period_is_read(text: str, first: date, last: date | None) -> None:
    assert read_period(text) == Period(first, last)


@pytest.mark.parametrize("text", ["bientôt", "2026 à 2020", "13/2025", "31/02/2025", ""])
def test_no_period_is_no_period(text: str) -> None:
    assert read_period(text) is None
