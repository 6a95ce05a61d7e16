"""KMeans: worked by hand, beside scikit-learn from the same start, and what must hold of every fit."""

import pickle
import re
import tracemalloc
from typing import Any

import numpy as np
import pytest
import sklearn.cluster
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError

from inkmeans import KMeans, kmeans_plusplus
from inkmeans.errors import InputError
from inkmeans.kmeans import Iteration

FOUR_POINTS = np.array([[0, 0], [0, 2], [10, 0], [10, 4]], dtype=np.uint8)


def some_rows(n_samples: int, n_features: int, dtype: type, seed: int = 0) -> NDArray[Any]:
    random = np.random.default_rng([n_samples, n_features, seed])
    if dtype is np.uint8:
        return random.integers(0, 256, (n_samples, n_features), dtype=np.uint8)
    return random.normal(size=(n_samples, n_features)).astype(dtype)


def recomputed_inertia(model: KMeans, X: NDArray[Any], weights: Any = None) -> float:
    own = ((X.astype(np.float64) - model.cluster_centers_[model.labels_].astype(np.float64)) ** 2).sum(axis=1)
    return float(own.sum() if weights is None else own @ np.asarray(weights, dtype=np.float64))


def assert_consistent(model: KMeans, X: NDArray[Any], weights: Any = None) -> None:
    """Check that labels and inertia belong to the centers, as scikit-learn's do not after an empty cluster."""
    np.testing.assert_array_equal(model.labels_, model.predict(X))
    assert model.inertia_ == pytest.approx(recomputed_inertia(model, X, weights), rel=1e-9, abs=1e-290)


# --- by hand -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_four_points(dtype: type) -> None:
    # From (0, 0) and (10, 0): the left two and the right two. Means (0, 1) and (10, 2); inertia 1 + 1 + 4 + 4.
    X = FOUR_POINTS.astype(dtype)
    model = KMeans(2, init=X[[0, 2]]).fit(X)
    assert model.labels_.tolist() == [0, 0, 1, 1]
    assert model.cluster_centers_.tolist() == [[0, 1], [10, 2]]
    assert model.inertia_ == 10.0
    assert model.n_iter_ == 2  # the second changes no label
    assert model.predict(np.array([[4, 0], [6, 0]], dtype=dtype)).tolist() == [0, 1]
    np.testing.assert_allclose(model.transform(X)[0], [1, np.sqrt(104)], rtol=1e-6)
    assert model.score(X) == -10.0
    assert model.score(X, sample_weight=[1, 1, 0, 1]) == -6.0
    assert model.labels_.dtype == np.int32
    assert model.cluster_centers_.dtype == (np.float32 if dtype is np.float32 else np.float64)


def test_a_bad_start_stays_where_it_is() -> None:
    # The corners of a rectangle 10 wide and 2 high, parted into lower and upper: each mean is its start.
    X = np.array([[0, 0], [0, 2], [10, 0], [10, 2]], dtype=np.uint8)
    model = KMeans(2, init=[[5, 0], [5, 2]]).fit(X)
    assert model.labels_.tolist() == [0, 1, 0, 1]
    assert model.cluster_centers_.tolist() == [[5, 0], [5, 2]]
    assert model.inertia_ == 100.0
    assert KMeans(2, init=[[5, 0], [5, 2]], tol=0).fit(X).n_iter_ == 1  # no center moves


def test_one_cluster_is_the_mean_and_as_many_as_rows_are_the_rows() -> None:
    for dtype in (np.uint8, np.float32, np.float64):
        X = some_rows(30, 5, dtype)
        one = KMeans(1, random_state=0).fit(X)
        np.testing.assert_allclose(one.cluster_centers_[0], X.mean(axis=0, dtype=np.float64), rtol=1e-5, atol=1e-7)
        each = KMeans(30, random_state=0).fit(X)
        assert sorted(each.labels_.tolist()) == list(range(30))
        assert each.inertia_ == 0.0
        np.testing.assert_array_equal(each.cluster_centers_[each.labels_], X)


