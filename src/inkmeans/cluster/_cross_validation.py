"""Cross-validation of clusters: how well ridge regression predicts them for rows that it was not fitted on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from inkmeans.kmeans import k_means

_N_GROUPS = 10  # left out one by one
_N_GROUPINGS = 8  # different divisions into groups
_LEAST_GROUP = 4  # rows that there must be for each
_RIDGE = 0.1  # of the variance of all features, columns being of mean 0


def cross_validation_errors(
    rows: NDArray[np.float32], partitions: Sequence[NDArray[np.int32]], *, n_jobs: int | None = None
) -> NDArray[np.float64]:
    """Return the leave-one-group-out error of each partition: the mean log of relative errors, (n_partitions,).

    k-means divides the rows into 10 groups of similar rows (fewer of fewer than 40 rows), eight times. The clusters of
    one group's rows, one-hot encoded, are predicted by ridge regression fitted on the rows of all other groups. A
    style that was put into another character's cluster is predicted to be of its own character once it is not among
    the rows that are fitted. The squared error is divided by that of predicting each cluster's share of the rows, so
    that uneven clusters, which are easy to predict, gain nothing by it: 0 is no better than that.

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
        All 0 where rows are too few, or too similar, for groups, and for a partition into one cluster.
    """
    wide = rows.astype(np.float64)
    errors = [_squared_errors(wide, groups, partitions) for groups in _groupings(rows, n_jobs)]
    baseline = np.array([1.0 - ((np.bincount(labels) / len(labels)) ** 2).sum() for labels in partitions])
    has_clusters = baseline > 1e-12
    if not errors or not has_clusters.any():
        return np.zeros(len(partitions))
    relative = np.divide(errors, baseline, out=np.ones((len(errors), len(partitions))), where=has_clusters)
    return np.asarray(np.log(np.maximum(relative, 1e-300)).mean(axis=0))


def _groupings(rows: NDArray[np.float32], n_jobs: int | None) -> Iterator[NDArray[np.int32]]:
    n_groups = max(1, min(_N_GROUPS, len(rows) // _LEAST_GROUP))
    for seed in range(_N_GROUPINGS):
        groups = k_means(rows, n_groups, random_state=seed, n_jobs=n_jobs).labels
        if groups.min() != groups.max():
            yield groups


def _squared_errors(
    rows: NDArray[np.float64], groups: NDArray[np.int32], partitions: Sequence[NDArray[np.int32]]
) -> NDArray[np.float64]:
    """Return the mean squared error of each partition, each group of rows being predicted from the others.

    The normal equations of the other groups are those of all rows minus those of the group.
    """
    sizes = [int(labels.max()) + 1 for labels in partitions]
    one_hot = np.concatenate([np.eye(size)[labels] for size, labels in zip(sizes, partitions, strict=True)], axis=1)
    sums, moments, cross_moments = rows.sum(axis=0), rows.T @ rows, rows.T @ one_hot
    ridge = _RIDGE * len(rows) * rows.var() * np.identity(rows.shape[1])
    errors = np.zeros(one_hot.shape[1])
    for group in np.unique(groups):
        test, truth = rows[groups == group], one_hot[groups == group]
        n = len(rows) - len(test)
        mean, share = (sums - test.sum(axis=0)) / n, (one_hot.sum(axis=0) - truth.sum(axis=0)) / n
        scatter = moments - test.T @ test - n * np.outer(mean, mean)
        cross_scatter = cross_moments - test.T @ truth - n * np.outer(mean, share)
        predicted = (test - mean) @ np.linalg.solve(scatter + ridge, cross_scatter) + share
        errors += ((predicted - truth) ** 2).sum(axis=0)
    return np.add.reduceat(errors, np.cumsum([0, *sizes[:-1]])) / len(rows)
