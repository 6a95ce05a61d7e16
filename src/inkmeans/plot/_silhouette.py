"""The silhouette of each sample, as one knife for each cluster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike
from sklearn.metrics import silhouette_samples

from inkmeans.errors import InputError
from inkmeans.plot._clusters import as_labels, as_rows
from inkmeans.plot._style import SMALL, chart, cluster_color, font, ink, muted, name_axes, new_axes, write_title

_GAP = 0.02  # between two clusters, as a share of all samples


def plot_silhouette(
    X: ArrayLike,
    labels: ArrayLike | Any,
    *,
    names: Sequence[str | None] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the silhouette of each sample, sorted within its cluster, with the mean of all; return the Axes.

    A silhouette is near 1 where a sample lies far nearer to its own cluster than to the next, 0 on the border between
    two, and below 0 where another cluster is nearer.

    Parameters
    ----------
    X : array of shape (n_samples, n_features) or (n_samples, height, width)
    labels : int array of shape (n_samples,), or a fitted clustering
        Samples of cluster -1 are left out.
    names : sequence of n_clusters str or None, optional
        Shown in place of the clusters' numbers.
    title : str, optional
    ax : matplotlib Axes, optional
        A new figure by default.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If X, labels or names cannot be used, or all samples are in one cluster, or each in one of its own.

    Notes
    -----
    Time grows with the square of n_samples: 10,000 samples take seconds. Source: Rousseeuw (1987).

    Examples
    --------
    >>> from inkmeans import KMeans
    >>> from inkmeans.datasets import load_digits
    >>> from inkmeans.plot import plot_silhouette
    >>> digits = load_digits()
    >>> pixels = digits.images.reshape(len(digits), -1)
    >>> ax = plot_silhouette(pixels, KMeans(n_clusters=10, random_state=0).fit(pixels))
    >>> len(ax.collections)
    10
    """
    rows = as_rows(X)
    clusters = as_labels(labels, len(rows))
    rows, clusters = rows[clusters >= 0], clusters[clusters >= 0]
    found = np.unique(clusters)
    if not 2 <= len(found) < len(rows):
        raise InputError(
            f"A silhouette needs at least 2 clusters and fewer than samples; got {len(found):,} and {len(rows):,}."
        )
    if names is not None and len(names) <= found[-1]:
        raise InputError(f"names must have one entry for each of the {found[-1] + 1:,} clusters; got {len(names):,}.")
    silhouettes = silhouette_samples(rows, clusters)
    ax = new_axes(6.4, float(np.clip(0.2 * len(found), 4.8, 12))) if ax is None else ax
    gap = max(1, round(_GAP * len(rows)))
    top = 0
    places: list[float] = []
    words: list[str] = []
    for cluster in found:
        values = np.sort(silhouettes[clusters == cluster])[::-1]  # the longest first, so at the top
        across = np.arange(top, top + len(values) + 1)
        ax.fill_betweenx(
            across, 0, np.append(values, values[-1]), step="post", color=cluster_color(cluster), linewidth=0
        )
        places.append(top + len(values) / 2)
        name = None if names is None else names[cluster]
        words.append(name or str(cluster))
        top += len(values) + gap
    chart(ax, grid="x")
    ax.set_ylim(top - gap, 0)
    ax.set_yticks(*_apart(ax, places, words, top - gap))
    ax.axvline(0, color=muted, linewidth=0.8)
    mean = float(silhouettes.mean())
    ax.axvline(mean, color=ink, linewidth=1.0, linestyle=(0, (3, 2)))
    note = ax.annotate(
        f"mean {mean:.2f}", (mean, 1), (4, 3), xycoords=("data", "axes fraction"), textcoords="offset points"
    )
    note.set(fontproperties=font(SMALL), color=ink, va="bottom", ha="left")
    name_axes(ax, "silhouette", "cluster")
    write_title(ax, title, above=24)
    return ax


def _apart(ax: Axes, places: list[float], words: list[str], n_rows: int) -> tuple[list[float], list[str]]:
    """Return the words, top to bottom, without those that would run into the one before."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    points = 72 * ax.get_position().height * figure.get_figheight() / n_rows
    chosen: list[int] = []
    for i, place in enumerate(places):
        if not chosen or (place - places[chosen[-1]]) * points >= 1.4 * SMALL:
            chosen.append(i)
    return [places[i] for i in chosen], [words[i] for i in chosen]
