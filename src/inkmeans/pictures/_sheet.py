"""Contact sheets: all images of one cluster at a glance, the middle one first and the doubtful ones last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw

from inkmeans.checks import check_whole
from inkmeans.errors import InputError
from inkmeans.pictures._text import count_of, write
from inkmeans.pictures._tiles import (
    ACCENT,
    INK,
    MUTED,
    PAGE,
    Polarity,
    as_image,
    as_images,
    ink_levels,
    paste_tile,
)

_GAP = 10  # room for the frame round the middle image
_FRAME = 4
_MARGIN = 32
_PAD = 3


@dataclass(frozen=True)
class Layout:
    """Where each shown image stands: the tiles are squares of `outer` pixels with corners at `corners`."""

    shown: tuple[int, ...]  # indices into the images
    corners: tuple[tuple[int, int], ...]
    outer: int
    more: int  # images left out
    more_y: int  # baseline of the line that says so
    width: int
    bottom: int  # lower edge of the last row of tiles


def lay_out(n: int, columns: int, tile: int, doubtful: int, limit: int, left: int, top: int) -> Layout:
    """Return the places of n images: all of them, or the first and the last (the doubtful) ones of too many."""
    outer = tile + 2 * _PAD
    step = outer + _GAP
    columns = min(columns, n)
    if n <= limit:
        head, tail = n, 0
    else:
        tail = max(1, min(max(doubtful, min(columns, limit // 4)), limit // 2))
        head = limit - tail
        head -= head % columns if head > columns else 0  # full rows above the line that says how many more
    shown = (*range(head), *range(n - tail, n))
    corners = [(left + place % columns * step, top + place // columns * step) for place in range(head)]
    head_rows = -(-head // columns)
    more_y = top + head_rows * step + 22
    below = more_y + 24
    corners += [(left + place % columns * step, below + place // columns * step) for place in range(tail)]
    more = n - head - tail
    bottom = corners[-1][1] + outer if tail or not more else more_y
    return Layout(shown, tuple(corners), outer, more, more_y, columns * step - _GAP, bottom)


def contact_sheet(
    images: Sequence[ArrayLike] | NDArray[Any],
    *,
    title: str = "",
    columns: int = 16,
    tile: int = 56,
    doubtful: int = 0,
    limit: int = 1024,
    ink: Polarity = "bright",
) -> Image.Image:
    """Return all images of one cluster on one sheet, in the order given: the middle one first, the doubtful last.

    The first image has a solid frame, the last `doubtful` ones a cut corner, and a line below says so. Each image
    is scaled to its own strongest ink; sizes and dtypes may differ.

    Parameters
    ----------
    images : list of 2-D arrays, or array of shape (n, height, width)
        Any real dtype, any size, ordered by distance to the cluster's center, nearest first, as `Cluster.members` are.
    title : str
        Written above, as "cluster 3, named 7".
    columns, tile : int
        Images in a row, and the side of each in pixels.
    doubtful : int
        How many images at the end are doubtful.
    limit : int
        Of more than `limit` images the first and the last are shown, and "and 1,234 more" between them.
    ink : {"bright", "dark", "auto"}
        Ink is bright on 0, as in a glyph; or dark on paper; or decided by each image's border.

    Raises
    ------
    InputError
        If there is no image, or one that is not a finite 2-D array.

    Examples
    --------
    >>> import numpy as np
    >>> contact_sheet(np.ones((20, 28, 28)), columns=10).size
    (774, 226)
    """
    given = as_images(images, "images")
    n = len(given)
    if n == 0:
        raise InputError("a contact sheet needs at least one image; got none.")
    columns = check_whole("columns", columns, least=1)
    tile = check_whole("tile", tile, least=8)
    limit = check_whole("limit", limit, least=2)
    doubtful = min(check_whole("doubtful", doubtful, least=0), n)

    top = _MARGIN + (44 if title else 0)
    layout = lay_out(n, columns, tile, doubtful, limit, _MARGIN, top)
    width = 2 * _MARGIN + max(layout.width, 460)
    canvas = Image.new("RGB", (width, layout.bottom + 28 + _MARGIN), PAGE)
    draw = ImageDraw.Draw(canvas)
    if title:
        write(draw, (_MARGIN, _MARGIN + 22), title, width=width - 2 * _MARGIN, size=28, smallest=16, color=INK)
    paste_images(canvas, given, layout, doubtful, tile, ink)
    if layout.more:
        write(draw, (_MARGIN, layout.more_y), f"and {layout.more:,} more", width=width, size=20, color=MUTED)
    _draw_legend(draw, layout.bottom + 32, width, n, doubtful)
    return canvas


def thumbnail(images: Sequence[ArrayLike] | NDArray[Any], *, doubtful: int = 0) -> tuple[Image.Image, list[int]]:
    """Return a bare sheet for a report, and which images it shows: at most 36, the first and the doubtful."""
    given = as_images(images, "images")
    columns, most = 9, 36
    doubtful = min(doubtful, len(given))
    tail = min(doubtful, columns) if len(given) > most else 0
    shown = list(range(len(given)))
    shown = shown[: most - tail] + shown[len(shown) - tail :]
    chosen = [given[i] for i in shown]
    layout = lay_out(len(chosen), columns, 56, 0, most, _FRAME, _FRAME)
    canvas = Image.new("RGB", (columns * (layout.outer + _GAP) - _GAP + 2 * _FRAME, layout.bottom + _FRAME), PAGE)
    paste_images(canvas, chosen, layout, min(doubtful, tail or doubtful), 56, "bright")
    return canvas, shown


def paste_images(
    canvas: Image.Image, images: Sequence[ArrayLike], layout: Layout, doubtful: int, tile: int, ink: Polarity
) -> None:
    """Lay the shown images down, the first framed, the last `doubtful` marked by a cut corner."""
    draw = ImageDraw.Draw(canvas)
    for index, (x, y) in zip(layout.shown, layout.corners, strict=True):
        levels = ink_levels(as_image(images[index], f"image {index}"), ink)
        paste_tile(canvas, levels, x, y, tile, _PAD)
        if index == 0:
            _draw_frame(draw, x, y, layout.outer)
        if index >= len(images) - doubtful:
            _draw_corner(draw, x, y, layout.outer)


def _draw_frame(draw: ImageDraw.ImageDraw, x: int, y: int, outer: int) -> None:
    box = (x - _FRAME, y - _FRAME, x + outer - 1 + _FRAME, y + outer - 1 + _FRAME)
    draw.rectangle(box, outline=ACCENT, width=_FRAME)


def _draw_corner(draw: ImageDraw.ImageDraw, x: int, y: int, outer: int) -> None:
    """Fill the top right corner: a quarter of the side, and never so much that it hides the ink."""
    side = max(5, outer // 4)
    right = x + outer - 1
    draw.polygon([(right - side, y), (right, y), (right, y + side)], fill=ACCENT)


def _draw_legend(draw: ImageDraw.ImageDraw, baseline: int, width: int, n: int, doubtful: int) -> None:
    x: float = _MARGIN
    x += write(draw, (x, baseline), count_of(n, "image"), width=200, size=18, color=MUTED) + 26
    top = baseline - 13
    draw.rectangle((x, top, x + 13, top + 13), outline=ACCENT, width=3)
    x += 22
    x += write(draw, (x, baseline), "the middle one", width=200, size=18, color=MUTED) + 26
    if doubtful:
        draw.polygon([(x, top), (x + 13, top), (x + 13, top + 13)], fill=ACCENT)
        x += 22
        write(draw, (x, baseline), f"{doubtful:,} doubtful", width=max(60, width - _MARGIN - x), size=18, color=MUTED)
