"""A trace tells what KMeans did: its labels, centers and inertia after each half-step, and what changed."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from inkmeans import KMeans
from inkmeans.kmeans import Iteration
from inkmeans.lesson import LearnGlyphs, LearnSet, LearnSets, Pixels, Start, Trace, trace
from inkmeans.lesson._sets import load_glyphs


@cache
def digits(pixels: Pixels) -> LearnGlyphs:
    sets = LearnSets()
    found = sets.find("digits")
    assert found is not None
    return sets.glyphs(found, pixels)


def pictures(found: Trace, centering: int) -> np.ndarray:
    return found.centers[centering].reshape(len(found.initial_rows), -1) * found.centers_scale


@pytest.mark.parametrize("pixels", ["raw", "normalized"])
@pytest.mark.parametrize("start", ["k-means++", "random", "hand", "bad"])
@pytest.mark.parametrize("k", [2, 10, 100])
def test_a_trace_is_what_kmeans_does(pixels: Pixels, start: Start, k: int) -> None:
    glyphs = digits(pixels)
    picked = range(5, 5 + k) if start == "hand" else ()
    found = trace(glyphs, k, start=start, seed=3, rows=picked)
    seen: list[Iteration] = []
    X = glyphs.rows
    init = start if start in ("k-means++", "random") else X[found.initial_rows]
    model = KMeans(k, init=init, n_init=1, random_state=3, callback=seen.append).fit(X)

    first, *steps = found.steps
    assert (first.half, first.n_iter, first.inertia, first.labeling, first.centering) == ("start", 0, None, None, 0)
    assert not first.counts.any()
    np.testing.assert_allclose(pictures(found, 0), X[found.initial_rows], atol=found.centers_scale)
    assert len(steps) in (len(seen), len(seen) - 1)  # a last update that moves nothing is left out
    before = np.full(len(X), -1)
    for step, told in zip(steps, seen, strict=False):
        assert (step.half, step.n_iter, step.inertia) == (told.half_step, told.n_iter, told.inertia)
        np.testing.assert_array_equal(found.labels[step.labeling], told.labels[glyphs.marks])
        np.testing.assert_allclose(pictures(found, step.centering), told.centers, atol=found.centers_scale)
        np.testing.assert_allclose(
            found.positions[step.centering], glyphs.plane.project(told.centers), rtol=1e-4, atol=1e-3
        )
        np.testing.assert_array_equal(step.counts, np.bincount(told.labels, minlength=k))
        changed = told.labels != before
        np.testing.assert_array_equal(step.came, np.bincount(told.labels[changed], minlength=k))
        if before[0] >= 0:
            np.testing.assert_array_equal(step.went, np.bincount(before[changed], minlength=k))
        assert step.n_changed == step.came.sum()
        before = told.labels
    last = found.steps[-1]
    assert last.half == "assignment"
    assert last.inertia == model.inertia_
    np.testing.assert_array_equal(found.labels[last.labeling], model.labels_[glyphs.marks])
    assert found.n_iter == model.n_iter_
    assert all(later.inertia <= earlier.inertia * (1 + 1e-12) for earlier, later in pairwise(steps))


@pytest.mark.filterwarnings("ignore:.*distinct clusters:sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("start", ["k-means++", "random", "hand", "bad"])
@pytest.mark.parametrize("seed", range(12))
def test_few_images_and_equal_ones_have_a_trace_too(start: Start, seed: int) -> None:
    random = np.random.default_rng(seed)
    n = int(random.integers(2, 12))
    k, distinct = int(random.integers(2, n + 1)), random.integers(0, 17, (int(random.integers(1, n + 1)), 8, 8))
    images = distinct[random.integers(0, len(distinct), n)].astype(np.uint8)
    few = LearnSet("few", "few", "drawings", n, ("raw",), False, lambda _: (images, 16), lambda: np.full(n, ""), None)  # type: ignore[arg-type]
    glyphs = load_glyphs(few, "raw")
    picked = random.integers(0, n, k).tolist() if start == "hand" else ()
    found = trace(glyphs, k, start=start, seed=seed, rows=picked)
    model = KMeans(k, init=glyphs.rows[found.initial_rows], n_init=1).fit(glyphs.rows)
    steps = found.steps[1:]
    assert [step.half for step in steps] == ["assignment", "update"] * (len(steps) // 2) + ["assignment"]
    assert steps[-1].inertia == model.inertia_
    np.testing.assert_array_equal(found.labels[steps[-1].labeling], model.labels_)
    np.testing.assert_allclose(pictures(found, steps[-1].centering), model.cluster_centers_, atol=found.centers_scale)
    assert np.isfinite(glyphs.positions).all() and np.isfinite(found.positions).all()
    for step in steps:
        assert step.counts.sum() == n
        assert all(step.counts[cluster] == 1 for cluster, _ in step.relocated)


def test_the_bad_start_is_nearly_one_image_and_empties_a_cluster_that_is_then_relocated() -> None:
    glyphs = digits("raw")
    found = trace(glyphs, 10, start="bad", seed=1)
    drawn, *others, again = found.initial_rows
    assert again == drawn and len(set(found.initial_rows.tolist())) == 9
    distances = np.linalg.norm(glyphs.rows.astype(float) - glyphs.rows[drawn], axis=1)
    assert set(others) <= set(np.argsort(distances)[:12])
    assignment, update = found.steps[1:3]
    assert assignment.counts[9] == 0
    assert [cluster for cluster, _ in update.relocated] == [9]
    assert (update.counts[9], update.came[9], update.n_changed) == (1, 1, 1)
    np.testing.assert_allclose(
        pictures(found, update.centering)[9], glyphs.rows[update.relocated[0][1]], atol=found.centers_scale
    )
    assert found.steps[-1].counts.min() > 0


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("seed", [0, 7])
def test_a_bad_start_of_two_or_three_clusters_is_bad_too(k: int, seed: int) -> None:
    found = trace(digits("normalized"), k, start="bad", seed=seed)
    assert found.steps[1].counts[-1] == 0
    assert found.steps[2].relocated


def test_how_a_run_ended_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    glyphs = digits("raw")
    assert trace(glyphs, 10).end == "no_change"
    from inkmeans.lesson import _traces

    real = _traces.k_means
    for options, end in (({"tol": 0.1}, "settled"), ({"max_iter": 3}, "max_iter")):
        monkeypatch.setattr(_traces, "k_means", lambda *a, options=options, **b: real(*a, **b, **options))
        found = trace(glyphs, 10)
        assert found.end == end
        assert [step.half for step in found.steps[-2:]] == ["update", "assignment"]


def test_the_same_seed_gives_the_same_trace_and_another_one_another() -> None:
    glyphs = digits("raw")
    for start in ("k-means++", "random", "bad"):
        one, two, other = (trace(glyphs, 5, start=start, seed=seed) for seed in (4, 4, 5))
        assert one.initial_rows.tolist() == two.initial_rows.tolist() != other.initial_rows.tolist()
        assert one.centers.tobytes() == two.centers.tobytes()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_clusters": 1}, "k must be a whole number from 2 to 100"),
        ({"n_clusters": 101}, "k must be a whole number from 2 to 100"),
        ({"n_clusters": 3, "start": "hand", "rows": [1, 2]}, "The start 'hand' needs as many rows as clusters, 3; got"),
        (
            {"n_clusters": 2, "start": "hand", "rows": [1, -2]},
            "Each row must be from 0 to 1796, the number of an image",
        ),
        ({"n_clusters": 2, "start": "random", "rows": [1, 2]}, "rows are picked for the start 'hand' only, and this"),
        ({"n_clusters": 2, "seed": -1}, "seed must be a whole number from 0 to 4294967295; got -1"),
    ],
)
def test_what_cannot_be_run_is_said(options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        trace(digits("raw"), **options)  # type: ignore[arg-type]
