"""Ink on paper: the colors, and how an array of any size and dtype becomes a crisp tile."""

from __future__ import annotations

from collections.abc import Sequence, Sized
from math import isqrt
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw

from inkmeans.errors import InputError

Color = tuple[int, int, int]
Polarity = Literal["bright", "dark", "auto"]

# The tokens of the page, light; see frontend/src/styles.
PAPER: Color = (255, 255, 255)
INK: Color = (23, 26, 38)
MUTED: Color = (90, 94, 108)  # 6.5 : 1 on PAPER
LINE: Color = (226, 226, 222)
EDGE: Color = (134, 138, 150)
ACCENT: Color = (43, 68, 199)
DOUBT: Color = (255, 230, 128)  # the highlighter: it marks doubt and nothing else
DOUBT_INK: Color = (95, 71, 0)  # 7.1 : 1 on DOUBT
DOUBT_EDGE: Color = (168, 121, 0)

_LARGE = 4_000_000


def _ramp(paper: Color, ink: Color) -> NDArray[np.uint8]:
    shares = np.linspace(0, 1, 256)[:, None]
    return np.rint(np.array(paper) + shares * (np.array(ink) - np.array(paper))).astype(np.uint8)


_RAMP, _DOUBT_RAMP = _ramp(PAPER, INK), _ramp(DOUBT, DOUBT_INK)


def as_numbers(image: ArrayLike, what: str) -> NDArray[Any]:
    """Return `image` as an array of finite real numbers (bool becomes uint8); `what` names it in the error."""
    try:
        array = np.asarray(image)
    except ValueError:
        raise InputError(f"{what} must be an array of numbers; its rows differ in length.") from None
    if array.dtype == np.bool_:
        array = array.astype(np.uint8)
    if array.dtype.kind not in "uif":
        raise InputError(f"{what} must hold real numbers; its dtype is {array.dtype}.")
    if array.size == 0:
        raise InputError(f"{what} must hold at least one pixel; its shape is {array.shape}.")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise InputError(f"{what} must hold finite numbers; it holds NaN or infinity.")
    return array


def as_image(image: ArrayLike, what: str) -> NDArray[Any]:
    """Return `image` as a 2-D array of finite real numbers."""
    array = as_numbers(image, what)
    if array.ndim != 2:
        raise InputError(f"{what} must be 2-D (height, width); its shape is {array.shape}.")
    return array


def as_images(images: Sequence[ArrayLike] | NDArray[Any], what: str) -> list[ArrayLike]:
    """Return the images as a list, whether they came as a list or as one array (n, height, width)."""
    if isinstance(images, np.ndarray) and images.ndim != 3 and images.dtype != object:
        raise InputError(f"{what} must be a list of 2-D arrays or one array (n, height, width); got {images.shape}.")
    return list(images)


def as_tiles(pictures: ArrayLike, what: str) -> NDArray[Any]:
    """Return pictures of one size as (n, height, width); rows of pixels become square pictures."""
    if isinstance(pictures, Sized) and len(pictures) == 0:
        raise InputError(f"{what} must hold at least one {what.removesuffix('s')}; got none.")
    array = as_numbers(pictures, what)
    if array.ndim == 3:
        return array
    if array.ndim != 2:
        raise InputError(f"{what} must be (n, height, width) or (n, height * width); their shape is {array.shape}.")
    side = isqrt(array.shape[1])
    if side * side != array.shape[1]:
        raise InputError(
            f"{what} of {array.shape[1]:,} columns are not square pictures; reshape them to (n, height, width)."
        )
    return array.reshape(len(array), side, side)


