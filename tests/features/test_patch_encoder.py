"""PatchEncoder: the dictionary, the views, and the conventions of an estimator."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError

from inkmeans.errors import InputError
from inkmeans.features import PatchEncoder
from inkmeans.features._dictionary import warped
from inkmeans.features._patch_encoder import spherical_kmeans
from inkmeans.graph import nearest_neighbors
from inkmeans.normalize import normalize


@pytest.fixture(scope="module")
def glyphs() -> NDArray[np.uint8]:
    return normalize(load_digits().images[:200]).glyphs


def test_every_row_has_length_1_a_blank_glyph_too(glyphs: NDArray[np.uint8]) -> None:
    encoder = PatchEncoder(20, random_state=0).fit(glyphs)
    features = encoder.transform(np.concatenate([glyphs, np.zeros((1, 28, 28), np.uint8)]))
    assert features.dtype == np.float32 and features.shape == (201, 180)
    np.testing.assert_allclose(np.linalg.norm(features, axis=1), 1.0, rtol=1e-5)
    np.testing.assert_allclose(features[-1], 180**-0.5, rtol=1e-5)


def test_no_glyph_changes_the_features_of_another(glyphs: NDArray[np.uint8]) -> None:
    encoder = PatchEncoder(20, random_state=0).fit(glyphs)
    np.testing.assert_array_equal(encoder.transform(glyphs)[7:9], encoder.transform(glyphs[7:9]))


def test_the_seed_alone_decides_the_dictionary(glyphs: NDArray[np.uint8]) -> None:
    first = PatchEncoder(12, random_state=3, n_jobs=1).fit(glyphs)
    again = clone(first).set_params(n_jobs=3).fit(glyphs)
    other = PatchEncoder(12, random_state=4).fit(glyphs)
    np.testing.assert_array_equal(first.filters_, again.filters_)
    assert np.abs(first.filters_ - other.filters_).max() > 1e-3


def test_nearest_features_share_a_digit_more_often_than_nearest_pixels(data_folder: Path) -> None:
    with np.load(data_folder / "mnist.npz") as data:
        truths = data["train_labels"][:1000]
        glyphs = normalize(data["train_images"][:1000]).glyphs

    def wrong(rows: NDArray[np.float32]) -> float:
        _, nearest = nearest_neighbors(rows, 5)
        return float((truths[nearest] != truths[:, None]).mean())

    features = PatchEncoder(100, random_state=0).fit_transform(glyphs)
    assert wrong(features) < 0.7 * wrong(glyphs.reshape(len(glyphs), -1).astype(np.float32))


def test_a_glyph_is_rotated_and_stretched_about_its_center() -> None:
    glyph = np.zeros((1, 28, 28), np.uint8)
    glyph[0, 4:24, 13:15] = 200
    np.testing.assert_array_equal(warped(glyph, 90.0, 1.0)[0], glyph[0].T)
    wide = warped(glyph, 0.0, 2.0)[0]
    np.testing.assert_array_equal(wide[14, 11:17], [50, 150, 200, 200, 150, 50])
    np.testing.assert_array_equal(wide, wide[:, ::-1])


def test_directions_of_two_bundles_are_found() -> None:
    random = np.random.RandomState(0)
    rows = np.repeat(np.eye(3, dtype=np.float32)[:2], 50, axis=0) + 0.05 * random.standard_normal((100, 3))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    centers = spherical_kmeans(rows, 2, np.random.RandomState(1))
    np.testing.assert_allclose(centers[np.argsort(-centers[:, 0])], np.eye(3)[:2], atol=0.05)
    np.testing.assert_allclose(np.linalg.norm(centers, axis=1), 1.0, rtol=1e-5)


def test_a_dictionary_may_be_larger_than_the_patches_are_many() -> None:
    rows = np.eye(3, dtype=np.float32)
    assert np.isfinite(spherical_kmeans(rows, 8, np.random.RandomState(0))).all()


def test_what_cannot_be_encoded_is_told(glyphs: NDArray[np.uint8]) -> None:
    with pytest.raises(NotFittedError):
        PatchEncoder().transform(glyphs)
    with pytest.raises(
        InputError, match=r"The glyphs hold no ink to learn filters from; give some that are not blank\."
    ):
        PatchEncoder().fit(np.zeros((3, 28, 28), np.uint8))
    with pytest.raises(InputError, match=r"images must be uint8 .* got float64 of shape \(200, 28, 28\)\."):
        PatchEncoder().fit(glyphs / 255)
    with pytest.raises(InputError, match=r"n_filters must be a whole number of at least 1; got 0\."):
        PatchEncoder(0).fit(glyphs)
    for n_cells in (0, 2.5, True, 23):
        with pytest.raises(
            InputError, match=r"n_cells must be a whole number from 1 to 22, for patches of 7 pixels; got"
        ):
            PatchEncoder(5, n_cells=n_cells).fit(glyphs)
    for views in ((), ((0.0, 0.0),), ((0.0, 1.0, 2.0),), ((np.nan, 1.0),)):
        with pytest.raises(InputError, match=r"views must list pairs of degrees and stretch"):
            PatchEncoder(5, views=views).fit(glyphs)
    with pytest.raises(InputError, match=r"patch_size must be a whole number from 2 to 16; got 17\."):
        PatchEncoder(patch_size=17).fit(glyphs)
