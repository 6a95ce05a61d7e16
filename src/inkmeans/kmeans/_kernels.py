"""The native operations on clean arrays: C-ordered rows of uint8, float32 or float64, centers as float64."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans import _core
from inkmeans.products import products

Rows = NDArray[Any]
Centers = NDArray[np.float64]
Labels = NDArray[np.int32]


def nearest_centers(X: Rows, centers: Centers, shift: Centers, threads: int) -> Labels:
    """Return the index of each row's nearest center, exactly; the lowest index on a tie."""
    labels = np.empty(len(X), dtype=np.int32)
    _core.assign(X, centers, shift, labels, threads)
    return labels


def assigner(X: Rows, n_clusters: int, shift: Centers, threads: int, *, keeps_bounds: bool = True) -> Any:
    """Return an object that assigns the same rows repeatedly, to centers that move; see `nearest_centers`.

    With `keeps_bounds` it skips distances that the bounds of earlier calls rule out; the labels are the same without.

    Its ``assign(centers, labels)`` takes the labels of the last call (anything at first), overwrites them and returns
    how many changed.
    """
    return _of_dtype("Assigner", X)(X, n_clusters, shift, keeps_bounds, threads)


class ClusterSums:
    """The weighted sum of each cluster's rows minus `shift`, and of its weights; its labels may change."""

    def __init__(self, X: Rows, weights: Centers | None, n_clusters: int, shift: Centers, threads: int) -> None:
        self._native = _of_dtype("ClusterSums", X)(X, n_clusters, weights, shift, threads)
        self._shape = n_clusters, X.shape[1]

    def __call__(self, labels: Labels) -> tuple[Centers, Centers]:
        """Return the sums of the rows, of shape (n_clusters, n_features), and of the weights, in new arrays."""
        sums = np.empty(self._shape)
        weight_sums = np.empty(self._shape[0])
        self._native.update(labels, sums, weight_sums)
        return sums, weight_sums


class Seeder:
    """For k-means++: by how much each candidate, taken as the next center, would lower the inertia.

    Attributes
    ----------
    closest : float64 of shape (n_samples,)
        The squared distance of each row to its nearest center so far; infinite before the first.
    """

    def __init__(self, X: Rows, weights: Centers | None, n_centers: int, shift: Centers, threads: int) -> None:
        # The directions pay off from about 30 centers on.
        directions = _directions(X, shift, threads) if n_centers > 30 else np.empty((0, X.shape[1]))
        self.closest = np.full(len(X), np.inf)
        self._native = _of_dtype("Seeder", X)(X, shift, directions, threads)
        self._weights = weights

    def try_out(self, candidates: NDArray[np.int64]) -> Centers:
        """Return by how much each candidate (an index of a row of X) would lower the weighted sum of `closest`.

        float64 of shape (n_candidates,); 0 before the first center.
        """
        gains = np.empty(len(candidates))
        self._native.try_out(candidates, self._weights, gains)
        return gains

    def take(self, candidate: int) -> None:
        """Make one of the candidates of the last `try_out` a center; `candidate` is its position among them."""
        self._native.take(candidate, self.closest)


def _directions(X: Rows, shift: Centers, threads: int) -> Centers:
    """Return the approximate leading principal components of a few hundred rows: (n_directions, n_features).

    The seeder prunes distances by projections onto them: they change its time, never its result. Source: subspace
    iteration, Halko, Martinsson and Tropp (2011), section 4.5.
    """
    n_directions = min(95, X.shape[1] // 2)
    if X.shape[1] <= 128 or len(X) < 1000:  # shorter rows are compared directly
        return np.empty((0, X.shape[1]))
    sample = X[:: len(X) // 500].astype(np.float64)
    sample -= shift
    largest = max(-sample.min(), sample.max())
    if not 1e-15 < largest < 1e15:
        return np.empty((0, X.shape[1]))
    sample -= sample.mean(axis=0)
    sample /= largest
    narrow = sample.astype(np.float32)
    across = np.ascontiguousarray(narrow.T)
    directions = np.random.RandomState(0).standard_normal((n_directions, X.shape[1])).astype(np.float32)
    for _ in range(2):
        multiplied = products(products(directions, narrow, threads), across, threads)
        squares, rotation = np.linalg.eigh(products(multiplied, multiplied, threads))
        kept = squares > 1e-5 * max(squares[-1], 0.0)
        rotation = np.ascontiguousarray((rotation[:, kept] / np.sqrt(squares[kept])).T)
        directions = products(rotation, np.ascontiguousarray(multiplied.T), threads)
    return directions.astype(np.float64)


def _of_dtype(name: str, X: Rows) -> Any:
    return getattr(_core, name + {"u1": "U8", "f4": "F32", "f8": "F64"}[X.dtype.str[1:]])


def squared_distances(X: Rows, centers: Centers, threads: int) -> NDArray[np.float64]:
    """Return the squared distance of each row to each center: float64 of shape (n_samples, n_clusters)."""
    distances = np.empty((len(X), len(centers)))
    _core.squared_distances(X, centers, distances, threads)
    return distances


def distances_to_own(X: Rows, centers: Centers, labels: Labels, threads: int) -> NDArray[np.float64]:
    """Return the squared distance of each row to the center that its label names: float64 of shape (n_samples,)."""
    distances = np.empty(len(X))
    _core.distances_to_own(X, centers, labels, distances, threads)
    return distances


def inertia_of(X: Rows, centers: Centers, labels: Labels, weights: Centers | None, threads: int) -> float:
    """Return the (weighted) sum of the squared distances of the rows to the centers that their labels name."""
    # From differences: the expanded square ‖x‖² - 2x·c + ‖c‖² would save this read of X, but cancels for tight
    # clusters. Not by NumPy's matrix product, whose rounding depends on its BLAS.
    own = distances_to_own(X, centers, labels, threads)
    return float((own if weights is None else own * weights).sum())


def mean_and_variance(X: Rows, threads: int) -> tuple[Centers, float]:
    """Return the mean of each column as float64, and the mean of the columns' variances."""
    mean = np.empty(X.shape[1])
    return mean, _core.mean_and_variance(X, mean, threads)


def data_shift(X: Rows, threads: int) -> tuple[Centers, float]:
    """Return what to subtract from every row so that float32 is precise, and the mean variance of the columns.

    The shift is 0 for bytes, and for float32 data with a mean near 0 (their rows are then used in place). Otherwise it
    is the mean, rounded to a multiple of the power of two below the standard deviation: sums of whole numbers stay
    exact, so that bytes and their float64 copy give the same result.
    """
    mean, variance = mean_and_variance(X, threads)
    if X.dtype == np.uint8 or not variance > 0.0 or not np.isfinite(variance):
        return np.zeros(X.shape[1]), variance
    if X.dtype == np.float32 and (mean**2).mean() <= 4.0 * variance:
        return np.zeros(X.shape[1]), variance
    step = 2.0 ** np.floor(np.log2(np.sqrt(variance)))
    return step * np.rint(mean / step), variance
