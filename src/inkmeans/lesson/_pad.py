"""The lesson's drawing pad: what it makes of a drawing before k-means sees it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from inkmeans.images import Drawing, rasterize

PAD_SIDE = 80
"""Pixels of the pad's canvas, each way."""
PAD_INK = 7.63
"""The number of a block that is full of the pad's own blue; the digits that k-means learned from go to 16."""
_CELLS = 8


def scale_drawing(drawing: Drawing, side: int, pen: float | None = None) -> Drawing:
    """Return a drawing on a square canvas of `side` pixels, its box's longer side filling it.

    Parameters
    ----------
    drawing : Drawing
    side : int
    pen : float or None
        The pen's diameter in the drawing's own pixels; None for the drawing's pen.
    """
    scale = side / max(drawing.width, drawing.height)
    strokes = tuple(tuple((scale * x, scale * y) for x, y in stroke) for stroke in drawing.strokes)
    return replace(drawing, strokes=strokes, width=side, height=side, pen=scale * (pen or drawing.pen))


def pad_canvas(drawing: Drawing, pen: float | None = None) -> Drawing:
    """Return a drawing as it is painted on the pad; `pen` as in `scale_drawing`."""
    return scale_drawing(drawing, PAD_SIDE, pen)


def pad_numbers(drawing: Drawing, pen: float | None = None) -> NDArray[np.float64]:
    """Return a drawing as the lesson's pad gives it: float64 of shape (8, 8), full ink 7.63, to two decimals.

    The pad reads a canvas of 80 x 80 pixels in blocks of 10 x 10 and stores the mean color of each; it neither centers
    nor scales. Its pen is 14 pixels wide, 9 to 18 if changed; `pen` as in `scale_drawing`.
    """
    canvas = rasterize(pad_canvas(drawing, pen)) / 255
    block = PAD_SIDE // _CELLS
    means = canvas.reshape(_CELLS, block, _CELLS, block).mean(axis=(1, 3))
    return np.round(means * PAD_INK, 2)
