"""The picture of the centers: what k-means found, one paper tile for each cluster."""

from __future__ import annotations

from collections.abc import Sequence, Sized
from math import isqrt, sqrt
from typing import Any

from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw

from inkmeans.checks import check_whole
from inkmeans.errors import InputError
from inkmeans.pictures._text import count_of, write
from inkmeans.pictures._tiles import INK, MUTED, PAGE, as_numbers, ink_levels, paste_tile

_MOST = 1000  # tiles on one picture; more than that nobody can look at
_MARGIN = 40


def centers_picture(
    centers: ArrayLike,
    *,
    names: Sequence[str | None] | None = None,
    counts: Sequence[int] | NDArray[Any] | None = None,
    columns: int | None = None,
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
    columns : int, optional
        Tiles in a row. By default 5 for up to ten centers (2 x 5), and else a number that fills the rows.

    Returns
    -------
    PIL.Image.Image
        RGB. Beyond 1,000 centers the first 1,000 are shown, and a line says how many more there are.

    Raises
    ------
    InputError
        If the centers are empty, not finite or of another shape, or if names or counts are not k.

    Examples
    --------
    >>> import numpy as np
    >>> centers_picture(np.eye(8)[None].repeat(10, axis=0), names=list("0123456789")).size
    (1096, 666)
    """
    tiles = _as_tiles(centers)
    k = len(tiles)
    _check_length(names, k, "names")
    _check_length(counts, k, "counts")
    columns = _columns_for(k) if columns is None else check_whole("columns", columns, least=1, note=", or None")

    shown = min(k, _MOST)
    columns = min(columns, shown)
    rows = -(-shown // columns)
    side, pad, gap = _sizes_for(shown)
    outer = side + 2 * pad
    name_size, caption_size = max(26, side // 3), max(15, side // 9 + (4 if side == 112 else 0))
    name_height = int(name_size * 1.05) if names is not None else 0
    cell_height = outer + name_height + int(caption_size * 1.9)
    row_gap = gap + side // 16

    width = 2 * _MARGIN + columns * outer + (columns - 1) * gap
    height = 2 * _MARGIN + rows * cell_height + (rows - 1) * row_gap
    more = k - shown
    canvas = Image.new("RGB", (width, height + (40 if more else 0)), PAGE)
    draw = ImageDraw.Draw(canvas)
    levels = ink_levels(tiles)
    for number in range(shown):
        x = _MARGIN + number % columns * (outer + gap)
        y = _MARGIN + number // columns * (cell_height + row_gap)
        paste_tile(canvas, levels[number], x, y, side, pad)
        middle = x + outer / 2
        if names is not None:
            given = names[number]
            name = "" if given is None else str(given).strip()
            write(
                draw,
                (middle, y + outer + int(name_size * 0.93)),
                name or "unnamed",
                width=outer,
                size=name_size if name else caption_size + 4,
                smallest=13,
                color=INK if name else MUTED,
                anchor="ms",
            )
        write(
            draw,
            (middle, y + outer + name_height + int(caption_size * 1.4)),
            _caption(number, None if counts is None else int(counts[number]), roomy=side >= 150),
            width=outer + gap - 4,
            size=caption_size,
            color=MUTED,
            anchor="ms",
        )
    if more:
        write(draw, (_MARGIN, height + 4), f"and {more:,} more", width=width - 2 * _MARGIN, size=22, color=MUTED)
    return canvas


def _as_tiles(centers: ArrayLike) -> NDArray[Any]:
    if isinstance(centers, Sized) and len(centers) == 0:
        raise InputError("centers must hold at least one center; got none.")
    array = as_numbers(centers, "centers")
    if array.ndim == 3:
        return array
    if array.ndim != 2:
        raise InputError(f"centers must be (k, height, width) or (k, height * width); their shape is {array.shape}.")
    side = isqrt(array.shape[1])
    if side * side != array.shape[1]:
        raise InputError(
            f"centers of {array.shape[1]:,} columns are not square pictures; reshape them to (k, height, width)."
        )
    return array.reshape(len(array), side, side)


def _check_length(values: Sequence[Any] | NDArray[Any] | None, k: int, what: str) -> None:
    if values is not None and len(values) != k:
        raise InputError(f"{what} must have one entry for each of the {count_of(k, 'center')}; got {len(values):,}.")


def _columns_for(k: int) -> int:
    """Return 5 for up to ten; else the divisor of k that makes rows a little wider than high, if there is one."""
    if k <= 10:
        return 5
    wanted = 1.25 * sqrt(k)
    fitting = [n for n in range(isqrt(k - 1) + 1, isqrt(4 * k) + 1) if k % n == 0]
    return min(fitting, key=lambda n: abs(n - wanted)) if fitting else round(wanted)


def _sizes_for(k: int) -> tuple[int, int, int]:
    """Return the tile's side, padding and gap; the sides are multiples of both 8 and 28 pixels."""
    if k <= 20:
        return 168, 8, 24
    return (112, 6, 20) if k <= 150 else (56, 4, 20)


def _caption(number: int, count: int | None, roomy: bool) -> str:
    if count is None:
        return f"cluster {number}"
    return f"cluster {number} · {count_of(count, 'image')}" if roomy else f"#{number} · {count:,}"
