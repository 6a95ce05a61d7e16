"""What truths become: classes. Numbers keep their dtype; everything else is text."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans.errors import InputError
from inkmeans.names import clean_name


def as_classes(truths: ArrayLike) -> NDArray[Any]:
    """Return the class of each truth: an array of shape (n,).

    Integers, booleans and whole floats keep their dtype. Everything else is text in Unicode's NFC form, without
    spaces at its ends.

    Raises
    ------
    InputError
        If truths are not one-dimensional, a text may be no name ("", "?", control characters), or a number is not
        whole.
    """
    array = np.asarray(truths)
    if array.dtype.kind == "O":  # pandas gives text so; a list of its elements tells more
        array = np.asarray(array.tolist())
    if array.ndim != 1:
        raise InputError(f"truths must be one-dimensional, one for each image; got the shape {array.shape}.")
    if array.dtype.kind == "O":
        return clean_names([clean_name(one, "A truth") for one in array])
    if array.dtype.kind == "f":
        fractions = array[~(np.isfinite(array) & (array == np.rint(array)))]
        if len(fractions):
            raise InputError(f"truths must be classes: text or whole numbers; got {fractions[0]}.")
        return array.astype(np.float64) if array.dtype.itemsize > 8 else array
    return array if array.dtype.kind in "biu" else clean_names(array)


def clean_names(names: ArrayLike) -> NDArray[np.str_]:
    """Return the names as text that may be one; InputError where it may not ("", "?", control characters)."""
    found, places = np.unique(np.asarray(names, dtype=np.str_), return_inverse=True)
    return np.array([clean_name(str(name)) for name in found], dtype=np.str_)[places]


def as_text(classes: NDArray[Any]) -> NDArray[np.str_]:
    """Return what a reading says of each class: "7" for 7 and for 7.0."""
    if classes.dtype.kind != "f":
        return classes.astype(np.str_)
    found, places = np.unique(classes, return_inverse=True)
    return np.array([str(int(number)) for number in found], dtype=np.str_)[places]
