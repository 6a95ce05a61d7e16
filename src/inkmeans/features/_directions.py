"""Direction features: how much stroke edge runs in each of 8 directions, in each of 7 x 7 places of the glyph."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkmeans import _core
from inkmeans.errors import InputError
from inkmeans.normalize import GLYPH_SIZE
from inkmeans.threads import n_threads

N_DIRECTION_FEATURES = 8 * 7 * 7


def direction_features(glyphs: NDArray[np.uint8], *, n_jobs: int | None = None) -> NDArray[np.float32]:
    """Return the direction features of normalized glyphs: float32 of shape (n_glyphs, 392), from 0 to about 1.

    The gradient of each pixel is shared out between the two nearest of 8 directions (45 degrees apart, dark-to-bright
    told from bright-to-dark); each direction's picture is blurred (standard deviation 2 pixels), read at 7 x 7 places,
    and its square root taken. Two glyphs whose strokes run alike are near, whatever the pen was.

    Parameters
    ----------
    glyphs : uint8 of shape (n_glyphs, 28, 28)
        From `inkmeans.normalize.normalize`.
    n_jobs : int or None
        Threads; None for all processors.

    Raises
    ------
    InputError
        If `glyphs` has another dtype or shape.

    Notes
    -----
    Source: Kimura, Takashina, Tsuruoka, Miyake (1987), "Modified quadratic discriminant functions and the application
    to Chinese character recognition", section III (directions of the outline); the gradient form and the square root
    as in Liu, Nakashima, Sako, Fujisawa (2003), "Handwritten digit recognition: benchmarking of state-of-the-art
    techniques", section 3.

    Examples
    --------
    >>> import numpy as np
    >>> from inkmeans.features import direction_features
    >>> direction_features(np.zeros((2, 28, 28), dtype=np.uint8)).shape
    (2, 392)
    """
    glyphs = np.asarray(glyphs)
    if glyphs.dtype != np.uint8 or glyphs.ndim != 3 or glyphs.shape[1:] != (GLYPH_SIZE, GLYPH_SIZE):
        raise InputError(
            f"glyphs must be uint8 of shape (n_glyphs, 28, 28), as normalize gives them; got {glyphs.dtype} of shape "
            f"{glyphs.shape}."
        )
    features = np.empty((len(glyphs), N_DIRECTION_FEATURES), dtype=np.float32)
    _core.directions(np.ascontiguousarray(glyphs), features, n_threads(n_jobs))
    return features
