"""Images of any size, polarity and ink scale to normalized glyphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans import _core
from inkmeans.errors import InputError
from inkmeans.normalize._settings import NORMALIZER
from inkmeans.records import GLYPH_SIZE
from inkmeans.threads import n_threads

Verdict = Literal["glyph", "blank", "noise", "dot", "scribble"]
VERDICTS: tuple[Verdict, ...] = ("glyph", "blank", "noise", "dot", "scribble")
"""What the normalizer finds an image to be; only a "glyph" is worth reading."""

_INK = {"auto": 0, "bright": 1, "dark": 2}
_SLANT = {"removed": NORMALIZER["max_slant"], "kept": 0.0}
_INK_SCALES = np.array([1.0, 16.0, 255.0, 65535.0])
_MAX_PIXELS = 100_000_000
_NATIVE_BATCH = 1 << 22  # pixels converted to float32 at once


@dataclass(frozen=True, eq=False)
class Normalized:
    """Normalized glyphs and what was found in each image.

    Attributes
    ----------
    glyphs : uint8 of shape (n_images, 28, 28)
        Ink 255 on 0. All 0 where the verdict is "blank" or "noise".
    verdicts : list of str
        One of `VERDICTS` for each image: "glyph"; "blank" (no ink); "noise" (small components without
        a shape, or nothing that stands out of the background's noise); "dot" (one small solid spot); "scribble" (far
        more strokes than one character has).
    """

    glyphs: NDArray[np.uint8]
    verdicts: list[Verdict]

    @property
    def readable(self) -> NDArray[np.bool_]:
        """True for each image whose verdict is "glyph"; bool of shape (n_images,)."""
        return np.array([verdict == "glyph" for verdict in self.verdicts], dtype=bool)


def normalize(
    images: ArrayLike | Sequence[ArrayLike],
    *,
    ink: str = "auto",
    ink_max: float | None = None,
    slant: str = "removed",
    n_jobs: int | None = None,
) -> Normalized:
    """Return the normalized glyph of each image: what training, upload, drawing page and API all let the model see.

    The polarity is decided by the border and the whole image, small components are dropped as noise, the slant is
    removed by shearing, the bounding box of the ink is scaled to 20 pixels keeping its aspect ratio, the center of mass
    is moved to the middle of 28 x 28 pixels, and the strongest ink becomes 255. Each image is normalized by itself,
    whatever the others are.

    Parameters
    ----------
    images : array of shape (n_images, height, width), or a sequence of 2-D arrays
        uint8, bool, any integer or floating dtype. A single 2-D array is taken as one image.
    ink : {"auto", "bright", "dark"}
        Whether ink is brighter or darker than the paper. "auto" takes the paper for bright, so the ink for dark, if
        more than half of the border is brighter than the middle of the image's range, and the bright parts of border
        and whole image add up to more than 1.
    ink_max : float or None
        The value of full ink (or of white paper); ink fainter than 0.08 of it is no ink. None decides by dtype: for
        bool and whole numbers the smallest of 1, 16, 255 and 65535 that the image keeps within, for floating dtypes
        the largest absolute value in the image.
    slant : {"removed", "kept"}
        "kept" leaves the shearing out, to show what it does; no reader sees such glyphs.
    n_jobs : int or None
        Threads; None for all processors.

    Returns
    -------
    Normalized
        The glyphs and a verdict for each image.

    Raises
    ------
    InputError
        If an image is not 2-D, is empty, holds NaN or infinity, or an argument is unknown.

    Notes
    -----
    Time grows with the number of pixels: about 20 microseconds for 28 x 28. Source of box, size and centering by mass:
    LeCun, Bottou, Bengio, Haffner (1998), section III.A; of removing slant by moments: their section III.C. We differ
    in finding the box to a fraction of a pixel and resampling once, so that 8 x 8 images and large ones come out alike.

    Examples
    --------
    >>> import numpy as np
    >>> from inkmeans.normalize import normalize
    >>> drawing = np.zeros((90, 60)); drawing[10:80, 28:34] = 7.63
    >>> found = normalize(drawing)
    >>> found.verdicts, found.glyphs.shape, found.glyphs.max()
    (['glyph'], (1, 28, 28), np.uint8(255))
    """
    if not isinstance(ink, str) or ink not in _INK:
        raise InputError(f"ink '{ink}' is unknown; choose 'auto', 'bright' or 'dark'.")
    if ink_max is not None and not (isinstance(ink_max, Real) and 0 < ink_max < np.inf):
        raise InputError(f"ink_max must be a number above 0, the value of full ink; got {ink_max}.")
    if slant not in _SLANT:
        raise InputError(f"slant '{slant}' is unknown; choose 'removed' or 'kept'.")
    stacks = _stacks(images)
    n_images = sum(len(indices) for indices, _ in stacks)
    glyphs = np.zeros((n_images, GLYPH_SIZE, GLYPH_SIZE), dtype=np.uint8)
    codes = np.zeros(n_images, dtype=np.uint8)
    threads = n_threads(n_jobs)
    for indices, stack in stacks:
        batch = max(1, _NATIVE_BATCH // max(1, stack.shape[1] * stack.shape[2]))
        for start in range(0, len(stack), batch):
            part = stack[start : start + batch]
            pixels, scales = _to_native(part, ink_max, indices[start : start + batch])
            part_glyphs = np.empty((len(part), GLYPH_SIZE, GLYPH_SIZE), dtype=np.uint8)
            part_codes = np.empty(len(part), dtype=np.uint8)
            _core.normalize(
                pixels,
                _INK[ink],
                scales,
                NORMALIZER["box"],
                NORMALIZER["edge_level"],
                _SLANT[slant],
                NORMALIZER["min_contrast"],
                part_glyphs,
                part_codes,
                threads,
            )
            where = indices[start : start + batch]
            glyphs[where] = part_glyphs
            codes[where] = part_codes
    return Normalized(glyphs, [VERDICTS[code] for code in codes])


def _stacks(images: Any) -> list[tuple[NDArray[np.intp], NDArray[Any]]]:
    """Return the images as 3-D stacks of one size and dtype, each with the images' places."""
    if isinstance(images, np.ndarray) and images.dtype != object:
        stack = images[np.newaxis] if images.ndim == 2 else images
        if stack.ndim != 3:
            raise InputError(
                f"images must have the shape (n_images, height, width) or (height, width); got {images.shape}."
            )
        _check_image(stack, "images")
        return [(np.arange(len(stack)), stack)] if len(stack) else []
    if isinstance(images, str | bytes) or not hasattr(images, "__len__"):
        raise InputError(f"images must be an array or a list of 2-D arrays; got {type(images).__name__}.")
    groups: dict[tuple[tuple[int, ...], np.dtype[Any]], list[int]] = {}
    arrays: list[NDArray[Any]] = []
    for i, image in enumerate(images):
        try:
            array = np.asarray(image)
        except ValueError:
            array = np.empty(0, dtype=object)
        if array.ndim != 2:
            raise InputError(f"images[{i}] must be a 2-D array of pixels; it has the shape {array.shape}.")
        _check_image(array[np.newaxis], f"images[{i}]")
        groups.setdefault((array.shape, array.dtype), []).append(i)
        arrays.append(array)
    return [(np.array(places), np.stack([arrays[i] for i in places])) for places in groups.values()]


