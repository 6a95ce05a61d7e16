"""Traces: a run of k-means on a set, recorded half-step by half-step, so that it can be played."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from inkmeans.kmeans import Interrupted, Iteration, k_means
from inkmeans.lesson._sets import LearnGlyphs
from inkmeans.lesson._starts import Start, initial_rows

End = Literal["no_change", "settled", "max_iter"]
_LARGEST = 65535


@dataclass(frozen=True, eq=False)
class HalfStep:
    """What one half of an iteration did; the first of a trace is the start, where no row is assigned yet.

    Attributes
    ----------
    half : {"start", "assignment", "update"}
    n_iter : int
        0 at the start.
    inertia : float or None
        None at the start.
    n_changed : int
        How many rows went to another cluster: in an update those that an empty cluster was relocated to.
    counts, came, went : int of shape (n_clusters,)
        Of all rows: how many each cluster has, and how many of those that changed came to it and went from it.
    moved : float64 of shape (n_clusters,)
        The Euclidean distance that each center moved; 0 but in an update.
    relocated : tuple of (cluster, row)
        The clusters that were empty, each with the row that it was relocated to.
    labeling : int or None
        Which of the trace's `labels` hold after it; None at the start.
    centering : int
        Which of the trace's `centers` hold after it.
    """

    half: Literal["start", "assignment", "update"]
    n_iter: int
    inertia: float | None
    n_changed: int
    counts: NDArray[np.int64]
    came: NDArray[np.int64]
    went: NDArray[np.int64]
    moved: NDArray[np.float64]
    relocated: tuple[tuple[int, int], ...]
    labeling: int | None
    centering: int


@dataclass(frozen=True, eq=False)
class Trace:
    """A run of k-means: the start, then assignment and update in turn, last an assignment.

    Attributes
    ----------
    initial_rows : int of shape (n_clusters,)
        The rows that are the initial centers.
    n_iter : int
    end : {"no_change", "settled", "max_iter"}
        Why it ended: an assignment changed nothing, the centers moved too little to count, or too many iterations.
    steps : list of HalfStep
    labels : uint8 of shape (n_labelings, n_marks)
        The clusters of the marks; where nothing changed, the one before is kept.
    centers : uint16 of shape (n_centerings, n_clusters, height, width)
        Times `centers_scale` they are pixel values.
    centers_scale : float
    positions : float32 of shape (n_centerings, n_clusters, 2)
        Where the centers lie in the plane.
    """

    initial_rows: NDArray[np.intp]
    n_iter: int
    end: End
    steps: list[HalfStep]
    labels: NDArray[np.uint8]
    centers: NDArray[np.uint16]
    centers_scale: float
    positions: NDArray[np.float32]


class Abandoned(Exception):  # noqa: N818  (nothing failed)
    """Raised by `trace` when nobody wants it any more."""


def trace(
    glyphs: LearnGlyphs,
    n_clusters: int,
    *,
    start: Start = "k-means++",
    seed: int = 0,
    rows: Sequence[int] = (),
    is_wanted: Callable[[], bool] = lambda: True,
) -> Trace:
    """Return the trace of `KMeans` on a set, from the given start and with its default settings.

    The labels and the inertia after each half-step are the engine's own, those of the last are `labels_` and
    `inertia_`.

    Parameters
    ----------
    glyphs : LearnGlyphs
    n_clusters, start, seed, rows
        As `inkmeans.lesson._starts.initial_rows` takes them.
    is_wanted : callable
        Asked before and during the run whether to go on.

    Raises
    ------
    InputError
        If an argument cannot be used.
    Abandoned
        If the trace is not wanted any more.

    Notes
    -----
    A trace has at most 300 iterations, the default of `KMeans`. Its centers take 2 bytes a pixel: at most 47 MB for 100
    clusters of 28 x 28 pixels. Depends on the seed alone, not on the number of threads.
    """
    if not is_wanted():
        raise Abandoned
    X = glyphs.rows
    picked = initial_rows(X, n_clusters, start, seed, rows)
    initial = X[picked].astype(np.float64)
    recorder = _Recorder(glyphs, initial)

    def record(step: Iteration) -> None:
        if not is_wanted():
            raise Abandoned
        recorder.record(step)

    try:
        fit = k_means(X, n_clusters, init=initial, callback=record)
    except Interrupted as stop:
        assert stop.__cause__ is not None
        raise stop.__cause__ from None
    return recorder.trace(picked, fit.n_iter, is_converged=fit.converged)


class _Recorder:
    """Keeps of each half-step what is shown of it."""

    def __init__(self, glyphs: LearnGlyphs, initial: NDArray[np.float64]) -> None:
        self._glyphs = glyphs
        self._n_clusters = len(initial)
        self._before = np.full(len(glyphs.images), -1, dtype=np.int32)
        self._labels: list[NDArray[np.uint8]] = []
        self._centers: list[NDArray[np.uint16]] = []
        self._positions: list[NDArray[np.float32]] = []
        self._keep_centers(initial)
        none = np.zeros(self._n_clusters, dtype=np.int64)
        still = np.zeros(self._n_clusters)
        self._steps = [HalfStep("start", 0, None, 0, none, none, none, still, (), None, 0)]

    def record(self, step: Iteration) -> None:
        """Add a half-step."""
        changed = step.labels != self._before
        if step.n_changed:
            self._labels.append(step.labels[self._glyphs.marks].astype(np.uint8))
        if step.moved.any():
            self._keep_centers(step.centers)
        self._steps.append(
            HalfStep(
                step.half_step,
                step.n_iter,
                step.inertia,
                step.n_changed,
                self._count(step.labels),
                self._count(step.labels[changed]),
                self._count(self._before[changed & (self._before >= 0)]),
                step.moved,
                step.relocated,
                len(self._labels) - 1,
                len(self._centers) - 1,
            )
        )
        self._before = step.labels

    def trace(self, picked: NDArray[np.intp], n_iter: int, *, is_converged: bool) -> Trace:
        """Return what was recorded."""
        has_no_change = self._steps[-1].half == "update"  # otherwise the rows are assigned once more
        if has_no_change and not self._steps[-1].moved.any():
            self._steps.pop()  # after an assignment that changed nothing there is nothing to move
        return Trace(
            picked,
            n_iter,
            "no_change" if has_no_change else "settled" if is_converged else "max_iter",
            self._steps,
            np.stack(self._labels),
            np.stack(self._centers),
            self._scale,
            np.stack(self._positions),
        )

    @property
    def _scale(self) -> float:
        return self._glyphs.ink_max / _LARGEST

    def _keep_centers(self, centers: NDArray[Any]) -> None:
        pictures = np.rint(centers / self._scale).astype(np.uint16)
        self._centers.append(pictures.reshape(-1, *self._glyphs.images.shape[1:]))
        self._positions.append(self._glyphs.plane.project(centers))

    def _count(self, labels: NDArray[np.int32]) -> NDArray[np.int64]:
        return np.bincount(labels, minlength=self._n_clusters)
