"""The native operations on clean arrays: C-ordered rows of uint8, float32 or float64, centers as float64."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans import _core

Rows = NDArray[Any]
Centers = NDArray[np.float64]
Labels = NDArray[np.int32]


def nearest_centers(X: Rows, centers: Centers, shift: Centers, threads: int) -> Labels:
    """Return the index of each row's nearest center, exactly; the lowest index on a tie."""
    labels = np.empty(len(X), dtype=np.int32)
    _core.assign(X, centers, shift, labels, threads)
    return labels


def cluster_sums(
    X: Rows, labels: Labels, weights: Centers | None, n_clusters: int, shift: Centers, threads: int
) -> tuple[Centers, Centers]:
    """Return the sum of each cluster's weighted rows, less `shift`, and the sum of its weights."""
    sums = np.empty((n_clusters, X.shape[1]))
    mass = np.empty(n_clusters)
    _core.update(X, labels, weights, shift, sums, mass, threads)
    return sums, mass


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


def mean_and_spread(X: Rows, threads: int) -> tuple[Centers, float]:
    """Return the mean of each column as float64, and the mean of the columns' variances."""
    labels = np.zeros(len(X), dtype=np.int32)
    sums, _ = cluster_sums(X, labels, None, 1, np.zeros(X.shape[1]), threads)
    mean = sums / len(X)
    return mean[0], float(distances_to_own(X, mean, labels, threads).sum() / X.size)
