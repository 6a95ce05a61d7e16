"""Initial centers of the last k-means: of many runs on a sample, the one that ends in the best clusters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkmeans.cluster._cross_validation import cross_validation_errors
from inkmeans.kmeans import Fit, k_means

N_STARTED = 5000  # rows that the runs are made on
_N_STARTS, _LEAST_STARTS, _MOST_STARTS = 600, 10, 60  # 600 / n_clusters
_NEARLY = 0.01  # more inertia than the least, of a partition that may be the better one
_ERROR_WEIGHT = 0.15  # of the log of the cross-validation error, relative to the log of the inertia
_MOST_VALIDATED = 30  # clusters: of more, which are styles, the least inertia decides


def best_start(
    rows: NDArray[np.float32], features: NDArray[np.float32], n_clusters: int, seed: int, n_jobs: int | None
) -> NDArray[np.float32]:
    """Return the centers that the best of many runs of k-means ends in: float32 of shape (n_clusters, n_dimensions).

    Most runs end in clusters that divide one character and join two others, at an inertia that is 1 to 3 % higher.
    Differences below 1 % do not tell which partition is right: among these, the log of the inertia plus 0.15 times the
    log of the cross-validation error of the clusters, predicted from the features, is minimal for the best. Above 30
    clusters, which are styles rather than characters, the inertia decides alone.

    The runs are made on a sample of 5,000 rows (n_clusters, if that is more): 600 / n_clusters of them, at least 10 and
    at most 60. The seed decides the sample and the initial centers. On a tie the earlier run is the best.

    Parameters
    ----------
    rows : float32 of shape (n_rows, n_dimensions)
        What is clustered.
    features : float32 of shape (n_rows, n_features)
        What clusters are predicted from, columns of mean 0.
    n_clusters, seed : int
    n_jobs : int or None
    """
    random = np.random.RandomState(seed)
    drawn = np.sort(random.permutation(len(rows))[: max(N_STARTED, n_clusters)])
    n_starts = int(np.clip(_N_STARTS // n_clusters, _LEAST_STARTS, _MOST_STARTS))
    runs = [
        k_means(rows[drawn], n_clusters, random_state=start, n_jobs=n_jobs)
        for start in random.randint(2**31 - 1, size=n_starts)
    ]
    least = min(run.inertia for run in runs)
    best = _distinct([run for run in runs if run.inertia <= (1.0 + _NEARLY) * least])
    cost = np.log([max(run.inertia, 1e-300) for run in best])
    if len(best) > 1 and n_clusters <= _MOST_VALIDATED:
        partitions = [run.labels for run in best]
        cost += _ERROR_WEIGHT * cross_validation_errors(features[drawn], partitions, n_jobs=n_jobs)
    return best[int(cost.argmin())].centers


def _distinct(runs: list[Fit]) -> list[Fit]:
    """Return the first run for each partition, whatever the numbers of its clusters, in order."""
    found: dict[bytes, Fit] = {}
    for run in runs:
        _, first, renumbered = np.unique(run.labels, return_index=True, return_inverse=True)
        by_first = first.argsort().argsort()  # clusters numbered by their first row
        found.setdefault(by_first[renumbered].tobytes(), run)
    return list(found.values())
