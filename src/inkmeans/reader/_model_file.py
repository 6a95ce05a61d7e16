"""The model file: one safetensors file, arrays and a JSON header. Loading runs no code and trusts nothing."""

from __future__ import annotations

import json
import os
import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import FileError, ModelFileError
from inkmeans.features import Dictionary
from inkmeans.normalize import NORMALIZER
from inkmeans.reader._calibration import Calibration
from inkmeans.reader._centers import NamedCenters, packed, unpacked
from inkmeans.reader._features import PatchPoints, PixelPoints, Points, Projection
from inkmeans.reader._gallery import Gallery
from inkmeans.reader._laws import Network
from inkmeans.reader._learning import Learned
from inkmeans.reader._model_checks import (
    DTYPES,
    FORMAT,
    KEY,
    MAX_FILE,
    SEAL,
    VERSION,
    check_arrays,
    check_header,
    check_seal,
    check_values,
    seal,
)

if TYPE_CHECKING:
    from inkmeans.reader._reader import Reader

SHIPPED = ("digits",)
"""The readers inside the package, by name."""

_PROJECT = b"SQLite f"  # how a project file begins
_MAX_HEADER = 4_000_000  # bytes


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

    learned = reader._learned
    centers, points, network = learned.centers, learned.points, learned.network
    classes = [str(name) for name in reader.classes_]
    arrays: dict[str, NDArray[Any]] = {
        "centers": np.ascontiguousarray(centers.values),
        "pictures": np.ascontiguousarray(packed(centers.pictures)),
        "counts": np.ascontiguousarray(centers.counts, dtype=np.int64),
        "center_names": np.array([classes.index(name) for name in centers.names], dtype=np.int32),
    }
    header = {
        "format": FORMAT,
        "version": VERSION,
        "inkmeans": __version__,
        "normalizer": NORMALIZER,
        "features": points.kind,
        "step": centers.step,
        "names": classes,
        "temperature": reader.calibration_.temperature,
        "min_confidence": reader.calibration_.min_confidence,
        "max_distance": reader.calibration_.max_distance,
        "trained_on": reader.trained_on_,
    }
    if isinstance(points, PatchPoints) and network is not None:
        dictionary = points.dictionary
        arrays |= {
            "weights": np.ascontiguousarray(network.weights),
            "filters": np.ascontiguousarray(dictionary.filters),
            "filter_offsets": np.ascontiguousarray(dictionary.offsets),
            "projection": np.ascontiguousarray(points.projection.matrix),
            "projection_offset": np.ascontiguousarray(points.projection.offset),
        }
        header |= {
            "doubt": learned.calibration.doubt,
            "width": network.width,
            "n_cells": dictionary.n_cells,
            "views": dictionary.views,
        }
    if learned.gallery is not None:
        arrays |= {
            "gallery": np.ascontiguousarray(packed(learned.gallery.glyphs)),
            "gallery_names": np.array([classes.index(name) for name in learned.gallery.names], dtype=np.int32),
        }
    text = json.dumps(header, ensure_ascii=False, sort_keys=True)
    _replace(Path(path), _in_one_order(to_bytes(arrays, metadata={KEY: text, SEAL: seal(text, arrays)})))


def _in_one_order(data: bytes) -> bytes:
    """Return a safetensors file with its metadata sorted: the library writes them in any order."""
    length = int.from_bytes(data[:8], "little")
    outer = json.loads(data[8 : 8 + length])
    outer["__metadata__"] = dict(sorted(outer["__metadata__"].items()))
    text = json.dumps(outer, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # the arrays stay aligned
    return len(text).to_bytes(8, "little") + text + data[8 + length :]


def _replace(path: Path, data: bytes) -> None:
    """Write `data` beside the file and put it in place; a link to the file stays one."""
    try:
        file_itself = path.resolve()
        if file_itself.exists() and not file_itself.is_file() and not file_itself.is_dir():
            raise FileError(
                f"{path}: is no plain file (a device or a pipe), and is not written over; give the name of a file."
            )
        handle, beside = tempfile.mkstemp(dir=file_itself.parent, prefix=f".{path.name}.")
    except OSError as error:
        if isinstance(error, FileError):
            raise
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
        Path(beside).replace(file_itself)
    except BaseException as error:  # Ctrl-C too leaves nothing half written behind
        Path(beside).unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        raise FileError(f"{path}: cannot be written ({error.strerror}); what stood there is untouched.") from None


def _load(path: Path) -> Reader:
    from inkmeans.reader._reader import Reader

    outer, n_bytes = _outer_header(path)
    header = check_header(path, outer)
    check_arrays(path, outer, header, n_bytes)
    arrays = _read_arrays(path, [name for name in DTYPES if name in outer])
    check_values(path, header, arrays)
    check_seal(path, outer, arrays)

    reader = Reader(features=header["features"])
    reader._learned = Learned(
        points=_points(header, arrays),
        centers=NamedCenters(
            values=arrays["centers"],
            step=float(header["step"]),
            pictures=unpacked(arrays["pictures"]),
            counts=arrays["counts"],
            names=tuple(header["names"][i] for i in arrays["center_names"]),
        ),
        gallery=_gallery(header, arrays),
        network=Network(float(header["width"]), arrays["weights"]) if "weights" in arrays else None,
        calibration=Calibration(
            float(header["temperature"]),
            float(header["min_confidence"]),
            float(header["max_distance"]),
            float(header.get("doubt", 0.0)),
        ),
    )
    reader.classes_ = np.array(header["names"], dtype=np.str_)
    reader.trained_on_ = header["trained_on"]
    return reader


def _points(header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Points:
    if header["features"] == "pixels":
        return PixelPoints()
    views = tuple((float(degrees), float(stretch)) for degrees, stretch in header["views"])
    dictionary = Dictionary(arrays["filters"], arrays["filter_offsets"], header["n_cells"], views)
    return PatchPoints(dictionary, Projection(arrays["projection"], arrays["projection_offset"]))


def _gallery(header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Gallery | None:
    if "gallery" not in arrays:
        return None
    return Gallery(unpacked(arrays["gallery"]), tuple(header["names"][i] for i in arrays["gallery_names"]))


def _outer_header(path: Path) -> tuple[dict[str, Any], int]:
    """Return the safetensors header, and how many bytes the file has after it."""
    try:
        if path.is_dir():
            raise FileError(f"{path}: is a folder; name a model file (.safetensors).")
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
            if not start:
                raise ModelFileError(f"{path}: is empty; name a model file (.safetensors).")
            if start == _PROJECT:
                raise ModelFileError(f"{path}: is a project; train a reader from it: inkmeans train {path} -o MODEL")
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
    if size > MAX_FILE:
        raise ModelFileError(f"{path}: has {size:,} bytes, more than the limit of {MAX_FILE:,} for a model file.")
    try:
        outer = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError):  # ValueError: no UTF-8, no JSON, or a number of thousands of digits
        raise ModelFileError(f"{path}: is no model file (its header is not JSON), or is damaged there.") from None
    if not isinstance(outer, dict) or not isinstance(outer.get("__metadata__"), dict):
        raise ModelFileError(f"{path}: is no model file of inkmeans (its header has no '__metadata__').")
    return outer, size - 8 - length


def _read_arrays(path: Path, names: list[str]) -> dict[str, NDArray[Any]]:
    from safetensors import safe_open

    try:
        with safe_open(path, framework="np") as file:
            return {name: file.get_tensor(name) for name in names}
    except Exception as error:  # safetensors raises its own kind, and names no file
        raise ModelFileError(f"{path}: cannot be read as safetensors ({error}); the file is damaged.") from None
