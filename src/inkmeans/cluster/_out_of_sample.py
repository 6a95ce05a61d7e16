"""New glyphs in the clusters of an embedding: by the nearest of the glyphs that were embedded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkmeans.cluster._cut import Partition
from inkmeans.cluster._embedding import Embedding
from inkmeans.features import products
from inkmeans.kmeans import nearest_centers
from inkmeans.threads import n_threads

_N_NEAREST, _GLYPHS_PER_NEAREST = 10, 20  # embedded glyphs that say where a new one belongs; fewer of a small set
_BATCH = 512


def predict_clusters(
    embedding: Embedding, partition: Partition, glyphs: NDArray[np.uint8], n_jobs: int | None
) -> NDArray[np.int32]:
    """Return the cluster of each normalized glyph: int32 of shape (n_glyphs,).

    A new glyph has no place in the diffusion map: it is put at the mean of its 10 nearest embedded glyphs (fewer of
    fewer than 200), by Euclidean distance between whitened features, and in the cluster whose center is nearest there.
    """
    return np.concatenate(
        [
            _predict_batch(embedding, partition, glyphs[start : start + _BATCH], n_jobs)
            for start in range(0, len(glyphs), _BATCH)
        ]
        or [np.empty(0, dtype=np.int32)]
    )


def _predict_batch(
    embedding: Embedding, partition: Partition, glyphs: NDArray[np.uint8], n_jobs: int | None
) -> NDArray[np.int32]:
    to_whitened = np.ascontiguousarray((embedding.components.axes @ embedding.whitening).T)
    lengths = (embedding.whitened**2).sum(axis=1)
    n_nearest = int(np.clip(len(lengths) // _GLYPHS_PER_NEAREST, 1, _N_NEAREST))
    features = embedding.encoder.transform(glyphs) - embedding.components.mean
    rows = products(features, to_whitened, n_jobs)
    # ‖row‖² is left out: the same for every embedded glyph.
    distances = lengths - 2.0 * products(rows, embedding.whitened, n_jobs)
    nearest = np.argpartition(distances, n_nearest - 1, axis=1)[:, :n_nearest]
    places = partition.rows[nearest].mean(axis=1)
    centers = np.ascontiguousarray(partition.centers, dtype=np.float64)
    return nearest_centers(places, centers, np.zeros(places.shape[1]), n_threads(n_jobs))
