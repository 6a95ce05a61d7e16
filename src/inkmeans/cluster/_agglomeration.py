"""Agglomerative merging of small groups of nodes by the edges between them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

_LEAST_WEIGHTS = tuple(np.exp([-3.4, -3.6]))  # normalized, between groups that are merged


def edge_weights(graph: sparse.csr_matrix, groups: NDArray[np.int32], n_groups: int) -> NDArray[np.float64]:
    """Return the sum of the edge weights between each two groups, and within each: (n_groups, n_groups)."""
    members = sparse.csr_matrix((np.ones(len(groups)), (np.arange(len(groups)), groups)), shape=(len(groups), n_groups))
    return np.asarray((members.T @ graph @ members).todense(), dtype=np.float64)


def merge_groups(weights: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Return the merged group of each group, for each of two thresholds: int64 of shape (n_groups,).

    Each step merges the two groups with the largest normalized weight: that of the edges between them, divided by the
    geometric mean of the weights of all edges of either. It ends when no pair reaches the threshold. A merged group
    has the number of one of its groups.

    Parameters
    ----------
    weights : float64 of shape (n_groups, n_groups)
        As `edge_weights` returns it; symmetric.
    """
    weights = weights.copy()
    totals = np.maximum(weights.sum(axis=1), 1e-12)
    np.fill_diagonal(weights, 0.0)
    merged = np.arange(len(weights))
    found = []
    for least in _LEAST_WEIGHTS:
        while True:
            normalized = weights / np.sqrt(totals[:, None] * totals)
            kept, gone = np.unravel_index(int(normalized.argmax()), normalized.shape)
            if normalized[kept, gone] < least:
                break
            merged[merged == gone] = kept
            weights[kept] += weights[gone]
            weights[:, kept] += weights[:, gone]
            weights[gone] = weights[:, gone] = weights[kept, kept] = 0.0
            totals[kept] += totals[gone]
        found.append(merged.copy())
    return found
