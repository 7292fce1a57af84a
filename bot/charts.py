"""Pictures of figures as PNG: a line over time, bars; drawn with Pillow, imported when a picture is asked for."""

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

WIDTH, HEIGHT, MARGIN = 720, 400, 56
FONT = Path(__file__).parent.parent / "data" / "fonts" / "DejaVuSans.ttf"
BAR, LABELS, LONGEST_LABEL = 50, 400, 40
"""Of the bars: pixels a bar with its gap, pixels for the names, letters of a line of them."""
INK, PALE, LINE = (30, 30, 30), (205, 210, 215), (0, 120, 90)


def over_time(title: str, points: Sequence[tuple[datetime, int]]) -> bytes:
    """A growing number over time; moments in local time, at least one point, in order."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415  8 MB that few processes ever need

    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(FONT, 16)
    draw.text((MARGIN, 14), title, INK, font)
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


def bars(title: str, values: Sequence[tuple[str, int]]) -> bytes:
    """One bar for each named count, at least one, in the order given; wider than it is shown, so that it is sharp."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415  8 MB that few processes ever need

    width, height = 1000, 90 + BAR * len(values)
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    font, small = ImageFont.truetype(FONT, 26), ImageFont.truetype(FONT, 19)
    draw.text((16, 14), title, INK, font)
    most = max(count for _, count in values) or 1
    longest = width - LABELS - 90
    for place, (name, count) in enumerate(values):
        y = 64 + BAR * place
        for row, line in enumerate(_two_lines(name)):
            draw.text((16, y + 20 * row), line, INK, small)
        draw.rectangle((LABELS, y + 4, LABELS + longest * count / most, y + BAR - 8), LINE if count else PALE)
        draw.text((LABELS + longest * count / most + 10, y + 6), str(count), INK, small)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _two_lines(name: str) -> tuple[str, ...]:
    """A long name is broken at a blank near its middle."""
    if len(name) <= LONGEST_LABEL:
        return (name,)
    blanks = [place for place, letter in enumerate(name) if letter == " "]
    at = min(blanks, key=lambda place: abs(place - len(name) // 2), default=len(name))
    return name[:at], name[at + 1 :]


def _x(moment: datetime, first: datetime, last: datetime) -> float:
    span = (last - first).total_seconds() or 1.0
    return MARGIN + (WIDTH - MARGIN - 20) * (moment - first).total_seconds() / span


def _y(count: float, most: int) -> float:
    return HEIGHT - 44 - (HEIGHT - 100) * count / (most or 1)
