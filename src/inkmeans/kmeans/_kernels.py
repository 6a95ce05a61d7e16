"""The native operations on clean arrays: C-ordered rows of uint8, float32 or float64, centers as float64."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans import _core
from inkmeans.features import products

Rows = NDArray[Any]
Centers = NDArray[np.float64]
Labels = NDArray[np.int32]


def nearest_centers(X: Rows, centers: Centers, shift: Centers, threads: int) -> Labels:
    """Return the index of each row's nearest center, exactly; the lowest index on a tie."""
    labels = np.empty(len(X), dtype=np.int32)
    _core.assign(X, centers, shift, labels, threads)
    return labels


def assigner(X: Rows, n_clusters: int, shift: Centers, threads: int, *, keeps_bounds: bool = True) -> Any:
    """Return an object that assigns the same rows again and again, to centers that move; see `nearest_centers`.

    With `keeps_bounds` it leaves out what the bounds of earlier calls rule out; the labels are the same without.

    Its ``assign(centers, labels)`` takes the labels of the last call (anything at first), writes the new ones in their
    place and returns how many changed.
    """
    return _of_dtype("Assigner", X)(X, n_clusters, shift, keeps_bounds, threads)


class ClusterSums:
    """The sum of each cluster's weighted rows, less `shift`, and the sum of its weights, again and again."""

    def __init__(self, X: Rows, weights: Centers | None, n_clusters: int, shift: Centers, threads: int) -> None:
        self._native = _of_dtype("ClusterSums", X)(X, n_clusters, weights, shift, threads)
        self._shape = n_clusters, X.shape[1]

    def __call__(self, labels: Labels) -> tuple[Centers, Centers]:
        """Return the sums, of shape (n_clusters, n_features), and the weights' sums; both are the caller's."""
        sums = np.empty(self._shape)
        mass = np.empty(self._shape[0])
        self._native.update(labels, sums, mass)
        return sums, mass


class Seeder:
    """How much nearer rows would be to their nearest center if another row were one more, again and again.

    Attributes
    ----------
    closest : float64 of shape (n_samples,)
        The squared distance of each row to its nearest center so far; infinite before the first.
    """

    def __init__(self, X: Rows, weights: Centers | None, n_centers: int, shift: Centers, threads: int) -> None:
        # What the directions cost is won back after some thirty centers.
        directions = _directions(X, shift, threads) if n_centers > 30 else np.empty((0, X.shape[1]))
        self.closest = np.full(len(X), np.inf)
        self._native = _of_dtype("Seeder", X)(X, shift, directions, threads)
        self._weights = weights

    def try_out(self, candidates: NDArray[np.int64]) -> Centers:
        """Return by how much each candidate, a row of X, would lower the (weighted) sum of `closest`.

        float64 of shape (n_candidates,); 0 as long as there is no center.
        """
        gains = np.empty(len(candidates))
        self._native.try_out(candidates, self._weights, gains)
        return gains

    def take(self, candidate: int) -> None:
        """Make a center of one of the candidates that were tried out last, given by its place among them."""
        self._native.take(candidate, self.closest)


def _directions(X: Rows, shift: Centers, threads: int) -> Centers:
    """Return a few orthogonal directions in which the rows differ much, of shape (n_directions, n_features).

    They are the leading principal components of a few hundred rows, nearly. Results never depend on them, but time
    does. Source: subspace iteration, Halko, Martinsson and Tropp (2011), section 4.5.
    """
    n_directions = min(95, X.shape[1] // 2)
    if X.shape[1] <= 128 or len(X) < 1000:  # rows of fewer values are compared as they are
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
        stretched = products(products(directions, narrow, threads), across, threads)
        squares, turns = np.linalg.eigh(products(stretched, stretched, threads))
        kept = squares > 1e-5 * max(squares[-1], 0.0)
        turns = np.ascontiguousarray((turns[:, kept] / np.sqrt(squares[kept])).T)
        directions = products(turns, np.ascontiguousarray(stretched.T), threads)
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
    # From the distances: the expanded square would save this read of X, but loses the inertia of tight clusters. And
    # not by NumPy's product, which rounds as its BLAS does.
    own = distances_to_own(X, centers, labels, threads)
    return float((own if weights is None else own * weights).sum())


def mean_and_spread(X: Rows, threads: int) -> tuple[Centers, float]:
    """Return the mean of each column as float64, and the mean of the columns' variances."""
    mean = np.empty(X.shape[1])
    return mean, _core.mean_and_spread(X, mean, threads)


def data_shift(X: Rows, threads: int) -> tuple[Centers, float]:
    """Return what to take from every row so that float32 is precise, and the mean variance of the columns.

    Bytes need no shift, nor do float32 data that lie about 0 (rows are then used where they are). Other data move by
    their mean, rounded to a power of two near the data's spread: rounding keeps sums of whole numbers exact, so that
    bytes and their float64 copy go the same way.
    """
    mean, spread = mean_and_spread(X, threads)
    if X.dtype == np.uint8 or not spread > 0.0 or not np.isfinite(spread):
        return np.zeros(X.shape[1]), spread
    if X.dtype == np.float32 and (mean**2).mean() <= 4.0 * spread:
        return np.zeros(X.shape[1]), spread
    step = 2.0 ** np.floor(np.log2(np.sqrt(spread)))
    return step * np.rint(mean / step), spread
