"""The model file: one safetensors file, arrays and a JSON header. Loading runs no code and trusts nothing."""

from __future__ import annotations

import json
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import FileError, ModelFileError
from inkmeans.features import Dictionary
from inkmeans.files import write_file
from inkmeans.normalize import NORMALIZER
from inkmeans.reader._calibration import Calibration
from inkmeans.reader._centers import ClassCenters
from inkmeans.reader._mixture import Mixture
from inkmeans.reader._model import Classifier, Gallery, Model
from inkmeans.reader._model_checks import (
    FORMAT,
    KEY,
    MAX_FILE,
    SEAL,
    VERSION,
    check_arrays,
    check_header,
    check_seal,
    check_values,
    find_header,
    seal,
)
from inkmeans.reader._pictures import pack, unpack
from inkmeans.reader._points import PatchPoints, PixelPoints, Points, Projection
from inkmeans.reader._rbf import RBFClassifier
from inkmeans.reader._settings import Settings
from inkmeans.reader._version_2 import VERSION_2, array_of_version_2, header_of_version_2

SHIPPED = ("digits",)
"""The readers inside the package, by name."""

_PROJECT = b"SQLite f"  # how a project file begins
_MAX_HEADER = 4_000_000  # bytes


def load_model(name: str | Path) -> Model:
    """Return the model of a reader that ships, by name, or that in a model file, by path; see `inkmeans.load`."""
    if isinstance(name, str) and name in SHIPPED:
        with as_file(files("inkmeans.reader") / f"{name}.safetensors") as path:
            return _load(path)
    if name == "":  # which Path takes for the folder "."
        known = " or ".join(f"'{each}'" for each in SHIPPED)
        raise FileError(f"'' names no file; name a model file, or {known} for the reader that ships.")
    return _load(Path(name))


def save_model(model: Model, path: str | Path) -> None:
    """Write a model file: all of it or nothing; see `inkmeans.files.write_file`."""
    from safetensors.numpy import save as to_bytes

    from inkmeans import __version__

    points, classifier, calibration, settings = model.points, model.classifier, model.calibration, model.settings
    centers = classifier.centers
    arrays: dict[str, NDArray[Any]] = {
        "centers": np.ascontiguousarray(centers.values),
        "pictures": np.ascontiguousarray(pack(centers.pictures)),
        "counts": np.ascontiguousarray(centers.counts, dtype=np.int64),
        "center_classes": centers.classes.astype(np.int32),
    }
    header = {
        "format": FORMAT,
        "version": VERSION,
        "inkmeans": __version__,
        "normalizer": NORMALIZER,
        "features": points.kind,
        "scale": centers.scale,
        "classes": model.classes.tolist(),
        "classes_dtype": "str" if model.classes.dtype.kind == "U" else model.classes.dtype.name,
        "temperature": calibration.temperature,
        "min_confidence": calibration.min_confidence,
        "max_distance": calibration.max_distance,
        "smoothing": calibration.smoothing,
        "quality": settings.quality,
        "centers_per_name": settings.centers_per_name,
        "max_error": settings.max_error,
        "random_state": settings.random_state,
        "trained_on": model.trained_on,
    }
    if isinstance(points, PatchPoints) and isinstance(classifier, RBFClassifier):
        dictionary = points.dictionary
        arrays |= {
            "weights": np.ascontiguousarray(classifier.weights),
            "filters": np.ascontiguousarray(dictionary.filters),
            "filter_offsets": np.ascontiguousarray(dictionary.offsets),
            "projection": np.ascontiguousarray(points.projection.matrix),
            "projection_offset": np.ascontiguousarray(points.projection.offset),
        }
        header |= {
            "bandwidth": classifier.bandwidth,
            "n_cells": dictionary.n_cells,
            "views": dictionary.views,
        }
    if model.gallery is not None:
        arrays |= {
            "gallery": np.ascontiguousarray(pack(model.gallery.glyphs)),
            "gallery_classes": model.gallery.classes.astype(np.int32),
        }
    text = json.dumps(header, ensure_ascii=False, sort_keys=True)
    write_file(path, _in_one_order(to_bytes(arrays, metadata={KEY: text, SEAL: seal(text, arrays)})))


