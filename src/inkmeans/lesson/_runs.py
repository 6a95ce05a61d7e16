"""Runs: k-means from many starts on one set, and how right each would be once its clusters are named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from inkmeans.checks import MAX_SEED, check_whole
from inkmeans.errors import InputError
from inkmeans.kmeans import distances_to_own, k_means
from inkmeans.lesson._sets import LearnGlyphs
from inkmeans.lesson._starts import check_k
from inkmeans.threads import n_threads

RunStart = Literal["k-means++", "random"]
RUN_STARTS: tuple[RunStart, ...] = ("k-means++", "random")
MAX_RUNS = 100
"""Of each kind of start, at once."""


@dataclass(frozen=True, eq=False)
class Run:
    """The end of one run of k-means.

    Attributes
    ----------
    start : {"k-means++", "random"}
    seed : int
    n_iter : int
    inertia : float
    labels : uint8 of shape (n_glyphs,)
    centers : float64 of shape (n_clusters, n_features)
    counts : int of shape (n_clusters,)
        How many glyphs each cluster has.
    middles : int of shape (n_clusters,)
        The middle image of each cluster: its member nearest to the center, the first of equally near ones; -1 where the
        cluster is empty.
    """

    start: RunStart
    seed: int
    n_iter: int
    inertia: float
    labels: NDArray[np.uint8]
    centers: NDArray[np.float64]
    counts: NDArray[np.intp]
    middles: NDArray[np.intp]


@dataclass(frozen=True)
class NamedRun:
    """What naming the clusters of a run gives.

    Attributes
    ----------
    names : tuple of str or None
        The truth of each cluster's middle image; None where it is not known, or the cluster is empty.
    accuracy : float
        The share of the glyphs of known truth that have the name of their cluster.
    """

    names: tuple[str | None, ...]
    accuracy: float


def check_runs(n_glyphs: int, n_clusters: int, n_runs: int, seed: int) -> None:
    """Refuse runs that cannot be made with an InputError."""
    check_k(n_clusters, n_glyphs)
    check_whole("n_runs", n_runs, least=1, most=MAX_RUNS)
    check_whole("seed", seed, least=0, most=MAX_SEED)
    if seed + n_runs - 1 > MAX_SEED:
        raise InputError(f"The last seed must be no more than {MAX_SEED}; got seed={seed} and n_runs={n_runs}.")


def run_of(glyphs: LearnGlyphs, n_clusters: int, start: RunStart, seed: int) -> Run:
    """Return the run that `KMeans(n_clusters, init=start, n_init=1, random_state=seed)` makes.

    It is the one that the trace of that start and seed shows.
    """
    X = glyphs.rows
    fit = k_means(X, n_clusters, init=start, random_state=seed)
    counts = np.bincount(fit.labels, minlength=n_clusters)
    own = distances_to_own(X, fit.centers, fit.labels, n_threads(None))
    middles = np.full(n_clusters, -1, dtype=np.intp)
    order = np.lexsort((own, fit.labels))  # stable: of equal distances the first glyph comes first
    first = np.cumsum(counts) - counts
    middles[counts > 0] = order[first[counts > 0]]
    labels = fit.labels.astype(np.uint8)  # at most 100 clusters
    return Run(start, seed, fit.n_iter, fit.inertia, labels, fit.centers, counts, middles)


def runs_of(
    make: Callable[[RunStart, int], Run], n_runs: int, seed: int, is_wanted: Callable[[], bool]
) -> Iterator[Run]:
    """Yield runs of both kinds of start in turn, for the seeds from `seed` on, while they are wanted."""
    for each in range(seed, seed + n_runs):
        for start in RUN_STARTS:
            if not is_wanted():
                return
            yield make(start, each)


def name_run(run: Run, truths: NDArray[np.str_]) -> NamedRun:
    """Return the names that the clusters of a run would be given by who looks at their middle images.

    Parameters
    ----------
    run : Run
    truths : str of shape (n_glyphs,)
        "" where the truth is not known; of one at least it is.
    """
    names = np.where(run.middles >= 0, truths[run.middles], "")
    is_known = truths != ""
    n_right = np.count_nonzero((names[run.labels] == truths) & is_known)
    return NamedRun(tuple(name or None for name in names.tolist()), n_right / np.count_nonzero(is_known))


def n_bytes(run: Run) -> int:
    """Return the bytes that a run takes in memory."""
    parts: list[NDArray[Any]] = [run.labels, run.centers, run.counts, run.middles]
    return sum(part.nbytes for part in parts)
