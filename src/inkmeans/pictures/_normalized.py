"""What the model sees: the picture that was given beside its normalized glyph."""

from __future__ import annotations

from numpy.typing import ArrayLike
from PIL import Image, ImageDraw

from inkmeans.pictures._plate import MARGIN, lay_plate
from inkmeans.pictures._text import write
from inkmeans.pictures._tiles import ACCENT, INK, LINE, MUTED, Polarity, as_image, ink_levels, paste_tile

_SIDE = 280  # a multiple of 8 and of 28
_PAD = 12
_BETWEEN = 104


def normalized_picture(
    image: ArrayLike, glyph: ArrayLike, *, ink: Polarity = "auto", title: str = "", source: str = ""
) -> Image.Image:
    """Return the picture that was given (left) beside the normalized glyph that the model sees (right).

    Parameters
    ----------
    image : array of shape (height, width)
        Any real dtype, any size; shown as ink on paper, scaled to its own strongest ink.
    glyph : array of shape (height, width)
        The normalized glyph, ink bright on 0. A blank one is shown as blank paper.
    ink : {"auto", "bright", "dark"}
        The polarity of `image`; "auto" decides by its border.
    title, source : str
        Written above and at the foot.

    Raises
    ------
    InputError
        If one of them is not a finite 2-D array with at least one pixel.

    Examples
    --------
    >>> import numpy as np
    >>> normalized_picture(np.eye(8), np.eye(28)).size
    (800, 510)
    """
    given, seen = as_image(image, "image"), as_image(glyph, "glyph")
    outer = _SIDE + 2 * _PAD
    canvas, draw, top = lay_plate(2 * outer + _BETWEEN, outer + 50, title=title, source=source)
    right = MARGIN + outer + _BETWEEN
    for x, array, polarity, words in (
        (MARGIN, given, ink, "as given"),
        (right, seen, "bright", "what the model sees"),
    ):
        paste_tile(canvas, ink_levels(array, polarity), x, top, _SIDE, _PAD, line=LINE)
        baseline = top + outer + 38
        taken = write(draw, (x, baseline), words, width=outer - 90, size=23, color=INK, face="bold")
        size = f"{array.shape[1]:,} x {array.shape[0]:,}"
        write(draw, (x + outer, baseline), size, width=outer - taken - 12, size=20, color=MUTED, anchor="rs")
    _draw_arrow(draw, MARGIN + outer + 28, right - 28, top + outer // 2)
    return canvas


def _draw_arrow(draw: ImageDraw.ImageDraw, left: int, right: int, y: int) -> None:
    draw.rectangle((left, y - 1, right - 2, y + 1), fill=ACCENT)
    draw.line([(right - 12, y - 10), (right, y), (right - 12, y + 10)], fill=ACCENT, width=3, joint="curve")
