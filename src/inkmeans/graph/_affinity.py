"""The affinity graph: who the nearest neighbors of each row are, and the weights of the edges to them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from inkmeans.graph._inverted_lists import neighbors_by_inverted_lists
from inkmeans.graph._neighbors import nearest_neighbors

MOST_EXACT = 100_000  # rows whose neighbors are found exactly
_N_NEAR = 10
_SCALE_RANK = 7  # the neighbor whose distance is a row's local scale (Zelnik-Manor and Perona: 7)
_FAR_RANKS = (15, 21, 30, 40)
_FAR_WEIGHT = 0.05
_FAR_SHARE, _BEYOND_WEIGHT = 0.05, 0.001  # of the rows: beyond it few are of the same character


def neighbor_graph(rows: NDArray[np.float32], *, n_jobs: int | None = None) -> sparse.csr_matrix:
    """Return the symmetric graph of nearest neighbors, with edge weights of 0 to about 1.

    The weight of an edge is a sum over its ends. An end adds exp(-d(i, j)^2 / (s_i s_j)) / 2 where the other is among
    its 10 nearest; s_i, the local scale, is the distance from i to its 7th nearest. It adds 0.05 where the other is its
    15th, 21st, 30th or 40th nearest: such edges join a small group of one writer, whose members are each other's
    nearest, to the others of its character. Where that rank is beyond 5 % of all rows, few neighbors are of the same
    character, and it adds 0.001, so that the group is not cut off.

    Parameters
    ----------
    rows : float32 of shape (n_rows, n_features)
    n_jobs : int or None
        Threads; None for all processors.

    Returns
    -------
    sparse matrix of shape (n_rows, n_rows)

    Notes
    -----
    Neighbors are exact for up to 100,000 rows, in time that grows with the square of n_rows; of more, about 1 in 100
    is missed. Source: Zelnik-Manor and Perona (2004), "Self-tuning spectral clustering"; the far edges are ours.
    """
    n = len(rows)
    if n == 1:
        return sparse.identity(1, format="csr")
    neighbors = nearest_neighbors if n <= MOST_EXACT else neighbors_by_inverted_lists
    distances, indices = neighbors(rows, min(max(_FAR_RANKS), n - 1), n_jobs=n_jobs)
    near = min(_N_NEAR, n - 1)
    scale = distances[:, min(_SCALE_RANK, near) - 1]
    scale = np.maximum(scale, 1e-6 * max(float(scale.max()), 1e-12))  # rows with 7 duplicates
    weights = np.exp(-(distances[:, :near] ** 2) / (scale[:, None] * scale[indices[:, :near]])) / 2
    far = [rank - 1 for rank in _FAR_RANKS if near < rank < n]
    ends = np.concatenate([indices[:, :near], indices[:, far]], axis=1)
    far_weights = np.array([_FAR_WEIGHT if rank < _FAR_SHARE * n else _BEYOND_WEIGHT for rank in far])
    weights = np.concatenate([weights, np.tile(far_weights, (n, 1))], axis=1)
    directed = sparse.csr_matrix((weights.ravel(), ends.ravel(), np.arange(n + 1) * ends.shape[1]), shape=(n, n))
    if n <= _N_NEAR + 1:  # the graph is complete: only the weights of self-loops tell the rows apart
        directed = directed + 0.5 * sparse.identity(n)
    return (directed + directed.T).tocsr()
