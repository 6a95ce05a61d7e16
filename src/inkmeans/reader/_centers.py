"""Named centers: what a reader compares a glyph with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.features import products

_FILLED, _BLOCK = 0.78, 12  # a block has so much of its box's ink, no digit of 34,000; and its least side in pixels
_LEVEL = np.uint8(17)  # between the 16 levels of a picture


@dataclass(frozen=True, eq=False)
class NamedCenters:
    """Centers with their names.

    Attributes
    ----------
    values : int8 of shape (n_centers, n_dimensions)
        The centers in steps of `step`: the bytes that the model file holds, so that a reader reads the same before it
        is saved and after it is loaded.
    step : float
    pictures : uint8 of shape (n_centers, 28, 28)
        The mean of the glyphs of each center, to look at, in 16 levels: what the model file holds.
    counts : int64 of shape (n_centers,)
        How many glyphs each center is the mean of.
    names : tuple of str
        The name of each center; several may bear one.
    """

    values: NDArray[np.int8]
    step: float
    pictures: NDArray[np.uint8]
    counts: NDArray[np.int64]
    names: tuple[str, ...]

    @cached_property
    def points(self) -> NDArray[np.float32]:
        """The centers among the points of glyphs: float32 of shape (n_centers, n_dimensions)."""
        return self.values.astype(np.float32) * np.float32(self.step)

    def squared_distances(self, points: NDArray[np.float32], n_jobs: int | None = None) -> NDArray[np.float32]:
        """Return the squared distance of each point to each center: float32 of shape (n_points, n_centers).

        A point's distances are the same bytes whatever other points there are.
        """
        squares = np.einsum("ij,ij->i", points, points)[:, None] + self._squares
        return np.maximum(squares - np.float32(2.0) * products(points, self.points, n_jobs), np.float32(0.0))

    @cached_property
    def block_names(self) -> list[str]:
        """The names of which half the centers or more look like a block of ink."""
        blocks, names = is_block(self.pictures), np.asarray(self.names)
        return [str(name) for name in np.unique(names[blocks]) if blocks[names == name].mean() >= 0.5]

    @cached_property
    def _squares(self) -> NDArray[np.float32]:
        return np.asarray(np.einsum("ij,ij->i", self.points, self.points))


def cluster_means(
    glyphs: NDArray[np.uint8], points: NDArray[np.float32], labels: NDArray[np.integer], names: Sequence[str]
) -> NamedCenters:
    """Return the mean of each cluster as a named center; `names[j]` is the name of cluster j."""
    order = np.argsort(labels, kind="stable")
    members = np.split(order, np.searchsorted(labels[order], np.arange(1, len(names))))
    means = np.stack([points[rows].mean(axis=0) for rows in members])
    pictures = np.stack([in_levels(glyphs[rows].mean(axis=0)) for rows in members])
    step = max(float(np.abs(means).max()) / 127.0, 1e-12)
    values = np.rint(means / step).clip(-127, 127).astype(np.int8)
    counts = np.array([len(rows) for rows in members], dtype=np.int64)
    return NamedCenters(values, step, pictures, counts, tuple(names))


def cluster_each_name(
    points: NDArray[np.float32],
    truths: NDArray[np.str_],
    centers_per_name: dict[str, int],
    *,
    random_state: int,
    n_jobs: int | None,
) -> tuple[NDArray[np.int64], list[str]]:
    """Run k-means on the points of each name apart; return the cluster of each point and the name of each cluster."""
    from inkmeans.kmeans import KMeans

    labels = np.empty(len(points), dtype=np.int64)
    names: list[str] = []
    for name, wanted in centers_per_name.items():
        rows = np.flatnonzero(truths == name)
        fitted = KMeans(min(wanted, len(rows)), random_state=random_state, max_iter=50, n_jobs=n_jobs).fit(points[rows])
        # Points that are alike can leave a center without any: it would be a name without a picture.
        used, own = np.unique(fitted.labels_, return_inverse=True)
        labels[rows] = len(names) + own
        names += [name] * len(used)
    return labels, names


def in_levels(pictures: NDArray[Any]) -> NDArray[np.uint8]:
    """Return pictures, 0 to 255, in the nearest of 16 levels."""
    return np.rint(pictures / _LEVEL).astype(np.uint8) * _LEVEL


def packed(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return pictures of 16 levels with two pixels in a byte: uint8 of shape (n, 28, 14)."""
    levels = pictures // _LEVEL
    return np.asarray(levels[:, :, ::2] * 16 + levels[:, :, 1::2])


def unpacked(packed: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the pictures that `packed` packed."""
    return np.stack([packed // 16, packed % 16], axis=-1).reshape(len(packed), 28, 28) * _LEVEL


def is_block(glyphs: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return which glyphs fill their box like a block, as a scribble does whose strokes run together: no character."""
    ink = glyphs >= 64
    heights, widths = ink.any(axis=2).sum(axis=1), ink.any(axis=1).sum(axis=1)
    filled = glyphs.sum(axis=(1, 2), dtype=np.int64) >= _FILLED * 255 * heights * widths
    return np.asarray(filled & (np.minimum(heights, widths) >= _BLOCK))


def shares(centers: NamedCenters, classes: NDArray[np.str_]) -> NDArray[np.float32]:
    """Return 1 where a center bears a name, else 0: float32 of shape (n_centers, n_names)."""
    found = np.zeros((len(centers.names), len(classes)), dtype=np.float32)
    found[np.arange(len(centers.names)), np.searchsorted(classes, np.asarray(centers.names))] = 1.0
    return found
