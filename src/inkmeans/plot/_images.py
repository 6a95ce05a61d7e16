"""Images in a grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from inkmeans.errors import InputError
from inkmeans.pictures import as_tiles, ink_levels
from inkmeans.plot._grid import MOST, Words, check_length, draw_grid


def plot_images(
    images: ArrayLike | Sequence[ArrayLike],
    titles: Sequence[object] | NDArray[Any] | None = None,
    *,
    n_columns: int | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw images in a grid, row by row, each with its own text below it; return the Axes.

    The brightest pixel of each image is full ink, and 0 is paper.

    Parameters
    ----------
    images : array of shape (n_images, height, width) or (n_images, height * width), or a list of 2-D arrays
        Ink bright on 0, at most 1,000. Rows of pixels must be square images, as 64 (8 x 8) or 784 (28 x 28).
    titles : sequence of n_images, optional
        What stands below each image, as its truth or a prediction.
    n_columns : int, optional
        Images in a row; by default a number that fills the rows.
    title : str, optional
        Of the whole.
    ax : matplotlib Axes, optional
        A new figure by default.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        If images or titles cannot be used; the sentence says why.

    Examples
    --------
    >>> from inkmeans.datasets import load_digits
    >>> from inkmeans.plot import plot_images
    >>> digits = load_digits()
    >>> ax = plot_images(digits.images[:64], digits.truths[:64], title="64 digits and their truths")
    >>> len(ax.texts)
    64
    """
    tiles = _as_levels(images)
    if len(tiles) > MOST:
        raise InputError(f"images must be at most {MOST:,} for one plot; got {len(tiles):,}. Pass images[:64], say.")
    lines = []
    if titles is not None:
        check_length(titles, len(tiles), "titles", "image")
        lines.append(Words([str(each) for each in titles]))
    return draw_grid(tiles, lines, low=0, high=255, n_columns=n_columns, title=title, ax=ax)


def _as_levels(images: Any) -> NDArray[np.uint8]:
    """Return the strength of ink of each image, uint8 (n, height, width); smaller ones in the middle of the largest."""
    if isinstance(images, (list, tuple)) and len({np.shape(each) for each in images}) > 1:
        each_alone = [as_tiles(np.asarray(image)[None], "images")[0] for image in images if _is_image(image)]
        height, width = (max(image.shape[axis] for image in each_alone) for axis in (0, 1))
        levels = np.zeros((len(each_alone), height, width), dtype=np.uint8)
        for i, image in enumerate(each_alone):
            y, x = (height - image.shape[0]) // 2, (width - image.shape[1]) // 2
            levels[i, y : y + image.shape[0], x : x + image.shape[1]] = ink_levels(image)
        return levels
    return np.stack([ink_levels(image) for image in as_tiles(images, "images")])


def _is_image(image: ArrayLike) -> bool:
    if np.ndim(image) == 2:
        return True
    raise InputError(f"images of several sizes must be 2-D arrays (height, width); one has shape {np.shape(image)}.")