def _check_image(stack: NDArray[Any], what: str) -> None:
    if stack.dtype.kind not in "buif":
        raise InputError(f"{what} must hold numbers; it has the dtype {stack.dtype}.")
    height, width = stack.shape[1:]
    if len(stack) and (height == 0 or width == 0):
        raise InputError(f"{what} must have at least one pixel; it is {height} x {width}.")
    if height * width > _MAX_PIXELS:
        raise InputError(
            f"{what} has {height} x {width} pixels, more than the limit of 100 megapixels; make it smaller."
        )


def _to_native(
    stack: NDArray[Any], ink_max: float | None, places: NDArray[np.intp]
) -> tuple[NDArray[np.uint8] | NDArray[np.float32], NDArray[np.float32]]:
    """Return the stack as C-ordered uint8 or float32, and the value of full ink for each image."""
    if np.issubdtype(stack.dtype, np.floating):
        return _floats_to_native(stack, ink_max, places)
    pixels: NDArray[np.uint8] | NDArray[np.float32] = np.ascontiguousarray(stack)
    if stack.dtype != np.uint8:
        pixels = pixels.astype(np.float32)
    if ink_max is not None:
        return pixels, _in_float32(np.full(len(stack), ink_max))
    largest = np.abs(pixels).max(axis=(1, 2))
    step = np.minimum(np.searchsorted(_INK_SCALES, largest), len(_INK_SCALES) - 1)
    return pixels, np.maximum(_INK_SCALES[step], largest).astype(np.float32)


def _floats_to_native(
    stack: NDArray[Any], ink_max: float | None, places: NDArray[np.intp]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    bad = ~np.isfinite(stack).all(axis=(1, 2))
    if bad.any():
        raise InputError(f"images[{places[bad.argmax()]}] holds NaN or infinity; every pixel must be a number.")
    if stack.dtype == np.float16:
        stack = stack.astype(np.float32)
    largest = np.abs(stack).max(axis=(1, 2))
    strange = ((largest < 1e-20) & (largest > 0)) | (largest > 1e20)
    if not strange.any():
        pixels = np.ascontiguousarray(stack, dtype=np.float32)
        return pixels, _in_float32(largest if ink_max is None else np.full(len(stack), ink_max))
    # A power of two brings each image that float32 cannot hold, or not precisely, to a largest value of 0.5 to 1.
    shift = np.where(strange, -np.frexp(largest)[1], 0)
    pixels = np.ldexp(stack, shift[:, None, None]).astype(np.float32)
    full = largest if ink_max is None else np.full(len(stack), ink_max, dtype=stack.dtype)
    with np.errstate(over="ignore"):
        full = np.ldexp(full, shift)
    return np.ascontiguousarray(pixels), _in_float32(full)


def _in_float32(values: NDArray[Any]) -> NDArray[np.float32]:
    return values.clip(max=np.finfo(np.float32).max).astype(np.float32)
