"""Out-of-sample extension: new glyphs into the clusters of an embedding, by their nearest embedded glyphs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkmeans.cluster._cut import Partition
from inkmeans.cluster._embedding import Embedding
from inkmeans.kmeans import nearest_centers
from inkmeans.products import products
from inkmeans.threads import n_threads

_N_NEAREST, _GLYPHS_PER_NEAREST = 10, 20  # nearest neighbors of a new glyph; fewer of few embedded ones
_BATCH, _BLOCK = 512, 8192  # new and embedded glyphs whose distances are held at once: 80 MB with what is made of them


def predict_clusters(
    embedding: Embedding, partition: Partition, glyphs: NDArray[np.uint8], n_jobs: int | None
) -> NDArray[np.int32]:
    """Return the cluster of each normalized glyph: int32 of shape (n_glyphs,).

    A new glyph has no row in the diffusion map: it is placed at the mean row of its 10 nearest embedded glyphs (fewer
    of fewer than 200), by Euclidean distance between whitened features, and takes the cluster whose center is nearest
    to that. The memory does not grow with the number of embedded glyphs.
    """
    labels = np.empty(len(glyphs), dtype=np.int32)
    to_whitened = np.ascontiguousarray((embedding.components.axes @ embedding.whitening).T)
    n_nearest = int(np.clip(len(embedding) // _GLYPHS_PER_NEAREST, 1, _N_NEAREST))
    centers = np.ascontiguousarray(partition.centers, dtype=np.float64)
    for start in range(0, len(glyphs), _BATCH):
        features = embedding.encoder.transform(glyphs[start : start + _BATCH]) - embedding.components.mean
        nearest = _nearest(products(features, to_whitened, n_jobs), embedding.whitened, n_nearest, n_jobs)
        rows = partition.rows[nearest].mean(axis=1)
        labels[start : start + _BATCH] = nearest_centers(rows, centers, np.zeros(rows.shape[1]), n_threads(n_jobs))
    return labels


def _nearest(
    rows: NDArray[np.float32], embedded: NDArray[np.float32], n_nearest: int, n_jobs: int | None
) -> NDArray[np.intp]:
    """Return the indices of the n_nearest embedded rows of each row, in ascending order: (n_rows, n_nearest)."""
    distances = np.empty((len(rows), 0), dtype=np.float32)
    indices = np.empty((len(rows), 0), dtype=np.intp)
    for start in range(0, len(embedded), _BLOCK):
        block = embedded[start : start + _BLOCK]
        # ‖row‖² is left out: the same for every embedded row.
        in_block = (block**2).sum(axis=1) - 2.0 * products(rows, block, n_jobs)
        near = _least(in_block, n_nearest)
        distances = np.concatenate([distances, np.take_along_axis(in_block, near, axis=1)], axis=1)
        indices = np.concatenate([indices, start + near], axis=1)
        kept = _least(distances, n_nearest)
        distances, indices = np.take_along_axis(distances, kept, axis=1), np.take_along_axis(indices, kept, axis=1)
    return np.sort(indices, axis=1)


def _least(values: NDArray[np.float32], n: int) -> NDArray[np.intp]:
    """Return where the n least values of each row stand, all if there are not more."""
    n = min(n, values.shape[1])
    return np.argpartition(values, n - 1, axis=1)[:, :n]
