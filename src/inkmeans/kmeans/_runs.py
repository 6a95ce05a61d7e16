"""k_means: the best of several runs of Lloyd's algorithm, on clean arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import InputError
from inkmeans.kmeans._half_steps import Iteration
from inkmeans.kmeans._kernels import data_shift
from inkmeans.kmeans._lloyd import Fit, Interrupted, lloyd
from inkmeans.kmeans._seeding import initial_centers
from inkmeans.threads import n_threads


def k_means(
    X: NDArray[Any],
    n_clusters: int,
    *,
    init: Any = "k-means++",
    n_init: int = 1,
    max_iter: int = 300,
    tol: float = 1e-4,
    weights: NDArray[np.float64] | None = None,
    random_state: Any = None,
    n_jobs: int | None = None,
    keeps_bounds: bool = True,
    verbose: bool = False,
    callback: Callable[[Iteration], object] | None = None,
) -> Fit:
    """Return the run with the lowest inertia, the earlier one on a tie.

    Parameters
    ----------
    X : uint8, float32 or float64 of shape (n_samples, n_features)
        Finite, with at least n_clusters rows.
    weights : float64 of shape (n_samples,) or None
        None below 0, not all 0.
    keeps_bounds : bool
        See `inkmeans.kmeans._lloyd.lloyd`.
    n_clusters, init, n_init, max_iter, tol, random_state, n_jobs, verbose, callback
        As `KMeans` takes them.

    Raises
    ------
    InputError
        If the squares of X leave float64, or `init` cannot be used.
    Interrupted
        If Ctrl-C, the callback or a callable `init` ended a run, with the best result so far.
    """
    from sklearn.utils import check_random_state

    X = np.ascontiguousarray(X)
    threads = n_threads(n_jobs)
    random = check_random_state(random_state)
    shift, variance = data_shift(X, threads)
    if not np.isfinite(variance):
        raise InputError("X holds values whose squares leave float64; divide X by a large number first.")
    best: Fit | None = None
    for run in range(n_init):
        try:
            start = initial_centers(X, n_clusters, init, weights, random, shift, threads)
            if verbose:
                print("Initialization complete")
            fit = lloyd(
                X,
                start,
                weights=weights,
                shift=shift,
                max_iter=max_iter,
                tol=tol * variance,
                threads=threads,
                keeps_bounds=keeps_bounds,
                callback=_printing(callback) if verbose else callback,
                run=run,
            )
        except Interrupted as stop:
            raise Interrupted(best or stop.last) from stop.__cause__
        except BaseException as stop:  # in the initialization
            if best is None:
                raise
            raise Interrupted(best) from stop
        if verbose and fit.converged:
            print(f"Converged at iteration {fit.n_iter - 1}.")
        if best is None or fit.inertia < best.inertia:
            best = fit
    assert best is not None
    return best


def _printing(callback: Callable[[Iteration], object] | None) -> Callable[[Iteration], object]:
    """Return a callback that prints the inertia, numbering iterations from 0 as scikit-learn does, and goes on.

    The inertia printed is that of the iteration's assignment.
    """
    n_printed = 0

    def report(iteration: Iteration) -> None:
        nonlocal n_printed
        if iteration.n_iter > n_printed:
            print(f"Iteration {n_printed}, inertia {iteration.inertia}.")
            n_printed = iteration.n_iter
        if callback is not None:
            callback(iteration)

    return report
