"""Polarity of a picture: whether ink is darker or brighter than the background.

That of a single image is decided by the normalizer (native/images/polarity.hpp).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def background_is_bright(border: NDArray[np.uint8], picture: NDArray[np.float32]) -> bool:
    """Return True if border and whole picture, weighted alike, have more bright pixels than dark ones."""
    middle = (float(picture.min()) + float(picture.max())) / 2
    majorities = [np.mean(pixels > middle) - np.mean(pixels < middle) for pixels in (border, picture)]
    return float(sum(majorities)) >= 0


def darker_outweighs(difference: NDArray[np.float32], power: int) -> bool:
    """Return True if what differs from the background is darker, each difference weighted by its power."""
    darker = -difference[difference < 0]
    brighter = difference[difference > 0]
    return float(np.sum(darker.astype(np.float64) ** power)) >= float(np.sum(brighter.astype(np.float64) ** power))
