"""Images and truths in .npz and .npy files: which array is which, and what shapes and numbers are images."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import ImageError
from inkmeans.images._files import open_file
from inkmeans.images._npy import Archive, read_npy

IMAGE_WORDS = ("images", "image", "x", "data", "pixels", "glyphs")  # the first wins where an archive has several
TRUTH_WORDS = ("truths", "truth", "labels", "label", "targets", "target", "y")
CLASS_NAMES = ("class_names", "target_names")


def read_arrays(path: str | Path, selector: str | None = None) -> tuple[NDArray[Any], list[str] | None, str]:
    """Return the images of an .npz or .npy file, their truths where the file has them, and the images' array name.

    In an .npz file the images are the array called ``images``, ``X``, ``data``, ``pixels`` or ``glyphs``, or such a
    word with a part before or after it (``train_images``, ``x_test``); the truths are the array called ``truths``,
    ``labels``, ``target`` or ``y`` with the same part. Where no name fits, the only array that has the shape of images
    is taken. ``class_names`` or ``target_names`` give text to truths that are numbers.

    Parameters
    ----------
    path : str or Path
    selector : str, optional
        Which array of an .npz file: its name, or the part that tells it from the others (``"test"``).

    Returns
    -------
    images : array of shape (n, height, width)
        From (n, height, width), or (n, d) where d is a square, as in scikit-learn's (1797, 64). uint8, float32 and
        float64 stay; other integers become float32, and True 255.
    truths : list of str, or None
    array_name : str
        Empty for an .npy file.

    Raises
    ------
    FileError
        The file cannot be opened.
    ImageError
        The file is damaged, holds no images, several to choose from, Python objects, NaN or infinity.
    """
    path = Path(path)
    with open_file(path) as file:
        is_npy = file.read(6) == b"\x93NUMPY"
        file.seek(0)
        if not is_npy:
            archive = Archive(file, str(path))
            name = _choose_images(archive, selector)
            images = as_images(archive.read(name), f"{path}: array '{name}'")
            return images, _truths_beside(archive, name, len(images)), name
    if selector is not None:
        raise ImageError(f"{path} holds one array, so '#{selector}' cannot choose in it; leave it out.")
    return as_images(read_npy(path), str(path)), None, ""


def read_truth_array(path: Path, selector: str | None) -> list[str]:
    """Return the truths in an .npy file, or in one named array of an .npz file."""
    with open_file(path) as file:
        is_npy = file.read(6) == b"\x93NUMPY"
        file.seek(0)
        if not is_npy:
            archive = Archive(file, str(path))
            names = [name for name in archive.headers if _key(name, TRUTH_WORDS) is not None]
            if selector in archive.headers:
                name = str(selector)
            elif selector is None and len(names) == 1:
                name = names[0]
            else:
                raise ImageError(f"{path}: say which array holds the truths; {_choices(path, list(archive.headers))}.")
            return as_truths(archive.read(name), f"{path}: array '{name}'", _class_names(archive))
    return as_truths(read_npy(path), str(path))


def as_images(array: NDArray[Any], what: str) -> NDArray[Any]:
    """Return an array of images as (n, height, width) of uint8, float32 or float64; raise ImageError if it is none."""
    if array.dtype.kind not in "buif":
        raise ImageError(f"{what} holds {array.dtype}, but images must be numbers.")
    if not _is_image_shape(array.shape):
        raise ImageError(
            f"{what} has the shape ({_comma(array.shape)}), but images must be (n, height, width), "
            "or (n, d) where d is a square such as 64 or 784."
        )
    if len(array) == 0:
        raise ImageError(f"{what} holds no images: its shape is ({_comma(array.shape)}).")
    if array.ndim == 2:
        side = math.isqrt(array.shape[1])
        array = array.reshape(len(array), side, side)
    if array.dtype.kind == "b":
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype.kind == "f":
        _check_finite(array, what)
        return array.astype(np.float64 if array.dtype.itemsize >= 8 else np.float32, copy=False)
    return array if array.dtype == np.uint8 else array.astype(np.float32)


def as_truths(array: NDArray[Any], what: str, class_names: list[str] | None = None) -> list[str]:
    """Return truths as text: whole numbers, or text already; raise ImageError if they are neither."""
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise ImageError(f"{what} has the shape ({_comma(array.shape)}), but truths must be one for each image: (n,).")
    if array.dtype.kind == "S":
        try:
            array = np.char.decode(array, "utf-8")
        except UnicodeDecodeError as error:
            raise ImageError(f"{what} holds bytes that are not UTF-8; save the truths as text.") from error
    if array.dtype.kind == "f" and np.isfinite(array).all() and (array == np.rint(array)).all():
        array = array.astype(np.int64)
    if array.dtype.kind not in "uiU":
        raise ImageError(f"{what} holds {array.dtype}, but truths must be text or whole numbers.")
    if class_names and array.dtype.kind in "ui" and len(array) and array.min() >= 0 and array.max() < len(class_names):
        return [class_names[number] for number in array]
    return [str(truth) for truth in array]


def _check_finite(array: NDArray[Any], what: str) -> None:
    for index, image in enumerate(array):  # one at a time: no mask the size of all images
        if not np.isfinite(image).all():
            raise ImageError(f"{what}: image {index:,} holds NaN or infinity, but pixels must be finite numbers.")


def _is_image_shape(shape: tuple[int, ...]) -> bool:
    if len(shape) == 3:
        return min(shape[1:]) > 0
    return len(shape) == 2 and shape[1] > 0 and math.isqrt(shape[1]) ** 2 == shape[1]


def _choose_images(archive: Archive, selector: str | None) -> str:
    named: dict[str, str] = {}
    shaped = [name for name, header in archive.headers.items() if _is_image_shape(header.shape)]
    for word in IMAGE_WORDS:
        for name in shaped:
            key = _key(name, (word,))
            if key is not None:
                named.setdefault(key, name)
    candidates = list(named.values()) or shaped
    if selector is not None:
        if selector in archive.headers:
            return selector
        if selector in named:
            return named[selector]
        raise ImageError(
            f"{archive.name} has no array '{selector}'; {_choices(archive.name, candidates or list(archive.headers))}."
        )
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        raise ImageError(
            f"{archive.name} holds {len(candidates)} arrays of images; {_choices(archive.name, candidates)}."
        )
    found = ", ".join(f"'{name}' ({_comma(header.shape)})" for name, header in archive.headers.items())
    raise ImageError(
        f"{archive.name} holds no array of images, which must be (n, height, width), or (n, d) where d is a square; "
        f"it has {found or 'no arrays at all'}."
    )


def _truths_beside(archive: Archive, images_name: str, n_images: int) -> list[str] | None:
    key = _key(images_name, IMAGE_WORDS) or ""
    for word in TRUTH_WORDS:
        for name in archive.headers:
            if _key(name, (word,)) == key:
                truths = as_truths(archive.read(name), f"{archive.name}: array '{name}'", _class_names(archive))
                if len(truths) != n_images:
                    raise ImageError(
                        f"{archive.name}: array '{name}' holds {len(truths):,} truths, "
                        f"but '{images_name}' holds {n_images:,} images."
                    )
                return truths
    return None


def _class_names(archive: Archive) -> list[str] | None:
    for name in CLASS_NAMES:
        header = archive.headers.get(name)
        if header is not None and header.dtype.kind in "US" and len(header.shape) == 1:
            return as_truths(archive.read(name), f"{archive.name}: array '{name}'")
    return None


def _key(name: str, words: tuple[str, ...]) -> str | None:
    """Return what is left of an array's name without one of the words at either end; None if it has none."""
    parts = name.lower().split("_")
    if parts[-1] in words:
        return "_".join(parts[:-1])
    return "_".join(parts[1:]) if parts[0] in words else None


def _choices(name: str | Path, array_names: list[str]) -> str:
    return "choose with " + " or ".join(f"{name}#{array_name}" for array_name in array_names)


def _comma(shape: tuple[int, ...]) -> str:
    return ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
