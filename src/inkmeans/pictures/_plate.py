"""What every picture has round its content: a title, a line about it, and below the mark and the source."""

from __future__ import annotations

from math import ceil

from PIL import Image, ImageDraw

from inkmeans.pictures._text import face_for, font, wrap_text, write
from inkmeans.pictures._tiles import ACCENT, DOUBT, DOUBT_EDGE, INK, MUTED, PAPER, Color

MARGIN = 44
NARROWEST = 640  # pixels of content, so that titles have room
_TITLE, _NOTE, _FOOT, _MARK = 42, 23, 20, 28  # heights of letters; side of the mark
_TIMES = 8  # the mark is drawn this much larger, then reduced

# The mark's strokes in a square of 32: a bar, and the letter below it (cubic Bézier curves).
_STROKES = (
    ((10, 8.6), (13.5, 7.4), (18, 7.2), (22, 8.2)),
    ((12.2, 15.8), (14, 15.4), (15.8, 14.5), (17.3, 13.4)),
    ((17.3, 13.4), (16.9, 16.8), (15.4, 20), (15.3, 22.7)),
    ((15.3, 22.7), (15.2, 25.4), (18, 25.3), (20.3, 22.8)),
)


def lay_plate(
    width: int, height: int, *, title: str = "", note: str = "", source: str = ""
) -> tuple[Image.Image, ImageDraw.ImageDraw, int]:
    """Return a white picture with its title, note, mark and source, and where its content begins.

    The content has width x height pixels from (MARGIN, the y that is returned) on; what is narrower than NARROWEST
    stands at the left of it.
    """
    inner = max(width, NARROWEST)
    titles = wrap_text(title, inner, _TITLE, "serif", 2)
    notes = wrap_text(note, inner, _NOTE, "sans", 3)
    top = MARGIN + len(titles) * ceil(_TITLE * 1.15) + len(notes) * ceil(_NOTE * 1.4) + (26 if titles or notes else 0)
    canvas = Image.new("RGB", (inner + 2 * MARGIN, top + height + 40 + _MARK + MARGIN), PAPER)
    draw = ImageDraw.Draw(canvas)
    y = MARGIN
    for line in titles:
        y += ceil(_TITLE * 1.15)
        _line(draw, y - ceil(_TITLE * 0.32), line, _TITLE, INK, serif=True)
    for line in notes:
        y += ceil(_NOTE * 1.4)
        _line(draw, y - 6, line, _NOTE, MUTED)
    foot = top + height + 40
    canvas.paste(mark(_MARK), (MARGIN, foot))
    words = f"inkmeans · {source}" if source else "inkmeans"
    write(draw, (MARGIN + _MARK + 10, foot + 21), words, width=inner - _MARK - 10, size=_FOOT, color=MUTED)
    return canvas, draw, top


def plate(content: Image.Image, *, title: str = "", note: str = "", source: str = "") -> Image.Image:
    """Return a picture of any kind, such as a chart, with a title, a line about it, and the mark with its source.

    Examples
    --------
    >>> plate(Image.new("RGB", (800, 300), "white"), title="Inertia", source="scikit-learn's digits").size
    (888, 531)
    """
    canvas, _, top = lay_plate(*content.size, title=title, note=note, source=source)
    canvas.paste(content.convert("RGB"), (MARGIN, top))
    return canvas


def _line(draw: ImageDraw.ImageDraw, baseline: int, text: str, size: int, color: Color, *, serif: bool = False) -> None:
    face = face_for(text, "serif") if serif else "sans"
    draw.text((MARGIN, baseline), text, font=font(size, face), fill=color, anchor="ls")


def mark(side: int) -> Image.Image:
    """Return the mark: a hand-written i under a bar, the sign of a mean, white on a square with round corners."""
    unit = side * _TIMES / 32
    picture = Image.new("RGB", (side * _TIMES, side * _TIMES), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((0, 0, side * _TIMES - 1, side * _TIMES - 1), 8 * unit, fill=ACCENT)
    for stroke in _STROKES:
        for step in range(101):
            x, y = (unit * each for each in _on_curve(stroke, step / 100))
            draw.ellipse((x - 1.5 * unit, y - 1.5 * unit, x + 1.5 * unit, y + 1.5 * unit), fill=PAPER)
    return picture.resize((side, side), Image.Resampling.BOX)


def _on_curve(points: tuple[tuple[float, float], ...], t: float) -> tuple[float, float]:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    x, y = (sum(weight * point[axis] for weight, point in zip(weights, points, strict=True)) for axis in (0, 1))
    return x, y


def draw_highlight(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], *, edge: bool = True) -> None:
    """Draw the sign of doubt: the highlighter's ground, with a thin edge where nothing stands on it."""
    draw.rectangle(box, fill=DOUBT, outline=DOUBT_EDGE if edge else None)
