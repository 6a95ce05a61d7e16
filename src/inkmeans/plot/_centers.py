"""Cluster centers in a grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from inkmeans.errors import InputError
from inkmeans.normalize import normalize
from inkmeans.pictures import as_tiles
from inkmeans.plot._clusters import is_model, labels_of
from inkmeans.plot._grid import MOST, Words, check_length, draw_grid


def plot_centers(
    centers: ArrayLike | Any,
    *,
    images: ArrayLike | Sequence[ArrayLike] | None = None,
    names: Sequence[str | None] | None = None,
    counts: Sequence[int] | NDArray[Any] | None = None,
    n_columns: int | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw cluster centers as images, ten of them as 2 x 5, each with its name, number and size; return the Axes.

    All centers share one scale: 0 (or the lowest value, where it is below 0) is paper, and the highest value of all
    centers is full ink, so a faint center looks faint.

    Parameters
    ----------
    centers : array of shape (k, height, width) or (k, height * width), or a fitted clustering
        Of a fitted `KMeans`, of inkmeans or scikit-learn, its ``cluster_centers_``. A fitted `GlyphClustering`
        compares more than pixels: a center is then the mean of its cluster's normalized glyphs.
    images : optional
        The images that a `GlyphClustering` was fitted on.
    names : sequence of k str or None, optional
        None or "" is shown as "unnamed".
    counts : sequence of k int, optional
        How many images each cluster holds; of a fitted clustering by default as its ``labels_`` say.
    n_columns : int, optional
        Centers in a row; by default 5 for up to ten centers, and else a number that fills the rows.
    title : str, optional
    ax : matplotlib Axes, optional
        A new figure by default.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If the centers are no pictures, or names or counts are not k; the sentence says why.

    Examples
    --------
    >>> from inkmeans import KMeans
    >>> from inkmeans.datasets import load_digits
    >>> from inkmeans.plot import plot_centers
    >>> digits = load_digits()
    >>> model = KMeans(n_clusters=10, random_state=0).fit(digits.images.reshape(len(digits), -1))
    >>> ax = plot_centers(model, title="Ten centers")
    >>> ax.get_title(loc="left")
    'Ten centers'
    """
    if is_model(centers):
        labels = labels_of(centers)
        found = _centers_of(centers, labels, images)
        if counts is None:
            counts = np.bincount(labels[labels >= 0], minlength=len(found))
        tiles = as_tiles(found, "centers")
    else:
        tiles = as_tiles(centers, "centers")
    k = len(tiles)
    if k > MOST:
        raise InputError(f"centers must be at most {MOST:,} for one plot; got {k:,}.")
    lines = []
    if names is not None:
        check_length(names, k, "names", "center")
        lines.append(
            Words(["unnamed" if name is None else str(name).strip() or "unnamed" for name in names], bold=True)
        )
    sizes = None
    if counts is not None:
        check_length(counts, k, "counts", "center")
        sizes = [f"{int(count):,}" for count in counts]
    lines.append(Words([f"#{i}" for i in range(k)], sizes))
    low, high = min(0.0, float(tiles.min())), float(tiles.max())
    return draw_grid(
        tiles.astype(np.float64), lines, low=low, high=max(high, low + 1e-9), n_columns=n_columns, title=title, ax=ax
    )


def _centers_of(model: Any, labels: NDArray[np.int64], images: ArrayLike | Sequence[ArrayLike] | None) -> NDArray[Any]:
    """Return a clustering's own centers, or the mean of each cluster's normalized glyphs."""
    if hasattr(model, "cluster_centers_"):
        return np.asarray(model.cluster_centers_)
    if images is None:
        raise InputError(f"{type(model).__name__} has no centers in pixels; give images=, those that it was fitted on.")
    glyphs = normalize(images).glyphs
    if len(glyphs) != len(labels):
        raise InputError(f"images must be those of the fit, {len(labels):,}; got {len(glyphs):,}.")
    k = max(int(labels.max()) + 1, int(getattr(model, "n_clusters", 0)))
    means = np.zeros((k, *glyphs.shape[1:]))
    for cluster in np.unique(labels[labels >= 0]):
        means[cluster] = glyphs[labels == cluster].mean(axis=0)
    return means
