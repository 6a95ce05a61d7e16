"""Runs from many starts are KMeans' own, those that traces show; named, they are as right as is said."""

from typing import Any

import numpy as np
import pytest

from inkmeans import KMeans
from inkmeans.errors import InputError
from inkmeans.evaluate import named_accuracy
from inkmeans.images import Drawing
from inkmeans.lesson import LearnSet, LearnSets, Pixels, Run, name_run


@pytest.fixture(scope="module")
def sets() -> LearnSets:
    return LearnSets()


@pytest.fixture(scope="module")
def digits(sets: LearnSets) -> LearnSet:
    found = sets.find("digits")
    assert found is not None
    return found


def model_of(run: Run, X: np.ndarray) -> KMeans:
    return KMeans(len(run.counts), init=run.start, n_init=1, random_state=run.seed).fit(X)


@pytest.mark.parametrize("pixels", ["raw", "normalized"])
@pytest.mark.parametrize("k", [2, 10, 100])
def test_each_run_is_what_kmeans_finds(sets: LearnSets, digits: LearnSet, pixels: Pixels, k: int) -> None:
    X = sets.glyphs(digits, pixels).rows
    runs = list(sets.runs(digits, pixels, k, n_runs=4, seed=3))
    assert [(run.seed, run.start) for run in runs] == [
        (seed, start) for seed in range(3, 7) for start in ("k-means++", "random")
    ]
    truths = digits.truths()
    for run in runs:
        model = model_of(run, X)
        assert (run.inertia, run.n_iter) == (model.inertia_, model.n_iter_)
        np.testing.assert_array_equal(run.labels, model.labels_)
        np.testing.assert_array_equal(run.centers, model.cluster_centers_)
        np.testing.assert_array_equal(run.counts, np.bincount(model.labels_, minlength=k))
        own = np.where(np.arange(k) == model.labels_[:, None], model.transform(X), np.inf)
        np.testing.assert_array_equal(run.middles, own.argmin(axis=0))
        named = name_run(run, truths)
        assert named.names == tuple(truths[run.middles])
        assert named.accuracy == named_accuracy(truths, model.labels_, run.middles)


@pytest.mark.parametrize("pixels", ["raw", "normalized"])
def test_each_run_is_the_one_that_its_trace_shows(sets: LearnSets, digits: LearnSet, pixels: Pixels) -> None:
    for run in sets.runs(digits, pixels, 10, n_runs=2, seed=8):
        shown = sets.trace(digits, pixels, 10, start=run.start, seed=run.seed)
        assert (shown.n_iter, shown.steps[-1].inertia) == (run.n_iter, run.inertia)
        np.testing.assert_array_equal(shown.labels[-1], run.labels)


def test_what_was_run_is_not_run_again(sets: LearnSets, digits: LearnSet, monkeypatch: pytest.MonkeyPatch) -> None:
    before = list(sets.runs(digits, "raw", 7, n_runs=2))
    monkeypatch.setattr("inkmeans.lesson._runs.k_means", None)
    again = list(sets.runs(digits, "raw", 7, n_runs=2))
    assert all(one is two for one, two in zip(before, again, strict=True))
    with pytest.raises(TypeError):
        list(sets.runs(digits, "raw", 7, n_runs=1, seed=2))


def test_runs_end_when_they_are_not_wanted_any_more(sets: LearnSets, digits: LearnSet) -> None:
    answers = iter([True, True, True, False])
    assert len(list(sets.runs(digits, "raw", 3, is_wanted=lambda: next(answers)))) == 3


