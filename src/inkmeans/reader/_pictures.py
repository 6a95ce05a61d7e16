"""Pictures of 16 gray levels, as the model file holds them; and which are filled like a block."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.records import GLYPH_SIZE

_FILLED, _BLOCK = 0.78, 12  # a block has so much of its box's ink, no digit of 34,000; and its least side in pixels
_LEVEL = np.uint8(17)  # between the 16 levels of a picture


def quantize(pictures: NDArray[Any]) -> NDArray[np.uint8]:
    """Return pictures, 0 to 255, in the nearest of 16 levels."""
    return np.rint(pictures / _LEVEL).astype(np.uint8) * _LEVEL


def pack(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return pictures of 16 levels with two pixels in a byte: uint8 of shape (n, 28, 14)."""
    levels = pictures // _LEVEL
    return np.asarray(levels[:, :, ::2] * 16 + levels[:, :, 1::2])


def unpack(packed: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the pictures that `pack` packed."""
    return np.stack([packed // 16, packed % 16], axis=-1).reshape(len(packed), GLYPH_SIZE, GLYPH_SIZE) * _LEVEL


def is_block(glyphs: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return which glyphs fill their box like a block, as a scribble does whose strokes run together: no character."""
    ink = glyphs >= 64
    heights, widths = ink.any(axis=2).sum(axis=1), ink.any(axis=1).sum(axis=1)
    filled = glyphs.sum(axis=(1, 2), dtype=np.int64) >= _FILLED * 255 * heights * widths
    return np.asarray(filled & (np.minimum(heights, widths) >= _BLOCK))