def test_an_odd_row_on_a_tie_goes_to_the_lower_label() -> None:
    assert KMeans(2, init=[[0.0], [2.0]], max_iter=1).fit([[0.0], [1.0], [2.0]]).predict([[0.25], [3.0]]).tolist() == [
        0,
        1,
    ]
    model = KMeans(2, init=[[0.0], [2.0]], tol=0).fit(np.array([[0], [1], [2]], dtype=np.uint8))
    assert model.labels_.tolist() == [0, 0, 1]


# --- beside scikit-learn -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize(
    ("n_samples", "n_features", "n_clusters"),
    [(5, 3, 2), (2, 1, 2), (60, 1, 4), (200, 7, 3), (300, 16, 17), (150, 63, 5), (333, 64, 33), (120, 784, 10),
     (121, 785, 16)],
)  # fmt: skip
@pytest.mark.parametrize("n_iter", [1, 2, 7, 50])
def test_the_same_start_gives_scikit_learns_labels_and_inertia(
    n_samples: int, n_features: int, n_clusters: int, dtype: type, n_iter: int
) -> None:
    X = some_rows(n_samples, n_features, dtype, 1)
    start = X[np.random.default_rng(n_samples).choice(n_samples, n_clusters, replace=False)].astype(np.float64)
    weights = np.random.default_rng(1).uniform(0.5, 2.0, n_samples)
    for sample_weight in (None, weights):
        settings = {"init": start, "n_init": 1, "max_iter": n_iter, "tol": 0.0}
        ours = KMeans(n_clusters, **settings).fit(X, sample_weight=sample_weight)
        peer = sklearn.cluster.KMeans(n_clusters, algorithm="lloyd", **settings)
        peer.fit(X.astype(np.float64 if dtype is np.uint8 else dtype), sample_weight=sample_weight)
        np.testing.assert_array_equal(ours.labels_, peer.labels_)
        assert ours.inertia_ == pytest.approx(peer.inertia_, rel=1e-5)
        # Where every row is a center, scikit-learn's centers still move by a rounding, and it goes once more.
        assert ours.n_iter_ == peer.n_iter_ or n_clusters == n_samples
        np.testing.assert_allclose(ours.cluster_centers_, peer.cluster_centers_, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("tol", [0.0, 1e-4, 1e-2, 0.5])
def test_the_tolerance_means_what_it_means_in_scikit_learn(tol: float) -> None:
    X = load_digits().data
    settings = {"init": X[:10], "n_init": 1, "tol": tol}
    assert KMeans(10, **settings).fit(X).n_iter_ == sklearn.cluster.KMeans(10, **settings).fit(X).n_iter_


@pytest.mark.slow  # many starts, for a mean
def test_the_seeding_is_as_good_as_scikit_learns() -> None:
    X = load_digits().data
    settings = {"n_init": 1, "max_iter": 300}
    ours, peers = (
        np.median([kind(10, random_state=seed, **settings).fit(X).inertia_ for seed in range(20)])
        for kind in (KMeans, sklearn.cluster.KMeans)
    )
    assert ours <= 1.005 * peers

    def left(seeds: Any, seed: int) -> float:
        centers, _ = seeds(X, 40, random_state=seed)
        return float(((X[:, np.newaxis] - centers) ** 2).sum(axis=2).min(axis=1).sum())

    ours, peers = (
        np.median([left(seeds, seed) for seed in range(8)])
        for seeds in (kmeans_plusplus, sklearn.cluster.kmeans_plusplus)
    )
    assert ours == pytest.approx(peers, rel=0.02)


# --- what holds of every fit -------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:Only .* distinct clusters were found")
@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    X=hnp.arrays(np.uint8, st.tuples(st.integers(3, 40), st.integers(1, 20)), elements=st.integers(0, 255)),
    k=st.integers(1, 8),
    seed=st.integers(0, 5),
    iterations=st.integers(1, 30),
)
def test_bytes_give_what_their_float64_copy_gives(X: NDArray[np.uint8], k: int, seed: int, iterations: int) -> None:
    k = min(k, len(X))
    for options in ({"random_state": seed}, {"init": X[:k]}, {"init": "random", "n_init": 2, "random_state": seed}):
        bytes_, floats = (
            KMeans(k, max_iter=iterations, n_jobs=1, **options).fit(data) for data in (X, X.astype(np.float64))
        )
        np.testing.assert_array_equal(bytes_.labels_, floats.labels_)
        np.testing.assert_array_equal(bytes_.cluster_centers_, floats.cluster_centers_)
        assert bytes_.inertia_ == floats.inertia_
        assert bytes_.n_iter_ == floats.n_iter_
        np.testing.assert_array_equal(bytes_.predict(X), floats.predict(X))
        np.testing.assert_array_equal(bytes_.predict(X.astype(np.float64)), bytes_.labels_)


