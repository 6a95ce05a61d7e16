"""Digits as other pens and screens would have drawn them: training variety made from real handwriting."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

PAD_INK = (2.19, 6.81, 7.63, 8.44, 9.19, 9.5, 12.75)
"""Full ink on the lesson's drawing page, for each color of its pen."""

_STROKE = 0.35  # ink above this is stroke


def draw_on_pad(image: NDArray[np.floating], random: np.random.Generator) -> NDArray[np.float64]:
    """Return a digit as the lesson's drawing page would give it: 8 x 8 numbers.

    The page is an 80 x 80 canvas with a round pen of 9 to 18 pixels (14 by default), read in blocks of 10 x 10; it
    neither centers nor scales.

    Parameters
    ----------
    image : float of shape (height, width)
        Ink 0 to 1, thin enough that its strokes can be thickened to the pen's width.
    """
    pen = 14.0 if random.random() < 0.7 else random.uniform(9.0, 18.0)
    rows, columns = np.nonzero(image > _STROKE)
    stroke = image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] > _STROKE
    height = random.uniform(max(46.0, 3.4 * pen), 80.0) - pen
    width = float(np.clip(stroke.shape[1] * height / stroke.shape[0] * random.uniform(0.85, 1.35), 1.0, 79.0 - pen))
    drawn = (
        ndimage.zoom(stroke.astype(np.float64), (height / stroke.shape[0], width / stroke.shape[1]), order=1) > _STROKE
    )
    canvas = np.zeros((140, 140), dtype=bool)  # the page with a margin of 30 for what is drawn over its edge
    top = 30 + int(pen / 2 + random.beta(2, 2) * max(80.0 - drawn.shape[0] - pen, 0.0))
    left = 30 + int(pen / 2 + random.beta(2, 2) * max(80.0 - drawn.shape[1] - pen, 0.0))
    canvas[top : top + drawn.shape[0], left : left + drawn.shape[1]] = drawn
    thicken = (pen - _stroke_width(drawn)) / 2.0
    if thicken > 0.0:
        canvas = ndimage.distance_transform_edt(~canvas) <= thicken
    ink = random.choice(PAD_INK) if random.random() < 0.6 else 7.63
    return np.round(canvas[30:110, 30:110].reshape(8, 10, 8, 10).mean(axis=(1, 3)) * ink, 2)


def change_pen(image: NDArray[np.floating], random: np.random.Generator) -> NDArray[np.uint8]:
    """Return a digit with another aspect and another pen: stretched by 0.75 to 1.33, thinned or thickened.

    Parameters
    ----------
    image : float of shape (height, width)
        Ink 0 to 1.

    Returns
    -------
    uint8 array
        Ink 255 on 0, about 64 pixels high, with a margin.
    """
    rows, columns = np.nonzero(image > 0.1)
    ink = np.pad(image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1], 3)
    aspect = np.exp(random.uniform(-0.29, 0.29))
    scale = 64.0 / max(ink.shape)
    large = ndimage.zoom(ink, (scale / np.sqrt(aspect), scale * np.sqrt(aspect)), order=1)
    stroke = np.pad(large > 0.45, 12)
    inside = ndimage.distance_transform_edt(stroke)
    signed = np.where(stroke, inside - 0.5, 0.5 - ndimage.distance_transform_edt(~stroke))
    half = _stroke_width(stroke) / 2.0
    target = random.uniform(1.2, 6.0)
    edge = np.clip(signed + np.clip(target - half, -0.6 * half, 5.0) + 0.5, 0.0, 1.0)
    return np.rint(255.0 * edge).astype(np.uint8)


def _stroke_width(stroke: NDArray[np.bool_]) -> float:
    """Return the mean width of the strokes in pixels: on a line of width w the mean depth is w / 4."""
    depth = ndimage.distance_transform_edt(np.pad(stroke, 1))
    return 4.0 * float(depth[depth > 0].mean()) if stroke.any() else 0.0
