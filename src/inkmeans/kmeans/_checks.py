"""Checks of what a fit is given."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans.errors import InputError, InputTypeError
from inkmeans.kmeans._kernels import Rows


def refuse_sparse(X: Any) -> None:
    """Raise InputTypeError if X is a sparse matrix or array."""
    from scipy import sparse

    if sparse.issparse(X):
        raise InputTypeError("X is sparse, but k-means needs a dense array; pass X.toarray() in its place.")


def check_weights(sample_weight: ArrayLike | None, rows: Rows) -> NDArray[np.float64] | None:
    """Return the weights of the rows as float64 of shape (n_samples,), none below 0 and not all 0; None for None."""
    from sklearn.utils.validation import _check_sample_weight

    if sample_weight is None:
        return None
    weights = _check_sample_weight(sample_weight, rows, dtype=np.float64, ensure_non_negative=True)
    with np.errstate(over="ignore"):
        total = weights.sum()
    if not np.isfinite(total):
        raise InputError("sample_weight leaves float64 when it is summed; divide it by a large number first.")
    if not weights.any():
        raise InputError("sample_weight must not be 0 for every row.")
    return weights
