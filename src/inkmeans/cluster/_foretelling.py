"""Which of several partitions hangs together: how well a glyph's cluster is foretold from all the other glyphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from inkmeans.kmeans import KMeans

_N_GROUPS = 10  # held out one by one
_N_GROUPINGS = 8  # into so many groups
_LEAST_GROUP = 4  # rows that there must be for each
_RIDGE = 0.1  # of the variance of all numbers, columns being of mean 0


def foretelling_errors(
    rows: NDArray[np.float32], partitions: Sequence[NDArray[np.int32]], *, n_jobs: int | None = None
) -> NDArray[np.float64]:
    """Return how badly each partition is foretold: the mean log of relative errors, float64 of shape (n_partitions,).

    Rows that are alike are put in 10 groups (fewer of fewer than 40 rows), eight times over. The clusters of one
    group's rows are foretold by least squares, which learned from the rows of all other groups. A style that has gone
    to another character's cluster is foretold to be of its own character once it is no longer there to learn from. The
    squared error is relative to that of foretelling each cluster by its share of the rows, so that uneven clusters,
    which are easily foretold without looking, gain nothing: 0 is no better than that.

    Parameters
    ----------
    rows : float32 of shape (n_rows, n_features)
        Columns of mean 0, or nearly.
    partitions : sequence of int32 of shape (n_rows,)
        The cluster of each row, from 0.
    n_jobs : int or None
        Threads of the k-means that makes the groups.

    Returns
    -------
    float64 of shape (n_partitions,)
        All 0 where rows are too few, or too much alike, for groups, and for a partition into one cluster.
    """
    errors = [_squared_errors(rows.astype(np.float64), groups, partitions) for groups in _groupings(rows, n_jobs)]
    by_shares = np.array([1.0 - ((np.bincount(labels) / len(labels)) ** 2).sum() for labels in partitions])
    told = by_shares > 1e-12
    if not errors or not told.any():
        return np.zeros(len(partitions))
    relative = np.divide(errors, by_shares, out=np.ones((len(errors), len(partitions))), where=told)
    return np.asarray(np.log(np.maximum(relative, 1e-300)).mean(axis=0))


def _groupings(rows: NDArray[np.float32], n_jobs: int | None) -> Iterator[NDArray[np.int32]]:
    n_groups = max(1, min(_N_GROUPS, len(rows) // _LEAST_GROUP))
    for seed in range(_N_GROUPINGS):
        groups = KMeans(n_groups, n_init=1, random_state=seed, n_jobs=n_jobs).fit(rows).labels_
        if groups.min() != groups.max():
            yield groups


def _squared_errors(
    rows: NDArray[np.float64], groups: NDArray[np.int32], partitions: Sequence[NDArray[np.int32]]
) -> NDArray[np.float64]:
    """Return the mean squared error of each partition, each group of rows being foretold from the others."""
    sizes = [int(labels.max()) + 1 for labels in partitions]
    members = np.concatenate([np.eye(size)[labels] for size, labels in zip(sizes, partitions, strict=True)], axis=1)
    sums, moments, shared = rows.sum(axis=0), rows.T @ rows, rows.T @ members
    ridge = _RIDGE * len(rows) * rows.var() * np.identity(rows.shape[1])
    errors = np.zeros(members.shape[1])
    for group in np.unique(groups):
        held, truth = rows[groups == group], members[groups == group]
        n = len(rows) - len(held)
        mean, share = (sums - held.sum(axis=0)) / n, (members.sum(axis=0) - truth.sum(axis=0)) / n
        scatter = moments - held.T @ held - n * np.outer(mean, mean)
        together = shared - held.T @ truth - n * np.outer(mean, share)
        foretold = (held - mean) @ np.linalg.solve(scatter + ridge, together) + share
        errors += ((foretold - truth) ** 2).sum(axis=0)
    return np.add.reduceat(errors, np.cumsum([0, *sizes[:-1]])) / len(rows)
