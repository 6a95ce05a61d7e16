"""The nearest neighbors of rows among each other, exactly."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inkmeans.errors import InputError
from inkmeans.graph import nearest_neighbors
from inkmeans.kmeans._kernels import squared_distances


def expected(X: NDArray[np.float32], n_neighbors: int) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return what NumPy says: the nearest first, on a tie the lower index."""
    distances = squared_distances(X, X.astype(np.float64), 1)
    np.fill_diagonal(distances, np.inf)
    order = np.argsort(distances, axis=1, kind="stable")[:, :n_neighbors]
    return np.sqrt(np.take_along_axis(distances, order, axis=1)), order


@pytest.mark.parametrize("n_threads", [1, 2, 3, 8])
@pytest.mark.parametrize(
    ("n", "d", "k"), [(2, 1, 1), (5, 1, 4), (16, 3, 3), (17, 2, 16), (255, 7, 10), (257, 64, 10), (1300, 33, 30)]
)
def test_they_are_those_that_float64_finds(isa: str, n: int, d: int, k: int, n_threads: int) -> None:
    X = np.random.default_rng([n, d]).normal(size=(n, d)).astype(np.float32)
    distances, indices = nearest_neighbors(X, k, n_jobs=n_threads)
    wanted, order = expected(X, k)
    np.testing.assert_array_equal(indices, order)
    np.testing.assert_array_equal(distances, wanted)
    assert indices.dtype == np.int32


@pytest.mark.parametrize("scale", [1e-44, 1e-30, 1e-3, 1.0, 1e15, 1e32])
@pytest.mark.parametrize("offset", [0.0, 1.0, 1e4])
def test_any_scale_and_place(isa: str, scale: float, offset: float) -> None:
    X = np.random.default_rng(3).normal(size=(300, 5)) + offset
    X[0] *= 50  # one far away takes the steps of whole numbers from all others
    X = (X * scale).astype(np.float32)
    _, indices = nearest_neighbors(X, 6, n_jobs=2)
    np.testing.assert_array_equal(indices, expected(X, 6)[1])


def test_ties_go_to_the_lower_index(isa: str) -> None:
    X = np.random.default_rng(4).integers(0, 3, size=(400, 3)).astype(np.float32)
    distances, indices = nearest_neighbors(X, 20, n_jobs=2)
    wanted, order = expected(X, 20)
    np.testing.assert_array_equal(indices, order)
    np.testing.assert_array_equal(distances, wanted)


def test_equal_rows_are_neighbors_of_each_other() -> None:
    distances, indices = nearest_neighbors(np.full((4, 2), 7.5), 3)
    assert indices.tolist() == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]]
    assert not distances.any()


@pytest.mark.parametrize(
    ("n_neighbors", "shown"), [(0, "0"), (3, "3"), (-1, "-1"), (True, "True"), (1.0, "1.0"), ("2", "'2'")]
)
def test_a_number_that_cannot_be_gets_one_sentence(n_neighbors: object, shown: str) -> None:
    with pytest.raises(InputError) as raised:
        nearest_neighbors(np.eye(3), n_neighbors)  # type: ignore[arg-type]
    sentence = f"n_neighbors must be a whole number of at least 1 and below n_samples=3; got {shown}."
    assert str(raised.value) == sentence


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e39])
def test_values_that_are_no_finite_float32_are_refused(value: float) -> None:
    X = np.eye(3)
    X[1, 1] = value
    with pytest.raises(ValueError, match=r"NaN|infinity"):
        nearest_neighbors(X, 1)
