"""The model file: one safetensors file, arrays and a JSON header. Loading runs no code and trusts nothing."""

from __future__ import annotations

import json
import math
import os
import re
import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import FileError, ModelFileError
from inkmeans.normalize import GLYPH_SIZE, NORMALIZER
from inkmeans.reader._calibration import Calibration
from inkmeans.reader._centers import N_FEATURES, NamedCenters

if TYPE_CHECKING:
    from inkmeans.reader._reader import Reader

FORMAT = "inkmeans reader"
VERSION = 1
SHIPPED = ("digits",)
"""The readers inside the package, by name."""

_PLAIN = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]+")  # text without control characters
_KEY = "inkmeans"  # of the header in the safetensors file's metadata
_LARGE = 1e15  # numbers beyond this, or below its inverse, are damage: their squares would leave float32
_MAX_HEADER = 4_000_000  # bytes
_MAX_FILE = 1 << 30
_MAX_CENTERS = 1_000_000
_DTYPES = {"centers": "I8", "pictures": "U8", "counts": "I64", "center_names": "I32", "projection": "F32"}
_OPTIONAL = ("projection",)
_ITEM_BYTES = {"I8": 1, "U8": 1, "I32": 4, "F32": 4, "I64": 8}
_HEADER_TYPES: dict[str, type | tuple[type, ...]] = {
    "format": str,
    "version": int,
    "inkmeans": str,
    "normalizer": dict,
    "features": str,
    "step": float,
    "names": list,
    "temperature": float,
    "min_confidence": float,
    "max_distance": float,
    "trained_on": dict,
}


def load(name: str | Path = "digits") -> Reader:
    """Return a reader: one that ships in the package, by name, or the one in a model file, by path.

    Parameters
    ----------
    name : "digits" or path
        The text "digits" is the reader that ships; for a file of that name give "./digits" or a Path.

    Raises
    ------
    FileError
        If there is no such file, or it cannot be read.
    ModelFileError
        If it is no model file, is damaged, or is made for another version; the sentence says where.

    Examples
    --------
    >>> import inkmeans
    >>> inkmeans.load("digits").classes_.tolist()
    ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']
    """
    if isinstance(name, str) and name in SHIPPED:
        with as_file(files("inkmeans.reader") / f"{name}.safetensors") as path:
            return _load(path)
    return _load(Path(name))


def save(reader: Reader, path: str | Path) -> None:
    """Write a reader's model file beside `path`, then replace what stands there."""
    from safetensors.numpy import save as to_bytes

    from inkmeans import __version__

    centers = reader.centers_
    classes = [str(name) for name in reader.classes_]
    arrays: dict[str, NDArray[Any]] = {
        "centers": np.ascontiguousarray(centers.values),
        "pictures": np.ascontiguousarray(centers.pictures),
        "counts": np.ascontiguousarray(centers.counts, dtype=np.int64),
        "center_names": np.array([classes.index(name) for name in centers.names], dtype=np.int32),
    }
    if centers.projection is not None:
        arrays["projection"] = centers.projection
    header = {
        "format": FORMAT,
        "version": VERSION,
        "inkmeans": __version__,
        "normalizer": NORMALIZER,
        "features": centers.kind,
        "step": centers.step,
        "names": classes,
        "temperature": reader.calibration_.temperature,
        "min_confidence": reader.calibration_.min_confidence,
        "max_distance": reader.calibration_.max_distance,
        "trained_on": reader.trained_on_,
    }
    data = to_bytes(arrays, metadata={_KEY: json.dumps(header, ensure_ascii=False, sort_keys=True)})
    _replace(Path(path), data)


def read_header(path: Path) -> dict[str, Any]:
    """Return the checked JSON header of a model file, without its arrays."""
    return _check_header(path, _outer_header(path)[0])


def _replace(path: Path, data: bytes) -> None:
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise FileError(
            f"{path}: cannot be written ({error.strerror}); choose a folder that exists and is yours."
        ) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(beside).chmod(0o666 & ~mask)
        Path(beside).replace(path)
    except BaseException as error:  # Ctrl-C too leaves nothing half written behind
        Path(beside).unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        raise FileError(f"{path}: cannot be written ({error.strerror}); what stood there is untouched.") from None


