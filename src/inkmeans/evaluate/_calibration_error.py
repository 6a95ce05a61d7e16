"""How far stated confidences are from the shares that are right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.checks import check_whole
from inkmeans.errors import InputError


def expected_calibration_error(
    confidences: Sequence[float] | NDArray[Any], right: Sequence[bool] | NDArray[Any], *, n_bins: int = 15
) -> float:
    """Return how far confidences are from the truth, 0 to 1: 0.02 is 2 points.

    Readings are put into bins of equal width by their confidence, an edge into the bin below. In each bin the mean
    confidence is held against the share that is right; the distances are averaged, each bin counting by its readings.
    On few readings chance alone gives a part of the distance, the more so the more bins.

    Parameters
    ----------
    confidences : float of shape (n_readings,)
        The probability, 0 to 1, given to what was read.
    right : bool of shape (n_readings,)
        Whether it was right.
    n_bins : int

    Raises
    ------
    InputError
        If there are no readings, or an argument is not as above.

    Notes
    -----
    Source: C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, On calibration of modern neural networks, 2017, section 2.

    Examples
    --------
    >>> round(expected_calibration_error([0.9, 0.9, 0.6, 0.6], [True, True, True, False]), 3)
    0.1
    """
    given, hits = np.asarray(confidences), np.asarray(right)
    if given.size == 0:
        raise InputError("confidences is empty; there is nothing to evaluate.")
    if given.ndim != 1 or given.dtype.kind != "f" or not ((given >= 0) & (given <= 1)).all():
        raise InputError("confidences must be numbers from 0 to 1 in one row.")
    if hits.dtype != bool or hits.shape != given.shape:
        raise InputError(
            f"right must be True or False for each of the {len(given)} confidences; got {hits.dtype} of shape "
            f"{hits.shape}."
        )
    n_bins = check_whole("n_bins", n_bins, least=1)
    bins = np.maximum(np.ceil(given * n_bins).astype(np.intp) - 1, 0)
    # In a bin, n times the distance of the two means is the distance of the two sums.
    return float(np.abs(np.bincount(bins, weights=hits - given.astype(np.float64))).sum() / len(given))
