"""An array of any ink scale to a gray picture of bytes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import InputError


def as_gray(image: NDArray[Any]) -> NDArray[np.uint8]:
    """Return a picture of any ink scale as uint8, its range kept: 0 stays 0 and the largest value becomes 255."""
    if image.ndim != 2:
        raise InputError(f"image must have the shape (height, width); got {image.shape}.")
    if image.dtype == np.uint8:
        return image
    if image.dtype.kind not in "buif":
        raise InputError(f"image must hold numbers; it has the dtype {image.dtype}.")
    values = image.astype(np.float64)
    if not np.isfinite(values).all():
        raise InputError("image holds NaN or infinity; every pixel must be a number.")
    values /= max(np.abs(values).max(initial=0.0), 1e-300)  # so that no difference overflows
    values -= min(0.0, values.min(initial=0.0))
    return np.rint(values * (255.0 / max(values.max(initial=0.0), 1e-300))).astype(np.uint8)
