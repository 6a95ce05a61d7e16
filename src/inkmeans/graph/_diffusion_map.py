"""The diffusion map of a graph: its leading eigenvectors, scaled by the diffusion time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import brentq
from scipy.sparse.linalg import ArpackError, LinearOperator, eigsh

Eigenvectors = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Eigenvalues, in descending order from 1, and their eigenvectors as columns."""

_N_ATTEMPTS = 4  # at the eigenvectors, each with more Lanczos vectors
_N_DENSE = 400  # rows up to which all eigenvectors are computed
_LEAST_TIME, _MOST_TIME = 1.0, 1000.0


def leading_eigenvectors(
    graph: sparse.csr_matrix, n: int, *, on_product: Callable[[], object] | None = None
) -> Eigenvectors:
    """Return the n largest eigenvalues of the normalized graph, and their eigenvectors.

    Those of D^-1/2 W D^-1/2, where W is the graph and D its degrees: the eigenvalues are those of the random walk that
    follows an edge with a probability proportional to its weight.

    Parameters
    ----------
    graph : sparse matrix of shape (n_rows, n_rows)
        Symmetric, as `neighbor_graph` returns it.
    n : int
        Fewer are returned where there are fewer rows.
    on_product : callable or None
        Called before each product of the graph and a vector, of which there are a few hundred; what it raises ends the
        computation.

    Returns
    -------
    eigenvalues : float64 of shape (n,)
        In descending order, from 1.
    eigenvectors : float64 of shape (n_rows, n)
        As columns.
    """
    degrees = np.asarray(graph.sum(axis=1)).ravel()
    root = sparse.diags(1.0 / np.sqrt(np.maximum(degrees, 1e-12)))
    normalized = root @ graph @ root
    n = min(n, len(degrees))
    if len(degrees) <= max(_N_DENSE, 3 * n):
        values, vectors = np.linalg.eigh(normalized.toarray())
        return values[::-1][:n], vectors[:, ::-1][:, :n]
    # With the identity added, no eigenvalue near -1 is among the largest by magnitude.
    shifted = normalized + sparse.identity(len(degrees))

    def product(vector: NDArray[np.float64]) -> NDArray[np.float64]:
        if on_product is not None:
            on_product()
        return np.asarray(shifted @ vector)

    operator = LinearOperator(shifted.shape, product, dtype=shifted.dtype)
    for attempt in range(1, _N_ATTEMPTS + 1):
        # The leading eigenvector, perturbed: alone it would find no other one of a graph with several components.
        start = np.sqrt(degrees) * np.random.RandomState(attempt).uniform(0.5, 1.5, len(degrees))
        ncv = min(attempt * (2 * n + 20), len(degrees))
        try:
            values, vectors = eigsh(operator, n, which="LA", tol=1e-4, ncv=ncv, v0=start)
        except ArpackError:
            if attempt == _N_ATTEMPTS:
                raise
        else:
            break
    order = np.argsort(-values)
    return values[order] - 1.0, vectors[:, order]


def select_diffusion_time(eigenvalues: NDArray[np.float64], n_dimensions: float) -> float:
    """Return the diffusion time after which about n_dimensions dimensions are left, 1 to 1,000.

    The number of dimensions left after a time t is the sum of the squared eigenvalues to the power of t. So the time
    adapts to how dense and how far apart the characters of an image set lie. The caller says how many dimensions:
    see `inkmeans.cluster.cut`.
    """
    kept = np.clip(eigenvalues, 1e-12, 1.0) ** 2

    def surplus(log_time: float) -> float:
        return float((kept ** np.exp(log_time)).sum() - n_dimensions)

    least, most = np.log(_LEAST_TIME), np.log(_MOST_TIME)
    if surplus(least) <= 0.0:
        return _LEAST_TIME
    if surplus(most) >= 0.0:
        return _MOST_TIME
    return float(np.exp(brentq(surplus, least, most, xtol=1e-3)))


def diffusion_map(
    eigenvalues: NDArray[np.float64], eigenvectors: NDArray[np.float64], time: float
) -> NDArray[np.float32]:
    """Return the diffusion map: float32 of shape (n_rows, n_vectors), rows of length 1.

    Rows are near each other from which random walks of `time` steps end in the same places. Each eigenvector is scaled
    by its eigenvalue to the power of `time`, which fades out eigenvectors of small eigenvalues: their number need not
    be chosen. Source: Coifman and Lafon (2006), "Diffusion maps"; rows of length 1 as in Ng, Jordan and Weiss (2001).

    Examples
    --------
    >>> import numpy as np
    >>> from inkmeans.graph import diffusion_map, leading_eigenvectors, neighbor_graph
    >>> rows = np.repeat(np.eye(2, dtype=np.float32), 30, axis=0)
    >>> eigenvalues, eigenvectors = leading_eigenvectors(neighbor_graph(rows), 5)
    >>> embedded = diffusion_map(eigenvalues, eigenvectors, 50.0)
    >>> bool(embedded[0] @ embedded[1] > 0.99 > embedded[0] @ embedded[30])
    True
    """
    scaled = eigenvectors * np.maximum(eigenvalues, 0.0) ** time
    return (scaled / np.maximum(np.linalg.norm(scaled, axis=1, keepdims=True), 1e-12)).astype(np.float32)
