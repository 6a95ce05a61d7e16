"""Where a walk along the graph of nearest neighbors leads: the diffusion map."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import brentq
from scipy.sparse.linalg import ArpackError, eigsh

Eigenvectors = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Eigenvalues, falling from 1, and their eigenvectors as columns."""

_N_ATTEMPTS = 4  # at the eigenvectors, each with more room
_N_DENSE = 400  # rows up to which all eigenvectors are computed
_LEAST_TIME, _MOST_TIME = 1.0, 1000.0


def leading_eigenvectors(graph: sparse.csr_matrix, n: int) -> Eigenvectors:
    """Return the n largest eigenvalues of D^-1/2 W D^-1/2, falling from 1, and their eigenvectors as columns."""
    degrees = np.asarray(graph.sum(axis=1)).ravel()
    root = sparse.diags(1.0 / np.sqrt(np.maximum(degrees, 1e-12)))
    normalized = root @ graph @ root
    n = min(n, len(degrees))
    if len(degrees) <= max(_N_DENSE, 3 * n):
        values, vectors = np.linalg.eigh(normalized.toarray())
        return values[::-1][:n], vectors[:, ::-1][:, :n]
    # Adding the identity keeps the iteration from the eigenvalues near -1.
    shifted = normalized + sparse.identity(len(degrees))
    for attempt in range(1, _N_ATTEMPTS + 1):
        # The leading vector, disturbed: of a graph in parts it alone would find none of the others.
        start = np.sqrt(degrees) * np.random.RandomState(attempt).uniform(0.5, 1.5, len(degrees))
        ncv = min(attempt * (2 * n + 20), len(degrees))
        try:
            values, vectors = eigsh(shifted, n, which="LA", tol=1e-4, ncv=ncv, v0=start)
        except ArpackError:
            if attempt == _N_ATTEMPTS:
                raise
        else:
            break
    order = np.argsort(-values)
    return values[order] - 1.0, vectors[:, order]


def select_diffusion_time(values: NDArray[np.float64], n_dimensions: float) -> float:
    """Return how many steps a walk takes until about so many dimensions are left, 1 to 1,000.

    What is left of an eigenvalue is its square to the power of the time; they are added up. How far apart characters
    lie, and how dense, differs from pile to pile, and so do the steps that lead from the one end of a character to the
    other: by this they need not be known.
    """
    kept = np.clip(values, 1e-12, 1.0) ** 2

    def surplus(log_time: float) -> float:
        return float((kept ** np.exp(log_time)).sum() - n_dimensions)

    least, most = np.log(_LEAST_TIME), np.log(_MOST_TIME)
    if surplus(least) <= 0.0:
        return _LEAST_TIME
    if surplus(most) >= 0.0:
        return _MOST_TIME
    return float(np.exp(brentq(surplus, least, most, xtol=1e-3)))


def diffusion_map(values: NDArray[np.float64], vectors: NDArray[np.float64], time: float) -> NDArray[np.float32]:
    """Return the diffusion embedding: float32, rows of length 1; near are rows from which walks lead to one place.

    An eigenvector counts by its eigenvalue to the power of `time`, the steps of the walk: what divides the graph only
    a little fades, without a number of eigenvectors to be chosen. Source: Coifman and Lafon (2006), "Diffusion maps";
    rows of length 1 as in Ng, Jordan and Weiss (2001).
    """
    weighted = vectors * np.maximum(values, 0.0) ** time
    return (weighted / np.maximum(np.linalg.norm(weighted, axis=1, keepdims=True), 1e-12)).astype(np.float32)