@pytest.mark.filterwarnings("ignore:Only .* distinct clusters were found")
@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    X=hnp.arrays(np.float64, st.tuples(st.integers(2, 30), st.integers(1, 3)), elements=st.integers(0, 4)),
    k=st.integers(1, 12),
    seed=st.integers(0, 3),
    weighted=st.booleans(),
    scale=st.sampled_from([1.0, 1e-9, 0.1, 1e7]),
)
def test_no_cluster_stays_empty_while_there_are_points_for_it(
    X: NDArray[np.float64], k: int, seed: int, weighted: bool, scale: float
) -> None:
    X, k = X * scale, min(k, len(X))
    weights = np.random.default_rng(seed).uniform(0.1, 3.0, len(X)) if weighted else None
    start = np.random.default_rng(seed).integers(-9, 9, (k, X.shape[1])) * scale * 1.0
    for options in ({"init": start}, {"random_state": seed}):
        model = KMeans(k, tol=0, n_jobs=1, **options).fit(X, sample_weight=weights)
        assert_consistent(model, X, weights)
        assert len(np.unique(model.labels_)) == min(k, len(np.unique(X, axis=0)))
        assert np.isfinite(model.cluster_centers_).all()
        assert (model.cluster_centers_.min(axis=0) >= min(X.min(), start.min()) - 1e-9 * scale).all()
        assert (model.cluster_centers_.max(axis=0) <= max(X.max(), start.max()) + 1e-9 * scale).all()


def test_clusters_that_lose_all_rows_at_once_are_all_filled() -> None:
    # All three rows are nearest to the first of four starts; their weights, taken away one by one, do not add up to 0.
    X = np.array([[0.0], [1.0], [2.0], [30.0]])
    weights = np.array([0.1, 0.2, 0.3, 0.6])
    start = np.array([[1.0], [1000.0], [2000.0], [3000.0]])
    for max_iter in (1, 2, 100):
        model = KMeans(4, init=start, max_iter=max_iter, tol=0).fit(X, sample_weight=weights)
        assert_consistent(model, X, weights)
        assert sorted(model.labels_.tolist()) == [0, 1, 2, 3]
        assert sorted(model.cluster_centers_.ravel().tolist()) == pytest.approx([0.0, 1.0, 2.0, 30.0], abs=1e-12)


@pytest.mark.filterwarnings("ignore:Only .* distinct clusters were found")
def test_a_cluster_never_gives_its_last_row_away() -> None:
    # The two far rows share a cluster, and two clusters are empty: one of the rows stays. If both went, 0.1 + 0.2 - 0.2
    # - 0.1 would leave a sum of weights of 3e-17 behind, and a mean that is nothing but rounding.
    X = np.array([[0.0], [2.0], [30.0], [30.0], [30.0]])
    start = np.array([[1.0], [30.0], [1000.0], [2000.0]])
    for weights in (None, [0.1, 0.2, 1.0, 1.0, 1.0], [0.2, 0.1, 1.0, 1.0, 1.0]):
        model = KMeans(4, init=start, max_iter=1, tol=0).fit(X, sample_weight=weights)
        assert sorted(model.cluster_centers_.ravel().tolist()) == pytest.approx([0.0, 2.0, 30.0, 2000.0], abs=1e-12)
        assert model.inertia_ == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("max_iter", [1, 2, 3, 100])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_labels_and_inertia_belong_to_the_centers_after_an_empty_cluster(dtype: type, max_iter: int) -> None:
    # The second start loses every row at once: the trap in which scikit-learn's labels and inertia go apart.
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1], [9, 9], [9, 8], [40, 40]], dtype=dtype)
    model = KMeans(3, init=np.array([[0.5, 0.5], [200, 200], [9, 9.0]]), max_iter=max_iter, tol=0).fit(X)
    assert_consistent(model, X)
    assert len(np.unique(model.labels_)) == 3
    assert model.labels_.tolist() in ([0, 0, 0, 0, 2, 2, 1], [0, 0, 0, 0, 1, 1, 2])


