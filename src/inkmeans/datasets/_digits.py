"""scikit-learn's digits, the set that the lesson starts from."""

from __future__ import annotations

import numpy as np

from inkmeans.datasets._dataset import Dataset
from inkmeans.datasets._registry import REGISTRY


def load_digits() -> Dataset:
    """Return scikit-learn's 1,797 digits: images float64 of shape (1797, 8, 8), ink 0 to 16, and truths "0" to "9".

    They are counts of ink in 4 x 4 blocks of 32 x 32 bitmaps. Needs no network.
    """
    from sklearn.datasets import load_digits as load

    digits = load()
    truths = np.array([str(digit) for digit in digits.target])
    info = REGISTRY["digits"]
    return Dataset(digits.images, truths, "digits", digits.DESCR, info.source, info.licence)
