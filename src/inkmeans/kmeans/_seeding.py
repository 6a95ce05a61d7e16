"""Initial centers: greedy k-means++, as in scikit-learn, and k-means||."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans.checks import check_whole, is_whole
from inkmeans.errors import InputError
from inkmeans.kmeans._checks import check_weights, refuse_sparse
from inkmeans.kmeans._kernels import (
    Centers,
    Rows,
    Seeder,
    data_shift,
    distances_to_own,
    nearest_centers,
)
from inkmeans.threads import n_threads

_OVERSAMPLING = 2
_ROUNDS = 5


def kmeans_plusplus(
    X: ArrayLike,
    n_clusters: int,
    *,
    sample_weight: ArrayLike | None = None,
    random_state: Any = None,
    n_local_trials: int | None = None,
    n_jobs: int | None = None,
) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Return initial centers chosen by greedy k-means++, and the indices of the rows that they are.

    Parameters
    ----------
    X : array of shape (n_samples, n_features)
    n_clusters : int
    sample_weight : array of shape (n_samples,) or None
    random_state : int, RandomState or None
    n_local_trials : int or None
        Candidates for each center after the first; the one that lowers the inertia most is kept. None: 2 + log(k).
    n_jobs : int or None

    Returns
    -------
    centers : array of shape (n_clusters, n_features), of X's dtype
    indices : int of shape (n_clusters,)

    Raises
    ------
    InputError
        If X, sample_weight or n_clusters cannot be used.

    Notes
    -----
    Depends on the seed alone, not on the number of threads. Source: Arthur and Vassilvitskii (2007), "k-means++: the
    advantages of careful seeding", with the greedy trials of their section 6.

    Examples
    --------
    >>> import numpy as np
    >>> from inkmeans import kmeans_plusplus
    >>> centers, rows = kmeans_plusplus(np.array([[0.0], [1.0], [100.0]]), 2, random_state=0)
    >>> sorted(rows.tolist())[1]
    2
    """
    from sklearn.utils import check_array, check_random_state

    refuse_sparse(X)
    rows = check_array(X, dtype=[np.float64, np.float32, np.uint8], order="C", accept_large_sparse=False)
    if not is_whole(n_clusters) or not 1 <= n_clusters <= len(rows):
        raise InputError(f"n_clusters must be a whole number between 1 and n_samples={len(rows)}; got {n_clusters!r}.")
    if n_local_trials is not None:
        check_whole("n_local_trials", n_local_trials, least=1, note=", or None")
    weights = check_weights(sample_weight, rows)
    threads = n_threads(n_jobs)
    shift = np.zeros(rows.shape[1]) if rows.dtype == np.uint8 else data_shift(rows, threads)[0]
    indices = plusplus_rows(rows, n_clusters, weights, check_random_state(random_state), shift, threads, n_local_trials)
    return rows[indices], indices


def initial_centers(
    X: Rows,
    n_clusters: int,
    init: Any,
    weights: NDArray[np.float64] | None,
    random: np.random.RandomState,
    shift: Centers,
    threads: int,
) -> Centers:
    """Return the initial centers that `init` (see `KMeans`) gives: float64 of shape (n_clusters, n_features).

    Raises
    ------
    InputError
        If the centers given have the wrong shape or are not finite, or too few rows have a weight.
    """
    if not isinstance(init, str):
        given = init(X, n_clusters, random_state=random) if callable(init) else init
        return _check_centers(given, X, n_clusters)
    if init == "random":
        p = None if weights is None else weights / weights.sum()
        if p is not None and np.count_nonzero(p) < n_clusters:
            raise InputError(
                f"init='random' needs at least n_clusters={n_clusters} rows whose sample_weight is above 0; got "
                f"{np.count_nonzero(p)}."
            )
        indices = random.choice(len(X), n_clusters, replace=False, p=p)
    else:
        choose = scalable_rows if init == "k-means||" else plusplus_rows
        indices = choose(X, n_clusters, weights, random, shift, threads)
    return X[indices].astype(np.float64)


