"""What can happen to an image of a digit: each function returns changed copies of uint8 images (n, 28, 28), ink 255.

Lengths are in pixels of the 28 x 28 image, whose digits lie in a box of 20 x 20. What leaves the image is lost.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Images = NDArray[np.uint8]

SIDES = ("left", "right", "top", "bottom")
_FINE = 4  # pens are changed on an image this much larger, where half a pixel is two


def rotated(images: Images, degrees: float) -> Images:
    """Return images turned about their middle, to the left for degrees above 0."""
    angle = np.deg2rad(degrees)
    return _moved(images, np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]))


def scaled(images: Images, factor: float) -> Images:
    """Return images enlarged about their middle, or made smaller for a factor below 1."""
    return _moved(images, np.eye(2) / factor)


def shifted(images: Images, pixels: int, side: str) -> Images:
    """Return images moved toward a side, with paper moving in behind."""
    return _turned(np.pad(_turned(images, side)[:, :, pixels:], ((0, 0), (0, 0), (0, pixels))), side)


def cut(images: Images, pixels: int, side: str) -> Images:
    """Return images whose ink has lost its outermost columns (or rows) at a side, counted from where ink begins."""
    turned = _turned(images, side)
    first = turned.any(axis=1).argmax(axis=1)
    kept = np.arange(turned.shape[2]) >= first[:, None] + pixels
    return _turned(turned * kept[:, None], side)


def penned(images: Images, pixels: float) -> Images:
    """Return images whose strokes are wider by so many pixels, or narrower for pixels below 0.

    Gray dilation (or erosion) by a disk of half that radius at four times the resolution; 2 pixels wider is thus
    dilation by one pixel all round.
    """
    radius = abs(pixels) / 2 * _FINE
    reach = np.arange(-int(radius), int(radius) + 1)
    disk = reach[:, None] ** 2 + reach**2 <= radius**2
    change = ndimage.grey_dilation if pixels > 0 else ndimage.grey_erosion
    # A fine image of all would fill the memory.
    return np.stack([_block_means(change(_enlarged(image), footprint=disk, mode="nearest"), _FINE) for image in images])


def noisy(images: Images, sigma: float) -> Images:
    """Return images with Gaussian noise of this standard deviation, of 255, on each pixel."""
    return _bytes(images + np.random.default_rng(0).normal(0, sigma, images.shape))


def coarse(images: Images) -> Images:
    """Return images as 8 x 8 means of the whole image, in which the ink is about 6 pixels high."""
    return np.stack([_block_means(image.repeat(2, axis=0).repeat(2, axis=1), 7) for image in images])


def coarse_box(images: Images) -> Images:
    """Return images as 8 x 8 means of 20 x 20 about the ink's own box, much as scikit-learn's digits are made."""
    return np.stack([_block_means(_box(image).repeat(2, axis=0).repeat(2, axis=1), 5) for image in images])


def inverted(images: Images) -> Images:
    """Return images with dark ink on bright paper."""
    return 255 - images


def _turned(images: Images, side: str) -> Images:
    """Return a view of square images in which a side has become the left one; turned once more, they are as before."""
    if side == "right":
        return images[:, :, ::-1]
    if side == "top":
        return images.swapaxes(1, 2)
    if side == "bottom":
        return images[:, ::-1, ::-1].swapaxes(1, 2)
    return images


def _moved(images: Images, back: NDArray[np.float64]) -> Images:
    """Return images moved about their middle by the inverse of this map of rows and columns, cubic between pixels."""
    middle = (np.array(images.shape[1:]) - 1) / 2
    offset = middle - back @ middle
    return np.stack([_bytes(ndimage.affine_transform(image.astype(np.float32), back, offset)) for image in images])


def _enlarged(image: Images) -> NDArray[np.float32]:
    return ndimage.zoom(image.astype(np.float32), _FINE, order=3, mode="grid-constant", grid_mode=True)


def _box(image: Images) -> Images:
    """Return the ink's own box in the middle of 20 x 20."""
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    ink = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    free = 20 - np.array(ink.shape)
    return np.pad(ink, [(space // 2, space - space // 2) for space in free])


def _block_means(image: NDArray[Any], side: int) -> Images:
    height, width = (length // side for length in image.shape)
    return _bytes(image.reshape(height, side, width, side).mean(axis=(1, 3)))


def _bytes(images: NDArray[Any]) -> Images:
    return np.rint(np.clip(images, 0, 255)).astype(np.uint8)
