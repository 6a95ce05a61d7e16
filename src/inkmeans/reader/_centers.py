"""Named centers: what a reader compares a glyph with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inkmeans.features import N_DIRECTION_FEATURES, direction_features
from inkmeans.normalize import GLYPH_SIZE

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
    values : uint8 of shape (n_centers, n_features)
        The centers in steps of `step`: the bytes that the model file holds, so that a reader reads the same before it
        is saved and after it is loaded.
    step : float
    pictures : uint8 of shape (n_centers, 28, 28)
        The mean of the glyphs of each center, to look at.
    counts : int64 of shape (n_centers,)
        How many glyphs each center is the mean of.
    names : tuple of str
        The name of each center; several may bear one.
    """

    kind: FeatureKind
    values: NDArray[np.uint8]
    step: float
    pictures: NDArray[np.uint8]
    counts: NDArray[np.int64]
    names: tuple[str, ...]

    @property
    def as_float(self) -> NDArray[np.float32]:
        """The centers on the scale of the features; float32 of shape (n_centers, n_features)."""
        return self.values.astype(np.float32) * np.float32(self.step)

    def squared_distances(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the squared distance of each glyph to each center: float32 of shape (n_glyphs, n_centers)."""
        centers = self.as_float
        squares = np.einsum("ij,ij->i", features, features)[:, None] + np.einsum("ij,ij->i", centers, centers)
        return np.maximum(squares - 2.0 * (features @ centers.T), 0.0)


def cluster_means(
    glyphs: NDArray[np.uint8],
    features: NDArray[np.float32],
    labels: NDArray[np.integer],
    names: Sequence[str],
    kind: FeatureKind,
) -> NamedCenters:
    """Return the mean of each cluster as a named center; `names[j]` is the name of cluster j."""
    n_centers = len(names)
    counts = np.bincount(labels, minlength=n_centers)
    members = [np.flatnonzero(labels == j) for j in range(n_centers)]
    means = np.stack([features[rows].mean(axis=0) for rows in members])
    pictures = np.stack([np.rint(glyphs[rows].mean(axis=0)).astype(np.uint8) for rows in members])
    step = max(float(means.max()) / 255.0, 1e-12)
    values = np.rint(means / step).clip(0, 255).astype(np.uint8)
    return NamedCenters(kind, values, step, pictures, counts.astype(np.int64), tuple(names))


def cluster_each_name(
    glyphs: NDArray[np.uint8],
    features: NDArray[np.float32],
    truths: NDArray[np.str_],
    centers_per_name: dict[str, int],
    kind: FeatureKind,
    *,
    random_state: int,
    n_jobs: int | None,
    progress: Callable[[str], object] | None = None,
) -> NamedCenters:
    """Return the centers of k-means run on the glyphs of each name apart."""
    from inkmeans.cluster import KMeans

    labels = np.empty(len(glyphs), dtype=np.int64)
    names: list[str] = []
    for name, wanted in centers_per_name.items():
        rows = np.flatnonzero(truths == name)
        n_clusters = min(wanted, len(np.unique(features[rows], axis=0))) if wanted >= len(rows) // 4 else wanted
        fitted = KMeans(n_clusters, random_state=random_state, max_iter=50, n_jobs=n_jobs).fit(features[rows])
        # A center without glyphs of its own (k-means can end so) would be a name without a picture.
        used, own = np.unique(fitted.labels_, return_inverse=True)
        labels[rows] = len(names) + own
        names += [name] * len(used)
        if progress is not None:
            progress(name)
    return cluster_means(glyphs, features, labels, names, kind)
