"""A glyph as text for the terminal: two rows of pixels in each line of characters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import InputError

_INK = 96  # a thin stroke scaled down seldom reaches 128; paper noise seldom reaches 96
_HALVES = " ▄▀█"  # indexed by 2 * upper + lower
_RAMP = " .:-=+*#%@"  # ASCII, from paper to full ink


def blocks(glyph: NDArray[np.uint8], *, encoding: str | None = "utf-8") -> str:
    """Return a glyph as lines of half blocks, or of ASCII where the terminal cannot show those.

    Parameters
    ----------
    glyph : uint8 of shape (height, width)
        Ink bright on 0. A normalized glyph (28 x 28) gives 14 lines of 28 characters; an odd height is padded.
    encoding : str or None
        The terminal's encoding (``sys.stdout.encoding``). Where it lacks half blocks, or is None or unknown,
        each character's darkness stands for the mean ink of its two pixels.

    Examples
    --------
    >>> print(blocks(np.array([[255, 255, 0], [0, 255, 255]], dtype=np.uint8)))
    ▀█▄
    """
    pixels = np.asarray(glyph)
    if pixels.ndim != 2 or pixels.dtype != np.uint8:
        raise InputError(f"A glyph must be uint8 of shape (height, width); got {pixels.dtype} of shape {pixels.shape}.")
    if pixels.shape[0] % 2:
        pixels = np.vstack([pixels, np.zeros((1, pixels.shape[1]), dtype=np.uint8)])
    upper, lower = pixels[0::2], pixels[1::2]
    if _can_show(_HALVES, encoding):
        letters, index = _HALVES, 2 * (upper >= _INK) + (lower >= _INK)
    else:
        mean = (upper.astype(np.int64) + lower) / 2
        letters, index = _RAMP, np.rint(mean / 255 * (len(_RAMP) - 1)).astype(np.int64)
    return "\n".join("".join(letters[i] for i in row) for row in index)


def _can_show(text: str, encoding: str | None) -> bool:
    try:
        text.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
