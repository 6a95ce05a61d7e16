"""Paper to ink: the background subtracted, its illumination and noise removed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from inkmeans.errors import InputError
from inkmeans.segment._background import SMALL_SIDE, estimate_background, noise_of, take_sample

_LEAST_CONTRAST = 6.0  # gray levels between background and full ink; less is a blank sheet
_BAND = 128  # rows worked on at once, so that a band of a photo stays in the cache
_NOISE_SIDE = 1024  # a larger picture is averaged down to this before it is called noise


def find_ink(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the ink of a picture, bright on 0: the background, its texture and uneven illumination are gone.

    Polarity, whether ink is dark or bright, is decided by the picture: its border and most of it are background. Gray
    levels of strokes stay, scaled so that full ink is about 255; a clean picture changes in polarity and scale only.

    Parameters
    ----------
    gray : uint8 of shape (height, width)
        A picture as it looks on paper or on a screen, in either polarity.

    Returns
    -------
    ink : uint8 of shape (height, width)
        All 0 where there is no ink: a blank sheet, one level, a smooth gradient, nothing but noise.

    Raises
    ------
    InputError
        If `gray` is not a picture of bytes.

    Notes
    -----
    Ink is the background subtraction ``(background - gray) * (median background / background)``, where the factor
    corrects the illumination; less than 3 standard deviations of the background's noise is 0. There must be ink of at
    least 6 of them (and 6 gray levels). Time is linear in the pixels, a quarter of a second for 12 megapixels; the
    same picture always gives the same ink.

    Examples
    --------
    >>> import numpy as np
    >>> from inkmeans.segment import find_ink
    >>> sheet = np.full((5, 5), 200, np.uint8)
    >>> sheet[1:4, 2] = 50
    >>> find_ink(sheet)[2].tolist()
    [0, 0, 255, 0, 0]
    """
    gray = check_gray(gray)
    ink = np.zeros(gray.shape, np.uint8)
    if int(gray.max()) - int(gray.min()) < _LEAST_CONTRAST:
        return ink
    background = estimate_background(gray)
    typical = float(np.median(background.levels))
    sample, rows, columns = take_sample(gray)
    strength = _subtracted(sample if background.dark_ink else 255 - sample, background.at(rows, columns), typical)
    deviation, extreme = noise_of(strength)
    floor, sure = max(3 * deviation, extreme), max(6 * deviation, 2 * extreme, _LEAST_CONTRAST)
    inked = strength[strength >= sure]
    if inked.size == 0:
        return ink
    if not background.bold and not _has_edges(strength, sure):
        return ink
    # The tops of strokes, of those that are no fainter than half the darkest; a few burnt pixels do not count.
    full = float(np.percentile(inked[inked >= np.percentile(inked, 99) / 2], 90))
    for start in range(0, gray.shape[0], _BAND):
        band = gray[start : start + _BAND]
        every = np.arange(start, start + band.shape[0])
        levels = background.at(every, np.arange(gray.shape[1]))
        values = _subtracted(band if background.dark_ink else 255 - band, levels, typical)
        values[values < floor] = 0
        values *= 255 / full
        np.minimum(values, 255, out=values)
        ink[start : start + _BAND] = np.rint(values, out=values)
    return np.zeros_like(ink) if _is_noise(ink) else ink


def check_gray(gray: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the picture if it is one that this stage can work on."""
    if not isinstance(gray, np.ndarray) or gray.ndim != 2 or gray.dtype != np.uint8:
        found = (
            f"an array of {gray.dtype} with shape {gray.shape}"
            if isinstance(gray, np.ndarray)
            else f"a {type(gray).__name__}"
        )
        raise InputError(
            f"A picture must be a uint8 array of shape (height, width), 0 to 255; got {found}; "
            "inkmeans.images.read_image gives such an array."
        )
    if gray.size == 0:
        raise InputError(f"A picture must have at least one pixel; got one of {gray.shape[0]} x {gray.shape[1]}.")
    return gray


def block_means(picture: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """Return the mean of each block of step x step pixels; blocks at the right and lower edge may be smaller."""
    if step == 1:
        return picture
    height, width = (-(-size // step) for size in picture.shape)
    sums, counts = np.zeros((height, width), np.uint32), np.zeros((height, width), np.uint32)
    for i in range(step):
        for j in range(step):
            part = picture[i::step, j::step]
            sums[: part.shape[0], : part.shape[1]] += part
            counts[: part.shape[0], : part.shape[1]] += 1
    return (sums // counts).astype(np.uint8)


def _subtracted(
    picture: NDArray[np.float32] | NDArray[np.uint8], levels: NDArray[np.float32], typical: float
) -> NDArray[np.float32]:
    """Return how far each pixel is below the background, under typical illumination (amplified 4-fold at most)."""
    gain = typical / np.maximum(levels, max(typical / 4, 1.0))
    return ((levels - picture) * gain).astype(np.float32, copy=False)


def _has_edges(strength: NDArray[np.float32], sure: float) -> bool:
    """Return True if ink has edges: it rises within a fiftieth of the picture, which illumination does not."""
    inked = strength >= sure
    if min(strength.shape) > SMALL_SIDE:
        strength = ndimage.uniform_filter(strength, 3)  # so that noise is no edge
    window = max(3, max(strength.shape) // 50 | 1)
    rise = ndimage.maximum_filter(strength, window) - ndimage.minimum_filter(strength, window)
    return bool(np.percentile(rise[inked], 95) >= 0.4 * np.percentile(strength[inked], 90))


def _is_noise(ink: NDArray[np.uint8]) -> bool:
    """Return True if the marks change as often as independent pixels would, in connected components as small."""
    if min(ink.shape) <= SMALL_SIDE // 2:
        return False
    marks = block_means(ink, -(-max(ink.shape) // _NOISE_SIDE)) >= 64
    share = float(marks.mean())
    if share == 0:
        return True
    changes = float(np.mean(marks[:, 1:] != marks[:, :-1]) + np.mean(marks[1:] != marks[:-1])) / 2
    if changes < 0.6 * 2 * share * (1 - share):  # the rate of independent pixels is 2 p (1 - p)
        return False
    labels, _ = ndimage.label(marks, np.ones((3, 3)))
    areas = np.bincount(labels.ravel())[1:]
    # Fine strokes change as often as noise, but are long; where marks are dense, noise is connected too.
    return share > 0.25 or float(np.sum(areas.astype(np.float64) ** 2) / areas.sum()) < 20
