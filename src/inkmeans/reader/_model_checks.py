"""What must hold of a model file before it is trusted: its header, the places of its arrays, their values.

Each check returns or raises a ModelFileError that says where the file is damaged.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.checks import is_whole
from inkmeans.errors import ModelFileError
from inkmeans.names import REJECTED
from inkmeans.normalize import GLYPH_SIZE, NORMALIZER
from inkmeans.reader._points import KINDS
from inkmeans.reader._settings import MAX_CENTERS
from inkmeans.reader._version_2 import VERSION_2

FORMAT = "inkmeans reader"
VERSION = 3
READABLE = (VERSION_2, VERSION)
KEY = "inkmeans"
"""Where the header stands in the safetensors file's metadata."""
SEAL = "sha256"
"""Where the checksum over that header and the arrays stands, beside it."""
MAX_FILE = 1 << 30
"""Bytes: larger files are no readers."""
DTYPES = {
    "centers": "I8",
    "pictures": "U8",
    "counts": "I64",
    "center_classes": "I32",
    "weights": "F32",
    "filters": "F32",
    "filter_offsets": "F32",
    "projection": "F16",
    "projection_offset": "F32",
    "gallery": "U8",
    "gallery_classes": "I32",
}
"""The arrays of a model file."""
OF_PATCHES = ("weights", "filters", "filter_offsets", "projection", "projection_offset")
"""The arrays that only a reader on patches has."""
CLASS_DTYPES = (
    "str",
    "bool",
    *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)),
    *("float16", "float32", "float64"),
)
"""The dtypes that classes may have."""
OF_GALLERY = ("gallery", "gallery_classes")
"""The arrays that a reader may have, both or none."""

_PLAIN = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]+")  # text without control characters
_LARGE = 1e15  # numbers beyond this, or below its inverse, are damage: their squares would leave float32
_MAX_CENTERS = 1_000_000
_ITEM_BYTES = {"I8": 1, "U8": 1, "F16": 2, "I32": 4, "F32": 4, "I64": 8}
_MAX_CELLS, _MAX_VIEWS, _MAX_FILTER = 14, 64, 16
_HEADER_TYPES: dict[str, type | tuple[type, ...]] = {
    "format": str,
    "version": int,
    "inkmeans": str,
    "normalizer": dict,
    "features": str,
    "scale": float,
    "classes": list,
    "classes_dtype": str,
    "temperature": float,
    "min_confidence": float,
    "max_distance": float,
    "smoothing": float,
    "quality": str,
    "centers_per_name": (int, type(None)),
    "max_error": float,
    "random_state": int,
    "trained_on": dict,
}
_TYPES_OF_PATCHES: dict[str, type] = {"bandwidth": float, "n_cells": int, "views": list}


def find_header(path: Path, outer: dict[str, Any]) -> dict[str, Any]:
    """Return the header of a reader that the safetensors header `outer` holds, of any version that can be read."""
    text = outer["__metadata__"].get(KEY)
    if not isinstance(text, str):
        raise ModelFileError(f"{path} is a safetensors file, but no model file of inkmeans (no '{KEY}' in its header).")
    try:
        header = json.loads(text)
    except (ValueError, RecursionError):
        raise ModelFileError(f"{path}: header '{KEY}' is not JSON; the file is damaged.") from None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ModelFileError(f"{path}: header field 'format' must be '{FORMAT}'; this is another kind of file.")
    version = header.get("version")
    if is_whole(version) and version > VERSION:
        raise ModelFileError(
            f"{path} is a model file of version {_short(version)}, and this inkmeans reads up to {VERSION}; install "
            "a newer inkmeans."
        )
    return header


