"""MNIST from the files that it ships as, from an .npz file, or from the cache."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np

from inkmeans.datasets._cache import cache_folder
from inkmeans.datasets._dataset import Dataset
from inkmeans.datasets._registry import find_dataset
from inkmeans.errors import FileError, ImageError, InputError
from inkmeans.images import read_arrays, read_idx

_PREFIX = {"train": "train", "test": "t10k"}


def load_mnist(path: str | Path | None = None, part: Literal["train", "test"] = "train") -> Dataset:
    """Return one part of MNIST: images uint8 of shape (n, 28, 28), ink 255, and truths "0" to "9".

    Parameters
    ----------
    path : str or Path, optional
        The folder with the IDX files (``train-images-idx3-ubyte.gz`` and so on, gzipped or not), or ``mnist.npz`` with
        ``train_images`` and ``train_labels``, or ``x_train`` and ``y_train``. Without it: what ``fetch("mnist")`` kept.
    part : {"train", "test"}
        60,000 or 10,000 digits.

    Raises
    ------
    FileError
        The files are not there; the message says how to fetch them.
    ImageError
        The files are damaged or are not MNIST's.
    InputError
        The part is unknown.
    """
    if part not in _PREFIX:
        raise InputError(f"part must be 'train' or 'test'; got {part!r}.")
    place = cache_folder() / "mnist" if path is None else Path(path)
    if path is None and not place.is_dir():
        raise FileError(f"MNIST is not in {place}; run: inkmeans datasets fetch mnist, or give the path of its files.")
    if not place.exists():
        raise FileError(f"{place} does not exist; check the path.")
    if place.is_file():
        images, found, _ = read_arrays(place, part)
        if found is None:
            raise ImageError(f"{place} has no truths for its {part} images; they must be called {part}_labels.")
        truths = np.array(found)
    else:
        images = read_idx(_find(place, f"{_PREFIX[part]}-images", "idx3"))
        labels = read_idx(_find(place, f"{_PREFIX[part]}-labels", "idx1"))
        if labels.ndim != 1 or len(labels) != len(images):
            raise ImageError(
                f"{place} holds {len(images):,} {part} images but labels of shape {labels.shape}; "
                "files of two sets may be mixed."
            )
        truths = np.array([str(label) for label in labels])
    if images.shape[1:] != (28, 28) or images.dtype != np.uint8:
        shape = " x ".join(map(str, images.shape[1:]))
        raise ImageError(f"{place} is not MNIST: its images must be 28 x 28 of uint8; got {shape} of {images.dtype}.")
    info = find_dataset("mnist")
    description = f"MNIST, {part} part: {info.summary}"
    return Dataset(images, truths, f"mnist {part}", description, info.source, info.licence)


def _find(folder: Path, stem: str, kind: str) -> Path:
    """Return the file, whichever of its usual names it has."""
    for name in (f"{stem}-{kind}-ubyte.gz", f"{stem}-{kind}-ubyte", f"{stem}.{kind}-ubyte.gz", f"{stem}.{kind}-ubyte"):
        if (folder / name).is_file():
            return folder / name
    raise FileError(
        f"{folder} has no {stem}-{kind}-ubyte.gz; run: inkmeans datasets fetch mnist, or give the path of its files."
    )
