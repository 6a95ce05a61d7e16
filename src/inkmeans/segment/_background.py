"""The background under the ink: the gray level of bare paper at every pixel, under uneven illumination."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from inkmeans.segment._polarity import background_is_bright, darker_outweighs

SMALL_SIDE = 32
"""A picture whose shorter side has at most so many pixels has one background level: there is no room to learn more."""

_EVEN = 4.0  # gray levels: a background that stays within them is even, and nothing is fitted to it
_BOLD = 170.0  # gray levels between background and bold ink, two thirds of the range; a shadow is seldom so dark
_BETWEEN = 0.5  # of a picture of bold strokes, at most, is neither background nor ink
_OUTLINE = 0.2  # of the longer side: what is not background lies as near as this to the outline of a bold stroke
_SAMPLE = 1 << 18  # pixels that the estimate is made from, however large the picture is
_CELLS = 48  # the background is estimated on a grid of about so many cells along the longer side
_CELL_PIXELS = 4  # and no cell is smaller than this
_WINDOW_CELLS = 21  # the widest window of the quantile filter, which is what costs time
_BARE_SHARE = 0.7  # the quantile of a window's cells that is taken for bare paper, ink being dark
_SHADE = 0.4  # of the usual contrast of ink: what is darker than the background by less may be a shadow
_BLUR = 1.0  # cells: the standard deviation of the Gaussian that smooths each refinement
_ROUNDS = 3  # refinements; more would follow shadows further, but large areas of ink as well


@dataclass(frozen=True, eq=False)
class Background:
    """The gray level of bare paper, on a grid of cells.

    Attributes
    ----------
    dark_ink : bool
        True if ink is darker than the background. If not, all levels here are those of the inverted picture: ink is
        always darker than ``levels``.
    levels : float32 of shape (rows, columns)
        The background at the centers of the cells; one cell if it is even.
    y, x : float64 of shape (rows,) and (columns,)
        The centers of the cells, in pixels.
    bold : bool
        True if the picture shows an even background and bold strokes, be they sharp or blurred.
    """

    dark_ink: bool
    levels: NDArray[np.float32]
    y: NDArray[np.float64]
    x: NDArray[np.float64]
    bold: bool = False

    def at(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the level where the given rows and columns of pixels cross: bilinear interpolation between cells."""
        if self.levels.size == 1:
            return np.full((rows.size, columns.size), self.levels[0, 0], np.float32)
        # Not as a matrix product, though it is one: BLAS would wake its threads for each band of a photo.
        after, share = _between(columns, self.x)
        across = self.levels[:, after - 1] * (1 - share) + self.levels[:, after] * share
        after, share = _between(rows, self.y)
        levels = across[after - 1] * (1 - share)[:, None] + across[after] * share[:, None]
        return levels.astype(np.float32, copy=False)


def estimate_background(gray: NDArray[np.uint8]) -> Background:
    """Return the background of a picture.

    A small or evenly lit picture has one level, its border's; so has one of bold strokes, such as a small picture
    that was enlarged, whose ink may leave little bare paper. Otherwise the illumination is estimated: a quadratic
    surface fitted robustly to the means of the cells (so that vignetting is followed up to the edge), a quantile
    filter with a large window over the residuals (so that strokes do not count), and the mean of those pixels near
    each cell that are not ink.
    """
    border = np.concatenate((gray[0], gray[-1], gray[1:-1, 0], gray[1:-1, -1]))
    sample, rows, columns = take_sample(gray)
    level = float(np.median(border))
    dark_ink = background_is_bright(border, sample)
    # Ink may well cover half of a filled picture's border; the 30 % that are most like the background decide.
    filled_level = float(np.percentile(border, 70 if dark_ink else 30))
    if min(gray.shape) <= SMALL_SIDE:
        return _even(dark_ink, filled_level)
    grid = _cell_means(sample, rows, columns, gray.shape)
    bold = _is_bold(*((grid.means, filled_level) if dark_ink else (255 - grid.means, 255 - filled_level)))
    if _is_even(sample, level):
        return _even(darker_outweighs(sample - np.float32(level), power=2), level, bold)
    if bold:
        return _even(dark_ink, filled_level, bold)

    levels = _first_estimate(grid, share=0.5)
    dark_ink = darker_outweighs(sample - Background(True, levels, grid.y, grid.x).at(rows, columns), power=3)
    if not dark_ink:
        sample = 255 - sample
        grid = _cell_means(sample, rows, columns, gray.shape)
    levels = _first_estimate(grid, share=_BARE_SHARE)
    for _ in range(_ROUNDS):
        levels = _refined(Background(dark_ink, levels, grid.y, grid.x), sample, rows, columns)
    return Background(dark_ink, levels, grid.y, grid.x)


def take_sample(
    gray: NDArray[np.uint8],
) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64]]:
    """Return every n-th pixel of every n-th row with those rows and columns; of a small picture, all."""
    step = max(1, int(np.ceil(np.sqrt(gray.size / _SAMPLE))))
    rows = np.arange(0, gray.shape[0], step if gray.shape[0] > step else 1)
    columns = np.arange(0, gray.shape[1], step if gray.shape[1] > step else 1)
    return gray[np.ix_(rows, columns)].astype(np.float32), rows, columns


def noise_of(ink: NDArray[np.float32]) -> tuple[float, float]:
    """Return the standard deviation and the 99th percentile of the background's noise.

    Ink is on one side of the background only, so the other side shows the noise, which is taken to be symmetric.
    """
    other_side = -ink[ink < 0]
    if other_side.size * 50 < ink.size:  # less than 2 %: one level, clipped at white or black
        return 0.0, 0.0
    deviation, extreme = np.percentile(other_side, (68.27, 99.0))
    return float(deviation), float(extreme)


