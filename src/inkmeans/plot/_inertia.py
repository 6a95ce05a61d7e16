"""Inertia: by the number of clusters, or as one fit lowers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from inkmeans.errors import InputError
from inkmeans.plot._style import (
    SMALL,
    accent,
    chart,
    edge,
    font,
    muted,
    name_axes,
    new_axes,
    paper,
    with_thousands,
    write_title,
)


def plot_inertia(
    inertia: ArrayLike | Sequence[Any],
    n_clusters: ArrayLike | None = None,
    *,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw inertia by number of clusters, or as a fit lowers it half-step by half-step; return the Axes.

    Parameters
    ----------
    inertia : sequence of float, or of what the callback of a fit was told
        With `n_clusters`, one value for each number of clusters. A list of the `Iteration` of
        ``KMeans(callback=history.append)`` is drawn as the inertia after each assignment (hollow) and each update
        (filled); of several runs, the one with the lowest inertia has the accent. Other values are taken as those
        after each iteration.
    n_clusters : sequence of int, optional
        The numbers of clusters.
    title : str, optional
    ax : matplotlib Axes, optional
        A new figure by default.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If the values cannot be used; the sentence says why.

    Examples
    --------
    >>> from inkmeans import KMeans
    >>> from inkmeans.datasets import load_digits
    >>> from inkmeans.plot import plot_inertia
    >>> digits = load_digits()
    >>> pixels = digits.images.reshape(len(digits), -1)
    >>> history = []
    >>> model = KMeans(n_clusters=10, random_state=0, callback=history.append).fit(pixels)
    >>> ax = plot_inertia(history)
    >>> numbers = [2, 5, 10, 20]
    >>> ax = plot_inertia([KMeans(k, random_state=0).fit(pixels).inertia_ for k in numbers], numbers)
    >>> ax.lines[0].get_xdata().tolist()
    [2, 5, 10, 20]
    """
    values = list(inertia) if isinstance(inertia, Sequence) else np.ravel(np.asarray(inertia)).tolist()
    of_a_fit = len(values) > 0 and all(hasattr(each, "half_step") for each in values)
    if of_a_fit and n_clusters is not None:
        raise InputError("n_clusters belongs to one inertia for each k; the history of a fit has one k.")
    if of_a_fit:
        ax = new_axes(6.4, 4.0) if ax is None else ax
        _draw_runs(ax, values)
        name_axes(ax, "iteration")
    else:
        heights = _as_values(values, "inertia")
        places = np.arange(1, len(heights) + 1) if n_clusters is None else _as_values(n_clusters, "n_clusters")
        if len(places) != len(heights):
            raise InputError(
                f"inertia must have one value for each of the {len(places):,} n_clusters; got {len(heights):,}."
            )
        ax = new_axes(6.4, 4.0) if ax is None else ax
        order = np.argsort(places, kind="stable")
        ax.plot(
            places[order], heights[order], color=accent, linewidth=1.8, marker="o", markersize=5, markeredgecolor=paper
        )
        name_axes(ax, "iteration" if n_clusters is None else "number of clusters, k")
    chart(ax)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_formatter(with_thousands())
    write_title(ax, title)
    return ax


def _as_values(values: Any, what: str) -> NDArray[Any]:
    try:
        array = np.asarray(values)
    except ValueError:
        array = np.empty(0, dtype=object)
    if array.ndim != 1 or array.dtype.kind not in "uif" or len(array) == 0:
        raise InputError(f"{what} must be a sequence of numbers; got {values!r}.")
    if not np.isfinite(array).all():
        raise InputError(f"{what} must hold finite numbers; it holds NaN or infinity.")
    return array


def _draw_runs(ax: Axes, history: Sequence[Any]) -> None:
    runs: dict[int, list[Any]] = {}
    for each in history:
        runs.setdefault(each.run, []).append(each)
    others: str | None = "other runs"
    best = min(runs, key=lambda run: runs[run][-1].inertia)
    for run in sorted(runs, key=lambda run: run == best):
        steps = runs[run]
        places = np.arange(1, len(steps) + 1) / 2  # an iteration has two half-steps
        heights = np.array([step.inertia for step in steps])
        if run != best:
            ax.plot(places, heights, color=edge, linewidth=1.0, label=others)
            others = None
            continue
        ax.plot(places, heights, color=accent, linewidth=1.8)
        for kind, fill in (("assignment", paper), ("update", accent)):
            chosen = [i for i, step in enumerate(steps) if step.half_step == kind]
            ax.plot(
                places[chosen],
                heights[chosen],
                color=accent,
                linestyle="none",
                marker="o",
                markersize=5,
                markerfacecolor=fill,
                label=f"after the {kind}",
            )
    ax.legend(frameon=False, prop=font(SMALL), labelcolor=muted, loc="upper right", handlelength=1.2)
