"""Principal components, and their whitening."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inkmeans.features import in_components, principal_components, within_whitening


@pytest.fixture(scope="module")
def blobs() -> NDArray[np.float32]:
    random = np.random.RandomState(0)
    return np.concatenate([random.standard_normal((60, 4)) + 8 * c for c in range(3)]).astype(np.float32)


def test_components_are_those_of_the_singular_values(blobs: NDArray[np.float32]) -> None:
    found = principal_components(blobs, 2, np.random.RandomState(0))
    _, _, axes = np.linalg.svd(blobs - blobs.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(np.abs(axes[:2] @ found.axes), np.eye(2), atol=1e-3)
    _, rows = in_components(lambda places: blobs[places], len(blobs), 2, np.random.RandomState(0))
    np.testing.assert_allclose(rows, (blobs - blobs.mean(axis=0)) @ found.axes, atol=1e-3)


def test_whitened_rows_have_equal_variances_within_clusters() -> None:
    random = np.random.RandomState(0)
    labels = np.arange(400, dtype=np.int32) % 2
    rows = (random.standard_normal((400, 3)) * [9.0, 1.0, 0.1] + 5.0 * labels[:, None]).astype(np.float32)
    within = rows - np.stack([rows[labels == c].mean(axis=0) for c in (0, 1)])[labels]
    white = within @ within_whitening(rows, labels, within)
    scatter = white.T @ white
    np.testing.assert_allclose(scatter / scatter[0, 0], np.eye(3), atol=1e-3)


def test_whitening_shrinks_the_directions_in_which_augmented_glyphs_deviate() -> None:
    random = np.random.RandomState(0)
    labels = np.zeros(400, dtype=np.int32)
    rows = random.standard_normal((400, 3)).astype(np.float32)
    augmented = (random.standard_normal((100, 3)) * [0.1, 0.1, 3.0]).astype(np.float32)
    lengths = np.linalg.norm(within_whitening(rows, labels, augmented), axis=1)  # of a step of 1 in each direction
    assert lengths[2] < 0.8 * lengths[:2].min()
