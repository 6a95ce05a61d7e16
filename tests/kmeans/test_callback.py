"""What a callback receives, and what an interrupted fit leaves behind."""

import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits

from inkmeans import KMeans
from inkmeans.kmeans import Iteration


def inertia_of(iteration: Iteration, X: np.ndarray, weights: np.ndarray | None = None) -> float:
    own = ((X - iteration.centers[iteration.labels]) ** 2).sum(axis=1)
    return float(own.sum() if weights is None else own @ weights)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("weighted", [False, True])
def test_each_iteration_holds_what_belongs_together(dtype: type, weighted: bool) -> None:
    X = load_digits().data.astype(dtype)
    weights = np.random.default_rng(0).uniform(0, 2, len(X)) if weighted else None
    seen: list[Iteration] = []
    model = KMeans(10, random_state=0, tol=0, callback=seen.append).fit(X, sample_weight=weights)
    assert [iteration.n_iter for iteration in seen] == list(range(1, model.n_iter_ + 1))
    assert {iteration.run for iteration in seen} == {0}
    for iteration in seen:
        assert iteration.centers.shape == (10, 64)
        assert iteration.centers.dtype == model.cluster_centers_.dtype
        assert iteration.labels.dtype == np.int32
        expected = inertia_of(iteration, X.astype(np.float64), weights)
        assert iteration.inertia == pytest.approx(expected, rel=1e-9)
    inertias = [iteration.inertia for iteration in seen]
    assert all(later <= earlier * (1 + 1e-12) for earlier, later in pairwise(inertias))
    seconds = [iteration.seconds for iteration in seen]
    assert seconds == sorted(seconds)
    assert seconds[0] >= 0
    np.testing.assert_array_equal(seen[-1].labels, model.labels_)
    assert seen[-1].inertia == pytest.approx(model.inertia_, rel=1e-12)


def test_a_callback_that_keeps_and_spoils_what_it_gets_spoils_nothing() -> None:
    X = load_digits().data
    kept: list[Iteration] = []

    def spoil(iteration: Iteration) -> None:
        kept.append(iteration)
        iteration.centers[:] = np.nan
        iteration.labels[::3] = 9

    expected = KMeans(10, random_state=0).fit(X)
    model = KMeans(10, random_state=0, callback=spoil).fit(X)
    np.testing.assert_array_equal(model.cluster_centers_, expected.cluster_centers_)
    assert len({id(iteration.labels) for iteration in kept}) == len(kept)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("enough")])
@pytest.mark.parametrize("stop_at", [1, 2, 5])
def test_an_interrupted_fit_leaves_the_last_complete_iteration(error: BaseException, stop_at: int) -> None:
    X = load_digits().data
    seen: list[Iteration] = []

    def stop(iteration: Iteration) -> None:
        seen.append(iteration)
        if iteration.n_iter == stop_at:
            raise error

    model = KMeans(10, random_state=0, tol=0, callback=stop)
    with pytest.raises(type(error)) as raised:
        model.fit(X)
    assert raised.value is error
    assert model.n_iter_ == stop_at
    np.testing.assert_array_equal(model.cluster_centers_, seen[-1].centers)
    np.testing.assert_array_equal(model.labels_, seen[-1].labels)
    assert model.inertia_ == pytest.approx(seen[-1].inertia, rel=1e-12)
    np.testing.assert_array_equal(model.predict(X), model.labels_)
    model.set_params(callback=None).fit(X)  # and it can be fitted anew
    assert model.n_iter_ > stop_at


def test_an_interrupted_second_run_leaves_the_first() -> None:
    X = load_digits().data

    def stop(iteration: Iteration) -> None:
        if iteration.run == 1 and iteration.n_iter == 2:
            raise KeyboardInterrupt

    model = KMeans(10, random_state=0, n_init=3, callback=stop)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X)
    whole = KMeans(10, random_state=0).fit(X)
    np.testing.assert_array_equal(model.labels_, whole.labels_)
    assert model.inertia_ == whole.inertia_


def test_an_interrupt_while_a_later_run_is_seeded_leaves_the_best_so_far() -> None:
    X = load_digits().data
    starts = iter([X[:10], X[10:20]])

    def start(X: np.ndarray, n_clusters: int, random_state: object) -> np.ndarray:
        try:
            return next(starts)
        except StopIteration:
            raise KeyboardInterrupt from None

    model = KMeans(10, init=start, n_init=5)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X)
    assert model.inertia_ == min(KMeans(10, init=X[first : first + 10]).fit(X).inertia_ for first in (0, 10))


def test_an_interrupt_after_the_last_iteration_leaves_the_last_iteration(monkeypatch: pytest.MonkeyPatch) -> None:
    from inkmeans.kmeans import _lloyd

    X = load_digits().data
    real = _lloyd.assigner

    class Interrupted:
        def __init__(self, *arguments: Any, **options: Any) -> None:
            self.real = real(*arguments, **options)
            self.calls = 0

        def assign(self, *arguments: Any) -> int:
            self.calls += 1
            if self.calls == 4:  # 3 iterations, then the labels of the centers' last move
                raise KeyboardInterrupt
            return int(self.real.assign(*arguments))

    monkeypatch.setattr(_lloyd, "assigner", Interrupted)
    model = KMeans(10, random_state=0, max_iter=3)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X)
    monkeypatch.undo()
    assert model.n_iter_ == 3
    np.testing.assert_array_equal(model.predict(X), model.labels_)


def test_an_interrupt_before_the_first_iteration_leaves_an_unfitted_estimator() -> None:
    def stop(X: np.ndarray, n_clusters: int, random_state: object) -> np.ndarray:
        raise KeyboardInterrupt

    model = KMeans(3, init=stop)
    with pytest.raises(KeyboardInterrupt):
        model.fit(np.eye(5))
    assert not hasattr(model, "cluster_centers_")


@pytest.mark.slow  # a fit long enough to be interrupted
@pytest.mark.skipif(os.name != "posix", reason="sends the signal that Ctrl-C sends")
def test_ctrl_c_leaves_the_last_complete_iteration(tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import sys
        import numpy as np
        from inkmeans import KMeans

        X = np.random.default_rng(0).integers(0, 256, (6000, 300), dtype=np.uint8)
        seen = []

        def report(iteration):
            seen.append(iteration.labels)
            if iteration.n_iter == 3:
                print("going", flush=True)

        model = KMeans(40, random_state=0, tol=0, max_iter=100_000, n_init=100_000, n_jobs=2, callback=report)
        try:
            model.fit(X)
        except KeyboardInterrupt:
            assert np.array_equal(model.labels_, model.predict(X))
            own = ((X - model.cluster_centers_[model.labels_]) ** 2).sum()
            assert abs(own - model.inertia_) < 1e-9 * own
            assert model.n_iter_ >= 3
            print("interrupted", model.n_iter_)
            sys.exit(130)
        """
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "going\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 130, err
    assert re.match(r"(going\n)*interrupted \d+\n", out)
    assert err == ""