def _is_even(picture: NDArray[np.float32], level: float) -> bool:
    """Return True if most of a picture is background of one level and the rest is ink.

    Where one of 8 x 8 parts has hardly any pixel of that level, it must be solid ink; else it lies in a shadow.
    """
    near = np.abs(picture - np.float32(level)) <= _EVEN
    if near.mean() < 0.5:
        return False
    ink = 0.7 * float(np.max(np.abs(picture - np.float32(level))))
    for rows in np.array_split(np.arange(picture.shape[0]), 8):
        for columns in np.array_split(np.arange(picture.shape[1]), 8):
            part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            if near[part].mean() < 0.05 and abs(float(np.median(picture[part])) - level) < ink:
                return False
    return True


def _is_bold(means: NDArray[np.float64], level: float) -> bool:
    """Return True if the cells are background of that level, dark ink, and the blur between them.

    Blur is narrow and ends at ink, so most of the picture is background or ink and the rest lies near an outline.
    Vignetting is between the two all over the picture, and a shadow is wider than a stroke.
    """
    strength = level - means
    ink = strength >= strength.max() / 2
    other = ink | (np.abs(strength) > _EVEN)
    if strength.max() < _BOLD or np.mean(other & ~ink) > _BETWEEN:
        return False
    outline = np.where(ink, ndimage.distance_transform_edt(ink), ndimage.distance_transform_edt(~ink))
    return bool(np.percentile(outline[other], 90) <= _OUTLINE * max(means.shape))


def _even(dark_ink: bool, level: float, bold: bool = False) -> Background:
    center = np.zeros(1)
    levels = np.full((1, 1), level if dark_ink else 255.0 - level, np.float32)
    return Background(dark_ink, levels, center, center, bold)


@dataclass(frozen=True, eq=False)
class _Grid:
    """The mean of the sampled pixels of each cell, and the cells' centers."""

    means: NDArray[np.float64]
    y: NDArray[np.float64]
    x: NDArray[np.float64]


def _cell_means(
    sample: NDArray[np.float32], rows: NDArray[np.int64], columns: NDArray[np.int64], shape: tuple[int, ...]
) -> _Grid:
    height, width = shape
    cell = max(_CELL_PIXELS, min(max(height, width) / _CELLS, min(height, width) / 12))
    top = np.linspace(0, height, max(2, round(height / cell)) + 1)
    left = np.linspace(0, width, max(2, round(width / cell)) + 1)
    starts = np.searchsorted(rows, top[:-1]), np.searchsorted(columns, left[:-1])
    counts = _sums(np.ones_like(sample), *starts)
    return _Grid(_sums(sample, *starts) / counts, (top[:-1] + top[1:] - 1) / 2, (left[:-1] + left[1:] - 1) / 2)


def _sums(values: NDArray[np.float32], top: NDArray[np.int64], left: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the sums over the cells that start at the given rows and columns."""
    sums: NDArray[np.float64] = np.add.reduceat(np.add.reduceat(values, top, axis=0), left, axis=1, dtype=np.float64)
    return sums


def _first_estimate(grid: _Grid, share: float) -> NDArray[np.float32]:
    """Return the background as a robust quadratic surface plus a quantile, over a wide window, of its residuals.

    With a share of 0.5 dark and bright count alike; with more, dark cells are taken to have ink in them.
    """
    y, x = np.meshgrid(np.linspace(-1, 1, grid.y.size), np.linspace(-1, 1, grid.x.size), indexing="ij")
    basis = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)
    values = grid.means.ravel()
    weights = np.ones_like(values)
    for _ in range(10):  # iteratively reweighted least squares with Cauchy weights: cells with much ink count little
        weighted = basis * weights[:, None]
        residuals = values - basis @ np.linalg.solve(weighted.T @ basis, weighted.T @ values)
        scale = 2.4 * max(1.4826 * float(np.median(np.abs(residuals))), 0.5)
        weights = 1 / (1 + (residuals / np.where(residuals < 0, scale * (1 - share) / share, scale)) ** 2)
    residuals = residuals.reshape(grid.means.shape)
    window = min(_WINDOW_CELLS, min(residuals.shape) | 1)
    quantile = ndimage.percentile_filter(residuals, 100 * share, window, mode="nearest")
    levels: NDArray[np.float32] = (grid.means - residuals + quantile).astype(np.float32)
    return levels


def _refined(
    background: Background, sample: NDArray[np.float32], rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the levels moved to the mean of those pixels near each cell that do not stand out as ink."""
    difference = sample - background.at(rows, columns)
    deviation, _ = noise_of(-difference)
    inked = -difference[difference < -max(6 * deviation, 4.0)]
    # The edge of a shadow lies below the first estimate, but not as far as ink does.
    limit = max(3 * deviation, 2.0, _SHADE * float(np.percentile(inked, 90)) if inked.size else 0.0)
    bare = (np.abs(difference) <= limit).astype(np.float32)
    starts = [
        np.searchsorted(pixels, np.concatenate(([0.0], (centers[:-1] + centers[1:]) / 2)))
        for pixels, centers in ((rows, background.y), (columns, background.x))
    ]
    sums, counts = (
        ndimage.gaussian_filter(_sums(values, *starts), _BLUR, mode="nearest") for values in (difference * bare, bare)
    )
    refined: NDArray[np.float32] = (background.levels + sums / (counts + 0.5)).astype(np.float32)
    return refined


def _between(
    positions: NDArray[np.int64], centers: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the center after each position and the position's share of the way to it; linear outside, too."""
    after = np.clip(np.searchsorted(centers, positions), 1, centers.size - 1)
    share = (positions - centers[after - 1]) / (centers[after] - centers[after - 1])
    return after, share.astype(np.float32)
