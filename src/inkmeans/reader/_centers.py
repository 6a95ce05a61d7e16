"""k-means centers, each with a class: what both classifiers measure a point's distances to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from inkmeans.products import products
from inkmeans.reader._pictures import is_block, quantize


@dataclass(frozen=True, eq=False)
class ClassCenters:
    """Centers, each with a class.

    Attributes
    ----------
    values : int8 of shape (n_centers, n_dimensions)
        The centers, quantized: `points` are these times `scale`. They are the bytes that the model file holds, so that
        a reader reads the same before it is saved and after it is loaded.
    scale : float
    pictures : uint8 of shape (n_centers, 28, 28)
        The mean of the glyphs of each center, to look at, in 16 levels: what the model file holds.
    counts : int64 of shape (n_centers,)
        How many glyphs each center is the mean of.
    classes : int of shape (n_centers,)
        The class of each center, as its index in the sorted classes; several may have one.
    """

    values: NDArray[np.int8]
    scale: float
    pictures: NDArray[np.uint8]
    counts: NDArray[np.int64]
    classes: NDArray[np.intp]

    @cached_property
    def points(self) -> NDArray[np.float32]:
        """The centers among the points of glyphs: float32 of shape (n_centers, n_dimensions)."""
        return self.values.astype(np.float32) * np.float32(self.scale)

    def squared_distances(self, points: NDArray[np.float32], n_jobs: int | None = None) -> NDArray[np.float32]:
        """Return the squared distance of each point to each center: float32 of shape (n_points, n_centers).

        The bytes of a point's distances do not depend on the other points.
        """
        squares = np.einsum("ij,ij->i", points, points)[:, None] + self._squared_norms
        return np.maximum(squares - np.float32(2.0) * products(points, self.points, n_jobs), np.float32(0.0))

    @cached_property
    def block_classes(self) -> list[int]:
        """The classes of which half the centers or more look like a block of ink."""
        blocks = is_block(self.pictures)
        return [int(one) for one in np.unique(self.classes[blocks]) if blocks[self.classes == one].mean() >= 0.5]

    @cached_property
    def _squared_norms(self) -> NDArray[np.float32]:
        return np.asarray(np.einsum("ij,ij->i", self.points, self.points))


def cluster_means(
    glyphs: NDArray[np.uint8], points: NDArray[np.float32], labels: NDArray[np.integer], classes: NDArray[np.intp]
) -> ClassCenters:
    """Return the mean of each cluster as a center; `classes[j]` is the class of cluster j."""
    order = np.argsort(labels, kind="stable")
    members = np.split(order, np.searchsorted(labels[order], np.arange(1, len(classes))))
    means = np.stack([points[rows].mean(axis=0) for rows in members])
    pictures = np.stack([quantize(glyphs[rows].mean(axis=0)) for rows in members])
    scale = max(float(np.abs(means).max()) / 127.0, 1e-12)
    values = np.rint(means / scale).clip(-127, 127).astype(np.int8)
    counts = np.array([len(rows) for rows in members], dtype=np.int64)
    return ClassCenters(values, scale, pictures, counts, classes)


def cluster_each_class(
    points: NDArray[np.float32],
    targets: NDArray[np.intp],
    n_centers: NDArray[np.integer],
    *,
    random_state: int,
    n_jobs: int | None,
) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Run k-means on the points of each class apart; return the cluster of each point and the class of each cluster.

    Class c gets `n_centers[c]` clusters, as far as it has as many different points.
    """
    from inkmeans.kmeans import k_means

    labels = np.empty(len(points), dtype=np.int64)
    classes: list[int] = []
    for one, wanted in enumerate(n_centers):
        rows = np.flatnonzero(targets == one)
        if not len(rows):
            continue
        n_clusters = min(int(wanted), len(rows))
        fitted = k_means(points[rows], n_clusters, max_iter=50, random_state=random_state, n_jobs=n_jobs)
        # Equal points can leave a center without any: it would be a class without a picture.
        used, own = np.unique(fitted.labels, return_inverse=True)
        labels[rows] = len(classes) + own
        classes += [one] * len(used)
    return labels, np.array(classes, dtype=np.intp)