def check_header(path: Path, header: dict[str, Any]) -> dict[str, Any]:
    """Return a header in the words of this version, each field checked."""
    of_patches = _TYPES_OF_PATCHES if header.get("features") == "patches" else {}
    for field, kind in (_HEADER_TYPES | of_patches).items():
        if field not in header:
            raise ModelFileError(f"{path}: header field '{field}' is missing; the file is damaged.")
        value = header[field]
        if kind is float and type(value) is int and abs(value) <= 1 << 53:
            value = header[field] = float(value)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ModelFileError(
                f"{path}: header field '{field}' has the wrong type, {type(value).__name__}; the file is damaged."
            )
    if header["version"] not in READABLE:
        readable = " or ".join(map(str, READABLE))
        raise ModelFileError(f"{path}: header field 'version' must be {readable}; got {_short(header['version'])}.")
    if header["normalizer"] != NORMALIZER:
        raise ModelFileError(
            f"{path} was trained with another normalizer (version {_short(header['normalizer'].get('version'))}; this "
            f"inkmeans has {NORMALIZER['version']}); train it again."
        )
    if header["features"] not in KINDS:
        raise ModelFileError(
            f"{path}: header field 'features' is {_short(header['features'])!r}; it must be {' or '.join(KINDS)}."
        )
    if header["features"] == "patches":
        _check_looking(path, header)
    _check_classes(path, header)
    _check_settings(path, header)
    for field, low, high in (
        ("scale", 1.0 / _LARGE, _LARGE),
        ("temperature", 1.0 / _LARGE, _LARGE),
        ("min_confidence", 0.0, 1.0),
        ("max_distance", 1.0 / _LARGE, float(np.finfo(np.float32).max)),
        ("bandwidth", 1.0 / _LARGE, _LARGE),
        ("smoothing", 0.0, 1.0),
        ("max_error", 0.0, 1.0),
    ):
        if not low <= header.get(field, low) <= high:
            raise ModelFileError(
                f"{path}: header field '{field}' is {header[field]}, out of its range; the file is damaged."
            )
    return header


def _check_looking(path: Path, header: dict[str, Any]) -> None:
    """Check how a reader on patches looks at glyphs."""
    n_cells, views = header["n_cells"], header["views"]
    if not 1 <= n_cells <= _MAX_CELLS:
        raise ModelFileError(
            f"{path}: header field 'n_cells' must be from 1 to {_MAX_CELLS}; got {_short(n_cells)}; the file is "
            "damaged."
        )
    if (
        not 1 <= len(views) <= _MAX_VIEWS
        or not all(isinstance(view, list) and len(view) == 2 and all(map(_is_plain_number, view)) for view in views)
        or not all(0.1 <= stretch <= 10.0 for _, stretch in views)
    ):
        raise ModelFileError(
            f"{path}: header field 'views' must list pairs of degrees and stretch; got {_short(views)}; the file is "
            "damaged."
        )


def _check_classes(path: Path, header: dict[str, Any]) -> None:
    """Check that the classes are different texts, or numbers of their dtype, in order."""
    classes, name = header["classes"], header["classes_dtype"]
    if name not in CLASS_DTYPES:
        raise ModelFileError(
            f"{path}: header field 'classes_dtype' is {_short(name)!r}; it must be one of {', '.join(CLASS_DTYPES)}."
        )
    if not classes:
        raise ModelFileError(f"{path}: header field 'classes' is empty; the file is damaged.")
    dtype = np.dtype(name)
    if dtype.kind == "U":
        known = all(isinstance(one, str) and one != REJECTED and _PLAIN.fullmatch(one) for one in classes)
    elif dtype.kind in "iu":
        limits = np.iinfo(dtype)
        known = all(type(one) is int and limits.min <= one <= limits.max for one in classes)
    elif dtype.kind == "b":
        known = all(type(one) is bool for one in classes)
    else:
        most = float(np.finfo(dtype).max)
        known = all(type(one) is float and abs(one) <= most and one.is_integer() for one in classes)
        known = known and all(float(dtype.type(one)) == one for one in classes)
    if not known or not all(one < other for one, other in pairwise(classes)):
        what = "texts" if dtype.kind == "U" else "whole numbers"
        raise ModelFileError(
            f"{path}: header field 'classes' must list different {what} in order; the file is damaged."
        )


