"""A picture to a page: lines of glyphs in reading order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from inkmeans.records import Box, Glyph, Line, Page
from inkmeans.segment._background import SMALL_SIDE
from inkmeans.segment._components import Component, drop_rules, drop_specks, find_components, join_parts, text_height
from inkmeans.segment._ink import block_means, find_ink
from inkmeans.segment._lines import group_lines

MARGIN = 2
"""Columns and rows of 0 around the ink of a glyph's pixels."""

_WORKING_SIDE = 1600  # components of larger pictures are found on a copy averaged down to this


def find_glyphs(gray: NDArray[np.uint8]) -> Page:
    """Return the characters of a picture, cut out, in lines from the top down, each from left to right.

    A picture of at most 32 x 32 pixels shows one character, whatever its parts. On a larger one, connected ink is a
    character; parts that are low and close are joined to it; what is small against the text, or far
    larger than it, is left out.

    Parameters
    ----------
    gray : uint8 of shape (height, width)
        As for `find_ink`.

    Returns
    -------
    page : Page
        A glyph's box holds its ink; its pixels are that box, ink bright on 0, with ink of neighbors taken out
        and 2 rows and columns of 0 all around. Without ink, a page without lines.

    Raises
    ------
    InputError
        If `gray` is not a picture of bytes.

    Examples
    --------
    >>> import numpy as np
    >>> from inkmeans.segment import find_glyphs
    >>> sheet = np.full((60, 100), 255, np.uint8)
    >>> sheet[10:50, 20:25] = sheet[10:50, 60:65] = 0
    >>> [glyph.box for glyph in find_glyphs(sheet).lines[0].glyphs]
    [(20, 10, 5, 40), (60, 10, 5, 40)]
    """
    ink = find_ink(gray)
    height, width = ink.shape
    if not ink.any():
        return Page((), width, height)
    if max(ink.shape) <= SMALL_SIDE:
        return Page((_line([_cut(ink, ink > 0, 0, 0)]),), width, height)
    step = -(-max(ink.shape) // _WORKING_SIDE)
    labels, components = find_components(block_means(ink, step))
    if not components:
        return Page((), width, height)
    size = text_height(components)
    components = drop_specks(join_parts(drop_rules(components, size), size), size)
    lines = [
        _line([_glyph(ink, labels, component, step) for component in line]) for line in group_lines(components, size)
    ]
    return Page(tuple(lines), width, height)


def _glyph(ink: NDArray[np.uint8], labels: NDArray[np.int32], component: Component, step: int) -> Glyph:
    """Return the component's ink, with the faint rim of its strokes but without other components."""
    y0, x0 = max(0, component.y0 - 1), max(0, component.x0 - 1)
    near = labels[y0 : component.y1 + 1, x0 : component.x1 + 1]
    own = np.isin(near, component.labels)
    mask = ndimage.binary_dilation(own, np.ones((3, 3)))  # as components are 8-connected, no other one is touched
    mask = mask.repeat(step, axis=0).repeat(step, axis=1)
    part = ink[y0 * step : (component.y1 + 1) * step, x0 * step : (component.x1 + 1) * step]
    return _cut(part, mask[: part.shape[0], : part.shape[1]], x0 * step, y0 * step)


def _cut(part: NDArray[np.uint8], mask: NDArray[np.bool_], left: int, top: int) -> Glyph:
    inked = mask & (part > 0)
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    box = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    pixels = np.pad(np.where(inked[box], part[box], 0).astype(np.uint8), MARGIN)
    x, y = left + int(columns[0]), top + int(rows[0])
    return Glyph(pixels, (x, y, pixels.shape[1] - 2 * MARGIN, pixels.shape[0] - 2 * MARGIN))


def _line(glyphs: list[Glyph]) -> Line:
    x0, y0 = (min(glyph.box[i] for glyph in glyphs) for i in (0, 1))
    x1, y1 = (max(glyph.box[i] + glyph.box[i + 2] for glyph in glyphs) for i in (0, 1))
    box: Box = (x0, y0, x1 - x0, y1 - y0)
    return Line(tuple(glyphs), box)
