"""Pictures of figures: real PNG files, drawn from one point on, and nothing imported before one is asked for."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from bot.charts import HEIGHT, WIDTH, over_time

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize("count", [1, 2, 60])
def test_a_picture_is_a_png_of_the_promised_size(count: int) -> None:
    points = [(NOON + timedelta(minutes=i), i * 10) for i in range(1, count + 1)]
    picture = over_time("Envois au fil du temps, à Obock", points)
    assert picture.startswith(b"\x89PNG\r\n")
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (WIDTH, HEIGHT)
    assert len(picture) < 20_000


def test_more_sent_gives_another_picture() -> None:
    points = [(NOON, 1), (NOON + timedelta(hours=1), 50), (NOON + timedelta(hours=2), 60)]
    other = [*points[:1], (points[1][0], 5), points[2]]
    assert over_time("x", points) != over_time("x", other)


def test_pillow_is_not_loaded_before_a_picture_is_asked_for() -> None:
    code = "import sys, bot.app; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