def _check_settings(path: Path, header: dict[str, Any]) -> None:
    """Check how the reader was trained."""
    if header["quality"] not in MAX_CENTERS:
        raise ModelFileError(
            f"{path}: header field 'quality' is {_short(header['quality'])!r}; it must be {' or '.join(MAX_CENTERS)}."
        )
    centers, seed = header["centers_per_name"], header["random_state"]
    if centers is not None and not 1 <= centers <= MAX_FILE:
        raise ModelFileError(
            f"{path}: header field 'centers_per_name' must be null or at least 1; got {_short(centers)}; the file is "
            "damaged."
        )
    if not 0 <= seed < 1 << 32:
        raise ModelFileError(
            f"{path}: header field 'random_state' must be from 0 to 2^32 - 1; got {_short(seed)}; the file is damaged."
        )


def _is_plain_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) <= 360.0


def check_arrays(path: Path, arrays: dict[str, Any], header: dict[str, Any], n_bytes: int) -> None:
    """Check, before anything is allocated, that the arrays are those of a reader and tile their n_bytes of the file."""
    wanted = [name for name in DTYPES if header["features"] == "patches" or name not in OF_PATCHES]
    has_gallery = any(name in arrays for name in OF_GALLERY)
    for name in wanted:
        if name not in arrays and (has_gallery or name not in OF_GALLERY):
            raise ModelFileError(f"{path}: array '{name}' is missing; the file is damaged.")
    for name in arrays:
        if name not in wanted:
            raise ModelFileError(f"{path}: array {_short(name)!r} does not belong in a reader; the file is damaged.")
    for name, entry in arrays.items():
        if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
            raise ModelFileError(
                f"{path}: array '{name}' is not described by dtype, shape and data_offsets; the file is damaged."
            )
        if entry["dtype"] != DTYPES[name]:
            raise ModelFileError(
                f"{path}: array '{name}' must have the dtype {DTYPES[name]}; got {_short(entry['dtype'])}."
            )
        shape = entry["shape"]
        if not isinstance(shape, list) or not all(type(n) is int and 0 <= n <= MAX_FILE for n in shape):
            raise ModelFileError(
                f"{path}: array '{name}' has the impossible shape {_short(shape)}; the file is damaged."
            )
    _check_shapes(path, arrays, header)
    _check_places(path, arrays, n_bytes)


