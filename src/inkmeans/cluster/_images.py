"""Images to normalized glyphs, with a check for rows of pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from inkmeans.errors import InputError
from inkmeans.normalize import Normalized, normalize


def normalized(images: ArrayLike, n_jobs: int | None) -> Normalized:
    """Return what `normalize` makes of images: (n_images, height, width), or a list of 2-D arrays.

    Raises
    ------
    InputError
        If an image cannot be used, or images is one 2-D array: rows of pixels would be taken for one image.
    """
    if isinstance(images, np.ndarray) and images.ndim == 2:
        raise InputError(
            f"images must be of shape (n_images, height, width), or a list of 2-D arrays; got one array of shape "
            f"{images.shape}."
        )
    return normalize(images, n_jobs=n_jobs)
