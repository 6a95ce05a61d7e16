"""The images that k-means starts from: drawn, picked, or bad on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inkmeans.checks import MAX_SEED, check_whole
from inkmeans.errors import InputError
from inkmeans.kmeans import kmeans_plusplus, squared_distances
from inkmeans.threads import n_threads

Start = Literal["k-means++", "random", "hand", "bad"]
MAX_CLUSTERS = 100


def initial_rows(
    X: NDArray[np.uint8], n_clusters: int, start: Start, seed: int, rows: Sequence[int] = ()
) -> NDArray[np.intp]:
    """Return the rows of X that are the initial centers: indices of shape (n_clusters,).

    Parameters
    ----------
    X : uint8 of shape (n_samples, n_features)
    n_clusters : int
        2 to 100, and no more than rows.
    start : {"k-means++", "random", "hand", "bad"}
        "k-means++" and "random" draw what `KMeans` with ``init`` of that name and ``random_state=seed`` starts from.
        "hand" takes `rows`. "bad" takes a row that is drawn and those nearest to it, and that row once more: the last
        cluster is empty after the first assignment, because rows at equal distance go to the center with the lowest
        index, and is relocated.
    seed : int
    rows : sequence of int
        For "hand" only: n_clusters of them. A row may be picked twice.

    Raises
    ------
    InputError
        If an argument cannot be used.
    """
    check_k(n_clusters, len(X))
    check_whole("seed", seed, least=0, most=MAX_SEED)
    if start == "hand":
        return _checked(rows, n_clusters, len(X))
    if rows:
        raise InputError(f"rows are picked for the start 'hand' only, and this start is '{start}'; leave them out.")
    if start == "k-means++":
        return kmeans_plusplus(X, n_clusters, random_state=seed)[1]
    random = np.random.RandomState(seed)
    if start == "random":
        return random.choice(len(X), n_clusters, replace=False)
    return _nearly_the_same(X, n_clusters, random)


def check_k(n_clusters: int, n_samples: int) -> None:
    """Refuse a number of clusters that so many images cannot have with an InputError."""
    check_whole("k", n_clusters, least=2, most=MAX_CLUSTERS)
    if n_clusters > n_samples:
        raise InputError(f"k must be no more than the number of images, {n_samples:,}; got {n_clusters}.")


def _nearly_the_same(X: NDArray[np.uint8], n_clusters: int, random: np.random.RandomState) -> NDArray[np.intp]:
    drawn = int(random.randint(len(X)))
    distances = squared_distances(X, X[[drawn]].astype(np.float64), n_threads(None))[:, 0]
    distances[drawn] = -1.0  # first, also where another row is equal to it
    nearest = np.argsort(distances, kind="stable")[: n_clusters - 1]
    return np.append(nearest, drawn)


def _checked(rows: Sequence[int], n_clusters: int, n_samples: int) -> NDArray[np.intp]:
    if len(rows) != n_clusters:
        raise InputError(f"The start 'hand' needs as many rows as clusters, {n_clusters}; got {len(rows)}.")
    wrong = [row for row in rows if not 0 <= row < n_samples]
    if wrong:
        raise InputError(f"Each row must be from 0 to {n_samples - 1}, the number of an image; got {wrong[0]}.")
    return np.array(rows, dtype=np.intp)
