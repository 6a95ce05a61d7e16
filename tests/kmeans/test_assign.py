"""The nearest center is found exactly: NumPy's float64 twin is never contradicted, whatever the kernel."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from inkmeans import KMeans, _core
from inkmeans.kmeans._kernels import (
    ClusterSums,
    data_shift,
    distances_to_own,
    mean_and_variance,
    nearest_centers,
    squared_distances,
)

LENGTHS = (1, 7, 15, 16, 17, 63, 64, 65, 783, 784, 785)  # round the widths of vectors and panels
ALL_ISA = ("scalar", "avx2", "avx512")
DTYPES = (np.uint8, np.float32, np.float64)


def twin_distances(X: NDArray[Any], centers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return squared distances in float64, summed in 8 lanes added pairwise: the order that the core documents."""
    squares = (X[:, np.newaxis].astype(np.float64) - centers) ** 2
    lanes = np.zeros((*squares.shape[:2], 8))
    for j in range(0, squares.shape[2], 8):
        eight = squares[..., j : j + 8]
        lanes[..., : eight.shape[2]] += eight
    halves = lanes[..., :4] + lanes[..., 4:]
    return (halves[..., 0] + halves[..., 2]) + (halves[..., 1] + halves[..., 3])


def assert_nearest(X: NDArray[Any], centers: NDArray[np.float64], shift: NDArray[np.float64] | None = None) -> None:
    """Compare with the twin: the same label for every row, the lowest index on a tie."""
    X = np.ascontiguousarray(X)
    shift = np.zeros(X.shape[1]) if shift is None else shift
    labels = nearest_centers(X, centers, shift, 1)
    assert labels.dtype == np.int32
    np.testing.assert_array_equal(labels, twin_distances(X, centers).argmin(axis=1))


def some_rows(n_samples: int, n_features: int, dtype: type, seed: int) -> NDArray[Any]:
    random = np.random.default_rng([n_samples, n_features, seed])
    if dtype is np.uint8:
        return random.integers(0, 256, (n_samples, n_features), dtype=np.uint8)
    return random.normal(size=(n_samples, n_features)).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n_features", LENGTHS)
def test_labels_at_every_length(isa: str, n_features: int, dtype: type) -> None:
    for n_samples, n_clusters in ((1, 1), (5, 3), (6, 16), (7, 17), (50, 2), (97, 33)):
        X = some_rows(n_samples, n_features, dtype, 0)
        centers = some_rows(n_clusters, n_features, dtype, 1).astype(np.float64) * 0.9
        assert_nearest(X, centers)
        assert_nearest(X, centers, data_shift(X, 1)[0])