def _load(path: Path) -> Reader:
    from inkmeans.reader._reader import Reader

    outer, data_start, size = _outer_header(path)
    header = _check_header(path, outer)
    _check_arrays(path, outer, header, data_start, size)
    arrays = _read_arrays(path, [name for name in _DTYPES if name in outer])
    names = header["names"]
    center_names = arrays["center_names"]
    if center_names.min() < 0 or center_names.max() >= len(names):
        raise ModelFileError(
            f"{path}: array 'center_names' points outside the {len(names)} names; the file is damaged."
        )
    if set(np.unique(center_names).tolist()) != set(range(len(names))):
        raise ModelFileError(f"{path}: array 'center_names' leaves a name without a center; the file is damaged.")
    if (arrays["counts"] < 1).any():
        raise ModelFileError(f"{path}: array 'counts' holds a number below 1; the file is damaged.")
    projection = arrays.get("projection")
    if projection is not None and not (np.abs(projection) <= _LARGE).all():
        raise ModelFileError(f"{path}: array 'projection' holds NaN or a number out of range; the file is damaged.")

    reader = Reader(features=header["features"])
    reader.centers_ = NamedCenters(
        kind=header["features"],
        values=arrays["centers"],
        step=float(header["step"]),
        projection=projection,
        pictures=arrays["pictures"],
        counts=arrays["counts"],
        names=tuple(names[i] for i in center_names),
    )
    reader.classes_ = np.array(names, dtype=np.str_)
    reader.calibration_ = Calibration(
        float(header["temperature"]), float(header["min_confidence"]), float(header["max_distance"])
    )
    reader.trained_on_ = header["trained_on"]
    return reader


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _outer_header(path: Path) -> tuple[dict[str, Any], int, int]:
    """Return the safetensors header, where the arrays begin, and the file's size."""
    try:
        if path.is_dir():
            raise FileError(f"{path}: is a folder; name a model file (.safetensors).")
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
            length = int.from_bytes(start, "little")
            if len(start) < 8 or not 2 <= length <= min(_MAX_HEADER, size - 8):
                raise ModelFileError(
                    f"{path}: is no model file (its first 8 bytes do not give the length of a header)."
                )
            text = file.read(length)
    except FileNotFoundError:
        known = " or ".join(f"'{name}'" for name in SHIPPED)
        raise FileError(
            f"{path}: there is no such file; name a model file, or {known} for the reader that ships."
        ) from None
    except OSError as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"{path}: cannot be read ({error.strerror}).") from None
    except ValueError as error:
        if isinstance(error, ModelFileError):
            raise
        raise FileError(f"{str(path)!r}: cannot be the name of a file ({error}).") from None
    if size > _MAX_FILE:
        raise ModelFileError(f"{path}: has {size:,} bytes, more than the limit of {_MAX_FILE:,} for a model file.")
    try:
        outer = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError):  # ValueError: no UTF-8, no JSON, or a number of thousands of digits
        raise ModelFileError(f"{path}: is no model file (its header is not JSON), or is damaged there.") from None
    if not isinstance(outer, dict) or not isinstance(outer.get("__metadata__"), dict):
        raise ModelFileError(f"{path}: is no model file of inkmeans (its header has no '__metadata__').")
    return outer, 8 + length, size


def _check_header(path: Path, outer: dict[str, Any]) -> dict[str, Any]:
    text = outer["__metadata__"].get(_KEY)
    if not isinstance(text, str):
        raise ModelFileError(
            f"{path}: is a safetensors file, but no model file of inkmeans (no '{_KEY}' in its header)."
        )
    try:
        header = json.loads(text)
    except (ValueError, RecursionError):
        raise ModelFileError(f"{path}: header '{_KEY}' is not JSON; the file is damaged.") from None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ModelFileError(f"{path}: header field 'format' must be '{FORMAT}'; this is another kind of file.")
    version = header.get("version")
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        raise ModelFileError(
            f"{path}: is a model file of version {_short(version)}, and this inkmeans reads up to {VERSION}; install "
            "a newer inkmeans."
        )
    for field, kind in _HEADER_TYPES.items():
        if field not in header:
            raise ModelFileError(f"{path}: header field '{field}' is missing; the file is damaged.")
        value = header[field]
        if kind is float and type(value) is int and abs(value) <= 1 << 53:
            value = header[field] = float(value)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ModelFileError(
                f"{path}: header field '{field}' has the wrong type, {type(value).__name__}; the file is damaged."
            )
    if version != VERSION:
        raise ModelFileError(f"{path}: header field 'version' must be {VERSION}; got {_short(version)}.")
    if header["normalizer"] != NORMALIZER:
        raise ModelFileError(
            f"{path}: was trained with another normalizer (version {_short(header['normalizer'].get('version'))}; this "
            f"inkmeans has {NORMALIZER['version']}); train it again."
        )
    if header["features"] not in N_FEATURES:
        raise ModelFileError(
            f"{path}: header field 'features' is {_short(header['features'])!r}; it must be {' or '.join(N_FEATURES)}."
        )
    names = header["names"]
    if (
        not all(isinstance(name, str) and name != "?" and _PLAIN.fullmatch(name) for name in names)
        or len(set(names)) != len(names)
        or names != sorted(names)
    ):
        raise ModelFileError(f"{path}: header field 'names' must list different texts in order; the file is damaged.")
    if not names:
        raise ModelFileError(f"{path}: header field 'names' is empty; the file is damaged.")
    for field, low, high in (
        ("step", 1.0 / _LARGE, _LARGE),
        ("temperature", 1.0 / _LARGE, _LARGE),
        ("min_confidence", 0.0, 1.0),
        ("max_distance", 1.0 / _LARGE, float(np.finfo(np.float32).max)),
    ):
        if not low <= header[field] <= high:
            raise ModelFileError(
                f"{path}: header field '{field}' is {header[field]}, out of its range; the file is damaged."
            )
    return header


