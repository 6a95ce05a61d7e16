"""Samples in the plane, in the colors of their clusters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from inkmeans.errors import InputError
from inkmeans.plot._clusters import as_labels, as_rows, is_model
from inkmeans.plot._style import SMALL, chart, cluster_color, edge, font, ink, name_axes, new_axes, paper, write_title


def plot_assignments(
    X: ArrayLike,
    labels: ArrayLike | Any,
    centers: ArrayLike | None = None,
    *,
    names: Sequence[str | None] | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each sample as a dot in its cluster's color, and each center with its number; return the Axes.

    X of more than two columns is drawn on the plane of its first two principal components, and so are the centers. Both
    axes have one scale, because k-means compares distances.

    Parameters
    ----------
    X : array of shape (n_samples, n_features) or (n_samples, height, width)
        With at least two features.
    labels : int array of shape (n_samples,), or a fitted clustering
        -1 for samples in no cluster, which are drawn in grey.
    centers : array of shape (n_clusters, n_features), optional
        By default those of a fitted clustering, or the mean of each cluster.
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
        If X, labels, centers or names cannot be used; the sentence says why.

    Examples
    --------
    >>> import numpy as np
    >>> from inkmeans import KMeans
    >>> from inkmeans.plot import plot_assignments
    >>> X = np.array([[1, 2], [1, 4], [1, 0], [10, 2], [10, 4], [10, 0]])
    >>> ax = plot_assignments(X, KMeans(n_clusters=2, random_state=0).fit(X))
    >>> [len(dots.get_offsets()) for dots in ax.collections]
    [3, 3, 2]
    """
    rows = as_rows(X)
    if rows.shape[1] < 2:
        raise InputError(f"X must have at least 2 columns to be drawn in the plane; got {rows.shape[1]}.")
    clusters = as_labels(labels, len(rows))
    found = np.unique(clusters[clusters >= 0])
    if centers is None and is_model(labels):
        centers = getattr(labels, "cluster_centers_", None)
    if centers is None:
        numbers = found
        middles = np.array([rows[clusters == cluster].mean(axis=0) for cluster in found]).reshape(-1, rows.shape[1])
    else:
        middles = as_rows(centers)
        numbers = np.arange(len(middles))
        if middles.shape[1] != rows.shape[1]:
            raise InputError(f"centers must have the {rows.shape[1]:,} columns of X; got {middles.shape[1]:,}.")
        if len(found) and found[-1] >= len(middles):
            raise InputError(f"labels must be below the number of centers, {len(middles):,}; got {found[-1]:,}.")
    if names is not None and len(numbers) and len(names) <= numbers[-1]:
        raise InputError(f"names must have one entry for each of the {numbers[-1] + 1:,} clusters; got {len(names):,}.")
    is_projected = rows.shape[1] > 2
    if is_projected:
        rows, middles = _on_principal_components(rows, middles)
    ax = new_axes(6.4, 5.2) if ax is None else ax
    size = float(np.clip(6000 / len(rows), 6, 36))
    for cluster in np.unique(clusters):
        members = rows[clusters == cluster]
        color = edge if cluster < 0 else cluster_color(cluster)
        ax.scatter(members[:, 0], members[:, 1], s=size, color=color, linewidths=0, alpha=0.7, zorder=2)
    colors = [cluster_color(each) for each in numbers]
    ax.scatter(middles[:, 0], middles[:, 1], s=16, color=colors, zorder=3)
    for cluster, color, (x, y) in zip(numbers, colors, middles, strict=True):
        name = (None if names is None else names[cluster]) or str(cluster)
        tile = {"boxstyle": "round,pad=0.3", "facecolor": paper, "edgecolor": color, "linewidth": 1.6}
        ax.text(
            x, y, name, fontproperties=font(SMALL, "bold"), color=ink, ha="center", va="center", bbox=tile, zorder=4
        )
    chart(ax)
    ax.set_aspect("equal", adjustable="datalim")
    if is_projected:
        name_axes(ax, "first principal component", "second principal component")
    write_title(ax, title)
    return ax


def _on_principal_components(
    rows: NDArray[np.float64], middles: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both on the first two principal components of the rows."""
    from sklearn.decomposition import PCA

    plane = PCA(n_components=2, svd_solver="covariance_eigh" if rows.shape[1] <= 1000 else "randomized", random_state=0)
    on_plane = plane.fit_transform(rows)
    return on_plane, plane.transform(middles) if len(middles) else np.empty((0, 2))