def test_runs_end_when_their_set_is_forgotten_and_nothing_of_it_is_kept() -> None:
    sets = LearnSets()
    strokes = (((40.0, 40.0), (60.0, 60.0), (40.0, 60.0)),)
    drawings = [Drawing(strokes, 100, 100, pen, None) for pen in (6.0, 8.0, 10.0, 12.0)]
    drawn = sets.add("ours", drawings)
    runs = sets.runs(drawn, "raw", 2)
    next(runs)
    sets.forget([drawn.set])
    message = "The drawings of 'ours' were deleted; they are in this server no longer."
    with pytest.raises(InputError, match=message):
        next(runs)
    for ask in (lambda: sets.glyphs(drawn, "normalized"), lambda: sets.trace(drawn, "raw", 2)):
        with pytest.raises(InputError, match=message):
            ask()
    assert sets.find(drawn.set) is None
    assert not sets._glyphs.values() and not sets._runs.values()
    again = sets.add("ours", drawings)
    assert (again.set, len(list(sets.runs(again, "raw", 2, n_runs=1)))) == (drawn.set, 2)


def test_what_is_made_of_a_set_that_is_forgotten_meanwhile_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    sets, loaded = LearnSets(), []

    def load(_: Pixels) -> tuple[np.ndarray, int]:
        loaded.append(1)
        return np.eye(4, dtype=np.uint8).reshape(4, 2, 2), 16

    few = LearnSet("few", "few", "class", 4, ("raw",), False, load, lambda: np.full(4, ""), lambda: None)  # type: ignore[arg-type, return-value]
    get = sets._glyphs.get

    def forgotten_first(*arguments: Any) -> Any:
        sets.forget(["few"])
        return get(*arguments)

    monkeypatch.setattr(sets._glyphs, "get", forgotten_first)
    for _ in range(2):
        with pytest.raises(InputError, match="were deleted"):
            sets.glyphs(few, "raw")
    assert not sets._glyphs.values()
    assert len(loaded) == 1


def test_names_of_unknown_truths_and_empty_clusters_are_none() -> None:
    # Worked by hand: cluster 0 holds glyphs 0 to 2, its middle is a "1"; the truth of cluster 1's middle is not known;
    # cluster 2 is empty. Of the four known truths two have the name of their cluster.
    labels = np.array([0, 0, 0, 1, 1], dtype=np.uint8)
    none: Any = np.empty(0)
    run = Run("random", 0, 1, 0.0, labels, none, np.array([3, 2, 0]), np.array([1, 4, -1]))
    named = name_run(run, np.array(["1", "1", "7", "7", ""]))
    assert named.names == ("1", None, None)
    assert named.accuracy == 2 / 4


@pytest.mark.filterwarnings("ignore:.*distinct clusters:sklearn.exceptions.ConvergenceWarning")
def test_equal_images_leave_clusters_empty() -> None:
    images = np.zeros((4, 8, 8), dtype=np.uint8)
    images[3] = 9
    few = LearnSet(
        "few", "few", "drawings", 4, ("raw",), True, lambda _: (images, 16), lambda: np.array(list("aaab")), None
    )  # type: ignore[arg-type]
    for run in LearnSets().runs(few, "raw", 3, n_runs=3):
        model = model_of(run, images.reshape(4, -1))
        np.testing.assert_array_equal(run.labels, model.labels_)
        assert sorted(run.counts.tolist()) == [0, 1, 3]
        assert run.middles[run.counts == 0].tolist() == [-1]
        named = name_run(run, few.truths())
        assert sorted(map(str, named.names)) == ["None", "a", "b"]
        assert named.accuracy == 1.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_clusters": 1}, "k must be a whole number from 2 to 100"),
        ({"n_runs": 0}, "n_runs must be a whole number from 1 to 100; got 0"),
        ({"n_runs": 101}, "n_runs must be a whole number from 1 to 100; got 101"),
        ({"seed": 2**32 - 19}, "The last seed must be no more than 4294967295; got seed=4294967277 and n_runs=20"),
        ({"seed": -1}, "seed must be a whole number from 0 to 4294967295; got -1"),
    ],
)
def test_what_cannot_be_run_is_said_at_once(
    sets: LearnSets, digits: LearnSet, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        sets.runs(digits, "raw", **{"n_clusters": 3, **options})