def _check_arrays(path: Path, outer: dict[str, Any], header: dict[str, Any], data_start: int, size: int) -> None:
    """Check, before anything is allocated, that the arrays are those of a reader and tile the file."""
    arrays = {name: entry for name, entry in outer.items() if name != "__metadata__"}
    for name in _DTYPES:
        if name not in arrays and name not in _OPTIONAL:
            raise ModelFileError(f"{path}: array '{name}' is missing; the file is damaged.")
    for name in arrays:
        if name not in _DTYPES:
            raise ModelFileError(f"{path}: array {_short(name)!r} does not belong in a reader; the file is damaged.")
    for name, entry in arrays.items():
        if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
            raise ModelFileError(
                f"{path}: array '{name}' is not described by dtype, shape and data_offsets; the file is damaged."
            )
        if entry["dtype"] != _DTYPES[name]:
            raise ModelFileError(
                f"{path}: array '{name}' must have the dtype {_DTYPES[name]}; got {_short(entry['dtype'])}."
            )
        shape = entry["shape"]
        if not isinstance(shape, list) or not all(type(n) is int and 0 <= n <= _MAX_FILE for n in shape):
            raise ModelFileError(
                f"{path}: array '{name}' has the impossible shape {_short(shape)}; the file is damaged."
            )
    n_centers = (arrays["center_names"]["shape"] or [0])[0]
    n_features = n_dimensions = N_FEATURES[header["features"]]
    if "projection" in arrays:
        n_dimensions = (arrays["projection"]["shape"] or [0])[-1]
    wanted = {
        "centers": [n_centers, n_dimensions],
        "pictures": [n_centers, GLYPH_SIZE, GLYPH_SIZE],
        "counts": [n_centers],
        "center_names": [n_centers],
        "projection": [n_features, n_dimensions],
    }
    for name, entry in arrays.items():
        if entry["shape"] != wanted[name]:
            raise ModelFileError(
                f"{path}: array '{name}' has the shape {_short(entry['shape'])}, but {wanted[name]} fits the others; "
                "the file is damaged."
            )
    if not n_dimensions:
        raise ModelFileError(f"{path}: array 'projection' is empty; the file is damaged.")
    if not n_centers or n_centers > _MAX_CENTERS:
        raise ModelFileError(f"{path}: has {n_centers} centers; a reader has between 1 and {_MAX_CENTERS:,}.")
    at = 0
    for name, entry in arrays.items():
        offsets = entry["data_offsets"]
        if not isinstance(offsets, list) or len(offsets) != 2 or not all(type(n) is int and n >= 0 for n in offsets):
            raise ModelFileError(
                f"{path}: array '{name}' has the impossible data_offsets {_short(offsets)}; the file is damaged."
            )
    for name, entry in sorted(arrays.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = entry["data_offsets"]
        needed = math.prod(entry["shape"]) * _ITEM_BYTES[entry["dtype"]]
        if begin != at or end - begin != needed:
            raise ModelFileError(f"{path}: array '{name}' does not follow the one before it; the file is damaged.")
        left = size - data_start - begin
        if needed > left:
            raise ModelFileError(
                f"{path}: array '{name}' needs {needed:,} bytes, the file has {max(left, 0):,} left; it is probably "
                "truncated."
            )
        at = end
    if size - data_start != at:
        raise ModelFileError(f"{path}: has {size - data_start - at:,} bytes after its last array; the file is damaged.")


def _read_arrays(path: Path, names: list[str]) -> dict[str, NDArray[Any]]:
    from safetensors import safe_open

    try:
        with safe_open(path, framework="np") as file:
            return {name: file.get_tensor(name) for name in names}
    except Exception as error:  # safetensors raises its own kind, and names no file
        raise ModelFileError(f"{path}: cannot be read as safetensors ({error}); the file is damaged.") from None
