"""What learners give, made numbers, arrays and texts; what cannot be is told in a sentence."""

from __future__ import annotations

import contextlib
import copy
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.lab._result import NotYet

SECONDS = 10
"""How long a learner's function may take for one small call."""
_TOLERANCE = 5e-4
"""A share that was rounded to three decimals is as good as the exact one."""


def given(value: Any, name: str) -> Any:
    """Return `value`, if something stands in the place of the blank."""
    if value is None or value is Ellipsis:
        raise NotYet(f"{name} has no value yet; put your own in the place of the three dots.")
    return value


def number(value: Any, name: str) -> float:
    """Return a finite number."""
    value = given(value, name)
    if isinstance(value, str):
        raise NotYet(f"{name} is text ({value[:20]!r}); write the number without quotes.")
    if isinstance(value, bool | np.bool_):
        raise NotYet(f"{name} is {value}, which answers yes or no; a number is asked for.")
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise NotYet(f"{name} is a {type(value).__name__}; one number is asked for.") from None
    if array.size != 1:
        raise NotYet(f"{name} holds {array.size} numbers; one is asked for.")
    found = float(array.reshape(()))
    if np.isnan(found):
        raise NotYet(f"{name} is NaN, no number: was something divided by zero, or an average taken of nothing?")
    if np.isinf(found):
        raise NotYet(f"{name} is infinite: was something divided by zero?")
    return found


def whole(value: Any, name: str) -> int:
    """Return a whole number."""
    found = number(value, name)
    if found != round(found):
        raise NotYet(f"{name} is {found:g}; a whole number is asked for.")
    return round(found)


def share(value: Any, name: str) -> float:
    """Return a share from 0 to 1."""
    found = number(value, name)
    if 1.0 < found <= 100.0:
        raise NotYet(f"{name} is {found:g}, and a share lies between 0 and 1; is it percent? Then divide by 100.")
    if not 0.0 <= found <= 1.0:
        raise NotYet(f"{name} is {found:g}, and a share lies between 0 and 1; is it a count? Then divide by how many.")
    return found


def is_near(found: float, expected: float) -> bool:
    """Return whether two shares are the same, but for rounding to three decimals."""
    return abs(found - expected) <= _TOLERANCE + 1e-12


def numbers(value: Any, name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return an array of finite numbers of the given shape."""
    found = any_shape(value, name)
    if found.shape != shape:
        raise NotYet(f"{name} has the shape {found.shape}; {shape} is asked for.")
    return found


def any_shape(value: Any, name: str) -> NDArray[np.float64]:
    """Return an array of finite numbers."""
    value = given(value, name)
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "buif":
            raise ValueError
        found = array.astype(np.float64)
    except (TypeError, ValueError):
        raise NotYet(f"{name} is a {type(value).__name__} and not an array of numbers.") from None
    if not np.isfinite(found).all():
        raise NotYet(
            f"{name} holds NaN or infinity: was something divided by zero, or the mean taken of an empty cluster?"
        )
    return found


def whole_numbers(value: Any, name: str, shape: tuple[int, ...], most: int) -> NDArray[np.intp]:
    """Return an array of whole numbers from 0 to `most`."""
    found = numbers(value, name, shape)
    if (found != np.round(found)).any():
        raise NotYet(f"{name} holds {found[found != np.round(found)][0]:g}; only whole numbers are asked for.")
    if found.size and not (found.min() >= 0 and found.max() <= most):
        raise NotYet(f"{name} goes from {found.min():g} to {found.max():g}; 0 to {most} is asked for.")
    return found.astype(np.intp)


def texts(value: Any, name: str, n: int) -> list[str]:
    """Return `n` texts; 7 is taken for "7"."""
    value = given(value, name)
    if isinstance(value, str | bytes | dict | set) or not hasattr(value, "__len__"):
        raise NotYet(f'{name} is a {type(value).__name__}; a list of {n} texts is asked for, such as ["4", "0", ...].')
    found = [
        "" if each is None or each is Ellipsis else str(int(each)) if _is_whole(each) else str(each) for each in value
    ]
    if len(found) != n:
        raise NotYet(f"{name} has {len(found)} entries; {n} are asked for, one for each.")
    return [each.strip() for each in found]


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and bool(value == round(float(value)))


def call(function: Callable[..., Any], name: str, *args: Any) -> Any:
    """Return what a learner's function gives for copies of `args`; its errors become hints."""
    if not callable(given(function, name)):
        raise NotYet(f"{name} is a {type(function).__name__}; give the function itself, without brackets.")
    own = copy.deepcopy(args)
    try:
        with _limited(name):
            result = function(*own)
    except NotYet:
        raise
    except Exception as error:  # a learner's function may fail in any way
        raise NotYet(_told(error, function, name)) from None
    if result is Ellipsis:
        raise NotYet(f"{name} still returns the three dots; put your own code in their place.")
    if result is None:
        raise NotYet(f"{name} gives nothing back; does it end with return?")
    if any(isinstance(old, np.ndarray) and not np.array_equal(old, new) for old, new in zip(args, own, strict=True)):
        raise NotYet(f"{name} changes the arrays that it is given; let it work on a copy, such as centers.copy().")
    return result


_COMMON = {
    "truth value of an array": "== compares arrays number by number; (new == old).all() says whether all are the same.",
    "could not be broadcast": "the shapes do not fit; X[:, np.newaxis] - centers sets each row against each center.",
}
"""What NumPy says of the commonest mistakes, and what to do."""


def _told(error: Exception, function: Callable[..., Any], name: str) -> str:
    """Return what stopped a learner's function, in which line of its cell, and what to do where that is known."""
    place = ""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    if lines:
        place = f" in line {lines[-1]} of its cell"
    words = " ".join(str(error).split())[:160]
    known = next((f" ({hint})" for part, hint in _COMMON.items() if part in words), "")
    return f"{name} stops{place} with {type(error).__name__}: {words}{known}"


@contextlib.contextmanager
def _limited(name: str) -> Iterator[None]:
    """Stop what takes too long, where the system can (not on Windows, and in the main thread only)."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise NotYet(f"{name} was still at work after {SECONDS} seconds; does its loop end when no label changes?")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
