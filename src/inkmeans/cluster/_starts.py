"""Where the last k-means goes on from: of many starts, the one that ends in the best clusters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkmeans.cluster._foretelling import foretelling_errors
from inkmeans.kmeans import KMeans

N_STARTED = 5000  # rows that starts are tried on
_N_STARTS, _LEAST_STARTS, _MOST_STARTS = 600, 10, 60  # 600 / n_clusters
_NEARLY = 0.01  # more inertia than the least, of a partition that may be the better one
_FORETELLING = 0.15  # what the log of the error in foretelling counts, to 1 for the log of the inertia
_MOST_FORETOLD = 30  # clusters: of more, which are styles, the least inertia decides


def best_start(
    places: NDArray[np.float32], features: NDArray[np.float32], n_clusters: int, seed: int, n_jobs: int | None
) -> NDArray[np.float32]:
    """Return the centers that the best of many starts ends in, float32 of shape (n_clusters, n_dimensions).

    Most starts end in clusters that part one character and join two others, at an inertia higher by 1 to 3 %. Which of
    those within 1 % of the least is right, tenths of a percent do not tell. How well the clusters are foretold from the
    features, group of glyphs by group, counts beside the inertia: 7 % of its error as much as 1 % of inertia. Above 30
    clusters, which are styles, the least inertia decides alone.

    Starts are tried on at most 5,000 glyphs (n_clusters, if that is more): 600 / n_clusters times, at least 10 and at
    most 60. The seed draws these glyphs and the starts. On a tie the earlier start is kept.

    Parameters
    ----------
    places : float32 of shape (n_glyphs, n_dimensions)
        What is clustered.
    features : float32 of shape (n_glyphs, n_features)
        What clusters are foretold from, columns of mean 0.
    n_clusters, seed : int
    n_jobs : int or None
    """
    random = np.random.RandomState(seed)
    drawn = np.sort(random.permutation(len(places))[: max(N_STARTED, n_clusters)])
    n_starts = int(np.clip(_N_STARTS // n_clusters, _LEAST_STARTS, _MOST_STARTS))
    ended = [
        KMeans(n_clusters, n_init=1, random_state=start, n_jobs=n_jobs).fit(places[drawn])
        for start in random.randint(2**31 - 1, size=n_starts)
    ]
    least = min(found.inertia_ for found in ended)
    best = _different([found for found in ended if found.inertia_ <= (1.0 + _NEARLY) * least])
    cost = np.log([max(found.inertia_, 1e-300) for found in best])
    if len(best) > 1 and n_clusters <= _MOST_FORETOLD:
        partitions = [found.labels_ for found in best]
        cost += _FORETELLING * foretelling_errors(features[drawn], partitions, n_jobs=n_jobs)
    return best[int(cost.argmin())].cluster_centers_


def _different(ended: list[KMeans]) -> list[KMeans]:
    """Return those that ended in different clusters, whatever their numbers, in order."""
    found: dict[bytes, KMeans] = {}
    for each in ended:
        _, first, renumbered = np.unique(each.labels_, return_index=True, return_inverse=True)
        by_first = first.argsort().argsort()  # clusters numbered as they come
        found.setdefault(by_first[renumbered].tobytes(), each)
    return list(found.values())
