"""The picture of the centers: what k-means found, one tile for each cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt, sqrt
from typing import Any

from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw

from inkmeans.checks import check_whole
from inkmeans.errors import InputError
from inkmeans.pictures._plate import MARGIN, NARROWEST, draw_highlight, lay_plate
from inkmeans.pictures._text import count_of, font, short_count, write
from inkmeans.pictures._tiles import INK, MUTED, as_tiles, ink_levels, paste_tile

_MOST = 1000  # tiles on one picture; more than that nobody can look at
_DOUBTFUL = 3  # percent of a cluster's images, and images, from which on it is marked


@dataclass(frozen=True)
class _Sizes:
    """A cell in pixels: the tile's side (a multiple of 8 and of 28), what is round it, and the letters below it."""

    side: int
    pad: int
    gap: int
    name: int
    caption: int

    @property
    def outer(self) -> int:
        return self.side + 2 * self.pad


def centers_picture(
    centers: ArrayLike,
    *,
    names: Sequence[str | None] | None = None,
    counts: Sequence[int] | NDArray[Any] | None = None,
    doubtful: Sequence[int] | NDArray[Any] | None = None,
    columns: int | None = None,
    title: str = "",
    source: str = "",
) -> Image.Image:
    """Return the cluster centers as one picture, each with its cluster number, its name and its size.

    All centers share one scale: 0 (or the lowest value, where it is below 0) is paper, and the highest value of all
    centers is full ink, so a faint center looks faint.

    Parameters
    ----------
    centers : array of shape (k, height, width) or (k, height * width)
        Ink bright on 0, any real dtype. Flat centers must be square, as 64 (8 x 8) or 784 (28 x 28).
    names : sequence of k str or None, optional
        None or "" is shown as "unnamed". A character that the font lacks is shown as its code point, as U+0CEC.
    counts : sequence of k int, optional
        How many images each cluster holds.
    doubtful : sequence of k int, optional
        How many of them are doubtful; asks for `counts`. The highlighter marks a cluster where they are three or more,
        and 3 % or more.
    columns : int, optional
        Tiles in a row. By default 5 for up to ten centers (2 x 5), and else a number that fills the rows.
    title : str
        By default the number of centers.
    source : str
        Where the images come from; written at the foot.

    Returns
    -------
    PIL.Image.Image
        RGB. Beyond 1,000 centers the first 1,000 are shown, and a line says how many more there are.

    Raises
    ------
    InputError
        If the centers are empty, not finite or of another shape, if names, counts or doubtful are not k, or if
        doubtful comes without counts.

    Examples
    --------
    >>> import numpy as np
    >>> centers_picture(np.eye(8)[None].repeat(10, axis=0), names=list("0123456789")).size
    (1104, 806)
    """
    tiles = as_tiles(centers, "centers")
    k = len(tiles)
    _check_length(names, k, "names")
    _check_length(counts, k, "counts")
    _check_length(doubtful, k, "doubtful")
    if doubtful is not None and counts is None:
        raise InputError("doubtful says how many of counts are doubtful; counts are not given.")
    columns = columns_for(k) if columns is None else check_whole("columns", columns, least=1, note=", or None")

    shown = min(k, _MOST)
    columns = min(columns, shown)
    rows = -(-shown // columns)
    sizes = _sizes_for(shown)
    name_height = int(sizes.name * 1.3) if names is not None else 0
    cell_height = sizes.outer + name_height + int(sizes.caption * 1.5)
    row_gap = sizes.gap
    width = columns * sizes.outer + (columns - 1) * sizes.gap
    height = rows * cell_height + (rows - 1) * row_gap
    marked = [False] * shown
    if doubtful is not None and counts is not None:
        marked = [has_many_doubtful(int(doubtful[i]), int(counts[i])) for i in range(shown)]
    more = k - shown
    legend = 58 if any(marked) else 0
    canvas, draw, top = lay_plate(
        width,
        height + (46 if more else 0) + legend,
        title=title or count_of(k, "cluster center"),
        note=_note(names is not None, counts is not None),
        source=source,
    )
    letters, captions = _captions(shown, counts, sizes)
    levels = ink_levels(tiles)
    for number in range(shown):
        x = MARGIN + number % columns * (sizes.outer + sizes.gap)
        y = top + number // columns * (cell_height + row_gap)
        paste_tile(canvas, levels[number], x, y, sizes.side, sizes.pad)
        if names is not None:
            _write_name(draw, x, y + sizes.outer, names[number], sizes)
        baseline = y + sizes.outer + name_height + sizes.caption
        write(draw, (x, baseline), captions[number][0], width=sizes.outer, size=letters, color=MUTED)
        right = (x + sizes.outer, baseline)
        write(draw, right, captions[number][1], width=sizes.outer, size=letters, color=MUTED, anchor="rs")
        if marked[number]:
            side = max(11, sizes.side // 10)
            draw_highlight(draw, (x + sizes.outer - side, y, x + sizes.outer - 1, y + side - 1))
    bottom = top + height
    if more:
        bottom += 46
        write(draw, (MARGIN, bottom - 12), f"and {more:,} more", width=NARROWEST, size=22, color=MUTED)
    if legend:
        draw_highlight(draw, (MARGIN, bottom + 36, MARGIN + 16, bottom + 52))
        words = f"{sum(marked):,} with many doubtful images (3 % or more)"
        write(draw, (MARGIN + 26, bottom + 52), words, width=max(width, NARROWEST) - 26, size=20, color=MUTED)
    return canvas


def has_many_doubtful(doubtful: int, count: int) -> bool:
    """Return whether a cluster is marked: one doubtful image of few says nothing."""
    return doubtful >= _DOUBTFUL and 100 * doubtful >= _DOUBTFUL * count


def _note(named: bool, counted: bool) -> str:
    """Return what stands below each center."""
    below = ["its name"] * named + ["its number"] + ["how many images it holds"] * counted
    told = f" Below: {', '.join(below)}." if len(below) > 1 else ""
    return f"The mean of each cluster's images.{told}"


def _write_name(draw: ImageDraw.ImageDraw, x: int, top: int, given: object, sizes: _Sizes) -> None:
    name = "" if given is None else str(given).strip()
    write(
        draw,
        (x, top + sizes.name),
        name or "unnamed",
        width=sizes.outer,
        size=sizes.name if name else sizes.caption,
        smallest=12,
        color=INK if name else MUTED,
        face="bold" if name else "sans",
    )


def _captions(n: int, counts: Sequence[int] | NDArray[Any] | None, sizes: _Sizes) -> tuple[int, list[tuple[str, str]]]:
    """Return each cluster's number and size in the longest words that all have room, and the letters' height."""
    for height in range(sizes.caption, 8, -1):
        letters, most = font(height), sizes.outer - height // 2
        for word in ("cluster ", "#"):
            for count in (lambda size: f"{size:,}", short_count):
                pairs = [(f"{word}{i}", "" if counts is None else count(int(counts[i]))) for i in range(n)]
                if all(letters.getlength(left) + letters.getlength(right) <= most for left, right in pairs):
                    return height, pairs
    return height, pairs


def _check_length(values: Sequence[Any] | NDArray[Any] | None, k: int, what: str) -> None:
    if values is not None and len(values) != k:
        raise InputError(f"{what} must have one entry for each of the {count_of(k, 'center')}; got {len(values):,}.")


def columns_for(k: int) -> int:
    """Return the tiles in a row: 5 for up to ten; else the divisor of k that makes a grid a little wider than high."""
    if k <= 10:
        return 5
    wanted = 1.25 * sqrt(k)
    fitting = [n for n in range(isqrt(k - 1) + 1, isqrt(4 * k) + 1) if k % n == 0]
    return min(fitting, key=lambda n: abs(n - wanted)) if fitting else round(wanted)


def _sizes_for(k: int) -> _Sizes:
    if k <= 20:
        return _Sizes(168, 8, 24, 34, 21)
    return _Sizes(112, 6, 22, 26, 19) if k <= 150 else _Sizes(56, 4, 20, 20, 14)
