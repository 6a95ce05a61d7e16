"""Digits as other pens, scanners and screens would have drawn them: training variety made from real handwriting."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

PAD_INK = (2.19, 6.81, 7.63, 8.44, 9.19, 9.5, 12.75)
"""Full ink on the lesson's drawing page, for each color of its pen."""

_MOST_STRETCHED = 2.2
_FINE = 4  # times the size of a normalized glyph at which strokes are drawn
_REACH = 9  # pixels, of the enlarged glyph, in which a stroke is looked for


def stroke_of(glyph: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return where a normalized glyph (uint8, 28 x 28) has stroke, at four times its size, cut to the ink.

    A stroke is what has half the ink of the strongest pixel nearby, so that one that fades is not broken.
    """
    ink = ndimage.zoom(glyph.astype(np.float32), _FINE, order=1)
    strongest = ndimage.maximum_filter(ink, _REACH)
    stroke = (ink > 0.5 * strongest) & (strongest > 40.0)
    rows, columns = np.nonzero(stroke)
    return stroke[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def with_pen(stroke: NDArray[np.bool_], height: float, width: float, pen: float) -> NDArray[np.float32]:
    """Return strokes fitted into a box of height x width pixels and drawn with a pen of so many pixels: ink 0 to 1.

    The pen is counted in: the box is that of the ink. Strokes get no thinner than half of what they are.
    """
    inner = (max(height - pen, 1.0), max(width - pen, 1.0))
    margin = int(np.ceil(pen)) + 2
    scaled = ndimage.zoom(stroke.astype(np.float32), np.maximum(inner, 2.0) / stroke.shape, order=1, grid_mode=False)
    drawn = np.pad(scaled > 0.45, margin)
    if not drawn.any():
        drawn[drawn.shape[0] // 2, drawn.shape[1] // 2] = True
    inside = ndimage.distance_transform_edt(drawn)
    signed = np.where(drawn, inside - 0.5, 0.5 - ndimage.distance_transform_edt(~drawn))
    own = stroke_width(drawn)
    shift = max((pen - own) / 2.0, -own / 4.0)
    return np.clip(signed + shift + 0.5, 0.0, 1.0).astype(np.float32)


def change_pen(glyph: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.uint8]:
    """Return a digit with another aspect and another pen: stretched by 0.75 to 1.33, thin or thick."""
    stroke = stroke_of(glyph)
    aspect = np.exp(random.uniform(-0.29, 0.29))
    scale = 64.0 / max(stroke.shape)
    height, width = stroke.shape[0] * scale / np.sqrt(aspect), stroke.shape[1] * scale * np.sqrt(aspect)
    return np.rint(255.0 * with_pen(stroke, height, width, random.uniform(2.5, 14.0))).astype(np.uint8)


def scan_coarsely(glyph: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.uint8]:
    """Return a digit whose box was stretched towards a square, at 8 to 24 pixels a side, in black and white or gray."""
    stroke = stroke_of(glyph)
    side = random.uniform(8.0, 24.0)
    kept = random.uniform(0.0, 1.0) if random.random() < 0.7 else 0.0  # of the aspect
    aspect = np.array(stroke.shape) / max(stroke.shape)
    height, width = side * np.minimum(aspect**kept, _MOST_STRETCHED * aspect)  # a bar does not become a block
    height, width = max(height, 2.0), max(width, 2.0)
    pen = random.uniform(1.2, max(1.8, 0.2 * side))
    ink = with_pen(stroke, _FINE * height, _FINE * width, _FINE * pen)
    down, right = random.integers(_FINE, size=2)  # where the scanner's grid lies
    ink = np.pad(ink, ((down, -(ink.shape[0] + down) % _FINE), (right, -(ink.shape[1] + right) % _FINE)))
    pixels = ink.reshape(ink.shape[0] // _FINE, _FINE, -1, _FINE).mean(axis=(1, 3))
    if random.random() < 0.6:
        pixels = (pixels > random.uniform(0.3, 0.5) * pixels.max()).astype(np.float32)
    return np.rint(255.0 * pixels / pixels.max()).astype(np.uint8)


def draw_on_pad(glyph: NDArray[np.uint8], random: np.random.Generator) -> NDArray[np.float64]:
    """Return a digit as the lesson's drawing page would give it: 8 x 8 numbers.

    The page is an 80 x 80 canvas with a round pen of 9 to 18 pixels (14 by default), read in blocks of 10 x 10; it
    neither centers nor scales. What is drawn over its edge is lost.
    """
    stroke = stroke_of(glyph)
    pen = 14.0 if random.random() < 0.7 else random.uniform(9.0, 18.0)
    height = random.uniform(max(46.0, 3.4 * pen), 84.0)
    width = float(np.clip(stroke.shape[1] * height / stroke.shape[0] * random.uniform(0.85, 1.35), pen, 82.0))
    ink = with_pen(stroke, height, width, pen) > 0.5
    canvas = np.zeros((160, 160), dtype=bool)  # the page with a margin of 40
    top, left = (40 + round(random.beta(2, 2) * (80 - side)) - (ink.shape[axis] - round(side)) // 2
                 for axis, side in enumerate((height, width)))  # fmt: skip
    canvas[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    full = random.choice(PAD_INK) if random.random() < 0.6 else 7.63
    return np.round(canvas[40:120, 40:120].reshape(8, 10, 8, 10).mean(axis=(1, 3)) * full, 2)


def stroke_width(stroke: NDArray[np.bool_]) -> float:
    """Return the mean width of the strokes in pixels: on a line of width w the mean depth is w / 4."""
    depth = ndimage.distance_transform_edt(np.pad(stroke, 1))
    return 4.0 * float(depth[depth > 0].mean()) if stroke.any() else 0.0
