"""Truths, labels and names as clean arrays of equal length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.checks import is_whole
from inkmeans.errors import InputError

Texts = Sequence[object] | NDArray[Any]


def checked_texts(values: Texts, what: str) -> list[str]:
    """Return `values` as text; whole numbers become their digits, so that 7 and "7" are the same truth."""
    items = values.tolist() if isinstance(values, np.ndarray) else list(values)
    if not items:
        raise InputError(f"{what} is empty; there is nothing to evaluate.")
    for i, item in enumerate(items):
        if not isinstance(item, str) and not is_whole(item):
            raise InputError(f"{what}[{i}] must be text or a whole number; got {type(item).__name__}.")
    return [str(item) for item in items]


def checked_labels(labels: Sequence[int] | NDArray[Any], n: int) -> NDArray[np.int64]:
    """Return `labels` as int64 of shape (n,)."""
    array = np.asarray(labels)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise InputError(f"labels must be whole numbers in one row; got {array.dtype} of shape {array.shape}.")
    if len(array) != n:
        raise InputError(f"labels must be as many as the truths, {n}; got {len(array)}.")
    return array.astype(np.int64)


def truths_and_labels(truths: Texts, labels: Sequence[int] | NDArray[Any]) -> tuple[list[str], NDArray[np.int64]]:
    """Return both, checked and of equal length."""
    texts = checked_texts(truths, "truths")
    return texts, checked_labels(labels, len(texts))
