"""Pictures of ink in a grid on one Axes, with words below each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import NDArray

from inkmeans.checks import check_whole
from inkmeans.errors import InputError
from inkmeans.pictures import columns_for
from inkmeans.plot._style import font as font_of
from inkmeans.plot._style import ink, muted, new_axes, paper, without_frame, write_title

MOST = 1000  # pictures on one Axes; more than that nobody can look at
_GAP = 0.16  # between two pictures, as a share of a picture's width
_LETTERS, _LEAST = 9.0, 6.0  # the height of letters in points, and where they no longer shrink, but words are cut
_LEADING = 1.4  # from one line to the next, in heights of letters
_LINE = (0.17, 0.42)  # a line of words, as a share of a picture's width: at least, at most
_EM = 0.58  # a letter's width, in heights


@dataclass(frozen=True)
class Words:
    """One line below each picture: at its left, and at its right where there is something to say."""

    left: Sequence[str]
    right: Sequence[str] | None = None
    bold: bool = False


def draw_grid(
    tiles: NDArray[Any],
    lines: Sequence[Words],
    *,
    low: float,
    high: float,
    n_columns: int | None,
    title: str | None,
    ax: Axes | None,
) -> Axes:
    """Draw pictures (n, height, width) row by row, `low` as paper and `high` as full ink; return the Axes.

    They are one masked array, its gaps masked, so that the Axes hold one image whatever their number; data coordinates
    are pixels of the pictures.
    """
    n, height, width = tiles.shape
    columns = columns_for(n) if n_columns is None else check_whole("n_columns", n_columns, least=1, note=", or None")
    columns = min(columns, n)
    rows = -(-n // columns)
    gap = max(1, round(_GAP * width))
    if ax is None:
        side = 1.6 if n <= 4 else 1.0 if n <= 20 else 0.75 if n <= 150 else 0.5
        words = len(lines) * _LEADING * _LETTERS / 72 + side * _GAP
        ax = new_axes(
            columns * side * (1 + _GAP) + 0.3, rows * (side * height / width + words) + (0.6 if title else 0.2)
        )
        points = 72 * side
    else:
        points = _points(ax, columns * (width + gap), rows * (height + gap)) * width
    line = width * float(np.clip(_LEADING * _LETTERS / points, *_LINE))
    step_x, step_y = width + gap, height + ceil(len(lines) * line) + gap  # whole pixels, lines need not be
    sheet = np.ma.array(np.zeros((rows * step_y - gap, columns * step_x - gap), dtype=tiles.dtype), mask=True)
    for i, tile in enumerate(tiles):
        y, x = i // columns * step_y, i % columns * step_x
        sheet[y : y + height, x : x + width] = tile
    without_frame(ax)
    ramp = LinearSegmentedColormap.from_list("ink", [paper, ink])
    ax.imshow(sheet, cmap=ramp, vmin=low, vmax=high, interpolation="nearest", origin="upper", aspect="equal")
    for place, words_below in enumerate(lines):
        _write(
            ax,
            words_below,
            points,
            [_at(i, columns, step_x, step_y, height + (place + 0.8) * line) for i in range(n)],
            width,
        )
    write_title(ax, title)
    return ax


def _points(ax: Axes, width: float, height: float) -> float:
    """Return the points that one pixel takes when a sheet of that size fills the Axes."""
    place, figure = ax.get_position(), ax.get_figure(root=True)
    assert figure is not None
    return float(72 * min(place.width * figure.get_figwidth() / width, place.height * figure.get_figheight() / height))


def _at(i: int, columns: int, step_x: int, step_y: int, down: float) -> tuple[float, float]:
    return i % columns * step_x - 0.5, i // columns * step_y - 0.5 + down


def _write(ax: Axes, words: Words, points: float, places: Sequence[tuple[float, float]], width: int) -> None:
    """Write a line below each picture of `points` width, all in the size in which the longest has room."""
    right = words.right or [""] * len(words.left)
    longest = max(len(left) + len(other) + bool(other) for left, other in zip(words.left, right, strict=True))
    size = max(_LEAST, min(_LETTERS, points / (_EM * max(1, longest))))
    most = max(1, int(points / (_EM * size)))
    letters, color = font_of(size, "bold" if words.bold else "sans"), ink if words.bold else muted
    for (x, y), left, other in zip(places, words.left, right, strict=True):
        room = most - len(other) - bool(other)
        short = left if len(left) <= room else left[: max(1, room - 1)].rstrip() + "…"
        ax.text(x, y, short, fontproperties=letters, color=color, ha="left", va="baseline")
        if other:
            ax.text(x + width, y, other, fontproperties=letters, color=color, ha="right", va="baseline")


def check_length(values: Sequence[Any] | NDArray[Any], n: int, what: str, of: str) -> None:
    """Refuse a sequence that has not one entry for each picture."""
    if isinstance(values, str) or not hasattr(values, "__len__"):
        raise InputError(f"{what} must be a sequence with one entry for each {of}; got {values!r}.")
    if len(values) != n:
        raise InputError(f"{what} must have one entry for each of the {n:,} {of}s; got {len(values):,}.")
