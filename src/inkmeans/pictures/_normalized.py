"""What the model sees: the picture that was given beside its normalized glyph."""

from __future__ import annotations

from numpy.typing import ArrayLike
from PIL import Image, ImageDraw

from inkmeans.pictures._text import write
from inkmeans.pictures._tiles import ACCENT, INK, MUTED, PAGE, Polarity, as_image, ink_levels, paste_tile

_SIDE = 280  # a multiple of 8 and of 28
_PAD = 12
_MARGIN = 40
_BETWEEN = 104


def normalized_picture(image: ArrayLike, glyph: ArrayLike, *, ink: Polarity = "auto") -> Image.Image:
    """Return the picture that was given (left) beside the normalized glyph that the model sees (right).

    Parameters
    ----------
    image : array of shape (height, width)
        Any real dtype, any size; shown as ink on paper, scaled to its own strongest ink.
    glyph : array of shape (height, width)
        The normalized glyph, ink bright on 0. A blank one is shown as blank paper.
    ink : {"auto", "bright", "dark"}
        The polarity of `image`; "auto" decides by its border.

    Raises
    ------
    InputError
        If one of them is not a finite 2-D array with at least one pixel.

    Examples
    --------
    >>> import numpy as np
    >>> normalized_picture(np.eye(8), np.eye(28)).size
    (792, 436)
    """
    given, seen = as_image(image, "image"), as_image(glyph, "glyph")
    outer = _SIDE + 2 * _PAD
    canvas = Image.new("RGB", (2 * _MARGIN + 2 * outer + _BETWEEN, 2 * _MARGIN + outer + 52), PAGE)
    draw = ImageDraw.Draw(canvas)
    right = _MARGIN + outer + _BETWEEN
    for x, array, polarity, words in (
        (_MARGIN, given, ink, "as given"),
        (right, seen, "bright", "what the model sees"),
    ):
        paste_tile(canvas, ink_levels(array, polarity), x, _MARGIN, _SIDE, _PAD)
        baseline = _MARGIN + outer + 38
        taken = write(draw, (x, baseline), words, width=outer - 90, size=24, color=INK)
        size = f"{array.shape[1]:,} x {array.shape[0]:,}"
        write(draw, (x + outer, baseline), size, width=outer - taken - 12, size=18, color=MUTED, anchor="rs")
    _draw_arrow(draw, _MARGIN + outer + 28, right - 28, _MARGIN + outer // 2)
    return canvas


def _draw_arrow(draw: ImageDraw.ImageDraw, left: int, right: int, y: int) -> None:
    draw.rectangle((left, y - 2, right - 12, y + 2), fill=ACCENT)
    draw.polygon([(right - 16, y - 12), (right, y), (right - 16, y + 12)], fill=ACCENT)
