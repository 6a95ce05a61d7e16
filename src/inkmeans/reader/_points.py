"""Points: one vector for each glyph; similar glyphs have vectors that are close together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inkmeans.features import Dictionary
from inkmeans.normalize import GLYPH_SIZE
from inkmeans.products import products

FeatureKind = Literal["patches", "pixels"]
KINDS: tuple[FeatureKind, ...] = ("patches", "pixels")


@dataclass(frozen=True, eq=False)
class Projection:
    """A linear projection: (features @ matrix) - offset.

    Attributes
    ----------
    matrix : float16 of shape (n_features, n_dimensions)
        The numbers that the model file holds, so that a reader reads the same before it is saved and after.
    offset : float32 of shape (n_dimensions,)
    """

    matrix: NDArray[np.float16]
    offset: NDArray[np.float32]

    def __call__(self, features: NDArray[np.float32], n_jobs: int | None = None) -> NDArray[np.float32]:
        """Return the points of features: float32 of shape (n_glyphs, n_dimensions).

        A glyph's point does not depend on the other glyphs.
        """
        return products(features, self._columns, n_jobs) - self.offset

    @cached_property
    def _columns(self) -> NDArray[np.float32]:
        return np.ascontiguousarray(self.matrix.astype(np.float32).T)


@dataclass(frozen=True, eq=False)
class PatchPoints:
    """The responses of glyphs to a dictionary of patches, projected."""

    dictionary: Dictionary
    projection: Projection

    kind: FeatureKind = "patches"

    @property
    def n_dimensions(self) -> int:
        return len(self.projection.offset)

    def __call__(self, glyphs: NDArray[np.uint8], n_jobs: int | None = None) -> NDArray[np.float32]:
        """Return the point of each normalized glyph: float32 of shape (n_glyphs, n_dimensions)."""
        return self.projection(self.dictionary.encode(glyphs, n_jobs), n_jobs)


@dataclass(frozen=True, eq=False)
class PixelPoints:
    """The pixels of glyphs, 0 to 1."""

    kind: FeatureKind = "pixels"

    @property
    def n_dimensions(self) -> int:
        return GLYPH_SIZE**2

    def __call__(self, glyphs: NDArray[np.uint8], n_jobs: int | None = None) -> NDArray[np.float32]:
        """Return the pixels of each normalized glyph: float32 of shape (n_glyphs, 784)."""
        return glyphs.reshape(len(glyphs), -1).astype(np.float32) / np.float32(255.0)


Points = PatchPoints | PixelPoints
