"""Principal components of rows, and their whitening by the covariance within clusters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

N_FITTED = 5000  # rows that the components are computed from
_N_OVERSAMPLES = 16  # columns of the random start beyond the number of components
_N_ITER = 3
_AUGMENTED_SHARE = 0.3  # of the augmented copies' covariance, in the one that is whitened


@dataclass(frozen=True, eq=False)
class Components:
    """The leading principal components of rows: mean of shape (n_features,), axes of shape (n_features, n)."""

    mean: NDArray[np.float32]
    axes: NDArray[np.float32]

    def __call__(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the rows projected onto the components: float32 of shape (n_rows, n)."""
        return np.asarray((rows - self.mean) @ self.axes, dtype=np.float32)


def principal_components(rows: NDArray[np.float32], n: int, random: np.random.RandomState) -> Components:
    """Return the n leading principal components (fewer of fewer rows or features), in descending order of variance.

    By subspace iteration from a random start. Source: Halko, Martinsson and Tropp (2011), algorithm 4.4.
    """
    mean = rows.mean(axis=0)
    centered = rows - mean
    basis = random.standard_normal((rows.shape[1], min(n + _N_OVERSAMPLES, *rows.shape))).astype(np.float32)
    for _ in range(_N_ITER):
        basis, _ = np.linalg.qr(centered.T @ (centered @ basis))
    _, _, rotation = np.linalg.svd(centered @ basis, full_matrices=False)
    return Components(mean, basis @ rotation[:n].T)


def in_components(
    blocks: Callable[[NDArray[np.intp]], NDArray[np.float32]], n_rows: int, n: int, random: np.random.RandomState
) -> tuple[Components, NDArray[np.float32]]:
    """Return the components of rows and the rows projected onto them, with at most 5,000 rows in memory at a time.

    `blocks` is called with indices of rows and returns those rows. The components of more than 5,000 rows are those of
    5,000 that `random` draws.
    """
    if n_rows <= N_FITTED:
        rows = blocks(np.arange(n_rows))
        components = principal_components(rows, n, random)
        return components, components(rows)
    drawn = np.sort(random.permutation(n_rows)[:N_FITTED])
    components = principal_components(blocks(drawn), n, random)
    parts = [components(blocks(np.arange(i, min(i + N_FITTED, n_rows)))) for i in range(0, n_rows, N_FITTED)]
    return components, np.concatenate(parts)


def within_whitening(
    rows: NDArray[np.float32], labels: NDArray[np.int32], augmented: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the matrix that whitens the variation between writers of one character: float32 of shape (n, n).

    What is whitened is a covariance: 70 % of that within small clusters, nearly all of one character, and 30 % of that
    of the deviations between glyphs and their copies, rotated or stretched a little, which a cluster that is small or
    of one writer lacks. Source of the first: relevant component analysis, Bar-Hillel, Hertz, Shental and Weinshall
    (2003), with clusters in place of given chunklets.

    Parameters
    ----------
    rows : float32 of shape (n_rows, n)
    labels : int32 of shape (n_rows,)
        The small cluster of each row.
    augmented : float32 of shape (n_deviations, n)
        Rows of augmented glyphs minus the rows of those glyphs.
    """
    within = deviations_from_means(rows, labels)
    covariance = (1.0 - _AUGMENTED_SHARE) * _of_trace_1(within) + _AUGMENTED_SHARE * _of_trace_1(augmented)
    variances, axes = np.linalg.eigh(covariance)
    least = 1e-6 * variances.max() + 1e-12
    return (axes / np.sqrt(np.maximum(variances, least))).astype(np.float32)


def deviations_from_means(rows: NDArray[np.float32], labels: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return each row minus the mean of its cluster."""
    sizes = np.bincount(labels)
    means = np.stack([np.bincount(labels, column) for column in rows.T], axis=1) / np.maximum(sizes, 1)[:, None]
    return np.asarray(rows - means[labels])


def _of_trace_1(rows: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the rows' matrix of second moments, scaled to a trace of 1."""
    moments = np.asarray(rows, dtype=np.float64).T @ rows
    return np.asarray(moments / max(float(np.trace(moments)), 1e-300))