def _check_centers(given: ArrayLike, X: Rows, n_clusters: int) -> Centers:
    centers = np.array(given, dtype=np.float64, order="C")
    wanted = (n_clusters, X.shape[1])
    if centers.shape != wanted:
        raise InputError(f"init must hold centers of shape {wanted}, (n_clusters, n_features); got {centers.shape}.")
    with np.errstate(over="ignore"):
        if not np.isfinite(centers.astype(X.dtype) if X.dtype == np.float32 else centers).all():
            raise InputError("init holds NaN or infinity; every center must be finite.")
    return centers


def plusplus_rows(
    X: Rows,
    n_clusters: int,
    weights: NDArray[np.float64] | None,
    random: np.random.RandomState,
    shift: Centers,
    threads: int,
    n_local_trials: int | None = None,
) -> NDArray[np.intp]:
    """Return the indices of the rows that k-means++ chooses as centers; X as `lloyd` takes it."""
    trials = n_local_trials or 2 + int(np.log(n_clusters))
    n_samples = len(X)
    indices = np.empty(n_clusters, dtype=np.int64)
    indices[0] = _one_row(n_samples, weights, random)
    seeder = Seeder(X, weights, n_clusters, shift, threads)
    seeder.try_out(indices[:1])
    seeder.take(0)
    cumulative = np.empty(n_samples)
    for c in range(1, n_clusters):
        np.cumsum(seeder.closest if weights is None else seeder.closest * weights, out=cumulative)
        # By rounding, a draw may lie above the last sum: it means the last row.
        candidates = np.searchsorted(cumulative, random.uniform(size=trials) * cumulative[-1]).clip(max=n_samples - 1)
        best = int(seeder.try_out(candidates).argmax())
        indices[c] = candidates[best]
        seeder.take(best)
    return indices


def scalable_rows(
    X: Rows,
    n_clusters: int,
    weights: NDArray[np.float64] | None,
    random: np.random.RandomState,
    shift: Centers,
    threads: int,
) -> NDArray[np.intp]:
    """Return the indices of the rows that k-means|| chooses as centers; X as `lloyd` takes it.

    Each of 5 rounds draws about 2k rows at once, with probability proportional to the squared distance from those drawn
    before; weighted k-means++ then chooses k of them, each weighted by the number of rows nearest to it. So X is passed
    over a few times, not k times. Source: Bahmani et al. (2012), "Scalable k-means++", with l = 2k and 5 rounds.
    """
    chosen = np.array([_one_row(len(X), weights, random)])
    nearest = np.zeros(len(X), dtype=np.int32)
    closest = distances_to_own(X, X[chosen].astype(np.float64), nearest, threads)
    for _ in range(_ROUNDS):
        cost = closest if weights is None else closest * weights
        if not cost.any():
            break
        drawn = np.flatnonzero(random.uniform(size=len(X)) * cost.sum() < _OVERSAMPLING * n_clusters * cost)
        if not len(drawn):
            continue
        candidates = X[drawn].astype(np.float64)
        labels = nearest_centers(X, candidates, shift, threads)
        distances = distances_to_own(X, candidates, labels, threads)
        is_closer = distances < closest
        nearest[is_closer] = len(chosen) + labels[is_closer]
        closest[is_closer] = distances[is_closer]
        chosen = np.concatenate([chosen, drawn])
    if len(chosen) < n_clusters:  # few rows, or few distinct ones
        return plusplus_rows(X, n_clusters, weights, random, shift, threads)
    weight_sums = np.bincount(nearest, weights, minlength=len(chosen)).astype(np.float64)
    return chosen[plusplus_rows(X[chosen], n_clusters, weight_sums, random, shift, threads)]


def _one_row(n_samples: int, weights: NDArray[np.float64] | None, random: np.random.RandomState) -> int:
    if weights is None:
        return int(random.randint(n_samples))
    return int(random.choice(n_samples, p=weights / weights.sum()))
