"""cut: an embedding of glyphs divided into a number of clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkmeans.cluster._embedding import Embedding
from inkmeans.cluster._starts import N_STARTED, best_start
from inkmeans.graph import diffusion_map, select_diffusion_time
from inkmeans.kmeans import k_means

_KEPT = (0.8, 1.6)  # dimensions that the long and the short diffusion time leave for each cluster,
_MOST_COUNTED = 13  # up to so many: several styles of one character do not need one each


@dataclass(frozen=True, eq=False)
class Partition:
    """Clusters of embedded glyphs.

    Attributes
    ----------
    rows : float32 of shape (n_glyphs, n_dimensions)
        The diffusion maps that were clustered.
    labels : int32 of shape (n_glyphs,)
    centers : float32 of shape (n_clusters, n_dimensions)
    distances : float32 of shape (n_glyphs,)
        From each row to the center of its cluster.
    middles : int64 of shape (n_clusters,)
        The index of the glyph nearest each center, the lower one on a tie; -1 for an empty cluster.
    inertia : float
        The sum of the squared distances.
    """

    rows: NDArray[np.float32]
    labels: NDArray[np.int32]
    centers: NDArray[np.float32]
    distances: NDArray[np.float32]
    middles: NDArray[np.int64]
    inertia: float

    @property
    def n_clusters(self) -> int:
        """The number of clusters, empty ones included."""
        return len(self.centers)


def cut(
    embedding: Embedding, n_clusters: int, *, diffusion_time: float | None = None, n_jobs: int | None = None
) -> Partition:
    """Return the embedded glyphs in n_clusters clusters: k-means on their diffusion maps, from the best of many starts.

    Parameters
    ----------
    embedding : Embedding
    n_clusters : int
        1 to the number of glyphs.
    diffusion_time, n_jobs
        As `GlyphClustering` takes them.
    """
    rows = diffusion_maps(embedding, n_clusters, diffusion_time)
    start = best_start(rows, embedding.whitened, n_clusters, embedding.seed, n_jobs)
    found = k_means(rows, n_clusters, init=start, n_jobs=n_jobs)
    distances = np.linalg.norm(rows - found.centers[found.labels], axis=1)
    middles = np.full(n_clusters, -1, dtype=np.int64)
    for cluster in range(n_clusters):
        members = np.flatnonzero(found.labels == cluster)
        if len(members):
            middles[cluster] = members[distances[members].argmin()]
    return Partition(rows, found.labels, found.centers, distances, middles, found.inertia)


def diffusion_maps(embedding: Embedding, n_clusters: int, diffusion_time: float | None) -> NDArray[np.float32]:
    """Return the diffusion maps of both graphs side by side, the first graph's first: (n_glyphs, n_dimensions).

    With None, a long and a short diffusion time for each graph, which leave 0.8 and 1.6 dimensions for each cluster.
    """
    counted = min(max(n_clusters, 2), _MOST_COUNTED)  # one dimension is shared by all glyphs
    parts = []
    for values, vectors in embedding.eigenvectors:
        if diffusion_time is None:
            times = [select_diffusion_time(values, kept * counted) for kept in _KEPT]
        else:
            times = [diffusion_time]
        parts += [diffusion_map(values, vectors, time) for time in times]
    return np.concatenate(parts, axis=1)


def cut_seconds(n: int) -> float:
    """Return about how long n glyphs take to cut, as measured on one thread."""
    return 1.2e-4 * min(n, N_STARTED) + 2e-5 * n
