"""Lloyd's algorithm: assign each row to its nearest center, move each center to the mean of its rows, again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.cluster._kernels import (
    Centers,
    Labels,
    Rows,
    cluster_sums,
    distances_to_own,
    mean_and_spread,
    nearest_centers,
)


@dataclass(frozen=True, eq=False)
class Iteration:
    """What a callback is told after each assignment.

    Attributes
    ----------
    n_iter : int
        1 for the first.
    centers : float of shape (n_clusters, n_features)
        The centers that the rows were assigned to.
    labels : int32 of shape (n_samples,)
    inertia : float
        The weighted sum of squared distances of the rows to these centers.
    seconds : float
        Since the run began.
    run : int
        0 for the first of `n_init` runs.
    """

    n_iter: int
    centers: NDArray[Any]
    labels: Labels
    inertia: float
    seconds: float
    run: int


@dataclass(frozen=True, eq=False)
class Fit:
    """The end of a run: `labels` and `inertia` belong to `centers`, always."""

    centers: NDArray[Any]
    labels: Labels
    inertia: float
    n_iter: int
    converged: bool


class Interrupted(Exception):  # noqa: N818  (it carries a result; it is no error)
    """Raised by `lloyd` when a callback or Ctrl-C ended the run; holds the last complete iteration, or None."""

    def __init__(self, last: Fit | None) -> None:
        super().__init__("the run was interrupted")
        self.last = last


def data_shift(X: Rows, threads: int) -> tuple[Centers, float]:
    """Return what to take from every row so that float32 is precise, and the mean variance of the columns.

    Bytes need no shift. Other data move by their mean, rounded to a power of two near the data's spread: rounding
    keeps sums of whole numbers exact, so that bytes and their float64 copy go the same way.
    """
    mean, spread = mean_and_spread(X, threads)
    if X.dtype == np.uint8 or not spread > 0.0 or not np.isfinite(spread):
        return np.zeros(X.shape[1]), spread
    step = 2.0 ** np.floor(np.log2(np.sqrt(spread)))
    return step * np.rint(mean / step), spread


def lloyd(
    X: Rows,
    centers: Centers,
    *,
    weights: NDArray[np.float64] | None,
    shift: Centers,
    max_iter: int,
    tol: float,
    threads: int,
    callback: Callable[[Iteration], object] | None = None,
    run: int = 0,
) -> Fit:
    """Return where Lloyd's algorithm ends from the given centers.

    Stops, as scikit-learn does, when an iteration changes no label, when the centers move by no more than `tol` in
    all (sum of squares), or after `max_iter` iterations. A cluster that loses all its rows is given the row that lies
    farthest from its own center (the largest weighted squared distance, the lowest index on a tie). Labels and
    inertia are taken anew after the last move of the centers, so they always belong together.

    Parameters
    ----------
    X : uint8, float32 or float64 of shape (n_samples, n_features), C order, finite
    centers : float64 of shape (n_clusters, n_features)
    weights : float64 of shape (n_samples,) or None
    shift : float64 of shape (n_features,)
        From `data_shift`.

    Notes
    -----
    Time per iteration grows with n_samples * n_clusters * n_features; memory beyond X is a few numbers per row and
    per center. Source: Lloyd (1982), "Least squares quantization in PCM".
    """
    started = time.perf_counter()
    dtype = X.dtype if X.dtype == np.float32 else np.dtype(np.float64)
    centers = centers.astype(dtype).astype(np.float64)
    squares = distances_to_own(X, shift[np.newaxis], np.zeros(len(X), dtype=np.int32), threads)
    norm = float(squares.sum() if weights is None else squares @ weights)
    labels = np.full(len(X), -1, dtype=np.int32)
    last: Fit | None = None
    converged = False
    settled = False
    n_iter = 0
    try:
        while n_iter < max_iter and not (converged or settled):
            before = labels
            labels = nearest_centers(X, centers, shift, threads)
            sums, mass = cluster_sums(X, labels, weights, len(centers), shift, threads)
            inertia = _inertia(norm, sums, mass, centers - shift)
            n_iter += 1
            last = Fit(centers.astype(dtype), labels, inertia, n_iter, False)
            if callback is not None:
                elapsed = time.perf_counter() - started
                callback(Iteration(n_iter, last.centers, labels, inertia, elapsed, run))
            empty = np.flatnonzero(mass <= 0.0)
            if len(empty):
                _fill_empty(X, labels, weights, centers, shift, sums, mass, empty, threads)
            moved = _means(sums, mass, shift, centers).astype(dtype).astype(np.float64)
            settled = not len(empty) and np.array_equal(labels, before)
            converged = settled or float(((moved - centers) ** 2).sum()) <= tol
            centers = moved
        if not settled:
            labels = nearest_centers(X, centers, shift, threads)
    except BaseException as stop:
        raise Interrupted(last) from stop
    own = distances_to_own(X, centers, labels, threads)
    inertia = float(own.sum() if weights is None else own @ weights)
    return Fit(centers.astype(dtype), labels, inertia, n_iter, converged)


def _means(sums: Centers, mass: Centers, shift: Centers, centers: Centers) -> Centers:
    """Return the mean of each cluster's rows; a cluster without rows keeps its center."""
    column = mass[:, np.newaxis]
    # The shift is put back before the division: whole numbers then give the mean that unshifted bytes give.
    return np.where(column > 0.0, (column * shift + sums) / np.where(column > 0.0, column, 1.0), centers)


def _inertia(norm: float, sums: Centers, mass: Centers, centers: Centers) -> float:
    """Return the inertia, sum |x|^2 - 2 c.sum(x) + mass |c|^2, without another read of X."""
    crossed = float((centers * sums).sum())
    squares = float(mass @ np.einsum("ij,ij->i", centers, centers))
    return max(0.0, norm - 2.0 * crossed + squares)


def _fill_empty(
    X: Rows,
    labels: Labels,
    weights: NDArray[np.float64] | None,
    centers: Centers,
    shift: Centers,
    sums: Centers,
    mass: Centers,
    empty: NDArray[np.intp],
    threads: int,
) -> None:
    """Move one far row into each empty cluster, in `sums` and `mass`; clusters stay empty where all distances are 0."""
    far = distances_to_own(X, centers, labels, threads)
    if weights is not None:
        far = far * weights
    order = np.argsort(-far, kind="stable")
    for cluster, row in zip(empty, order, strict=False):
        if far[row] <= 0.0:
            break
        weight = 1.0 if weights is None else float(weights[row])
        value = weight * (X[row].astype(np.float64) - shift)
        sums[labels[row]] -= value
        mass[labels[row]] -= weight
        sums[cluster] = value
        mass[cluster] = weight
