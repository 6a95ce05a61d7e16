"""A cluster and the order in which it shows its glyphs: the middle first, the doubtful last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


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


def middle_first(
    glyphs: NDArray[np.uint8], labels: NDArray[np.int32], centers: NDArray[Any]
) -> list[NDArray[np.int64]]:
    """Return, for each center, the indices of its glyphs by distance to it; ties go to the lower index.

    Parameters
    ----------
    glyphs : uint8 of shape (n, 28, 28)
    labels : int32 of shape (n,)
        The row of `centers` for each glyph; -1 for none.
    centers : float of shape (n_clusters, 784)

    Notes
    -----
    Distances are sums of squares in float64. One cluster at a time: memory is eight times its bytes.
    """
    pixels = glyphs.reshape(len(glyphs), -1)
    by_label = np.argsort(labels, kind="stable")
    ends = np.searchsorted(labels[by_label], np.arange(len(centers) + 1))
    ordered = []
    for number, center in enumerate(centers):
        members = by_label[ends[number] : ends[number + 1]]
        difference = pixels[members] - center.astype(np.float64)
        distances = np.einsum("ij,ij->i", difference, difference)
        ordered.append(members[np.argsort(distances, kind="stable")].astype(np.int64))
    return ordered
