"""Pictures of figures as PNG: a line over time, drawn with Pillow, which is imported when a picture is asked for."""

import io
import unicodedata
from collections.abc import Sequence
from datetime import datetime

WIDTH, HEIGHT, MARGIN = 720, 400, 56
INK, PALE, LINE = (30, 30, 30), (205, 210, 215), (0, 120, 90)


def over_time(title: str, points: Sequence[tuple[datetime, int]]) -> bytes:
    """A growing number over time; moments in local time, at least one point, in order."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415  8 MB that few processes ever need

    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(16)
    draw.text((MARGIN, 14), _plain(title), INK, font)
    most = max(count for _, count in points)
    for part in (0, 1, 2):
        y = _y(most * part / 2, most)
        draw.line((MARGIN, y, WIDTH - 20, y), PALE)
        draw.text((8, y - 9), str(most * part // 2), INK, font)
    first, last = points[0][0], points[-1][0]
    dots = [(_x(moment, first, last), _y(count, most)) for moment, count in points]
    dots = (
        [(MARGIN, _y(0, most)), *dots] if len(dots) > 1 else [(MARGIN, _y(0, most)), (WIDTH - 20, dots[0][1])]
    )
    draw.line(dots, LINE, 3)
    draw.text((MARGIN, HEIGHT - 30), f"{first:%d/%m %H:%M}", INK, font)
    draw.text((WIDTH - 130, HEIGHT - 30), f"{last:%d/%m %H:%M}", INK, font)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _x(moment: datetime, first: datetime, last: datetime) -> float:
    span = (last - first).total_seconds() or 1.0
    return MARGIN + (WIDTH - MARGIN - 20) * (moment - first).total_seconds() / span


def _y(count: float, most: int) -> float:
    return HEIGHT - 44 - (HEIGHT - 100) * count / (most or 1)


def _plain(title: str) -> str:
    """Without accents: Pillow's own font has none."""
    return "".join(c for c in unicodedata.normalize("NFKD", title) if not unicodedata.combining(c))