@pytest.mark.filterwarnings("ignore:Only .* distinct clusters were found")
def test_fewer_distinct_rows_than_clusters_end_with_inertia_0() -> None:
    X = np.repeat(np.array([[1, 2], [7, 7]], dtype=np.uint8), 10, axis=0)
    for data in (X, X.astype(np.float32), X.astype(np.float64)):
        for options in ({"random_state": 0}, {"init": "random", "random_state": 0}, {"init": np.full((5, 2), 100.0)}):
            model = KMeans(5, **options).fit(data)
            assert model.inertia_ == 0.0
            assert len(np.unique(model.labels_)) == 2
            assert_consistent(model, data)
    same = KMeans(3, random_state=0).fit(np.full((9, 4), 0.1))
    assert same.inertia_ == 0.0
    assert not same.labels_.any()


@pytest.mark.filterwarnings("ignore:Only .* distinct clusters were found")
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_a_mean_that_lies_a_rounding_beside_equal_rows_keeps_no_fit_going(dtype: type, weighted: bool) -> None:
    random = np.random.default_rng(14)
    rows = (random.integers(0, 200, (12, 6)) / (1 if dtype is np.uint8 else 7)).astype(dtype)
    X = rows[random.integers(0, 12, 300)]
    weights = random.uniform(0.1, 3.0, 300) if weighted else None
    for seed in range(6):
        model = KMeans(20, init="random", n_init=1, tol=0, random_state=seed).fit(X, sample_weight=weights)
        assert model.n_iter_ < 20


@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_whole_weights_are_repeated_rows(dtype: type) -> None:
    X = some_rows(80, 6, dtype, 2)
    weights = np.random.default_rng(2).integers(1, 5, 80)
    repeated = np.repeat(X, weights, axis=0)
    for iterations in (1, 3, 40):
        settings = {"init": X[:6], "max_iter": iterations, "tol": 0}
        weighed = KMeans(6, **settings).fit(X, sample_weight=weights)
        plain = KMeans(6, **settings).fit(repeated)
        np.testing.assert_array_equal(np.repeat(weighed.labels_, weights), plain.labels_)
        np.testing.assert_allclose(weighed.cluster_centers_, plain.cluster_centers_, rtol=1e-12)
        assert weighed.inertia_ == pytest.approx(plain.inertia_, rel=1e-12)


def test_rows_of_weight_0_are_labeled_and_change_nothing() -> None:
    X = some_rows(60, 4, np.float64, 3)
    weights = np.ones(60)
    weights[40:] = 0
    X[59] = 1e6
    start = X[:5]
    part = KMeans(5, init=start, tol=0).fit(X[:40])
    whole = KMeans(5, init=start, tol=0).fit(X, sample_weight=weights)
    np.testing.assert_array_equal(whole.labels_[:40], part.labels_)
    np.testing.assert_allclose(whole.cluster_centers_, part.cluster_centers_, rtol=1e-9)
    assert whole.inertia_ == pytest.approx(part.inertia_)
    assert_consistent(whole, X, weights)
    for seed in range(20):
        assert (kmeans_plusplus(X, 5, sample_weight=weights, random_state=seed)[1] < 40).all()
        assert KMeans(5, init="random", max_iter=1, random_state=seed).fit(X, sample_weight=weights).inertia_ < 1e6


def test_scaled_weights_scale_the_inertia_alone() -> None:
    X = some_rows(60, 4, np.float64, 4)
    one, other = (KMeans(4, init=X[:4]).fit(X, sample_weight=np.full(60, weight)) for weight in (1.0, 1024.0))
    np.testing.assert_array_equal(one.labels_, other.labels_)
    assert other.inertia_ == pytest.approx(1024 * one.inertia_)


def test_the_seed_decides_alone() -> None:
    X = load_digits().data[:400]
    one, two, other = (KMeans(10, random_state=seed).fit(X) for seed in (3, np.random.RandomState(3), 4))
    assert one.cluster_centers_.tobytes() == two.cluster_centers_.tobytes()
    assert one.inertia_ != other.inertia_


