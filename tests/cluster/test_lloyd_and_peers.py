"""KMeans by hand, against scikit-learn, against itself."""

import itertools
import os
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans as ScikitLearnKMeans
from sklearn.datasets import load_digits

from inkmeans import KMeans, _core, kmeans_plusplus
from inkmeans.errors import InputError

FOUR = np.array([[0.0, 0.0], [0.0, 2.0], [10.0, 0.0], [10.0, 2.0]])
DTYPES = (np.uint8, np.float32, np.float64)


def blobs(n, d, seed=0):
    random = np.random.default_rng(seed)
    middles = random.integers(30, 220, size=(6, d))
    return (middles[random.integers(6, size=n)] + random.integers(-25, 26, size=(n, d))).clip(0, 255)


@pytest.mark.parametrize("dtype", DTYPES)
def test_four_points_by_hand(dtype):
    model = KMeans(2, init=FOUR[[0, 2]]).fit(FOUR.astype(dtype))
    assert model.labels_.tolist() == [0, 0, 1, 1]
    assert model.cluster_centers_.tolist() == [[0.0, 1.0], [10.0, 1.0]]
    assert model.inertia_ == 4.0
    assert model.n_iter_ == 2
    assert model.transform(FOUR.astype(dtype))[0].tolist() == pytest.approx([1.0, 101**0.5])
    assert model.score(FOUR.astype(dtype)) == -4.0


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("n", "d", "k"), [(5, 1, 2), (40, 7, 5), (97, 15, 16), (200, 16, 17), (301, 63, 3), (150, 64, 33), (60, 784, 10)]
)
def test_from_the_same_start_it_goes_where_scikit_learn_goes(dtype, n, d, k):
    X = blobs(n, d).astype(dtype)
    start = X[np.random.default_rng(1).choice(n, k, replace=False)].astype(np.float64)
    for max_iter in (1, 3, 30):
        ours = KMeans(k, init=start, max_iter=max_iter, tol=0).fit(X)
        peer_start = start.astype(np.float32) if dtype == np.float32 else start
        theirs = ScikitLearnKMeans(k, init=peer_start, n_init=1, max_iter=max_iter, tol=0, algorithm="lloyd")
        theirs = without_convergence_warnings(theirs, X)
        assert ours.inertia_ == pytest.approx(theirs.inertia_, rel=1e-5, abs=1e-9)
        assert np.mean(ours.labels_ == theirs.labels_) > 0.99


def without_convergence_warnings(model, X):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(X)


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 20), st.integers(1, 12), st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_labels_are_those_of_float64_arithmetic_ties_to_the_lowest(seed, n, d, k, top):
    random = np.random.default_rng(seed)
    X = random.integers(0, top + 1, size=(n, d)).astype(np.uint8)
    centers = random.integers(0, 2 * top + 1, size=(k, d)) / 2.0
    twin = ((X[:, None].astype(float) - centers) ** 2).sum(axis=2).argmin(axis=1)
    for rows in (X, X.astype(np.float32), X.astype(np.float64)):
        labels = np.empty(n, dtype=np.int32)
        _core.assign(rows, centers, np.zeros(d), labels, 1)
        assert labels.tolist() == twin.tolist()


@pytest.mark.parametrize("isa", _core.isa_available())
@pytest.mark.parametrize("d", [1, 7, 15, 16, 17, 63, 64, 65, 783, 784, 785])
def test_every_instruction_set_gives_the_same_bytes(isa, d, monkeypatch):
    X = blobs(131, d)
    results = []
    for name in ("scalar", isa):
        monkeypatch.setenv("INKMEANS_ISA", name)
        assert _core.isa() == name
        models = [KMeans(18, random_state=0, max_iter=5).fit(X.astype(dtype)) for dtype in DTYPES]
        results.append([(m.labels_.tobytes(), m.cluster_centers_.tobytes(), m.inertia_) for m in models])
    assert results[0] == results[1]


def test_an_instruction_set_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setenv("INKMEANS_ISA", "altivec")
    with pytest.raises(RuntimeError, match="INKMEANS_ISA is 'altivec', but this machine runs 'scalar'"):
        _core.isa()


@pytest.mark.parametrize("dtype", DTYPES)
def test_any_number_of_threads_gives_the_same_bytes(dtype):
    X = blobs(1000, 100).astype(dtype)
    fits = [KMeans(9, random_state=0, n_jobs=n_jobs).fit(X) for n_jobs in (1, 2, 3, 8)]
    assert len({(m.labels_.tobytes(), m.cluster_centers_.tobytes(), m.inertia_) for m in fits}) == 1


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_bytes_go_the_way_of_their_float64_copy(seed):
    X = np.random.default_rng(seed).integers(0, 4, size=(60, 5)).astype(np.uint8)
    start = X[np.random.default_rng(seed).choice(60, 6, replace=False)].astype(np.float64)
    bytes_fit, copy_fit = (KMeans(6, init=start).fit(rows) for rows in (X, X.astype(np.float64)))
    assert bytes_fit.labels_.tolist() == copy_fit.labels_.tolist()
    assert bytes_fit.cluster_centers_.tolist() == copy_fit.cluster_centers_.tolist()
    assert bytes_fit.inertia_ == copy_fit.inertia_


