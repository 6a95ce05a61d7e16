"""Where k-means starts: candidates measured as float64 does, k-means++ and k-means||."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sklearn.cluster
from numpy.typing import NDArray

from inkmeans import KMeans, kmeans_plusplus
from inkmeans.errors import InputError
from inkmeans.kmeans._kernels import Seeder, data_shift, squared_distances

DTYPES = [np.uint8, np.float32, np.float64]


def rows_on_few_directions(n: int, d: int, dtype: type, seed: int = 0, scale: float = 1.0) -> NDArray[Any]:
    """Return rows that differ along few directions, some of them twice, as glyphs do."""
    random = np.random.default_rng([n, d, seed])
    noise = random.normal(size=(n, d)) * random.uniform(0, 20, size=(n, 1))  # what lies outside differs from row to row
    X = random.normal(size=(n, 5)) @ random.normal(size=(5, d)) * 20 + noise + 90
    X[n // 2 :: 7] = X[: len(X[n // 2 :: 7])]
    return X.clip(0, 255).astype(np.uint8) if dtype is np.uint8 else (X * scale).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("n_centers", [5, 99])
@pytest.mark.parametrize(("n", "d"), [(50, 3), (1000, 44), (1203, 45), (1201, 100), (1100, 300)])
def test_candidates_bring_rows_nearer_as_float64_says(isa: str, dtype: type, n: int, d: int, n_centers: int) -> None:
    X = rows_on_few_directions(n, d, dtype)
    shift, _ = data_shift(X, 1)
    random = np.random.default_rng(1)
    weights = random.uniform(0, 2, n)
    seeder = Seeder(X, weights, n_centers, shift, 2)
    assert np.isinf(seeder.closest).all()
    closest = np.full(n, np.inf)
    for n_candidates in (1, 3, 16, 17, 20):
        candidates = random.choice(n, n_candidates)
        gains = seeder.try_out(candidates)
        closer = np.minimum(squared_distances(X, X[candidates].astype(np.float64), 1).T, closest)
        if np.isfinite(closest).all():
            lowered = (closest - closer) @ weights
            np.testing.assert_allclose(gains, lowered, rtol=1e-9, atol=1e-12 * (closest @ weights))
        else:
            assert not gains.any()
        best = int(random.integers(n_candidates))
        seeder.take(best)
        closest = closer[best]
        np.testing.assert_array_equal(seeder.closest, closest)


@pytest.mark.parametrize("dtype", DTYPES)
def test_rows_that_differ_in_more_directions_than_the_seeder_takes(isa: str, dtype: type) -> None:
    # Each row lies along one of 130 directions: within one of them a projection loses nothing, or has gone wrong.
    random = np.random.default_rng(9)
    X = np.zeros((3000, 260))
    which = random.integers(130, size=3000)
    X[np.arange(3000), 2 * which] = X[np.arange(3000), 2 * which + 1] = random.uniform(0, 255, 3000)
    X = X.astype(dtype)
    seeder = Seeder(X, None, 99, np.zeros(260), 2)
    closest = np.full(3000, np.inf)
    for row in range(300):
        seeder.try_out(np.array([row]))
        seeder.take(0)
        closest = np.minimum(closest, squared_distances(X, X[row : row + 1].astype(np.float64), 1)[:, 0])
    np.testing.assert_array_equal(seeder.closest, closest)


@pytest.mark.parametrize("scale", [1e-150, 1e-30, 1e-12, 1e12, 1e30, 1e140])
def test_tiny_and_huge_rows_are_measured_too(isa: str, scale: float) -> None:
    for dtype in (np.float32, np.float64):
        if dtype is np.float32 and not 1e-31 < scale < 1e31:
            continue
        X = rows_on_few_directions(1000, 50, dtype, scale=scale)
        shift, _ = data_shift(X, 1)
        seeder = Seeder(X, None, 99, shift, 1)
        closest = np.full(1000, np.inf)
        for row in range(5):
            seeder.try_out(np.arange(5))
            seeder.take(row)
            closest = np.minimum(closest, squared_distances(X, X[row : row + 1].astype(np.float64), 1)[:, 0])
            np.testing.assert_array_equal(seeder.closest, closest)


@pytest.mark.parametrize("n_threads", [2, 3, 8])
def test_any_number_of_threads_draws_the_same_rows(n_threads: int) -> None:
    for dtype in DTYPES:
        X = rows_on_few_directions(3000, 64, dtype)
        for init in ("k-means++", "k-means||"):
            one, many = (
                KMeans(30, init=init, max_iter=1, random_state=2, n_jobs=n).fit(X).cluster_centers_
                for n in (1, n_threads)
            )
            assert one.tobytes() == many.tobytes()
        assert (kmeans_plusplus(X, 30, random_state=2)[1] == kmeans_plusplus(X, 30, random_state=2, n_jobs=1)[1]).all()


@pytest.mark.slow  # many starts, for a mean
def test_kmeans_parallel_starts_as_well_as_kmeans_plusplus() -> None:
    X = rows_on_few_directions(4000, 20, np.float32)
    ours, peers = (
        np.median([kind(40, init=init, n_init=1, random_state=seed, max_iter=20).fit(X).inertia_ for seed in range(20)])
        for kind, init in ((KMeans, "k-means||"), (sklearn.cluster.KMeans, "k-means++"))
    )
    assert ours <= 1.005 * peers


@pytest.mark.filterwarnings("ignore:Only .* distinct clusters were found")
@pytest.mark.parametrize("weighted", [False, True])
def test_kmeans_parallel_on_few_different_rows(weighted: bool) -> None:
    X = np.repeat(np.eye(6, dtype=np.uint8) * 200, 20, axis=0)
    weights = np.arange(120) % 3.0 if weighted else None
    model = KMeans(6, init="k-means||", random_state=0).fit(X, sample_weight=weights)
    assert model.inertia_ == 0.0
    assert KMeans(9, init="k-means||", random_state=0).fit(X, sample_weight=weights).inertia_ == 0.0
    assert KMeans(3, init="k-means||", random_state=0).fit(np.ones((5, 2))).inertia_ == 0.0


def test_weights_too_large_to_sum_are_refused() -> None:
    X = rows_on_few_directions(50, 3, np.float64)
    with pytest.raises(InputError, match="sample_weight leaves float64 when it is summed"):
        kmeans_plusplus(X, 3, sample_weight=np.full(50, 1e307))