@pytest.mark.parametrize("dtype", DTYPES)
def test_exact_ties_go_to_the_lowest_index(isa: str, dtype: type) -> None:
    X = some_rows(60, 33, dtype, 2)
    centers = some_rows(20, 33, dtype, 3).astype(np.float64)
    # Every center twice more, in another order and in another panel of 16: each row has three nearest.
    thrice = np.concatenate([centers, centers[::-1], centers])
    labels = nearest_centers(X, thrice, np.zeros(33), 1)
    assert labels.max() < 20
    assert_nearest(X, thrice)
    # Mirror images about the origin tie for rows on the mirror.
    flat = X.copy()
    flat[:, 0] = 0
    mirrored = centers.copy()
    mirrored[:, 0] *= -1
    np.testing.assert_array_equal(
        nearest_centers(flat, np.concatenate([mirrored, centers]), np.zeros(33), 1),
        nearest_centers(flat, centers, np.zeros(33), 1),
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("gap", [1e-3, 1e-6, 1e-9, 1e-12, 2e-16, 0.0])
def test_near_ties_are_decided_in_float64(isa: str, gap: float, dtype: type) -> None:
    # Rows half way between two centers, give or take less than float32 can tell.
    random = np.random.default_rng(7)
    one, other = random.normal(size=(2, 784))
    towards = other - one
    parts = 0.5 + gap * random.uniform(-1, 1, (100, 1))
    X = (one + parts * towards).astype(dtype)
    far = random.normal(size=(17, 784)) * 9
    assert_nearest(X, np.concatenate([far, [other, one]]))
    assert_nearest(X, np.concatenate([[one, other], far, [one]]))


def test_bytes_half_way_between_two_centers(isa: str) -> None:
    X = np.arange(256, dtype=np.uint8).reshape(-1, 1).repeat(65, axis=1)
    centers = np.arange(0, 256, 2, dtype=np.float64).reshape(-1, 1).repeat(65, axis=1)
    labels = nearest_centers(X, centers, np.zeros(65), 1)
    np.testing.assert_array_equal(labels, np.arange(256) // 2)  # an odd byte ties, and takes the lower
    centers[1:, 0] -= 1e-12  # the upper one of each tie comes nearer by one part in 10^14
    assert_nearest(X, centers)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("offset", "spread"), [(1e6, 1.0), (1e6, 1e-3), (-1e12, 1.0), (1e15, 10.0), (1e-5, 1e-12)])
def test_a_small_spread_at_a_huge_offset(isa: str, offset: float, spread: float, dtype: type) -> None:
    random = np.random.default_rng(8)
    X = (offset + spread * random.normal(size=(200, 17))).astype(dtype)
    centers = offset + spread * random.normal(size=(19, 17))
    assert_nearest(X, centers)
    assert_nearest(X, centers, data_shift(X, 1)[0])
    assert_nearest(X, X[:30].astype(np.float64), data_shift(X, 1)[0])  # many ties


@pytest.mark.parametrize(
    ("scale", "dtype"),
    [(scale, np.float64) for scale in (1e-300, 1e-160, 1e-45, 1e-38, 1e15, 1e19, 1e30, 1e100, 1e150)]
    + [(scale, dtype) for scale in (1e-30, 1e-24, 1e-23, 3e-23, 1e-22, 3e-22, 1e-21, 1e-20, 1e-19, 1e-15)
       for dtype in (np.float32, np.float64)]
    + [(scale, np.float32) for scale in (1e-44, 1e-38, 1e15, 1e18, 1e19, 1e30, 5e37)],
)  # fmt: skip
def test_huge_and_tiny_scales(isa: str, scale: float, dtype: type) -> None:
    # At 1e-22 the products underflow in float32; at 1e19 their sums overflow.
    random = np.random.default_rng(9)
    X = (random.normal(size=(1000, 20)) * scale).astype(dtype)
    centers = (random.normal(size=(30, 20)) * scale).astype(dtype).astype(np.float64)
    assert_nearest(X, centers)
    assert_nearest(X, centers, data_shift(X, 1)[0])


def test_values_of_every_magnitude_side_by_side(isa: str) -> None:
    random = np.random.default_rng(10)
    X = random.normal(size=(500, 12)) * 10.0 ** random.uniform(-40, 17, (500, 1))
    centers = random.normal(size=(40, 12)) * 10.0 ** random.uniform(-40, 17, (40, 1))
    assert_nearest(X, centers)
    assert_nearest(X.astype(np.float32), centers)
    # Rows so far from all centers that float64 itself cannot tell the centers apart: its result stands all the same.
    far = random.normal(size=(500, 12)) * 1e17
    assert_nearest(far, random.normal(size=(40, 12)))
    limits = np.array([[np.finfo(np.float32).max] * 12, [np.finfo(np.float32).tiny] * 12, [0.0] * 12], dtype=np.float32)
    assert_nearest(limits, np.concatenate([limits, -limits, limits / 3]).astype(np.float64))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    data=hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.floats(-1e9, 1e9)),
    k=st.integers(1, 20),
    dtype=st.sampled_from(DTYPES),
    whole=st.booleans(),
    seed=st.integers(0, 99),
)
def test_any_rows_and_centers(data: NDArray[np.float64], k: int, dtype: type, whole: bool, seed: int) -> None:
    with np.errstate(invalid="ignore"):
        X = np.rint(data % 256).clip(0, 255).astype(np.uint8) if dtype is np.uint8 else data.astype(dtype)
    random = np.random.default_rng(seed)
    centers = X[random.integers(len(X), size=k)].astype(np.float64) + random.integers(-1, 2, (k, X.shape[1]))
    assert_nearest(X, centers if whole else centers * 1.0000001)


