"""A dictionary of filters, and the encoding of glyphs with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from inkmeans.features._patches import patch_features
from inkmeans.records import GLYPH_SIZE

Views = tuple[tuple[float, float], ...]
"""Transforms of a glyph, each a rotation in degrees and a factor of horizontal stretch."""
FIVE_VIEWS: Views = ((0.0, 1.0), (12.0, 1.0), (-12.0, 1.0), (0.0, 1.2), (0.0, 0.83))
TWO_VIEWS: Views = ((8.0, 1.0), (-8.0, 1.0))

FLOOR = 10.0
"""Added to a patch's variance, in squared levels of ink, before its contrast is normalized."""
_BATCH = 1024  # glyphs encoded at once


@dataclass(frozen=True, eq=False)
class Dictionary:
    """Filters, and how glyphs are encoded with them.

    Attributes
    ----------
    filters : float32 of shape (n_filters, size, size)
    offsets : float32 of shape (n_filters,)
        What a response must exceed; both as `patch_features` takes them.
    n_cells : int
        Pooling cells in each direction.
    views : tuple of (degrees, stretch)
    """

    filters: NDArray[np.float32]
    offsets: NDArray[np.float32]
    n_cells: int
    views: Views

    @property
    def n_features(self) -> int:
        """How many features a glyph has."""
        return self.n_cells**2 * len(self.filters)

    def encode(self, glyphs: NDArray[np.uint8], n_jobs: int | None = None) -> NDArray[np.float32]:
        """Return the features of normalized glyphs: float32 of shape (n_glyphs, n_features), rows of length 1.

        The responses are summed over the views; each row is divided by its sum, and square roots are taken. A glyph's
        features do not depend on the other glyphs.
        """
        features = np.zeros((len(glyphs), self.n_features), dtype=np.float32)
        for start in range(0, len(glyphs), _BATCH):
            part = features[start : start + _BATCH]
            for degrees, stretch in self.views:
                view = warped(glyphs[start : start + _BATCH], degrees, stretch)
                part += patch_features(
                    view, self.filters, self.offsets, n_cells=self.n_cells, floor=FLOOR, n_jobs=n_jobs
                )
            part += np.float32(1e-6)  # a blank glyph's row has a sum too
            part /= part.sum(axis=1, keepdims=True)
            np.sqrt(part, out=part)
        return features


def warped(glyphs: NDArray[np.uint8], degrees: float, stretch: float) -> NDArray[np.uint8]:
    """Return glyphs, uint8 of shape (n, 28, 28), rotated about their center and stretched horizontally.

    With bilinear interpolation; outside the glyph is blank.
    """
    if degrees == 0.0 and stretch == 1.0:
        return glyphs
    flat = glyphs.reshape(len(glyphs), GLYPH_SIZE**2)
    total = np.full((len(glyphs), GLYPH_SIZE**2), 0.5, dtype=np.float32)  # so that truncation rounds
    for pixels, weights in _sources(degrees, stretch):
        total += flat[:, pixels] * weights
    return total.astype(np.uint8).reshape(-1, GLYPH_SIZE, GLYPH_SIZE)


@lru_cache(maxsize=16)
def _sources(degrees: float, stretch: float) -> list[tuple[NDArray[np.intp], NDArray[np.float32]]]:
    """Return, for each of the four neighbors, the source pixel of each warped pixel, and its bilinear weight."""
    angle, middle = np.deg2rad(degrees), (GLYPH_SIZE - 1) / 2
    turn = np.array([[np.cos(angle), -np.sin(angle) / stretch], [np.sin(angle), np.cos(angle) / stretch]])
    grid = np.stack(np.meshgrid(np.arange(GLYPH_SIZE), np.arange(GLYPH_SIZE), indexing="ij"), axis=-1)
    source = ((grid - middle) @ turn.T + middle).reshape(-1, 2)
    corner = np.floor(source).astype(int)
    fraction = source - corner
    found = []
    for down in (0, 1):
        for right in (0, 1):
            row, column = corner[:, 0] + down, corner[:, 1] + right
            inside = (row >= 0) & (row < GLYPH_SIZE) & (column >= 0) & (column < GLYPH_SIZE)
            weight = np.abs(1 - down - fraction[:, 0]) * np.abs(1 - right - fraction[:, 1]) * inside
            found.append((np.where(inside, row * GLYPH_SIZE + column, 0), weight.astype(np.float32)))
    return found
