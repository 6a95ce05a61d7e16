"""The plane of two principal components in which a set's glyphs and the centers are shown."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

N_FITTED = 5000
"""The components of a larger set are those of so many of its rows, drawn by `draw_rows`."""
_one_thread = Lock()  # the limit is the process's: two that end in another order than they began would leave it at 1


@dataclass(frozen=True, eq=False)
class Plane:
    """The first two principal components of rows.

    Attributes
    ----------
    mean : float32 of shape (n_features,)
    axes : float32 of shape (n_features, 2)
    explained : tuple of two floats
        Their shares of the variance, 0 to 1.
    """

    mean: NDArray[np.float32]
    axes: NDArray[np.float32]
    explained: tuple[float, float]

    def project(self, rows: NDArray[Any]) -> NDArray[np.float32]:
        """Return where rows lie: float32 of shape (n_rows, 2)."""
        # einsum, not @: BLAS may sum in another order with another number of threads.
        return np.einsum("ij,jk->ik", rows.astype(np.float32) - self.mean, self.axes)


def fit_plane(rows: NDArray[Any]) -> Plane:
    """Return the plane of rows, an array of shape (n_rows, n_features) with two features or more.

    The sign of each component is such that its largest weight is positive. Time: for 784 features a tenth of a second,
    whatever the number of rows, on one thread: BLAS's others wait for each other, for seconds where processors are
    busy, and change the last bits.
    """
    from scipy.linalg import eigh
    from threadpoolctl import threadpool_limits

    fitted = rows[draw_rows(len(rows), N_FITTED)].astype(np.float32)
    mean = fitted.mean(axis=0)
    fitted -= mean
    with _one_thread, threadpool_limits(1, user_api="blas"):
        covariance = (fitted.T @ fitted).astype(np.float64) / len(fitted)
        n_features = len(covariance)
        variances, axes = eigh(covariance, subset_by_index=(n_features - 2, n_features - 1))
    variances, axes = variances[::-1].clip(min=0.0), axes[:, ::-1]
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])
    total = float(np.trace(covariance))
    first, second = variances / total if total > 0.0 else (0.0, 0.0)
    return Plane(mean, (axes * signs).astype(np.float32), (float(first), float(second)))


def draw_rows(n_rows: int, most: int) -> NDArray[np.int32]:
    """Return the indices of at most `most` of n_rows rows, ascending: always the same ones."""
    if n_rows <= most:
        return np.arange(n_rows, dtype=np.int32)
    return np.sort(np.random.RandomState(0).permutation(n_rows)[:most]).astype(np.int32)