def test_duplicates_and_constant_data(isa: str) -> None:
    for dtype in DTYPES:
        X = np.full((50, 9), 200, dtype=dtype)
        assert not nearest_centers(X, np.full((40, 9), 200.0), np.full(9, 200.0), 1).any()
        centers = np.full((40, 9), 200.0)
        centers[:37] += 1e-9
        assert (nearest_centers(X, centers, np.zeros(9), 1) == 37).all()


def test_the_operations_agree_with_numpy(isa: str) -> None:
    for dtype in DTYPES:
        for n_features in LENGTHS:
            X = some_rows(61, n_features, dtype, 4)
            centers = some_rows(19, n_features, dtype, 5).astype(np.float64)
            labels = nearest_centers(X, centers, np.zeros(n_features), 1)
            distances = twin_distances(X, centers)
            np.testing.assert_array_equal(squared_distances(X, centers, 1), distances)
            np.testing.assert_array_equal(distances_to_own(X, centers, labels, 1), distances[np.arange(61), labels])
            weights = np.random.default_rng(6).random(61)
            shift = centers[0]
            for sample_weight in (None, weights):
                w = np.ones(61) if sample_weight is None else sample_weight
                sums, weight_sums = ClusterSums(X, sample_weight, 19, shift, 1)(labels)
                expected = np.zeros((19, n_features))
                np.add.at(expected, labels, w[:, np.newaxis] * (X.astype(np.float64) - shift))
                np.testing.assert_array_equal(sums, expected)
                np.testing.assert_allclose(weight_sums, np.bincount(labels, w, 19), rtol=1e-14)
            mean, variance = mean_and_variance(X, 1)
            np.testing.assert_allclose(mean, X.mean(axis=0, dtype=np.float64), rtol=1e-12, atol=1e-12)
            assert variance == pytest.approx(X.astype(np.float64).var(axis=0).mean(), rel=1e-12)


def test_a_rows_products_do_not_depend_on_the_other_rows(isa: str) -> None:
    for n_features in LENGTHS:
        rows, columns = some_rows(101, n_features, np.float32, 7), some_rows(35, n_features, np.float32, 8)
        out = np.empty((101, 35), dtype=np.float32)
        _core.products(rows, columns, out, 2)
        exact = rows.astype(np.float64) @ columns.T.astype(np.float64)
        bound = n_features * 2.0**-24 * (np.abs(rows).astype(np.float64) @ np.abs(columns).T.astype(np.float64))
        assert (np.abs(out - exact) <= bound + 1e-30).all()
        for first, last in ((0, 1), (100, 101), (13, 60)):
            part = np.empty((last - first, 35), dtype=np.float32)
            _core.products(rows[first:last].copy(), columns, part, 1)
            assert part.tobytes() == out[first:last].tobytes()


def test_all_kernels_give_the_same_labels_and_the_same_bytes(select_isa: Callable[[str], None]) -> None:
    if len(_core.isa_available()) < 2:
        pytest.skip("this processor runs the scalar kernels alone")
    for dtype in DTYPES:
        for n_features in (1, 15, 65, 785):
            X = some_rows(300, n_features, dtype, 11)
            weights = np.random.default_rng(12).random(300)
            found = []
            for name in _core.isa_available():
                select_isa(name)
                for sample_weight in (None, weights):
                    model = KMeans(7, init=X[:7], max_iter=20, tol=0, n_jobs=1).fit(X, sample_weight=sample_weight)
                    found.append(
                        (model.labels_.tobytes(), model.cluster_centers_.tobytes(), model.inertia_, model.n_iter_)
                    )
            assert found[0::2] == [found[0]] * (len(found) // 2)
            assert found[1::2] == [found[1]] * (len(found) // 2)


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_bytes_do_not_depend_on_the_number_of_threads(dtype: type) -> None:
    X = some_rows(700, 130, dtype, 13)
    weights = np.random.default_rng(14).random(700)
    for sample_weight in (None, weights):
        found = []
        for n_jobs in (1, 2, 3, 8):
            model = KMeans(9, random_state=0, max_iter=15, n_jobs=n_jobs).fit(X, sample_weight=sample_weight)
            found.append(
                (
                    model.labels_.tobytes(),
                    model.cluster_centers_.tobytes(),
                    model.inertia_,
                    model.n_iter_,
                    model.predict(X).tobytes(),
                    model.transform(X).tobytes(),
                    model.score(X, sample_weight=sample_weight),
                )
            )
        assert found == [found[0]] * 4
