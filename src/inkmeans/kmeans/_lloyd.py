"""Lloyd's algorithm: assign each row to its nearest center, move each center to the mean of its rows, again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans import _core
from inkmeans.kmeans._half_steps import HalfSteps, Iteration
from inkmeans.kmeans._kernels import (
    Centers,
    ClusterSums,
    Labels,
    Rows,
    assigner,
    distances_to_own,
    inertia_of,
)


@dataclass(frozen=True, eq=False)
class Fit:
    """The end of a run: `labels` and `inertia` belong to `centers`, always."""

    centers: NDArray[Any]
    labels: Labels
    inertia: float
    n_iter: int
    converged: bool
    shift: Centers  # that was subtracted from the rows; see `data_shift`


class Interrupted(Exception):  # noqa: N818  (it carries a result; it is no error)
    """Raised by `lloyd` when a callback or Ctrl-C ended the run; holds the last complete iteration, or None."""

    def __init__(self, last: Fit | None) -> None:
        super().__init__("the run was interrupted")
        self.last = last


def lloyd(
    X: Rows,
    centers: Centers,
    *,
    weights: NDArray[np.float64] | None,
    shift: Centers,
    max_iter: int,
    tol: float,
    threads: int,
    keeps_bounds: bool = True,
    callback: Callable[[Iteration], object] | None = None,
    run: int = 0,
) -> Fit:
    """Return the result of Lloyd's algorithm from the given initial centers.

    Stops, as scikit-learn does, when an iteration changes no label, when the sum of squares by which the centers move
    is at most `tol`, or after `max_iter` iterations. An empty cluster is relocated to the row farthest from its own
    center (the largest weighted squared distance, the lowest index on a tie). Labels and inertia are computed again
    after the last update of the centers, so that they belong together.

    Parameters
    ----------
    X : uint8, float32 or float64 of shape (n_samples, n_features), C order, finite
    centers : float64 of shape (n_clusters, n_features)
    weights : float64 of shape (n_samples,) or None
    shift : float64 of shape (n_features,)
        From `inkmeans.kmeans._kernels.data_shift`.
    keeps_bounds : bool
        Whether to skip distances that bounds from earlier iterations rule out; the result is the same.

    Notes
    -----
    Time per iteration grows with n_samples * n_clusters * n_features, less with bounds. Memory beyond X: see `KMeans`.
    Source: Lloyd (1982), "Least squares quantization in PCM".
    """
    dtype = X.dtype if X.dtype == np.float32 else np.dtype(np.float64)
    centers = centers.astype(dtype).astype(np.float64)
    told = None if callback is None else HalfSteps(callback, X, weights, dtype, threads, run)
    labels = np.full(len(X), -1, dtype=np.int32)
    assigned = assigner(X, len(centers), shift, threads, keeps_bounds=keeps_bounds)
    cluster_sums = ClusterSums(X, weights, len(centers), shift, threads)
    complete: tuple[Centers, Labels, int] | None = None
    converged = False
    settled = False
    n_iter = 0
    try:
        while n_iter < max_iter and not (converged or settled):
            labels = labels.copy()
            n_changed = assigned.assign(centers, labels)
            n_iter += 1
            complete = centers, labels, n_iter
            if told is not None:
                told.assigned(n_iter, centers, labels)
            sums, weight_sums = cluster_sums(labels)
            empty = np.flatnonzero(weight_sums <= 0.0)
            relocated = []
            if len(empty):
                relocated = _relocate_empty(X, labels, weights, centers, shift, sums, weight_sums, empty, threads)
            before, centers = centers, centers.copy()
            moved = _core.move_centers(sums, weight_sums, shift, dtype == np.float32, centers)
            if told is not None:
                told.updated(n_iter, before, centers, labels, relocated)
            settled = not len(empty) and not n_changed
            converged = settled or moved <= tol
        if not settled:
            labels = labels.copy()
            assigned.assign(centers, labels)
            if told is not None:
                complete = centers, labels, n_iter
                told.assigned(n_iter, centers, labels)
        inertia = inertia_of(X, centers, labels, weights, threads)
    except BaseException as stop:
        if complete is None:
            raise Interrupted(None) from stop
        centers, labels, n_iter = complete
        inertia = inertia_of(X, centers, labels, weights, threads)
        raise Interrupted(Fit(centers.astype(dtype), labels, inertia, n_iter, False, shift)) from stop
    return Fit(centers.astype(dtype), labels, inertia, n_iter, converged, shift)


def _relocate_empty(
    X: Rows,
    labels: Labels,
    weights: NDArray[np.float64] | None,
    centers: Centers,
    shift: Centers,
    sums: Centers,
    weight_sums: Centers,
    empty: NDArray[np.intp],
    threads: int,
) -> list[tuple[int, int]]:
    """Relocate each empty cluster to a far row, in `sums` and `weight_sums`; return the clusters with their rows.

    A cluster stays empty where all distances are 0. The last row of a cluster is never taken: that would empty it in
    turn.
    """
    far = distances_to_own(X, centers, labels, threads)
    if weights is not None:
        far = far * weights
    order = iter(np.argsort(-far, kind="stable"))
    counts = np.bincount(labels if weights is None else labels[weights > 0.0], minlength=len(weight_sums))
    relocated = []
    for cluster in empty:
        row = next((row for row in order if counts[labels[row]] > 1), None)
        if row is None:
            break
        weight = 1.0 if weights is None else float(weights[row])
        wide = X[row].astype(np.float64)
        # The mean of equal rows may differ from them by rounding: that is no distance.
        if far[row] <= 1e-28 * weight * float(np.square(wide).sum()):
            break
        counts[labels[row]] -= 1
        value = weight * (wide - shift)
        sums[labels[row]] -= value
        weight_sums[labels[row]] -= weight
        sums[cluster] = value
        weight_sums[cluster] = weight
        relocated.append((int(cluster), int(row)))
    return relocated
