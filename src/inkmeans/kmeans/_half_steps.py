"""What a callback is told of a run of Lloyd's algorithm: each assignment and each update."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from inkmeans.kmeans._kernels import Centers, Labels, Rows, inertia_of


@dataclass(frozen=True, eq=False)
class Iteration:
    """What a callback receives after each half of an iteration: after the assignment, then after the update.

    The last call of a run shows its result: its labels, inertia and centers are those of the fit. Where the last update
    moved something, the rows are assigned once more, and that is the last call.

    Attributes
    ----------
    half_step : {"assignment", "update"}
        "assignment": each row was assigned to its nearest center. "update": each center was moved to the mean of its
        rows, and empty clusters were relocated.
    n_iter : int
        1 for the first iteration. The assignment after the last update has the same as that update.
    centers : float of shape (n_clusters, n_features)
        After an assignment those that the rows were assigned to, after an update the moved ones.
    labels : int32 of shape (n_samples,)
        After an assignment the nearest centers. After an update the same, but a row that an empty cluster was relocated
        to belongs to that cluster: each center is the mean of the rows that have its label.
    inertia : float
        The weighted sum of squared distances of the rows to the centers of their labels. It rises in no half-step,
        except by rounding.
    n_changed : int
        How many labels differ from those of the half-step before; all of them in the first.
    relocated : tuple of (cluster, row)
        The clusters that were empty, each with the row that it was relocated to in this update.
    moved : float64 of shape (n_clusters,)
        The Euclidean distance that each center moved in this update; 0 after an assignment.
    seconds : float
        Since the run began.
    run : int
        0 for the first of `n_init` runs.
    """

    half_step: Literal["assignment", "update"]
    n_iter: int
    centers: NDArray[Any]
    labels: Labels
    inertia: float
    n_changed: int
    relocated: tuple[tuple[int, int], ...]
    moved: NDArray[np.float64]
    seconds: float
    run: int


class HalfSteps:
    """Tells a callback of the half-steps of one run; it gets copies, which it may keep and change."""

    def __init__(
        self,
        callback: Callable[[Iteration], object],
        X: Rows,
        weights: NDArray[np.float64] | None,
        dtype: np.dtype[Any],
        threads: int,
        run: int,
    ) -> None:
        self._callback = callback
        self._X, self._weights, self._threads = X, weights, threads
        self._dtype = dtype
        self._run = run
        self._started = time.perf_counter()
        self._labels = np.full(len(X), -1, dtype=np.int32)

    def assigned(self, n_iter: int, centers: Centers, labels: Labels) -> None:
        """Tell of an assignment."""
        self._tell("assignment", n_iter, centers, labels, (), np.zeros(len(centers)))

    def updated(
        self, n_iter: int, before: Centers, centers: Centers, labels: Labels, relocated: Sequence[tuple[int, int]]
    ) -> None:
        """Tell of an update that moved the centers from `before`; `labels` are those of the assignment."""
        if relocated:
            labels = labels.copy()
            for cluster, row in relocated:
                labels[row] = cluster
        self._tell("update", n_iter, centers, labels, tuple(relocated), np.linalg.norm(centers - before, axis=1))

    def _tell(
        self,
        half_step: Literal["assignment", "update"],
        n_iter: int,
        centers: Centers,
        labels: Labels,
        relocated: tuple[tuple[int, int], ...],
        moved: NDArray[np.float64],
    ) -> None:
        n_changed = int(np.count_nonzero(labels != self._labels))
        self._labels = labels.copy()
        self._callback(
            Iteration(
                half_step,
                n_iter,
                centers.astype(self._dtype),
                labels.copy(),
                inertia_of(self._X, centers, labels, self._weights, self._threads),
                n_changed,
                relocated,
                moved,
                time.perf_counter() - self._started,
                self._run,
            )
        )
