"""A cluster and the order in which it shows its glyphs: the middle first, the doubtful last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

CLUSTERED = "glyph"
"""The normalizer's verdict on images that may show a character; the others are kept, but in no cluster."""


@dataclass(frozen=True, eq=False)
class Cluster:
    """A group of glyphs that k-means found.

    Attributes
    ----------
    number : int
        Its label, from 0.
    name : str or None
        None while nobody has named it.
    size : int
        How many glyphs it has; 0 is possible where glyphs are alike.
    members : int64 of shape (size,)
        Indices of its glyphs, the middle first (nearest to the center), the doubtful last; ties by index.
    """

    number: int
    name: str | None
    size: int
    members: NDArray[np.int64]


def middle_first(labels: NDArray[np.int32], distances: NDArray[Any], n_clusters: int) -> list[NDArray[np.int64]]:
    """Return, for each cluster, the indices of its glyphs by distance to its center; ties go to the lower index.

    Parameters
    ----------
    labels : int32 of shape (n,)
        The cluster of each glyph; -1 for none.
    distances : float of shape (n,)
    n_clusters : int
    """
    order = np.lexsort((distances, labels))
    ends = np.searchsorted(labels[order], np.arange(n_clusters + 1))
    return [order[ends[number] : ends[number + 1]].astype(np.int64) for number in range(n_clusters)]