def test_the_best_of_several_runs_is_kept() -> None:
    X = load_digits().data[:400]
    seen: list[Iteration] = []
    model = KMeans(10, n_init=5, random_state=0, callback=seen.append).fit(X)
    last = {iteration.run: iteration.inertia for iteration in seen}
    assert sorted(last) == [0, 1, 2, 3, 4]
    assert model.inertia_ <= min(last.values()) * (1 + 1e-12)
    assert_consistent(model, X)
    assert len({it.run for it in _runs(KMeans(3, init="random"), X)}) == 10
    assert len({it.run for it in _runs(KMeans(3), X)}) == 1
    assert len({it.run for it in _runs(KMeans(3, init=X[:3], n_init=4), X)}) == 1
    assert len({it.run for it in _runs(KMeans(3, init=_first_rows, n_init=2), X)}) == 2


def _runs(model: KMeans, X: NDArray[Any]) -> list[Iteration]:
    seen: list[Iteration] = []
    model.set_params(callback=seen.append, random_state=0, max_iter=2).fit(X)
    return seen


def _first_rows(X: NDArray[Any], n_clusters: int, random_state: np.random.RandomState) -> NDArray[Any]:
    assert isinstance(random_state, np.random.RandomState)
    return X[:n_clusters]


def test_a_callable_start_is_called() -> None:
    X = some_rows(50, 3, np.float64, 5)
    np.testing.assert_array_equal(
        KMeans(4, init=_first_rows, n_init=1).fit(X).cluster_centers_, KMeans(4, init=X[:4]).fit(X).cluster_centers_
    )


# --- as an estimator ---------------------------------------------------------------------------------------------


def test_parameters_clone_refit_and_pickle() -> None:
    model = KMeans(3, random_state=0, tol=0.1, algorithm="lloyd")
    assert model.get_params() == {
        "n_clusters": 3, "init": "k-means++", "n_init": "auto", "max_iter": 300, "tol": 0.1, "algorithm": "lloyd",
        "random_state": 0, "n_jobs": None, "copy_x": True, "verbose": 0, "callback": None,
    }  # fmt: skip
    X, Y = some_rows(50, 4, np.float64, 6), some_rows(40, 9, np.uint8, 7)
    model.fit(X)
    assert not hasattr(clone(model), "labels_")
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.predict(X), model.labels_)
    model.fit(Y)  # another width, another dtype: nothing of the first fit is left
    assert model.n_features_in_ == 9
    assert_consistent(model, Y)
    np.testing.assert_array_equal(model.labels_, clone(model).fit_predict(Y))
    assert model.get_feature_names_out().tolist() == ["kmeans0", "kmeans1", "kmeans2"]
    np.testing.assert_allclose(model.transform(Y), clone(model).fit_transform(Y))


def test_layout_and_other_dtypes_do_not_matter() -> None:
    X = some_rows(60, 8, np.uint8, 8)
    expected = KMeans(4, random_state=1).fit(X)
    wide = np.repeat(X, 2, axis=1)
    frozen = X.copy()
    frozen.setflags(write=False)
    for data in (np.asfortranarray(X), wide[:, ::2], X[::-1][::-1], frozen, X.tolist(), X.astype(np.int64),
                 X.astype(np.uint16), np.asfortranarray(X.astype(np.float64))):  # fmt: skip
        np.testing.assert_array_equal(KMeans(4, random_state=1).fit(data).cluster_centers_, expected.cluster_centers_)
        np.testing.assert_array_equal(expected.predict(data), expected.labels_)
    assert KMeans(1).fit(np.array([[True], [False]])).cluster_centers_.tolist() == [[0.5]]


