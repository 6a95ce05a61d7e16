"""What a plot is given of a clustering: labels, or a fitted estimator."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans.checks import check_whole
from inkmeans.errors import InputError


def is_model(given: object) -> bool:
    """Return whether this is an estimator, fitted or not, and no array."""
    return hasattr(given, "fit") and hasattr(given, "get_params")


def labels_of(model: Any) -> NDArray[np.int64]:
    """Return a fitted clustering's labels."""
    if not hasattr(model, "labels_"):
        raise InputError(f"{type(model).__name__} is not fitted yet, or has no labels; call fit first.")
    return np.asarray(model.labels_).astype(np.int64)


def as_labels(labels: ArrayLike | Any, n_rows: int) -> NDArray[np.int64]:
    """Return one cluster number for each row, -1 for rows in no cluster."""
    if is_model(labels):
        found: NDArray[Any] = labels_of(labels)
    else:
        found = np.asarray(labels)
    if found.ndim != 1 or found.dtype.kind not in "iu":
        raise InputError(f"labels must be one whole number for each row of X; got {found.dtype}, shape {found.shape}.")
    if len(found) != n_rows:
        raise InputError(f"labels must have one entry for each of the {n_rows:,} rows of X; got {len(found):,}.")
    if len(found):
        check_whole("labels", int(found.min()), least=-1, note=" (-1 for rows in no cluster)")
    return found.astype(np.int64)


def as_rows(X: ArrayLike) -> NDArray[np.float64]:
    """Return X as finite floats (n_samples, n_features); images become rows of pixels."""
    try:
        rows = np.asarray(X, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("X must be an array of numbers, (n_samples, n_features).") from None
    if rows.ndim == 3:
        rows = rows.reshape(len(rows), -1)
    if rows.ndim != 2 or rows.size == 0:
        raise InputError(f"X must be (n_samples, n_features) with at least one value; its shape is {rows.shape}.")
    if not np.isfinite(rows).all():
        raise InputError("X must hold finite numbers; it holds NaN or infinity.")
    return rows
