"""Patch features: pooled responses of the patches of an image to many filters."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans import _core
from inkmeans.checks import check_whole
from inkmeans.errors import InputError
from inkmeans.threads import n_threads


def patch_features(
    images: NDArray[np.uint8],
    filters: ArrayLike,
    offsets: ArrayLike,
    *,
    n_cells: int = 4,
    floor: float = 10.0,
    n_jobs: int | None = None,
) -> NDArray[np.float32]:
    """Return the pooled responses of images to filters: float32 of shape (n_images, n_cells * n_cells * n_filters).

    Every patch, at every position, is normalized, (patch - mean) / sqrt(variance + floor). Its response to a filter is
    max(0, patch . filter - offset). The positions are divided into n_cells x n_cells cells, and the responses are
    summed within each.

    Parameters
    ----------
    images : uint8 of shape (n_images, height, width)
    filters : array of shape (n_filters, size, size)
        Taken as float32; size is 1 to 16.
    offsets : array of shape (n_filters,)
        What a response must exceed.
    n_cells : int
        Cells in each direction; the images must have room for a patch in each.
    floor : float
        At least 0; keeps the noise of faint patches from being amplified. In squared levels of ink.
    n_jobs : int or None
        Threads; None for all processors.

    Raises
    ------
    InputError
        If an argument has another dtype, shape or range.

    Notes
    -----
    Filters are quantized to int16 and multiplied with bytes: the quantization error of a feature is about 1e-4 of the
    largest one. No intermediate array is larger than an image, and patches of one level cost nothing. The result is the
    same for any number of threads. Source: Coates and Ng (2012), "Learning feature representations with k-means",
    sections 3 and 4.

    Examples
    --------
    >>> import numpy as np
    >>> from inkmeans.features import patch_features
    >>> images = np.zeros((3, 28, 28), dtype=np.uint8)
    >>> patch_features(images, np.ones((5, 7, 7)), np.zeros(5)).shape
    (3, 80)
    """
    images = np.asarray(images)
    if images.dtype != np.uint8 or images.ndim != 3:
        raise InputError(f"images must be uint8 of shape (n_images, height, width); got {_told(images)}.")
    filters = np.ascontiguousarray(filters, dtype=np.float32)
    if filters.ndim != 3 or filters.shape[1] != filters.shape[2] or not 1 <= filters.shape[1] <= 16:
        raise InputError(f"filters must have the shape (n_filters, size, size), size 1 to 16; got {_told(filters)}.")
    offsets = np.ascontiguousarray(offsets, dtype=np.float32)
    if offsets.shape != (len(filters),):
        raise InputError(f"offsets must have one number for each of {len(filters)} filters; got {_told(offsets)}.")
    if not (np.isfinite(filters).all() and np.isfinite(offsets).all()):
        raise InputError("filters and offsets must be finite; they hold NaN or infinity.")
    check_whole("n_cells", n_cells, least=1)
    if not 0.0 <= floor < np.inf:
        raise InputError(f"floor must be a number of at least 0; got {floor!r}.")
    least = filters.shape[1] + int(n_cells) - 1
    if min(images.shape[1:]) < least:
        raise InputError(
            f"images must be at least {least} x {least}, for patches of {filters.shape[1]} x {filters.shape[1]} in "
            f"{n_cells} x {n_cells} cells; got {_told(images)}."
        )
    encoder = _core.Encoder(filters.reshape(len(filters), -1), offsets, int(n_cells), float(floor))
    features = np.empty((len(images), int(n_cells) ** 2 * len(filters)), dtype=np.float32)
    encoder.encode(np.ascontiguousarray(images), features, n_threads(n_jobs))
    return features


def _told(array: NDArray[np.generic]) -> str:
    return f"{array.dtype} of shape {array.shape}"
