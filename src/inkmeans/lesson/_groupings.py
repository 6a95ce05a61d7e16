"""A set in k clusters, by pixels or as inkmeans clusters, and what is known of them without any truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inkmeans import cluster
from inkmeans.cluster import (
    AccuracyEstimate,
    Embedding,
    Expected,
    embed,
    sampled_silhouette,
    try_number,
)
from inkmeans.evaluate import named_accuracy
from inkmeans.kmeans import distances_to_own, k_means
from inkmeans.progress import Progress
from inkmeans.threads import n_threads

By = Literal["inkmeans", "raw", "normalized"]
N_STARTS = 4
"""By pixels, the best of so many starts of KMeans is taken: that with the least inertia."""
SEED = 0
NUMBERS = (2, 3, 5, 7, 10, 12, 15, 20, 30, 40, 50, 70, 100)
"""The numbers of clusters that are tried."""


@dataclass(frozen=True, eq=False)
class Grouping:
    """The glyphs of a set in clusters.

    Attributes
    ----------
    labels : int32 of shape (n_glyphs,)
    distances : float32 of shape (n_glyphs,)
        From each glyph to the center of its cluster, in what was clustered.
    middles : int64 of shape (k,)
        The glyph nearest each center, the lower number on a tie; -1 for an empty cluster.
    inertia, silhouette : float
        As "inkmeans" clusters: those of `inkmeans.choose_k`. By pixels: of the pixels. The silhouette is of 2,000
        glyphs, NaN where it is not defined.
    """

    labels: NDArray[np.int32]
    distances: NDArray[np.float32]
    middles: NDArray[np.int64]
    inertia: float
    silhouette: float

    @property
    def n_clusters(self) -> int:
        """The number of clusters, empty ones included."""
        return len(self.middles)

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many glyphs each cluster has."""
        return np.bincount(self.labels, minlength=self.n_clusters)

    def true_accuracy(self, truths: NDArray[np.str_]) -> float | None:
        """Return the share of glyphs that are right if each cluster bears the truth of its middle image.

        Of the glyphs whose truth is known (not ""), and so are the middles; None where none is.
        """
        known = np.flatnonzero(truths != "")
        if not len(known):
            return None
        labels, distances = self.labels[known], self.distances[known]
        return named_accuracy(truths[known].tolist(), labels, middles_of(labels, distances, self.n_clusters))


@dataclass(frozen=True, eq=False)
class TriedGrouping:
    """A grouping, and the accuracy to be expected once each cluster is named by its middle image."""

    grouping: Grouping
    expected: Expected


@dataclass(frozen=True, eq=False)
class Embedded:
    """The glyphs of a set embedded, and the estimate of accuracies in this embedding."""

    embedding: Embedding
    estimate: AccuracyEstimate

    @property
    def n_bytes(self) -> int:
        """About the memory that it takes: 2 kB for each glyph, as measured with MNIST."""
        return 2000 * len(self.embedding)

    def expected(self, grouping: Grouping) -> Expected:
        """Return what is expected of a grouping of these glyphs, whatever was clustered.

        The estimate asks only which glyphs are together. For clusters of pixels it was held against the truth, for k
        from 2 to 100, raw and normalized, on scikit-learn's digits, 3,000 of MNIST, 2,000 Kannada digits and 600 of
        numbers.npz: the interval held each of 104 true values, and the estimate was off by 0.011 in the mean, 0.04 at
        most.
        """
        return self.estimate.of_clusters(grouping.labels, grouping.middles)


def embed_glyphs(glyphs: NDArray[np.uint8], progress: Progress | None = None) -> Embedded:
    """Return normalized glyphs embedded, as `inkmeans.choose_k` does it."""
    embedding = embed(glyphs, random_state=SEED, progress=progress)
    return Embedded(embedding, AccuracyEstimate(embedding))


def numbers_for(n_glyphs: int) -> list[int]:
    """Return the numbers of clusters that are tried: 2 to 100, up to half the number of glyphs."""
    return [k for k in NUMBERS if 2 * k <= n_glyphs] or [2]


def suggested_number(tried: Sequence[TriedGrouping]) -> int:
    """Return the number of clusters that `inkmeans.choose_k` would suggest of these, in ascending order."""
    accuracy = np.array([each.expected.accuracy for each in tried])
    return cluster.suggested_number([each.grouping.n_clusters for each in tried], accuracy)


def group_glyphs(embedded: Embedded, k: int) -> Grouping:
    """Return the glyphs in k clusters, exactly as `inkmeans.choose_k` and `GlyphClustering` with ``random_state=0``."""
    tried = try_number(embedded.embedding, embedded.estimate, k)
    found = tried.partition
    return Grouping(found.labels, found.distances, found.middles, tried.inertia, tried.silhouette)


def group_pixels(rows: NDArray[np.uint8], k: int) -> Grouping:
    """Return rows of pixels in k clusters, as ``KMeans(k, n_init=4, random_state=0)`` finds them."""
    fit = k_means(rows, k, n_init=N_STARTS, random_state=SEED)  # no warning where equal images leave clusters empty
    labels = fit.labels
    distances = np.sqrt(distances_to_own(rows, fit.centers, labels, n_threads(None))).astype(np.float32)
    silhouette = sampled_silhouette(rows, labels)
    return Grouping(labels, distances, middles_of(labels, distances, k), fit.inertia, silhouette)


def middles_of(labels: NDArray[np.int32], distances: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Return the glyph of each cluster with the least distance, the lower number on a tie; -1 where there is none."""
    middles = np.full(k, -1, dtype=np.int64)
    for j in range(k):
        members = np.flatnonzero(labels == j)
        if len(members):
            middles[j] = members[distances[members].argmin()]
    return middles
