"""Arrays to bytes and back, lossless and checked: how the project file keeps what is not text.

Each array's bytes follow the one before; a list of {"name", "dtype", "shape"} says which is where (as in safetensors).
The bytes are deflated (zlib): ink shrinks four- to tenfold, and zlib's checksum finds a flipped bit.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_BYTES = 1 << 31
"""No array of a project comes near; a damaged or hostile header does."""

# Booleans, whole numbers and floats: never objects, whose bytes would be pointers.
_PLAIN = re.compile(r"[<>|](b1|[iu][1248]|f[248])")


def is_plain(dtype: np.dtype[Any]) -> bool:
    """Return whether arrays of this dtype can be kept."""
    return _PLAIN.fullmatch(dtype.str) is not None


def pack(arrays: Mapping[str, NDArray[Any]]) -> tuple[list[dict[str, Any]], bytes]:
    """Return the list that describes the arrays, and their deflated bytes."""
    layout = [{"name": name, "dtype": a.dtype.str, "shape": list(a.shape)} for name, a in arrays.items()]
    return layout, zlib.compress(b"".join(np.ascontiguousarray(a).tobytes() for a in arrays.values()), level=1)


def unpack(layout: object, data: bytes) -> dict[str, NDArray[Any]]:
    """Return the arrays that `layout` describes; they are read-only.

    Raises
    ------
    ValueError
        With the part of a sentence that says what does not fit; checked before anything of that size is allocated.
    """
    if not isinstance(layout, list):
        raise ValueError("the list of its arrays is missing")
    entries = [_entry(item) for item in layout]
    expected = sum(dtype.itemsize * math.prod(shape) for _, dtype, shape in entries)
    if expected > MAX_BYTES:
        raise ValueError(f"its arrays claim {expected:,} bytes, more than the {MAX_BYTES:,} that are allowed")
    stream = zlib.decompressobj()
    try:
        raw = stream.decompress(data, expected + 1)
    except zlib.error as error:
        raise ValueError("its bytes fail their checksum") from error
    if len(raw) == expected and not stream.eof:
        raise ValueError("its bytes end before their checksum")
    if len(raw) != expected:
        more = "or more " if len(raw) > expected else ""
        raise ValueError(f"its arrays need {expected:,} bytes, the file has {len(raw):,} {more}left")
    arrays, start = {}, 0
    for name, dtype, shape in entries:
        arrays[name] = np.frombuffer(raw, dtype, math.prod(shape), start).reshape(shape)
        start += dtype.itemsize * math.prod(shape)
    return arrays


def _entry(item: object) -> tuple[str, np.dtype[Any], tuple[int, ...]]:
    if not isinstance(item, dict):
        raise ValueError("the list of its arrays is not one")
    name, code, shape = item.get("name"), item.get("dtype"), item.get("shape")
    if not (isinstance(shape, list) and len(shape) <= 4 and all(type(size) is int and size >= 0 for size in shape)):
        raise ValueError(f"array {name!r} has no shape")
    if not (isinstance(code, str) and _PLAIN.fullmatch(code)):
        raise ValueError(f"array {name!r} has dtype {code!r}, which is not a plain number")
    return str(name), np.dtype(code), tuple(shape)
