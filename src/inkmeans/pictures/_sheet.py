"""Contact sheets: all images of one cluster at a glance, the middle one first and the doubtful ones last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw

from inkmeans.checks import check_whole
from inkmeans.errors import InputError
from inkmeans.pictures._plate import MARGIN, draw_highlight, lay_plate
from inkmeans.pictures._text import count_of, write
from inkmeans.pictures._tiles import (
    ACCENT,
    MUTED,
    PAPER,
    Polarity,
    as_image,
    as_images,
    ink_levels,
    paste_tile,
)

_GAP = 10  # room for the ring round the middle image
_FRAME = 3
_PAD = 3
_LEGEND = 50


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
    ordered: bool = True,
    source: str = "",
) -> Image.Image:
    """Return all images of one cluster on one sheet, in the order given: the middle one first, the doubtful last.

    The first image is ringed, the last `doubtful` ones are under the highlighter and have an edge, and a line below
    says so. Each image is scaled to its own strongest ink; sizes and dtypes may differ.

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
    ordered : bool
        False for images that are no cluster's, in any order: none is ringed as the middle one.
    source : str
        Where the images come from; written at the foot.

    Raises
    ------
    InputError
        If there is no image, or one that is not a finite 2-D array.

    Examples
    --------
    >>> import numpy as np
    >>> contact_sheet(np.ones((20, 28, 28)), columns=10).size
    (798, 399)
    """
    given = as_images(images, "images")
    n = len(given)
    if not n:
        raise InputError("a contact sheet needs at least one image; got none.")
    columns = check_whole("columns", columns, least=1)
    tile = check_whole("tile", tile, least=8)
    limit = check_whole("limit", limit, least=2)
    doubtful = min(check_whole("doubtful", doubtful, least=0), n)
    size = lay_out(n, columns, tile, doubtful, limit, 0, 0)
    note = f"{count_of(n, 'image')}{', the nearest to the center first' if ordered and n > 1 else ''}."
    legend = _LEGEND if ordered or doubtful else 0
    canvas, draw, top = lay_plate(size.width, size.bottom + legend, title=title, note=note, source=source)
    layout = lay_out(n, columns, tile, doubtful, limit, MARGIN, top)
    paste_images(canvas, given, layout, doubtful, tile, ink, ringed=ordered)
    width = canvas.width - 2 * MARGIN
    if layout.more:
        write(draw, (MARGIN, layout.more_y), f"and {layout.more:,} more", width=width, size=20, color=MUTED)
    if legend:
        _draw_legend(draw, layout.bottom + _LEGEND - 6, width, doubtful, ringed=ordered)
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
    canvas = Image.new("RGB", (columns * (layout.outer + _GAP) - _GAP + 2 * _FRAME, layout.bottom + _FRAME), PAPER)
    paste_images(canvas, chosen, layout, min(doubtful, tail or doubtful), 56, "bright", ringed=True)
    return canvas, shown


def paste_images(
    canvas: Image.Image,
    images: Sequence[ArrayLike],
    layout: Layout,
    doubtful: int,
    tile: int,
    ink: Polarity,
    *,
    ringed: bool,
) -> None:
    """Lay the shown images down, the first ringed where it is the middle one, the last `doubtful` highlighted."""
    draw = ImageDraw.Draw(canvas)
    for index, (x, y) in zip(layout.shown, layout.corners, strict=True):
        levels = ink_levels(as_image(images[index], f"image {index}"), ink)
        paste_tile(canvas, levels, x, y, tile, _PAD, doubtful=index >= len(images) - doubtful)
        if index == 0 and ringed:
            _draw_ring(draw, x, y, layout.outer)


def _draw_ring(draw: ImageDraw.ImageDraw, x: int, y: int, outer: int) -> None:
    box = (x - _FRAME, y - _FRAME, x + outer - 1 + _FRAME, y + outer - 1 + _FRAME)
    draw.rectangle(box, outline=ACCENT, width=_FRAME)


def _draw_legend(draw: ImageDraw.ImageDraw, baseline: int, width: int, doubtful: int, *, ringed: bool) -> None:
    x, top = MARGIN, baseline - 15
    if ringed:
        draw.rectangle((x, top, x + 16, top + 16), outline=ACCENT, width=_FRAME)
        x += 60 + round(write(draw, (x + 26, baseline), "the middle one", width=width - 26, size=20, color=MUTED))
    if doubtful:
        draw_highlight(draw, (x, top, x + 16, top + 16))
        words = f"{doubtful:,} doubtful, farthest from the center"
        write(draw, (x + 26, baseline), words, width=MARGIN + width - x - 26, size=20, color=MUTED)