def _in_one_order(data: bytes) -> bytes:
    """Return a safetensors file with its metadata sorted: the library writes them in any order."""
    length = int.from_bytes(data[:8], "little")
    outer = json.loads(data[8 : 8 + length])
    outer["__metadata__"] = dict(sorted(outer["__metadata__"].items()))
    text = json.dumps(outer, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # the arrays stay aligned
    return len(text).to_bytes(8, "little") + text + data[8 + length :]


def _load(path: Path) -> Model:
    outer, n_bytes = _outer_header(path)
    header = find_header(path, outer)
    arrays_by_name = {name: name for name in outer if name != "__metadata__"}  # as the file calls them
    if header.get("version") == VERSION_2:
        header = header_of_version_2(header)
        arrays_by_name = {array_of_version_2(name): name for name in arrays_by_name}
    header = check_header(path, header)
    check_arrays(path, {name: outer[stored] for name, stored in arrays_by_name.items()}, header, n_bytes)
    arrays = _read_arrays(path, arrays_by_name)
    check_values(path, header, arrays)
    check_seal(path, outer["__metadata__"], arrays)
    return Model(
        points=_points(header, arrays),
        classifier=_classifier(header, arrays),
        calibration=Calibration(
            float(header["temperature"]),
            float(header["min_confidence"]),
            float(header["max_distance"]),
            float(header["smoothing"]),
        ),
        classes=np.array(header["classes"], dtype=header["classes_dtype"]),
        settings=Settings(
            header["quality"],
            header["features"],
            header["centers_per_name"],
            float(header["max_error"]),
            header["random_state"],
        ),
        gallery=_gallery(arrays),
        trained_on=header["trained_on"],
    )


def _points(header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Points:
    if header["features"] == "pixels":
        return PixelPoints()
    views = tuple((float(degrees), float(stretch)) for degrees, stretch in header["views"])
    dictionary = Dictionary(arrays["filters"], arrays["filter_offsets"], header["n_cells"], views)
    return PatchPoints(dictionary, Projection(arrays["projection"], arrays["projection_offset"]))


def _classifier(header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Classifier:
    centers = ClassCenters(
        values=arrays["centers"],
        scale=float(header["scale"]),
        pictures=unpack(arrays["pictures"]),
        counts=arrays["counts"],
        classes=arrays["center_classes"].astype(np.intp),
    )
    if "weights" in arrays:
        return RBFClassifier(centers, float(header["bandwidth"]), arrays["weights"])
    return Mixture(centers, len(header["classes"]))


def _gallery(arrays: dict[str, NDArray[Any]]) -> Gallery | None:
    if "gallery" not in arrays:
        return None
    return Gallery(unpack(arrays["gallery"]), arrays["gallery_classes"].astype(np.intp))


def _outer_header(path: Path) -> tuple[dict[str, Any], int]:
    """Return the safetensors header, and how many bytes the file has after it."""
    try:
        if path.is_dir():
            raise FileError(f"{path} is a folder; name a model file (.safetensors).")
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
            if not start:
                raise ModelFileError(f"{path} is empty; name a model file (.safetensors).")
            if start == _PROJECT:
                raise ModelFileError(f"{path} is a project; train a reader from it: inkmeans train {path} -o MODEL")
            length = int.from_bytes(start, "little")
            if len(start) < 8 or not 2 <= length <= min(_MAX_HEADER, size - 8):
                raise ModelFileError(f"{path} is no model file (its first 8 bytes do not give the length of a header).")
            text = file.read(length)
    except FileNotFoundError:
        known = " or ".join(f"'{name}'" for name in SHIPPED)
        raise FileError(f"{path} does not exist; name a model file, or {known} for the reader that ships.") from None
    except OSError as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"{path} cannot be read ({error.strerror}).") from None
    except ValueError as error:
        if isinstance(error, ModelFileError):
            raise
        raise FileError(f"{str(path)!r} cannot be the name of a file ({error}).") from None
    if size > MAX_FILE:
        raise ModelFileError(f"{path} has {size:,} bytes, more than the limit of {MAX_FILE:,} for a model file.")
    try:
        outer = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError):  # ValueError: no UTF-8, no JSON, or a number of thousands of digits
        raise ModelFileError(f"{path} is no model file (its header is not JSON), or is damaged there.") from None
    if not isinstance(outer, dict) or not isinstance(outer.get("__metadata__"), dict):
        raise ModelFileError(f"{path} is no model file of inkmeans (its header has no '__metadata__').")
    return outer, size - 8 - length


def _read_arrays(path: Path, stored: dict[str, str]) -> dict[str, NDArray[Any]]:
    """Return the arrays by our names, given what the file calls each."""
    from safetensors import safe_open

    try:
        with safe_open(path, framework="np") as file:
            return {name: file.get_tensor(as_stored) for name, as_stored in stored.items()}
    except Exception as error:  # safetensors raises its own kind, and names no file
        raise ModelFileError(f"{path} cannot be read as safetensors ({error}); the file is damaged.") from None
