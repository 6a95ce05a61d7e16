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
_n_quiet = 0  # which is ours while so many pictures are decoded,
_before: Any = None  # and then what it was
_errors = threading.local()  # of each thread, for libtiff calls the handler in the one that decodes


@contextmanager
def without_warnings() -> Iterator[None]:
    """Keep Pillow's warnings about odd metadata from the user: the pixels are what matters."""
    with _filters, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def strict_libtiff() -> Iterator[None]:
    """Make an error of libtiff, the C library in Pillow, an exception, in place of a line printed to stderr.

    Pillow raises for most of what cannot be decoded, but takes what libtiff makes of damaged fax data (Group 3 and 4)
    for the picture. Where the library cannot be asked, that stays so, and it goes on printing.

    Raises
    ------
    OSError
        Some pixels could not be decoded.
    """
    global _before, _n_quiet
    set_handler = _setter()
    if set_handler is None:
        yield
        return
    _errors.found = False
    with _handler:
        if _n_quiet == 0:
            _before = set_handler(_HANDLER)
        _n_quiet += 1
    try:
        yield
    finally:
        with _handler:
            _n_quiet -= 1
            if _n_quiet == 0:
                set_handler(_before)
    if _errors.found:
        raise OSError("libtiff could not decode all of the pixels")


def _note_error(function: bytes | None, _format: bytes | None, _arguments: int | None) -> None:
    """Note an error of a function that decodes, as Fax4Decode; odd tags are errors too, and no matter."""
    if function is not None and b"Decode" in function:
        _errors.found = True


_HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)(_note_error)


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
