"""The picture that a round pen leaves: row by row, the stretch within half a pen of each segment."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import InputError
from inkmeans.images._strokes import Drawing

_MAX_ROWS = 5_000_000  # stretches that are worked out for one drawing: a few seconds
_MAX_FINE = 1 << 22  # fine pixels of one drawing: 256 x 256 pixels, 8 times as fine, in about 30 ms
_BLOCK = 1 << 21  # fine pixels, or stretches, that are in memory at a time
_LEAST_RADIUS = 0.75  # in fine pixels: above sqrt(1/2), so that no point falls between four pixel centers


def rasterize(drawing: Drawing) -> NDArray[np.uint8]:
    """Return the picture of a drawing: ink 255 on 0, smooth edges, round ends and joins; a single point is a dot.

    A pixel's value is the share of 8 x 8 points in it that lie within half a pen of the path, so shifting all points by
    whole pixels shifts the picture. They are 4 x 4 on a canvas of more than 256 x 256 pixels, 2 x 2 above 512 x 512,
    and only its middle above 1024 x 1024, or with very many long strokes. Time grows with the canvas and the height of
    the strokes, not with the area that they cover.

    Returns
    -------
    uint8 of shape (height, width)

    Raises
    ------
    InputError
        The strokes cross more than 5 million rows of pixels in all, counted anew for each segment.
    """
    segments = _segments(drawing)
    n_rows = _rows_crossed(drawing, segments)
    if n_rows > _MAX_ROWS:
        raise InputError(
            f"the strokes of a drawing may cross {_MAX_ROWS:,} rows of pixels in all, these cross {n_rows:,.0f}; "
            "use a smaller canvas or fewer points."
        )
    scale = _choose_scale(drawing, n_rows)
    width, height = drawing.width * scale, drawing.height * scale
    fine = segments * scale - 0.5  # in fine pixels, 0 being the middle of the first
    radius = max(drawing.pen * scale / 2, _LEAST_RADIUS)
    picture = np.empty((drawing.height, drawing.width), np.uint8)
    at_a_time = max(1, _BLOCK // (width * scale))
    for top in range(0, drawing.height, at_a_time):
        bottom = min(top + at_a_time, drawing.height)
        first, last = top * scale, min(bottom * scale, height)
        steps = np.zeros((last - first, width + 1), np.int32)  # +1 where a stretch begins, -1 after its end
        for row, left, right in _stretches(fine, radius, first, last, width):
            np.add.at(steps, (row - first, left), 1)
            np.add.at(steps, (row - first, right + 1), -1)
        inked = np.cumsum(steps, axis=1, out=steps)[:, :width] > 0
        counts = inked.reshape(bottom - top, scale, drawing.width, scale).sum((1, 3))
        picture[top:bottom] = (counts * 255 + scale**2 // 2) // scale**2
    return picture


def fine_rows_crossed(drawing: Drawing) -> int:
    """Return how many rows of fine pixels the strokes cross, counted anew for each segment: what rasterizing costs.

    There are 8, 4, 2 or 1 of them in a row of pixels: see `rasterize`, which takes about 0.3 microseconds for each.
    """
    n_rows = _rows_crossed(drawing, _segments(drawing))
    return round(n_rows * _choose_scale(drawing, n_rows))


def _rows_crossed(drawing: Drawing, segments: NDArray[np.float64]) -> float:
    return float(np.minimum(np.abs(segments[:, 3] - segments[:, 1]) + drawing.pen, drawing.height).sum())


def _segments(drawing: Drawing) -> NDArray[np.float64]:
    """Return x, y, x, y of each segment; a stroke of one point is a segment without length."""
    parts = [np.empty((0, 4))]
    for stroke in drawing.strokes:
        points = np.array(stroke, np.float64)
        parts.append(np.hstack([points[:-1], points[1:]] if len(points) > 1 else [points, points]))
    return np.concatenate(parts)


def _choose_scale(drawing: Drawing, n_rows: float) -> int:
    n_pixels = drawing.width * drawing.height
    for scale in (8, 4, 2):
        if n_rows * scale <= _MAX_ROWS and n_pixels * scale**2 <= _MAX_FINE:
            return scale
    return 1


def _stretches(
    segments: NDArray[np.float64], radius: float, first: int, last: int, width: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
    """Yield row, first and last column of what lies within the radius of each segment, in rows first to last - 1.

    What lies near a segment is convex, so it is one stretch in each row: from the least to the greatest x of the two
    discs at the ends and the rectangle between them.
    """
    lowest = np.ceil(np.minimum(segments[:, 1], segments[:, 3]) - radius).clip(first, last).astype(np.int64)
    highest = np.floor(np.maximum(segments[:, 1], segments[:, 3]) + radius).clip(first - 1, last - 1).astype(np.int64)
    near = np.flatnonzero(highest >= lowest)
    at_a_time = max(1, _BLOCK // max(1, last - first))
    for start in range(0, len(near), at_a_time):
        chosen = near[start : start + at_a_time]
        n_rows = highest[chosen] - lowest[chosen] + 1
        which = np.repeat(chosen, n_rows)
        row = np.arange(len(which)) - np.repeat(np.cumsum(n_rows) - n_rows, n_rows) + lowest[which]
        left, right = _near_segment(segments[which], row.astype(np.float64), radius)
        first_column = np.ceil(left).clip(0, width).astype(np.int64)
        last_column = np.floor(right).clip(-1, width - 1).astype(np.int64)
        seen = first_column <= last_column
        yield row[seen], first_column[seen], last_column[seen]


def _near_segment(
    segments: NDArray[np.float64], y: NDArray[np.float64], radius: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least and the greatest x on the line y that is within the radius of the segment; inf, -inf if none."""
    x0, y0, x1, y1 = segments.T
    right, down = x1 - x0, y1 - y0
    length = np.hypot(right, down)
    below = y - y0
    # The rectangle: |right * below - down * u| <= radius * length and 0 <= right * u + down * below <= length^2.
    across = _between(-down, right * below, -radius * length, radius * length)
    along = _between(right, down * below, 0.0, length**2)
    low, high = np.maximum(across[0], along[0]) + x0, np.minimum(across[1], along[1]) + x0
    empty = (low > high) | (length == 0)
    low, high = np.where(empty, np.inf, low), np.where(empty, -np.inf, high)
    for x, distance in ((x0, below), (x1, y - y1)):
        inside = np.abs(distance) <= radius
        half = np.sqrt(np.maximum(radius**2 - distance**2, 0))
        low = np.where(inside, np.minimum(low, x - half), low)
        high = np.where(inside, np.maximum(high, x + half), high)
    return low, high


def _between(
    slope: NDArray[np.float64],
    offset: NDArray[np.float64],
    least: NDArray[np.float64] | float,
    most: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least and the greatest u with least <= slope * u + offset <= most; inf, -inf if none."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ends = (least - offset) / slope, (most - offset) / slope
    always = (least <= offset) & (offset <= most)
    flat = slope == 0
    return (
        np.where(flat, np.where(always, -np.inf, np.inf), np.minimum(*ends)),
        np.where(flat, np.where(always, np.inf, -np.inf), np.maximum(*ends)),
    )
