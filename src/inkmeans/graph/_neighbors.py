"""The exact nearest neighbors of rows among each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans import _core
from inkmeans.checks import is_whole
from inkmeans.errors import InputError
from inkmeans.threads import n_threads


def nearest_neighbors(
    X: ArrayLike, n_neighbors: int = 10, *, n_jobs: int | None = None
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Return the nearest other rows of each row, exactly, and their distances.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
        Taken as float32.
    n_neighbors : int
        From 1 to n_samples - 1: a row is not its own neighbor, but a duplicate of it is.
    n_jobs : int or None
        Threads; None for all processors.

    Returns
    -------
    distances : float64 of shape (n_samples, n_neighbors)
        Euclidean, the nearest first.
    indices : int32 of shape (n_samples, n_neighbors)
        On a tie the lower index comes first.

    Raises
    ------
    InputError, ValueError
        If X or n_neighbors cannot be used.

    Notes
    -----
    The distance of every pair is bounded in integer arithmetic with a known quantization error; those of the few pairs
    that may be among the nearest are computed in float64. The time grows with n_samples squared, and the memory beyond
    X with n_samples. The result is the same for any number of threads.

    Examples
    --------
    >>> import numpy as np
    >>> from inkmeans.graph import nearest_neighbors
    >>> distances, indices = nearest_neighbors(np.array([[0.0], [1.0], [3.0]]), 1)
    >>> indices.ravel().tolist(), distances.ravel().tolist()
    ([1, 0, 1], [1.0, 1.0, 2.0])
    """
    from sklearn.utils import check_array

    with np.errstate(over="ignore"):  # what leaves float32 is refused as infinity
        rows = check_array(X, dtype=np.float32, order="C", accept_large_sparse=False)
    if not is_whole(n_neighbors) or not 1 <= n_neighbors < len(rows):
        raise InputError(
            f"n_neighbors must be a whole number of at least 1 and below n_samples={len(rows)}; got {n_neighbors!r}."
        )
    indices = np.empty((len(rows), int(n_neighbors)), dtype=np.int32)
    distances = np.empty(indices.shape)
    _core.nearest_neighbors(rows, indices, distances, n_threads(n_jobs))
    return np.sqrt(distances, out=distances), indices
