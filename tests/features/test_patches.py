"""Patch features beside their twin in NumPy."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from inkmeans import _core
from inkmeans.errors import InputError
from inkmeans.features import patch_features


def twin(images: Any, filters: Any, offsets: Any, n_cells: int, floor: float) -> NDArray[np.float64]:
    size = filters.shape[1]
    patches = sliding_window_view(images.astype(np.float64), (size, size), axis=(1, 2))
    n, rows, columns = patches.shape[:3]
    patches = patches.reshape(n, rows, columns, -1)
    patches = patches - patches.mean(axis=3, keepdims=True)
    contrast = np.sqrt((patches**2).mean(axis=3, keepdims=True) + floor)
    patches = np.divide(patches, contrast, out=np.zeros_like(patches), where=contrast > 0)
    responses = np.maximum(patches @ filters.reshape(len(filters), -1).T.astype(np.float64) - offsets, 0.0)
    pooled = [
        responses[:, i * rows // n_cells : (i + 1) * rows // n_cells, j * columns // n_cells : (j + 1) * columns // n_cells]
        .sum(axis=(1, 2))
        for i in range(n_cells)
        for j in range(n_cells)
    ]  # fmt: skip
    return np.stack(pooled, axis=1).reshape(n, -1)


@pytest.mark.parametrize(
    ("height", "width", "size", "n_filters", "n_cells", "floor"),
    [(28, 28, 7, 40, 4, 10.0), (9, 11, 2, 1, 3, 0.0), (16, 16, 16, 17, 1, 1.0), (8, 30, 5, 16, 4, 100.0), (5, 4, 1, 3, 2, 0.0)],
)  # fmt: skip
def test_they_are_those_of_the_twin(
    isa: str, height: int, width: int, size: int, n_filters: int, n_cells: int, floor: float
) -> None:
    random = np.random.default_rng(size)
    images = random.integers(0, 256, (7, height, width), dtype=np.uint8)
    images[0] = 0
    images[1] = 255
    images[2] //= 254  # 0 and 1: faint
    filters = random.normal(size=(n_filters, size, size)) + random.normal(size=(n_filters, 1, 1))
    offsets = random.normal(size=n_filters)
    features = patch_features(images, filters, offsets, n_cells=n_cells, floor=floor, n_jobs=2)
    expected = twin(images, filters, offsets, n_cells, floor)
    np.testing.assert_allclose(features, expected, atol=2e-4 * np.abs(expected).max())


def test_real_glyphs_give_the_same_bytes_from_all_kernels_and_threads(select_isa: Callable[[str], None]) -> None:
    images = (load_digits().images * 15.9).astype(np.uint8).repeat(3, axis=1).repeat(3, axis=2)[:50]
    random = np.random.default_rng(0)
    filters, offsets = random.normal(size=(100, 7, 7)), np.full(100, 0.25)
    results = set()
    for name in _core.isa_available():
        select_isa(name)
        results |= {patch_features(images, filters, offsets, n_jobs=n).tobytes() for n in (1, 2, 3, 8)}
    assert len(results) == 1
    whole = patch_features(images, filters, offsets)
    np.testing.assert_array_equal(whole[7:8], patch_features(images[7:8], filters, offsets))


def test_brightness_and_contrast_do_not_matter_without_a_floor() -> None:
    random = np.random.default_rng(1)
    images = random.integers(0, 60, (4, 12, 12), dtype=np.uint8)
    filters, offsets = random.normal(size=(20, 4, 4)), np.zeros(20)
    plain = patch_features(images, filters, offsets, floor=0.0)
    np.testing.assert_allclose(patch_features(images * 4, filters, offsets, floor=0.0), plain, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(patch_features(images + 90, filters, offsets, floor=0.0), plain, rtol=1e-4, atol=1e-3)


def test_no_images_and_filters_of_nothing() -> None:
    assert patch_features(np.zeros((0, 28, 28), np.uint8), np.ones((2, 7, 7)), np.zeros(2)).shape == (0, 32)
    features = patch_features(np.eye(9, dtype=np.uint8)[None], np.full((1, 3, 3), 5.0), [-0.5], n_cells=1)
    np.testing.assert_allclose(features, 49 * 0.5)  # a filter that is all one value sees no patch, only its offset


GOOD: dict[str, Any] = {
    "images": np.zeros((1, 8, 8), np.uint8),
    "filters": np.ones((2, 3, 3)),
    "offsets": np.zeros(2),
    "n_cells": 2,
    "floor": 1.0,
}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"images": np.zeros((1, 8, 8))}, "images must be uint8 of shape (n_images, height, width); got float64 of shape (1, 8, 8)."),
        ({"images": np.zeros((8, 8), np.uint8)}, "images must be uint8 of shape (n_images, height, width); got uint8 of shape (8, 8)."),
        ({"filters": np.ones((2, 3, 4))}, "filters must have the shape (n_filters, size, size), size 1 to 16; got float32 of shape (2, 3, 4)."),
        ({"filters": np.ones((2, 17, 17))}, "filters must have the shape (n_filters, size, size), size 1 to 16; got float32 of shape (2, 17, 17)."),
        ({"offsets": np.zeros(3)}, "offsets must have one number for each of 2 filters; got float32 of shape (3,)."),
        ({"filters": np.full((2, 3, 3), np.nan)}, "filters and offsets must be finite; they hold NaN or infinity."),
        ({"n_cells": 0}, "n_cells must be a whole number of at least 1; got 0."),
        ({"n_cells": True}, "n_cells must be a whole number of at least 1; got True."),
        ({"floor": -1.0}, "floor must be a number of at least 0; got -1.0."),
        ({"n_cells": 7}, "images must be at least 9 x 9, for patches of 3 x 3 in 7 x 7 cells; got uint8 of shape (1, 8, 8)."),
    ],
)  # fmt: skip
def test_what_cannot_be_gets_one_sentence(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        patch_features(**{**GOOD, **change})