def _check_shapes(path: Path, arrays: dict[str, Any], header: dict[str, Any]) -> None:
    n_centers = (arrays["center_classes"]["shape"] or [0])[0]
    n_dimensions = GLYPH_SIZE * GLYPH_SIZE
    wanted = {
        "pictures": [n_centers, GLYPH_SIZE, GLYPH_SIZE // 2],  # two pixels in a byte
        "counts": [n_centers],
        "center_classes": [n_centers],
    }
    if header["features"] == "patches":
        n_dimensions = (arrays["projection_offset"]["shape"] or [0])[0]
        n_filters = (arrays["filter_offsets"]["shape"] or [0])[0]
        size = (arrays["filters"]["shape"] or [0])[-1]
        wanted |= {
            "weights": [n_centers, len(header["classes"])],
            "filters": [n_filters, size, size],
            "filter_offsets": [n_filters],
            "projection": [header["n_cells"] ** 2 * n_filters, n_dimensions],
            "projection_offset": [n_dimensions],
        }
    wanted["centers"] = [n_centers, n_dimensions]
    if "gallery_classes" in arrays:
        n_gallery = (arrays["gallery_classes"]["shape"] or [0])[0]
        wanted |= {"gallery": [n_gallery, GLYPH_SIZE, GLYPH_SIZE // 2], "gallery_classes": [n_gallery]}
    for name, entry in arrays.items():
        if entry["shape"] != wanted[name]:
            raise ModelFileError(
                f"{path}: array '{name}' has the shape {_short(entry['shape'])}, but {wanted[name]} fits the others; "
                "the file is damaged."
            )
    if not n_dimensions:
        raise ModelFileError(f"{path}: array 'projection' is empty; the file is damaged.")
    if header["features"] == "patches" and not (n_filters and 1 <= size <= _MAX_FILTER):
        raise ModelFileError(
            f"{path}: array 'filters' has the shape {_short(arrays['filters']['shape'])}; there must be at least one, "
            f"of 1 to {_MAX_FILTER} pixels a side; the file is damaged."
        )
    if header["features"] == "patches" and size + header["n_cells"] - 1 > GLYPH_SIZE:
        raise ModelFileError(
            f"{path}: header field 'n_cells' is {header['n_cells']}, too many for filters of {size} pixels; the file "
            "is damaged."
        )
    if not n_centers or n_centers > _MAX_CENTERS:
        raise ModelFileError(f"{path} has {n_centers} centers; a reader has between 1 and {_MAX_CENTERS:,}.")


def _check_places(path: Path, arrays: dict[str, Any], n_bytes: int) -> None:
    """Check that the arrays lie one behind the other, and fill the n_bytes."""
    for name, entry in arrays.items():
        offsets = entry["data_offsets"]
        if not isinstance(offsets, list) or len(offsets) != 2 or not all(type(n) is int and n >= 0 for n in offsets):
            raise ModelFileError(
                f"{path}: array '{name}' has the impossible data_offsets {_short(offsets)}; the file is damaged."
            )
    at = 0
    for name, entry in sorted(arrays.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = entry["data_offsets"]
        needed = math.prod(entry["shape"]) * _ITEM_BYTES[entry["dtype"]]
        if begin != at or end - begin != needed:
            raise ModelFileError(f"{path}: array '{name}' does not follow the one before it; the file is damaged.")
        left = n_bytes - begin
        if needed > left:
            raise ModelFileError(
                f"{path}: array '{name}' needs {needed:,} bytes, the file has {max(left, 0):,} left; it is probably "
                "truncated."
            )
        at = end
    if n_bytes != at:
        raise ModelFileError(f"{path} has {n_bytes - at:,} bytes after its last array; the file is damaged.")


def check_values(path: Path, header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
    """Check what only the arrays themselves tell: that every center has a class, glyphs and finite numbers."""
    n_classes = len(header["classes"])
    center_classes = arrays["center_classes"]
    if center_classes.min() < 0 or center_classes.max() >= n_classes:
        raise ModelFileError(
            f"{path}: array 'center_classes' points outside the {n_classes} classes; the file is damaged."
        )
    shown = arrays.get("gallery_classes", np.zeros(0, np.int32))
    if len(shown) and (shown.min() < 0 or shown.max() >= n_classes):
        raise ModelFileError(
            f"{path}: array 'gallery_classes' points outside the {n_classes} classes; the file is damaged."
        )
    if set(np.unique(center_classes).tolist()) != set(range(n_classes)):
        raise ModelFileError(f"{path}: array 'center_classes' leaves a class without a center; the file is damaged.")
    if (arrays["counts"] < 1).any():
        raise ModelFileError(f"{path}: array 'counts' holds a number below 1; the file is damaged.")
    for name in OF_PATCHES:
        if name in arrays and not (np.abs(arrays[name].astype(np.float32)) <= _LARGE).all():
            raise ModelFileError(f"{path}: array '{name}' holds NaN or a number out of range; the file is damaged.")


def seal(text: str, arrays: dict[str, NDArray[Any]]) -> str:
    """Return the SHA-256 over the header's text and the bytes of all arrays, in the order of `DTYPES`."""
    checksum = hashlib.sha256(text.encode("utf-8", "surrogatepass"))
    for name in DTYPES:
        if name in arrays:
            checksum.update(np.ascontiguousarray(arrays[name]).data)
    return checksum.hexdigest()


def check_seal(path: Path, metadata: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
    """Check that not one bit has changed since the file was saved; asked last, for the others say where it has."""
    if SEAL not in metadata:
        raise ModelFileError(f"{path} has no checksum ('{SEAL}' in its header); train it again.")
    if metadata[SEAL] != seal(metadata[KEY], arrays):
        raise ModelFileError(
            f"{path} fails its checksum, so something in it has changed since it was saved; restore it from a copy, "
            "or train it again."
        )


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."
