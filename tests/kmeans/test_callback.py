"""What a callback receives after each half-step, and what an interrupted fit leaves behind."""

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
from scipy.spatial.distance import cdist
from sklearn.datasets import load_digits

from inkmeans import KMeans
from inkmeans.kmeans import Iteration


def inertia_of(iteration: Iteration, X: np.ndarray, weights: np.ndarray | None = None) -> float:
    own = ((X - iteration.centers[iteration.labels]) ** 2).sum(axis=1)
    return float(own.sum() if weights is None else own @ weights)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("max_iter", [4, 300])
def test_each_half_step_holds_what_belongs_together(dtype: type, weighted: bool, max_iter: int) -> None:
    X = load_digits().data.astype(dtype)
    weights = np.random.default_rng(0).uniform(0, 2, len(X)) if weighted else None
    seen: list[Iteration] = []
    model = KMeans(10, random_state=0, tol=0, max_iter=max_iter, callback=seen.append).fit(X, sample_weight=weights)
    expected = [(half, n) for n in range(1, model.n_iter_ + 1) for half in ("assignment", "update")]
    if max_iter == 4:  # it ends while labels still change, so the rows are assigned once more
        expected.append(("assignment", 4))
    assert [(step.half_step, step.n_iter) for step in seen] == expected
    assert {step.run for step in seen} == {0}
    for step in seen:
        assert step.centers.shape == (10, 64)
        assert step.centers.dtype == model.cluster_centers_.dtype
        assert step.labels.dtype == np.int32
        assert step.inertia == pytest.approx(inertia_of(step, X.astype(np.float64), weights), rel=1e-9)
        if step.half_step == "assignment":
            closest = cdist(X.astype(np.float64), step.centers.astype(np.float64)).argmin(axis=1)
            np.testing.assert_array_equal(step.labels, closest)
            assert not step.moved.any()
    assert seen[0].n_changed == len(X)
    for earlier, later in pairwise(seen):
        assert later.inertia <= earlier.inertia * (1 + 1e-6)  # float32 rounds the centers
        assert later.n_changed == np.count_nonzero(later.labels != earlier.labels)
        if later.half_step == "update":
            np.testing.assert_allclose(later.moved, np.linalg.norm(later.centers - earlier.centers, axis=1), rtol=1e-5)
        else:
            np.testing.assert_array_equal(later.centers, earlier.centers)
    assert all(step.relocated == () for step in seen)
    seconds = [step.seconds for step in seen]
    assert seconds == sorted(seconds)
    assert seconds[0] >= 0


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("options", [{"tol": 0}, {"tol": 0.1}, {"max_iter": 1}, {"max_iter": 3}])
def test_the_last_call_shows_the_result(dtype: type, options: dict[str, Any]) -> None:
    X = load_digits().data.astype(dtype)
    seen: list[Iteration] = []
    model = KMeans(10, random_state=0, callback=seen.append, **options).fit(X)
    assert seen[-1].labels.tobytes() == model.labels_.tobytes()
    assert seen[-1].centers.tobytes() == model.cluster_centers_.tobytes()
    assert seen[-1].inertia == model.inertia_
    assert seen[-1].n_iter == model.n_iter_


def test_a_relocated_cluster_is_told_with_its_row() -> None:
    # Both centers start at 0, so the second is empty: every row ties, and the lowest index wins. Row 4 is the farthest.
    X = np.array([[0.0], [1.0], [2.0], [9.0], [11.0]])
    seen: list[Iteration] = []
    model = KMeans(2, init=np.zeros((2, 1)), tol=0, callback=seen.append).fit(X)
    first, second, third, *_ = seen
    assert (first.half_step, first.labels.tolist(), first.inertia) == ("assignment", [0, 0, 0, 0, 0], 207.0)
    assert first.relocated == ()
    assert (second.half_step, second.relocated, second.n_changed) == ("update", ((1, 4),), 1)
    assert second.labels.tolist() == [0, 0, 0, 0, 1]  # each center is the mean of the rows that have its label
    assert second.centers.tolist() == [[3.0], [11.0]]
    assert second.moved.tolist() == [3.0, 11.0]
    assert second.inertia == 9 + 4 + 1 + 36
    assert (third.half_step, third.labels.tolist(), third.n_changed) == ("assignment", [0, 0, 0, 1, 1], 1)
    assert third.inertia == 9 + 4 + 1 + 4
    assert all(step.relocated == () for step in seen[2:])
    assert model.labels_.tolist() == [0, 0, 0, 1, 1]


def test_after_an_update_each_center_is_the_mean_of_its_rows() -> None:
    X = load_digits().data
    start = np.concatenate([np.repeat(X[:1], 6, axis=0), X[1:5]])  # five clusters are empty at first
    seen: list[Iteration] = []
    KMeans(10, init=start, callback=seen.append).fit(X)
    updates = [step for step in seen if step.half_step == "update"]
    assert [cluster for cluster, _ in updates[0].relocated] == [1, 2, 3, 4, 5]
    for step in updates:
        for cluster in range(10):
            np.testing.assert_allclose(step.centers[cluster], X[step.labels == cluster].mean(axis=0), atol=1e-12)
    assert all(later.inertia <= earlier.inertia * (1 + 1e-12) for earlier, later in pairwise(seen))


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
@pytest.mark.parametrize("half_step", ["assignment", "update"])
@pytest.mark.parametrize("stop_at", [1, 2, 5])
def test_an_interrupted_fit_leaves_the_last_assignment(error: BaseException, half_step: str, stop_at: int) -> None:
    X = load_digits().data
    seen: list[Iteration] = []

    def stop(iteration: Iteration) -> None:
        if iteration.half_step == "assignment":
            seen.append(iteration)
        if (iteration.half_step, iteration.n_iter) == (half_step, stop_at):
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


def test_an_interrupt_in_the_last_call_leaves_the_result() -> None:
    X = load_digits().data
    n_assignments = 0

    def stop(iteration: Iteration) -> None:
        nonlocal n_assignments
        n_assignments += iteration.half_step == "assignment"
        if n_assignments == 4:
            raise KeyboardInterrupt

    model = KMeans(10, random_state=0, max_iter=3, callback=stop)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X)
    whole = KMeans(10, random_state=0, max_iter=3).fit(X)
    assert model.cluster_centers_.tobytes() == whole.cluster_centers_.tobytes()
    assert (model.inertia_, model.n_iter_) == (whole.inertia_, 3)


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
