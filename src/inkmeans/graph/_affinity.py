"""The graph of nearest neighbors: who is tied to whom, and how much."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from inkmeans.graph._inverted_lists import neighbors_in_cells
from inkmeans.graph._neighbors import nearest_neighbors

MOST_EXACT = 100_000  # rows whose neighbors are found exactly
_N_NEAR = 10
_SCALE_RANK = 7  # the neighbor whose distance is a row's own yardstick (Zelnik-Manor & Perona: 7)
_FAR_RANKS = (15, 21, 30, 40)
_FAR_WEIGHT = 0.05
_FAR_SHARE, _BEYOND_WEIGHT = 0.05, 0.001  # of the rows: beyond it few are of one character


def neighbor_graph(rows: NDArray[np.float32], *, n_jobs: int | None = None) -> sparse.csr_matrix:
    """Return the symmetric graph of nearest neighbors, weights 0 to about 1, of shape (n_rows, n_rows).

    A row is tied to its 10 nearest by exp(-d(i, j)^2 / (s_i s_j)), where s_i is the distance from i to its 7th nearest,
    and faintly, by 0.05, to its 15th, 21st, 30th and 40th: a small group of one hand, which knows but itself among its
    nearest, keeps its ties to the others of its character by them. Beyond the nearest twentieth of all, where few are
    of one character, such a tie is 0.001, so that nothing is cut off. Source: Zelnik-Manor and Perona (2004),
    "Self-tuning spectral clustering"; the far ties are ours.
    """
    n = len(rows)
    if n == 1:
        return sparse.identity(1, format="csr")
    neighbors = nearest_neighbors if n <= MOST_EXACT else neighbors_in_cells
    distances, indices = neighbors(rows, min(max(_FAR_RANKS), n - 1), n_jobs=n_jobs)
    near = min(_N_NEAR, n - 1)
    scale = distances[:, min(_SCALE_RANK, near) - 1]
    scale = np.maximum(scale, 1e-6 * max(float(scale.max()), 1e-12))  # rows that have 7 equals
    weights = np.exp(-(distances[:, :near] ** 2) / (scale[:, None] * scale[indices[:, :near]])) / 2
    far = [rank - 1 for rank in _FAR_RANKS if near < rank < n]
    tied = np.concatenate([indices[:, :near], indices[:, far]], axis=1)
    faint = np.array([_FAR_WEIGHT if rank < _FAR_SHARE * n else _BEYOND_WEIGHT for rank in far])
    ties = np.concatenate([weights, np.tile(faint, (n, 1))], axis=1)
    ends = np.arange(n + 1) * tied.shape[1]
    half = sparse.csr_matrix((ties.ravel(), tied.ravel(), ends), shape=(n, n))
    if n <= _N_NEAR + 1:  # all are neighbors of all: only what a walk keeps where it is tells them apart
        half = half + 0.5 * sparse.identity(n)
    return (half + half.T).tocsr()
