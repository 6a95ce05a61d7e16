"""A gallery: a few real glyphs with names, to show which of them a glyph is like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkmeans.reader._centers import cluster_each_name, in_levels


@dataclass(frozen=True, eq=False)
class Gallery:
    """Glyphs (uint8 of shape (n, 28, 28), in 16 levels) and their names."""

    glyphs: NDArray[np.uint8]
    names: tuple[str, ...]


def chosen(
    glyphs: NDArray[np.uint8],
    points: NDArray[np.float32],
    truths: NDArray[np.str_],
    n_per_name: int,
    *,
    random_state: int,
    n_jobs: int | None,
) -> Gallery:
    """Return the glyph in the middle of each of n_per_name clusters of each name."""
    wanted = {str(name): n_per_name for name in np.unique(truths)}
    labels, names = cluster_each_name(points, truths, wanted, random_state=random_state, n_jobs=n_jobs)
    middles = []
    for cluster in range(len(names)):
        members = np.flatnonzero(labels == cluster)
        apart = ((points[members] - points[members].mean(axis=0)) ** 2).sum(axis=1)
        middles.append(members[apart.argmin()])
    return Gallery(in_levels(glyphs[middles]), tuple(names))
