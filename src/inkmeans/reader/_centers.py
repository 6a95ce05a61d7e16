"""Named centers: what a reader compares a glyph with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inkmeans.features import N_DIRECTION_FEATURES, direction_features
from inkmeans.normalize import GLYPH_SIZE
from inkmeans.reader._products import products

FeatureKind = Literal["directions", "pixels"]
N_FEATURES: dict[str, int] = {"directions": N_DIRECTION_FEATURES, "pixels": GLYPH_SIZE * GLYPH_SIZE}
"""The kinds of features that a reader can look at, and how many numbers each has."""


def glyph_features(glyphs: NDArray[np.uint8], kind: str, n_jobs: int | None = None) -> NDArray[np.float32]:
    """Return what k-means sees of normalized glyphs: float32 of shape (n_glyphs, N_FEATURES[kind])."""
    if kind == "directions":
        return direction_features(glyphs, n_jobs=n_jobs)
    return glyphs.reshape(len(glyphs), -1).astype(np.float32) / np.float32(255.0)


@dataclass(frozen=True, eq=False)
class NamedCenters:
    """Centers with their names.

    Attributes
    ----------
    kind : {"directions", "pixels"}
        The features that the centers are means of.
    values : int8 of shape (n_centers, n_dimensions)
        The centers in steps of `step`: the bytes that the model file holds, so that a reader reads the same before it
        is saved and after it is loaded.
    step : float
    projection : float32 of shape (n_features, n_dimensions), or None
        What features are multiplied by before they are compared; None: nothing.
    pictures : uint8 of shape (n_centers, 28, 28)
        The mean of the glyphs of each center, to look at.
    counts : int64 of shape (n_centers,)
        How many glyphs each center is the mean of.
    names : tuple of str
        The name of each center; several may bear one.
    """

    kind: FeatureKind
    values: NDArray[np.int8]
    step: float
    projection: NDArray[np.float32] | None
    pictures: NDArray[np.uint8]
    counts: NDArray[np.int64]
    names: tuple[str, ...]

    def squared_distances(self, features: NDArray[np.float32], n_jobs: int | None = None) -> NDArray[np.float32]:
        """Return the squared distance of each glyph to each center: float32 of shape (n_glyphs, n_centers).

        A glyph's distances are the same bytes whatever other glyphs there are.
        """
        points = features if self.projection is None else products(features, self.projection.T, n_jobs)
        centers = self.values.astype(np.float32) * np.float32(self.step)
        squares = np.einsum("ij,ij->i", points, points)[:, None] + np.einsum("ij,ij->i", centers, centers)
        return np.maximum(squares - np.float32(2.0) * products(points, centers, n_jobs), np.float32(0.0))


def learn_projection(
    features: NDArray[np.float32], labels: NDArray[np.integer], n_dimensions: int
) -> NDArray[np.float32]:
    """Return the projection after which glyphs of one cluster stray equally far in every direction.

    The directions are the leading principal components of what is left of each glyph when its cluster's mean is taken
    away; each is divided by its standard deviation (a tenth of the mean variance added, so that no direction in which
    glyphs hardly stray is blown up).

    Parameters
    ----------
    features : float32 of shape (n_glyphs, n_features)
    labels : int of shape (n_glyphs,)
        The cluster of each glyph; each number up to the largest occurs.

    Notes
    -----
    Source: the within-class whitening of Fisher's discriminant (Fukunaga 1990, "Introduction to statistical pattern
    recognition", section 10.2), with clusters in the place of classes.
    """
    sums = np.zeros((int(labels.max()) + 1, features.shape[1]))
    np.add.at(sums, labels, features)
    left = features - (sums / np.bincount(labels)[:, None]).astype(np.float32)[labels]
    variances, directions = np.linalg.eigh((left.T @ left).astype(np.float64) / len(left))
    variances, directions = variances[::-1], directions[:, ::-1]
    scale = 1.0 / np.sqrt(variances[:n_dimensions] + 0.1 * variances.mean() + 1e-12)
    return np.ascontiguousarray(directions[:, :n_dimensions] * scale, dtype=np.float32)


def cluster_means(
    glyphs: NDArray[np.uint8],
    points: NDArray[np.float32],
    labels: NDArray[np.integer],
    names: Sequence[str],
    kind: FeatureKind,
    projection: NDArray[np.float32] | None = None,
) -> NamedCenters:
    """Return the mean of each cluster as a named center.

    `points` are the glyphs' features, projected if there is a projection; `names[j]` is the name of cluster j.
    """
    members = [np.flatnonzero(labels == j) for j in range(len(names))]
    means = np.stack([points[rows].mean(axis=0) for rows in members])
    pictures = np.stack([np.rint(glyphs[rows].mean(axis=0)).astype(np.uint8) for rows in members])
    step = max(float(np.abs(means).max()) / 127.0, 1e-12)
    values = np.rint(means / step).clip(-127, 127).astype(np.int8)
    counts = np.array([len(rows) for rows in members], dtype=np.int64)
    return NamedCenters(kind, values, step, projection, pictures, counts, tuple(names))


def cluster_each_name(
    points: NDArray[np.float32],
    truths: NDArray[np.str_],
    centers_per_name: dict[str, int],
    *,
    random_state: int,
    n_jobs: int | None,
    progress: Callable[[str], object] | None = None,
) -> tuple[NDArray[np.int64], list[str]]:
    """Run k-means on the points of each name apart; return the cluster of each point and the name of each cluster."""
    from inkmeans.cluster import KMeans

    labels = np.empty(len(points), dtype=np.int64)
    names: list[str] = []
    for name, wanted in centers_per_name.items():
        rows = np.flatnonzero(truths == name)
        fitted = KMeans(min(wanted, len(rows)), random_state=random_state, max_iter=50, n_jobs=n_jobs).fit(points[rows])
        # Points that are alike can leave a center without any: it would be a name without a picture.
        used, own = np.unique(fitted.labels_, return_inverse=True)
        labels[rows] = len(names) + own
        names += [name] * len(used)
        if progress is not None:
            progress(name)
    return labels, names
