"""Keeping decoders quiet: what they have to say about odd or damaged files becomes our own one sentence."""

from __future__ import annotations

import ctypes
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_filters = threading.Lock()  # the list of warning filters belongs to the whole process
_handler = threading.Lock()  # and so does libtiff's handler of errors,
_n_quiet = 0  # which is off while so many pictures are decoded,
_before: Any = None  # and then what it was


@contextmanager
def without_warnings() -> Iterator[None]:
    """Keep Pillow's warnings about odd metadata from the user: the pixels are what matters."""
    with _filters, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def without_libtiff() -> Iterator[None]:
    """Keep libtiff, the C library in Pillow, from printing lines of its own to stderr about a damaged TIFF.

    Pillow raises for what cannot be decoded all the same. Where the library cannot be asked, it goes on printing.
    """
    global _before, _n_quiet
    set_handler = _setter()
    if set_handler is None:
        yield
        return
    with _handler:
        if _n_quiet == 0:
            _before = set_handler(None)
        _n_quiet += 1
    try:
        yield
    finally:
        with _handler:
            _n_quiet -= 1
            if _n_quiet == 0:
                set_handler(_before)


def _setter() -> Any:
    """Return ``TIFFSetErrorHandler`` of the very libtiff that Pillow has loaded; None where it cannot be found."""
    from PIL import _imaging

    try:
        # Symbols are looked for in what the module was linked with, too; nothing else is loaded.
        found = ctypes.CDLL(_imaging.__file__).TIFFSetErrorHandler
    except (AttributeError, OSError):
        return None
    found.argtypes, found.restype = [ctypes.c_void_p], ctypes.c_void_p
    return found