def test_fitting_changes_neither_the_data_nor_the_start() -> None:
    X, start, weights = some_rows(60, 8, np.float64, 9), some_rows(4, 8, np.float64, 10), np.full(60, 2.0)
    before = X.copy(), start.copy(), weights.copy()
    KMeans(4, init=start).fit(X, sample_weight=weights)
    for array, copy in zip((X, start, weights), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_bytes_are_not_widened_in_memory() -> None:
    X = some_rows(20_000, 784, np.uint8, 11)
    tracemalloc.start()
    try:
        model = KMeans(10, random_state=0, max_iter=3, n_jobs=2).fit(X)
        model.predict(X)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 0.5 * X.nbytes  # float32 alone would be 4 times X


@pytest.mark.parametrize("offset", [1e6, -3e7])
def test_a_large_offset_changes_no_label(offset: float) -> None:
    X = np.random.default_rng(0).normal(size=(300, 8)) * np.arange(1, 9)
    plain = KMeans(5, init=X[:5]).fit(X)
    moved = KMeans(5, init=X[:5] + offset).fit(X + offset)
    assert (plain.labels_ == moved.labels_).mean() > 0.99
    assert moved.inertia_ == pytest.approx(plain.inertia_, rel=1e-6)


def test_centers_of_any_layout_predict() -> None:
    X = some_rows(50, 6, np.float64)
    model = KMeans(4, random_state=0).fit(X)
    expected = model.predict(X)
    model.cluster_centers_ = np.asfortranarray(model.cluster_centers_.astype(np.float32))
    np.testing.assert_array_equal(model.predict(X), expected)
    assert model.transform(X).shape == (50, 4)


@pytest.mark.parametrize("n_jobs", [np.int64(2), np.int32(-1)])
def test_whole_numbers_of_numpy_count_threads(n_jobs: Any) -> None:
    X = some_rows(50, 6, np.float64)
    assert KMeans(4, random_state=0, n_jobs=n_jobs).fit(X).inertia_ == KMeans(4, random_state=0).fit(X).inertia_


def test_lloyd_without_bounds_gives_the_same_bytes() -> None:
    for dtype in (np.uint8, np.float32, np.float64):
        X = some_rows(2000, 40, dtype)
        plain, bounded = (KMeans(40, algorithm=name, random_state=0).fit(X) for name in ("lloyd", "auto"))
        assert plain.cluster_centers_.tobytes() == bounded.cluster_centers_.tobytes()
        assert plain.labels_.tobytes() == bounded.labels_.tobytes()
        assert plain.inertia_ == bounded.inertia_


def test_values_far_apart_keep_a_precise_inertia() -> None:
    # Two tight clusters 2e6 apart: the expanded square |x|^2 - 2 x.c + |c|^2 would lose all of the inertia.
    random = np.random.default_rng(12)
    X = np.concatenate([random.normal(-1e6, 1e-3, (50, 3)), random.normal(1e6, 1e-3, (50, 3))])
    seen: list[Iteration] = []
    model = KMeans(2, init=X[[0, 99]], tol=0, callback=seen.append).fit(X)
    assert model.inertia_ == pytest.approx(recomputed_inertia(model, X), rel=1e-6)
    assert seen[-1].inertia == pytest.approx(model.inertia_, rel=1e-6)


# --- what cannot be used -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_clusters": 0}, "n_clusters must be a whole number of at least 1; got 0."),
        ({"n_clusters": 2.5}, "n_clusters must be a whole number of at least 1; got 2.5."),
        ({"n_clusters": True}, "n_clusters must be a whole number of at least 1; got True."),
        ({"n_clusters": "3"}, "n_clusters must be a whole number of at least 1; got '3'."),
        ({"n_clusters": 7}, "n_samples=6 should be >= n_clusters=7."),
        ({"max_iter": 0}, "max_iter must be a whole number of at least 1; got 0."),
        ({"n_init": 0}, "n_init must be a whole number of at least 1; got 0."),
        ({"n_init": "many"}, "n_init must be a whole number of at least 1, or 'auto'; got 'many'."),
        ({"tol": -1}, "tol must be a number of at least 0; got -1."),
        ({"tol": np.nan}, "tol must be a number of at least 0; got nan."),
        ({"tol": "0"}, "tol must be a number of at least 0; got '0'."),
        ({"algorithm": "loyd"}, "algorithm 'loyd' is unknown; choose 'auto', 'lloyd' or 'elkan'. Did you mean 'lloyd'?"),
        ({"algorithm": "xyz"}, "algorithm 'xyz' is unknown; choose 'auto', 'lloyd' or 'elkan'."),
        ({"init": "kmeans++"},
         "init 'kmeans++' is unknown; choose 'k-means++', 'k-means||' or 'random'. Did you mean 'k-means++'?"),
        ({"init": np.zeros((3, 2))},
         "init must hold centers of shape (2, 2), (n_clusters, n_features); got (3, 2)."),
        ({"init": np.zeros((2, 3))},
         "init must hold centers of shape (2, 2), (n_clusters, n_features); got (2, 3)."),
        ({"init": [[0.0, np.inf], [1.0, 1.0]]}, "init holds NaN or infinity; every center must be finite."),
        ({"init": [[0.0, np.nan], [1.0, 1.0]]}, "init holds NaN or infinity; every center must be finite."),
        ({"n_jobs": 0}, "n_jobs must be a whole number other than 0, or None for all processors; got 0."),
    ],
)  # fmt: skip
def test_what_cannot_be_a_parameter_gets_one_sentence(options: dict[str, Any], message: str) -> None:
    X = np.arange(12.0).reshape(6, 2)
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        KMeans(**{"n_clusters": 2, "random_state": 0, **options}).fit(X)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([0, 0, 0, 0], "ample.weights? must"),
        ([1, 1, -1, 1], "Negative values in data passed to `sample_weight`"),
        ([1, 1, 1], "sample_weight.shape == "),
        ([1, 1, np.nan, 1], "Input sample_weight contains NaN"),
    ],
)
def test_weights_that_cannot_be_used_are_refused(weights: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        KMeans(2).fit(np.eye(4), sample_weight=weights)
    with pytest.raises(ValueError, match=message):
        kmeans_plusplus(np.eye(4), 2, sample_weight=weights)


def test_a_random_start_needs_rows_that_count() -> None:
    message = "init='random' needs at least n_clusters=2 rows whose sample_weight is above 0; got 1."
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        KMeans(2, init="random").fit(np.eye(4), sample_weight=[0, 0, 1, 0])


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([[np.nan, 1.0], [1.0, 1.0]], "Input X contains NaN"),
        ([[np.inf, 1.0], [1.0, 1.0]], "Input X contains infinity"),
        ([1.0, 2.0, 3.0], "Expected 2D array, got 1D array"),
        (np.zeros((0, 3)), r"Found array with 0 sample\(s\)"),
        (np.zeros((3, 0)), r"Found array with 0 feature\(s\)"),
        (np.zeros((3, 2, 2)), "Found array with dim 3"),
        ([["a"], ["b"]], "could not convert string to float|dtype"),
        (np.eye(3) * 1j, "Complex data not supported"),
        ([[1e200], [-1e200], [0.0]], "X holds values whose squares leave float64; divide X by a large number first"),
    ],
)
def test_data_that_cannot_be_used_are_refused(X: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        KMeans(2, random_state=0).fit(X)


def test_predict_checks_what_fit_saw() -> None:
    with pytest.raises(NotFittedError, match="This KMeans instance is not fitted yet"):
        KMeans(2).predict(np.eye(3))
    model = KMeans(2, random_state=0).fit(np.eye(3))
    with pytest.raises(ValueError, match="X has 4 features, but KMeans is expecting 3 features as input"):
        model.predict(np.eye(4))


@pytest.mark.parametrize(
    ("n_clusters", "options", "message"),
    [
        (0, {}, "n_clusters must be a whole number between 1 and n_samples=4; got 0."),
        (5, {}, "n_clusters must be a whole number between 1 and n_samples=4; got 5."),
        (2.0, {}, "n_clusters must be a whole number between 1 and n_samples=4; got 2.0."),
        (2, {"n_local_trials": 0}, "n_local_trials must be a whole number of at least 1, or None; got 0."),
    ],
)
def test_seeding_that_cannot_be_done_gets_one_sentence(n_clusters: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        kmeans_plusplus(np.eye(4), n_clusters, **options)


def test_seeds_are_rows_and_differ_where_rows_do() -> None:
    for dtype in (np.uint8, np.float32, np.float64):
        X = some_rows(40, 3, dtype, 13)
        for n_local_trials in (None, 1, 5):
            centers, rows = kmeans_plusplus(X, 40, random_state=0, n_local_trials=n_local_trials)
            assert centers.dtype == dtype
            np.testing.assert_array_equal(centers, X[rows])
            assert sorted(rows.tolist()) == list(range(40))
    assert len(kmeans_plusplus(np.zeros((5, 2)), 4, random_state=0)[1]) == 4
