"""Few numbers for each glyph: principal components, and their whitening by what varies within small clusters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

N_FITTED = 5000  # rows that the components are taken from
_N_SPARE = 16  # directions kept beyond those wanted, while they are sought
_N_ITER = 3
_STRAY_SHARE = 0.3  # of what is whitened


@dataclass(frozen=True, eq=False)
class Components:
    """The leading principal components of rows: mean of shape (n_features,), axes of shape (n_features, n)."""

    mean: NDArray[np.float32]
    axes: NDArray[np.float32]

    def __call__(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the rows in these components: float32 of shape (n_rows, n)."""
        return np.asarray((rows - self.mean) @ self.axes, dtype=np.float32)


def principal_components(rows: NDArray[np.float32], n: int, random: np.random.RandomState) -> Components:
    """Return the n leading principal components (fewer if there are fewer rows or features), the widest first.

    By subspace iteration from a random start. Source: Halko, Martinsson and Tropp (2011), algorithm 4.4.
    """
    mean = rows.mean(axis=0)
    centered = rows - mean
    found = random.standard_normal((rows.shape[1], min(n + _N_SPARE, *rows.shape))).astype(np.float32)
    for _ in range(_N_ITER):
        found, _ = np.linalg.qr(centered.T @ (centered @ found))
    _, _, turned = np.linalg.svd(centered @ found, full_matrices=False)
    return Components(mean, found @ turned[:n].T)


def in_components(
    blocks: Callable[[NDArray[np.intp]], NDArray[np.float32]], n_rows: int, n: int, random: np.random.RandomState
) -> tuple[Components, NDArray[np.float32]]:
    """Return the components of rows and the rows in them, with no more than 5,000 rows in memory at a time.

    `blocks` gives the rows of the indices it gets.
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
    rows: NDArray[np.float32], labels: NDArray[np.int32], strays: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the matrix after which rows vary alike in all directions that are the hand's: float32 (n, n).

    Most of it is what varies within a small cluster, which nearly always is of one character. The rest is `strays`, by
    how much glyphs differ from themselves when they are turned or stretched a little, of shape (n_strays, n): a cluster
    that is too small, or all of one hand, does not show it. Source of the first: relevant component analysis,
    Bar-Hillel, Hertz, Shental and Weinshall (2003), with clusters in place of chunklets that someone names.
    """
    within = less_means(rows, labels)
    shared = (1.0 - _STRAY_SHARE) * _of_trace_1(within) + _STRAY_SHARE * _of_trace_1(strays)
    variances, axes = np.linalg.eigh(shared)
    least = 1e-6 * variances.max() + 1e-12
    return (axes / np.sqrt(np.maximum(variances, least))).astype(np.float32)


def less_means(rows: NDArray[np.float32], labels: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the rows, each less the mean of its cluster."""
    sizes = np.bincount(labels)
    means = np.stack([np.bincount(labels, column) for column in rows.T], axis=1) / np.maximum(sizes, 1)[:, None]
    return np.asarray(rows - means[labels])


def _of_trace_1(rows: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the rows' second moments, as if they were 1 in all."""
    moments = np.asarray(rows, dtype=np.float64).T @ rows
    return np.asarray(moments / max(float(np.trace(moments)), 1e-300))
