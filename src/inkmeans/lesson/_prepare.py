"""Images as k-means or a reader gets to see them, with each step of the preparation done or left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.images import Drawing, rasterize
from inkmeans.lesson._pad import PAD_INK, scale_drawing
from inkmeans.normalize import GLYPH_SIZE, NORMALIZER, Normalized, normalize

DIGITS_INK = 16.0
"""Full ink in scikit-learn's digits."""
_FINE = 10


@dataclass(frozen=True)
class Preparation:
    """What is done to an image, digit of the data set and drawing alike.

    Attributes
    ----------
    place : bool
        Brought to one size, and its center of mass to the middle; else compared as it was drawn.
    slant : bool
        Its slant removed.
    """

    place: bool
    slant: bool

    @property
    def name(self) -> str:
        """Its name in the JSON interface."""
        return {
            (False, False): "raw",
            (False, True): "upright",
            (True, False): "placed",
            (True, True): "normalized",
        }[self.place, self.slant]


PREPARATIONS = tuple(Preparation(place, slant) for place in (False, True) for slant in (False, True))


def prepare(images: NDArray[np.float64], preparation: Preparation) -> NDArray[Any]:
    """Return 8 x 8 images prepared: float64 of shape (n, 8, 8), or where placed, uint8 of shape (n, 28, 28)."""
    if preparation.place:
        return normalize(images, ink="bright", slant="removed" if preparation.slant else "kept").glyphs
    return _upright(images) if preparation.slant else images


def prepare_pad(numbers: NDArray[np.float64], preparation: Preparation, *, ink: bool) -> NDArray[np.float64]:
    """Return the pad's numbers, prepared as the digits are; float64 of shape (8, 8) or (28, 28).

    With `ink`, full ink is what it is in the digits; without, it stays 7.63 of 16. The normalizer makes the strongest
    ink full by itself, so there it is lowered again.
    """
    prepared = prepare(numbers[np.newaxis], preparation)[0].astype(np.float64)
    if preparation.place:
        return prepared if ink else prepared * (PAD_INK / DIGITS_INK)
    return prepared * (DIGITS_INK / PAD_INK) if ink else prepared


def box_canvas(drawing: Drawing) -> Drawing:
    """Return a drawing as it is painted for a reader where it is not placed: ten pixels for each of a glyph."""
    return scale_drawing(drawing, _FINE * GLYPH_SIZE)


def prepare_for_reader(drawing: Drawing, preparations: tuple[Preparation, ...]) -> list[Normalized]:
    """Return a drawing, in its full sharpness, as a reader sees it after each preparation; ink 255.

    Where it is not placed, the glyph is its box made smaller.
    """
    picture = rasterize(drawing)
    found = {
        slant: normalize(picture, ink="bright", ink_max=255.0, slant=slant, n_jobs=1) for slant in ("removed", "kept")
    }
    canvas = rasterize(box_canvas(drawing)).reshape(GLYPH_SIZE, _FINE, GLYPH_SIZE, _FINE)
    box = canvas.mean(axis=(1, 3))[np.newaxis]
    verdicts = found["removed"].verdicts
    return [
        found["removed" if one.slant else "kept"]
        if one.place
        else Normalized(np.rint(_upright(box) if one.slant else box).astype(np.uint8), verdicts)
        for one in preparations
    ]


def _upright(images: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return images of shape (n, h, w) without slant: each row shifted, round the center of mass.

    The slant is measured as the normalizer does: the covariance of x and y over the variance of y. A shift by a part of
    a pixel mixes two neighbors; what is shifted over the edge is lost.
    """
    n, height, width = images.shape
    y, x = np.mgrid[:height, :width].astype(np.float64)
    mass = np.maximum(images.sum(axis=(1, 2)), 1e-12)
    down = y - (images * y).sum(axis=(1, 2), keepdims=True) / mass[:, None, None]
    right = x - (images * x).sum(axis=(1, 2), keepdims=True) / mass[:, None, None]
    moments = [(images * a * b).sum(axis=(1, 2)) for a, b in ((right, right), (right, down), (down, down))]
    tall = np.maximum(moments[2], moments[0] / 9)  # a flat stroke has no slant to speak of
    most = NORMALIZER["max_slant"]
    slant = np.clip(np.divide(moments[1], tall, out=np.zeros(n), where=tall > 0), -most, most)
    source = x + slant[:, None, None] * down
    first = np.floor(source).astype(np.intp)
    part = source - first
    padded = np.pad(images, ((0, 0), (0, 0), (width, width + 1)))
    rows, left = np.ogrid[:n, :height, :1][:2], np.clip(first + width, 0, 3 * width - 1)
    return (1 - part) * padded[rows[0], rows[1], left] + part * padded[rows[0], rows[1], left + 1]
