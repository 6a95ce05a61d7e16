"""The one check for "a whole number": Python's and NumPy's integers are, True and 3.0 are not."""

from __future__ import annotations

from numbers import Integral
from typing import TypeGuard

from inkmeans.errors import InputError

MAX_SEED = 2**32 - 1
"""NumPy's RandomState takes none that is larger."""


def is_whole(value: object) -> TypeGuard[int]:
    """Return whether `value` is an integer, of Python or of NumPy, and no boolean.

    Examples
    --------
    >>> is_whole(3), is_whole(True), is_whole(3.0)
    (True, False, False)
    """
    return isinstance(value, Integral) and not isinstance(value, bool)


def check_whole(name: str, value: object, *, least: int | None = None, most: int | None = None, note: str = "") -> int:
    """Return `value` as an int, if it is a whole number within the bounds.

    Parameters
    ----------
    name : str
        The subject of the error's sentence, as "n_clusters".
    value : object
    least, most : int or None
        The bounds, both allowed; None for none.
    note : str
        What the sentence adds to the rule, as ", or None" or ", the number of images".

    Raises
    ------
    InputError
        As "n_bins must be a whole number of at least 1; got 0."

    Examples
    --------
    >>> check_whole("patch_size", 1, least=2, most=16)
    Traceback (most recent call last):
    inkmeans.errors.InputError: patch_size must be a whole number from 2 to 16; got 1.
    """
    if is_whole(value) and (least is None or value >= least) and (most is None or value <= most):
        return int(value)
    if least is not None and most is not None:
        bounds = f" from {least} to {most}"
    elif least is not None:
        bounds = f" of at least {least}"
    else:
        bounds = "" if most is None else f" of at most {most}"
    raise InputError(f"{name} must be a whole number{bounds}{note}; got {value!r}.")
