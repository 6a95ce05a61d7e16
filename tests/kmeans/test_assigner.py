"""Repeated assignment to centers that move: what bounds rule out is never a nearer center."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inkmeans import _core
from inkmeans.kmeans._kernels import ClusterSums, assigner, data_shift, nearest_centers, squared_distances

DTYPES = [np.uint8, np.float32, np.float64]


def blobs(random: np.random.Generator, n: int, d: int, dtype: type) -> NDArray[Any]:
    middles = random.integers(0, 200, size=(7, d))
    X = middles[random.integers(7, size=n)] + random.normal(size=(n, d)) * 12
    X[random.random(X.shape) < 0.4] = 0
    return X.clip(0, 255).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("d", "k"), [(1, 3), (3, 16), (30, 17), (66, 40), (130, 100)])
def test_moving_centers_get_the_rows_that_they_would_get_at_first(isa: str, dtype: type, d: int, k: int) -> None:
    random = np.random.default_rng(d)
    X = blobs(random, 600, d, dtype)
    shift, _ = data_shift(X, 1)
    assigned = assigner(X, k, shift, 1)
    centers = X[random.choice(600, k, replace=False)].astype(np.float64)
    labels = np.full(600, -1, dtype=np.int32)
    for move in (0.0, 9.0, 3.0, 1.0, 0.3, 0.1, 40.0, 0.01, 0.0, 0.02):
        centers += random.normal(size=centers.shape) * move
        centers[random.integers(k)] = centers[random.integers(k)]  # centers that coincide tie for every row
        before = labels.copy()
        n_changed = assigned.assign(centers, labels)
        np.testing.assert_array_equal(labels, nearest_centers(X, centers, shift, 1))
        np.testing.assert_array_equal(labels, squared_distances(X, centers, 1).argmin(axis=1))
        assert n_changed == np.count_nonzero(labels != before)


@given(st.integers(0, 1 << 30), st.sampled_from(DTYPES), st.integers(1, 6), st.integers(2, 60), st.integers(2, 9))
@settings(max_examples=80, deadline=None)
def test_rows_on_a_grid_tie_and_take_the_lowest(seed: int, dtype: type, d: int, k: int, side: int) -> None:
    random = np.random.default_rng(seed)
    X = random.integers(0, side, size=(50, d)).astype(dtype)
    assigned = assigner(X, k, np.zeros(d), 2)
    labels = np.full(50, -1, dtype=np.int32)
    centers = random.integers(0, side, size=(k, d)).astype(np.float64)
    for _ in range(6):
        assigned.assign(centers, labels)
        np.testing.assert_array_equal(labels, squared_distances(X, centers, 1).argmin(axis=1))
        centers[random.integers(k)] += random.integers(-1, 2, size=d) / 2


@pytest.mark.parametrize("dtype", DTYPES)
def test_centers_that_go_far_away_and_come_back(isa: str, dtype: type) -> None:
    random = np.random.default_rng(4)
    X = blobs(random, 200, 12, dtype)
    near = random.normal(size=(20, 12)) * 50 + 100
    assigned = assigner(X, 20, np.zeros(12), 1)
    labels = np.full(200, -1, dtype=np.int32)
    for far in (0.0, 1e6, 1e17, 1e30, 1e150, 0.0, 1e-3):
        centers = near + far * (np.arange(20)[:, np.newaxis] % 3 == 1)
        assigned.assign(centers, labels)
        np.testing.assert_array_equal(labels, squared_distances(X, centers, 1).argmin(axis=1))


@pytest.mark.parametrize("scale", [1e-30, 1e-18, 1e-15, 1e17, 1e25])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("d", "k"), [(1, 2), (2, 16), (9, 16), (9, 30)])
def test_tiny_and_huge_data_keep_their_nearest_centers(isa: str, dtype: type, scale: float, d: int, k: int) -> None:
    random = np.random.default_rng(5)
    X = (random.normal(size=(300, d)) * scale).astype(dtype)
    centers = X[:k].astype(np.float64)
    assigned = assigner(X, k, np.zeros(d), 1)
    labels = np.full(300, -1, dtype=np.int32)
    for move in (0.0, 0.1, 0.01, 0.001):
        centers = centers + random.normal(size=centers.shape) * scale * move
        assigned.assign(centers, labels)
        np.testing.assert_array_equal(labels, squared_distances(X, centers, 1).argmin(axis=1))


@pytest.mark.slow  # so many rows that their bounds are shared
@pytest.mark.parametrize(("n", "k"), [(400_000, 300), (270_000, 700)])
def test_groups_of_many_centers_share_a_bound(isa: str, n: int, k: int) -> None:
    # With so many rows there is no room for a bound for each center, nor with more centers for one for each 16.
    random = np.random.default_rng(6)
    X = random.normal(size=(n, 2)).astype(np.float32)
    centers = X[:k].astype(np.float64)
    assigned = assigner(X, k, np.zeros(2), 2)
    labels = np.full(len(X), -1, dtype=np.int32)
    for move in (0.0, 1e-3, 1e-4, 1e-2, 1e-4):
        centers += random.normal(size=centers.shape) * move
        assigned.assign(centers, labels)
        np.testing.assert_array_equal(labels, nearest_centers(X, centers, np.zeros(2), 2))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("k", [5, 40])
def test_rows_of_other_widths_before_leave_no_trace(isa: str, dtype: type, k: int) -> None:
    # What a thread has room for grows, and is kept from one set of rows to the next.
    random = np.random.default_rng(8)
    for n, d in ((30, 300), (500, 7), (40, 90), (700, 21), (60, 2)):
        X = blobs(random, n, d, dtype)
        centers = X[random.choice(n, k)].astype(np.float64)
        assigned = assigner(X, k, np.zeros(d), 1)
        labels = np.full(n, -1, dtype=np.int32)
        for move in (0.0, 1.0, 0.1):
            centers += random.normal(size=centers.shape) * move
            assigned.assign(centers, labels)
            np.testing.assert_array_equal(labels, squared_distances(X, centers, 1).argmin(axis=1))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n_threads", [2, 3, 8])
def test_any_number_of_threads_gives_the_same_bytes(dtype: type, n_threads: int) -> None:
    random = np.random.default_rng(7)
    X = blobs(random, 3000, 100, dtype)
    centers = X[:30].astype(np.float64)
    found = []
    for threads in (1, n_threads):
        labels = np.full(len(X), -1, dtype=np.int32)
        assigned = assigner(X, 30, np.zeros(100), threads)
        sums_of = ClusterSums(X, None, 30, np.zeros(100), threads)
        moving = centers.copy()
        for _ in range(5):
            assigned.assign(moving, labels)
            sums, weight_sums = sums_of(labels)
            _core.move_centers(sums, weight_sums, np.zeros(100), False, moving)
        found.append((labels.tobytes(), moving.tobytes()))
    assert found[0] == found[1]


@pytest.mark.parametrize("dtype", DTYPES)
def test_sums_of_labels_that_change_are_those_of_the_last_labels(dtype: type) -> None:
    random = np.random.default_rng(8)
    X = blobs(random, 500, 20, dtype)
    sums_of = ClusterSums(X, None, 6, np.zeros(20), 2)
    labels = random.integers(6, size=500).astype(np.int32)
    for changes in (0, 3, 200, 500):
        labels[:changes] = random.integers(6, size=changes)
        sums, weight_sums = sums_of(labels)
        assert weight_sums.tolist() == np.bincount(labels, minlength=6).tolist()
        np.testing.assert_allclose(sums, [X[labels == c].sum(axis=0, dtype=float) for c in range(6)], rtol=1e-12)
        sums[:] = 0  # the caller's own
