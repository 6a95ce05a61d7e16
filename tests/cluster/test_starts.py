"""The best start: of partitions with nearly the same inertia, the one that cross-validation prefers."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inkmeans.cluster import _starts
from inkmeans.cluster._cross_validation import cross_validation_errors
from inkmeans.cluster._starts import best_start

N_STYLES, N_EACH = 10, 30
STYLES = np.repeat(np.arange(N_STYLES), N_EACH)
BETWEEN = 4  # the style that lies between both characters
RIGHT = np.asarray(STYLES > BETWEEN, np.int32)
WRONG = np.asarray(STYLES >= BETWEEN, np.int32)


@pytest.fixture(scope="module")
def features() -> NDArray[np.float32]:
    """Two characters of five styles: one column tells the character, and each style has a column of its own."""
    random = np.random.RandomState(0)
    character = np.where(STYLES > BETWEEN, 1.0, -1.0)[:, None]
    plain = np.concatenate([character, 3.0 * np.eye(N_STYLES)[STYLES]], axis=1)
    return np.asarray(plain + 0.1 * random.standard_normal(plain.shape), np.float32)


@pytest.fixture(scope="module")
def rows() -> NDArray[np.float32]:
    """The characters at 0 and 10, and one style of the first at 5.055: with the second, inertia is 0.3 % less."""
    middle = np.where(STYLES > BETWEEN, 10.0, np.where(STYLES == BETWEEN, 5.055, 0.0))[:, None]
    return np.asarray(middle + 0.001 * np.random.RandomState(1).standard_normal((len(STYLES), 1)), np.float32)


def labels_from(rows: NDArray[np.float32], centers: NDArray[np.float32]) -> NDArray[np.int32]:
    """Return which center is nearest, numbered from the left."""
    return np.asarray(abs(rows - np.sort(centers.ravel())).argmin(axis=1), np.int32)


def test_a_style_with_its_own_character_is_predicted_better(features: NDArray[np.float32]) -> None:
    right, wrong = cross_validation_errors(features, [RIGHT, WRONG])
    assert right < wrong


def test_the_order_of_partitions_and_clusters_changes_no_error(features: NDArray[np.float32]) -> None:
    one, other = cross_validation_errors(features, [RIGHT, WRONG])
    np.testing.assert_allclose(cross_validation_errors(features, [1 - WRONG, RIGHT]), [other, one])


def test_the_error_is_that_of_least_squares_without_the_group(features: NDArray[np.float32]) -> None:
    from sklearn.linear_model import Ridge

    from inkmeans.cluster._cross_validation import _squared_errors

    expected = 0.0
    for style in range(N_STYLES):
        held = style == STYLES
        strength = 0.1 * len(features) * float(features.astype(np.float64).var())
        predicted = Ridge(strength).fit(features[~held], np.eye(2)[WRONG[~held]]).predict(features[held])
        expected += float(((predicted - np.eye(2)[WRONG[held]]) ** 2).sum())
    found = _squared_errors(features.astype(np.float64), STYLES.astype(np.int32), [RIGHT, WRONG])
    assert found[1] == pytest.approx(expected / len(features), rel=1e-4)


@pytest.mark.parametrize("n", [1, 3, 7])
def test_rows_too_few_for_groups_prefer_no_partition(n: int) -> None:
    rows = np.random.RandomState(0).standard_normal((n, 4)).astype(np.float32)
    assert cross_validation_errors(rows, [np.zeros(n, np.int32)] * 2).tolist() == [0.0, 0.0]


def test_equal_rows_prefer_no_partition() -> None:
    labels = np.arange(50, dtype=np.int32) % 2
    assert cross_validation_errors(np.ones((50, 4), np.float32), [labels, 1 - labels]).tolist() == [0.0, 0.0]


def test_uneven_clusters_are_not_predicted_better_for_being_so() -> None:
    random = np.random.RandomState(0)
    noise = random.standard_normal((2000, 10)).astype(np.float32)
    even, uneven = (np.asarray(random.uniform(size=2000) < share, np.int32) for share in (0.5, 0.02))
    errors = cross_validation_errors(noise, [even, uneven])
    assert abs(errors).max() < 0.05  # as bad as predicting their shares
    assert cross_validation_errors(noise, [even, np.zeros(2000, np.int32)])[1] == 0.0


def test_partitions_of_one_inertia_are_told_apart() -> None:
    random = np.random.RandomState(0)
    corners = np.repeat([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], 25, axis=0).astype(np.float32)
    features = np.concatenate([corners[:, :1] * 4.0 - 2.0, random.standard_normal((100, 3))], axis=1).astype(np.float32)
    for seed in range(10):  # left and right, which the features predict, not top and bottom
        centers = best_start(corners, features, 2, seed, 1)
        assert sorted(centers.round(3).tolist()) == [[0.0, 0.5], [1.0, 0.5]]


def test_the_start_keeps_a_style_with_its_character(
    rows: NDArray[np.float32], features: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (labels_from(rows, best_start(rows, features, 2, 0, 1)) == RIGHT).all()
    monkeypatch.setattr(_starts, "_NEARLY", 0.0)  # as the inertia alone has it
    assert (labels_from(rows, best_start(rows, features, 2, 0, 1)) == WRONG).all()


def test_a_style_clearly_nearer_another_character_goes_there(features: NDArray[np.float32]) -> None:
    rows = np.where(STYLES > BETWEEN, 10.0, np.where(STYLES == BETWEEN, 5.15, 0.0))[:, None].astype(np.float32)
    assert (labels_from(rows, best_start(rows, features, 2, 0, 1)) == WRONG).all()