def ink_levels(array: NDArray[Any], ink: Polarity = "bright") -> NDArray[np.uint8]:
    """Return the strength of ink, 0 to 255, where 255 is the strongest value of this array.

    "bright": ink is bright on 0, and the lowest value counts as paper where it lies below 0. "dark": ink is dark,
    and the brightest value is paper. "auto": as the normalizer decides it, by the border and the whole image.
    A picture of more than 4 megapixels is thinned to every second, third ... pixel first: no tile shows that many.
    """
    if ink not in ("bright", "dark", "auto"):
        raise InputError(f"ink must be 'bright', 'dark' or 'auto'; got {ink!r}.")
    if array.ndim == 2 and array.size > _LARGE:
        step = -(-max(array.shape) // 2048)
        array = array[::step, ::step]
    numbers = array.astype(np.float64)
    largest = float(np.abs(numbers).max())
    if largest == 0:
        return np.zeros(array.shape, dtype=np.uint8)
    numbers /= largest  # first, so that a range of twice the largest float64 does not overflow
    if ink == "auto":
        ink = "dark" if _paper_is_bright(numbers) else "bright"
    if ink == "dark":
        numbers = numbers.max() - numbers
    low = min(0.0, float(numbers.min()))
    span = max(0.0, float(numbers.max())) - low
    if span == 0:
        return np.zeros(array.shape, dtype=np.uint8)
    return cast("NDArray[np.uint8]", np.rint((numbers - low) * (255.0 / span)).astype(np.uint8))


def _paper_is_bright(numbers: NDArray[np.float64]) -> bool:
    """Return True if the normalizer would say so: most of the border is bright, and most of border and image together.

    Border and image have each the weight of one half; see native/images/polarity.hpp.
    """
    bright = numbers > (numbers.min() + numbers.max()) / 2
    border = np.ones(numbers.shape, dtype=bool)
    border[1:-1, 1:-1] = False
    share = float(bright[border].mean())
    return share > 0.5 and share + float(bright.mean()) > 1.0


def draw_ink(levels: NDArray[np.uint8], *, doubtful: bool = False) -> Image.Image:
    """Return ink levels (h, w) as ink on paper, or under the highlighter, pixel for pixel."""
    return Image.fromarray((_DOUBT_RAMP if doubtful else _RAMP)[levels])


def fit(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Return `picture` as large as fits into width x height, its aspect kept and its pixels crisp.

    Pixels are first repeated a whole number of times, then averaged down to the wanted size: where the size is a
    multiple the result is exact, and elsewhere only the edges between pixels are softened.
    """
    scale = min(width / picture.width, height / picture.height)
    target = (max(1, int(picture.width * scale)), max(1, int(picture.height * scale)))
    if scale > 1:
        times = -int(-scale // 1)
        picture = picture.resize((picture.width * times, picture.height * times), Image.Resampling.NEAREST)
    return picture if picture.size == target else picture.resize(target, Image.Resampling.BOX)


def paste_tile(
    canvas: Image.Image,
    levels: NDArray[np.uint8],
    x: int,
    y: int,
    side: int,
    pad: int,
    *,
    line: Color | None = None,
    doubtful: bool = False,
) -> None:
    """Lay a tile of side + 2 pad pixels at (x, y), the ink centered in it, with a line round it where one is wanted."""
    outer = side + 2 * pad
    if doubtful:
        line = DOUBT_EDGE
    if line or doubtful:
        ground = DOUBT if doubtful else PAPER
        ImageDraw.Draw(canvas).rectangle((x, y, x + outer - 1, y + outer - 1), fill=ground, outline=line)
    glyph = fit(draw_ink(levels, doubtful=doubtful), side, side)
    canvas.paste(glyph, (x + (outer - glyph.width) // 2, y + (outer - glyph.height) // 2))


def dashed_rectangle(
    draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], color: Color, width: int, dash: int
) -> None:
    """Draw a rectangle in dashes of `dash` pixels, the corners always drawn; box = (left, top, right, bottom)."""
    left, top, right, bottom = box
    for start, end, horizontal in ((left, right, True), (top, bottom, False)):
        length = end - start + 1
        pieces = max(3, length // dash) | 1  # odd: begins and ends with a dash
        for piece in range(0, pieces, 2):
            first = start + length * piece // pieces
            last = max(first, start + length * (piece + 1) // pieces - 1)
            for edge in range(width):
                if horizontal:
                    draw.line((first, top + edge, last, top + edge), fill=color)
                    draw.line((first, bottom - edge, last, bottom - edge), fill=color)
                else:
                    draw.line((left + edge, first, left + edge, last), fill=color)
                    draw.line((right - edge, first, right - edge, last), fill=color)