@pytest.mark.parametrize("offset", [0.0, 1e6, -3e7])
def test_a_large_offset_changes_no_label(offset):
    X = np.random.default_rng(0).normal(size=(300, 8)) * np.arange(1, 9)
    start = X[:5]
    plain = KMeans(5, init=start).fit(X)
    moved = KMeans(5, init=start + offset).fit(X + offset)
    assert np.mean(plain.labels_ == moved.labels_) > 0.99
    assert moved.inertia_ == pytest.approx(plain.inertia_, rel=1e-6)


def test_an_empty_cluster_gets_a_far_row_and_all_stays_consistent():
    X = np.array([[0.0], [0.1], [0.2], [9.0], [9.1], [30.0]])
    start = np.array([[0.1], [9.0], [-500.0]])  # the third center wins no row
    model = KMeans(3, init=start, max_iter=100).fit(X)
    assert sorted(np.bincount(model.labels_)) == [1, 2, 3]
    for max_iter in (1, 2, 3):
        short = KMeans(3, init=start, max_iter=max_iter).fit(X)
        assert short.labels_.tolist() == short.predict(X).tolist()
        own = ((X - short.cluster_centers_[short.labels_]) ** 2).sum()
        assert short.inertia_ == pytest.approx(own)


def test_whole_weights_are_repeated_rows():
    X = blobs(40, 6).astype(np.float64)
    weights = np.random.default_rng(0).integers(0, 4, size=40)
    start = X[:4]
    weighted = KMeans(4, init=start).fit(X, sample_weight=weights)
    repeated = KMeans(4, init=start).fit(X.repeat(weights, axis=0))
    np.testing.assert_allclose(weighted.cluster_centers_, repeated.cluster_centers_)
    assert weighted.inertia_ == pytest.approx(repeated.inertia_)


def test_inertia_never_rises_and_the_callback_sees_consistent_iterations():
    X = load_digits().data
    seen = []
    model = KMeans(10, random_state=3, callback=seen.append).fit(X)
    inertias = [one.inertia for one in seen]
    assert all(later <= earlier * (1 + 1e-12) for earlier, later in itertools.pairwise(inertias))
    assert [one.n_iter for one in seen] == list(range(1, model.n_iter_ + 1))
    for one in seen[:3]:
        assert one.inertia == pytest.approx(((X - one.centers[one.labels]) ** 2).sum())
        assert one.seconds >= 0.0 and one.run == 0


INTERRUPTED = textwrap.dedent(
    """
    import os, signal, sys
    import numpy as np
    from inkmeans import KMeans
    X = np.random.default_rng(0).normal(size=(3000, 20))
    def interrupt(one):
        if one.n_iter == 3:
            os.kill(os.getpid(), signal.SIGINT)
    model = KMeans(30, tol=0, random_state=0, callback=interrupt)
    try:
        model.fit(X)
    except KeyboardInterrupt:
        same = (model.labels_ == model.predict(X)).all()
        own = ((X - model.cluster_centers_[model.labels_]) ** 2).sum()
        print(model.n_iter_ >= 3, same, abs(model.inertia_ / own - 1) < 1e-9)
    """
)


@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
def test_ctrl_c_leaves_the_last_complete_iteration():
    assert signal.SIGINT
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True True True"


def test_seeding_is_as_good_as_scikit_learns():
    X = load_digits().data
    ours, theirs = [], []
    for seed in range(20):
        ours.append(KMeans(10, random_state=seed).fit(X).inertia_)
        theirs.append(ScikitLearnKMeans(10, random_state=seed, n_init=1).fit(X).inertia_)
    assert np.median(ours) <= 1.005 * np.median(theirs)


def test_kmeans_plusplus_draws_rows_and_no_row_twice():
    X = np.arange(12.0).reshape(6, 2)
    centers, rows = kmeans_plusplus(X, 6, random_state=0)
    assert sorted(rows.tolist()) == [0, 1, 2, 3, 4, 5]
    assert (centers == X[rows]).all()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"n_clusters": 0}, "n_clusters must be a whole number of at least 1; got 0."),
        ({"n_clusters": 9}, "n_samples=4 should be >= n_clusters=9."),
        ({"max_iter": 0}, "max_iter must be a whole number of at least 1; got 0."),
        ({"tol": -1.0}, "tol must be a number of at least 0; got -1.0."),
        ({"algorithm": "loyd"}, "algorithm 'loyd' is unknown; choose 'auto' or 'lloyd'. Did you mean 'lloyd'?"),
        ({"init": "kmeans++"}, "init 'kmeans++' is unknown; choose 'k-means++' or 'random'. Did you mean 'k-means++'?"),
        ({"init": FOUR}, "init must hold centers of shape (2, 2), (n_clusters, n_features); got (4, 2)."),
        ({"n_init": "ten"}, "n_init must be a whole number of at least 1, or 'auto'; got 'ten'."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(settings, message):
    with pytest.raises(InputError) as caught:
        KMeans(**{"n_clusters": 2, **settings}).fit(FOUR)
    assert str(caught.value) == message


def test_bytes_are_not_widened():
    import tracemalloc

    X = np.random.default_rng(0).integers(0, 256, size=(20_000, 784), dtype=np.uint8)
    tracemalloc.start()
    KMeans(10, init=X[:10].astype(float), max_iter=2).fit(X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < X.nbytes
