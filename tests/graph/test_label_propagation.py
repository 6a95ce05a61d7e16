"""Names that spread along a graph: worked by hand, by a solver, and on real digits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from inkmeans.cluster import embed
from inkmeans.graph import propagate_labels
from inkmeans.normalize import normalize


def chain(n: int) -> sparse.csr_matrix:
    return sparse.csr_matrix(np.eye(n, k=1) + np.eye(n, k=-1))


def known(*names: int) -> np.ndarray:
    return np.array(names, dtype=np.int32)


def test_the_nearer_name_is_the_likelier_and_surer_the_nearer() -> None:
    names, confidences = propagate_labels(chain(7), known(0, -1, -1, -1, -1, -1, 1), 2)
    assert names.tolist() == [0, 0, 0, 0, 1, 1, 1]  # the middle is as near to both: the lower number
    assert (np.diff(confidences[:4]) < 0).all() and (np.diff(confidences[3:]) > 0).all()
    assert confidences[0] == confidences[6] == 1.0 and confidences[3] == pytest.approx(0.5, abs=0.02)


def test_chances_are_those_that_solve_the_equations() -> None:
    random = np.random.default_rng(0)
    weights = np.triu(random.random((12, 12)) < 0.4, 1) * random.random((12, 12))
    weights += weights.T + np.eye(12, k=1) + np.eye(12, k=-1)
    fixed = known(0, 1, 2, *[-1] * 9)
    steps = 0.98 * weights / weights.sum(axis=1, keepdims=True)
    met = np.linalg.solve(np.eye(9) - steps[3:, 3:], steps[3:, :3])
    names, confidences = propagate_labels(sparse.csr_matrix(weights), fixed, 3)
    np.testing.assert_array_equal(names[3:], met.argmax(axis=1))
    by_chance = 0.98 * 0.25 / (1 - 0.98 * 0.75)
    expected = met.max(axis=1) / met.sum(axis=1) * np.minimum(1, 2 * met.sum(axis=1) / by_chance)
    np.testing.assert_allclose(confidences[3:], expected, atol=0.01)


def test_a_glyph_far_from_the_only_name_is_less_sure_of_it() -> None:
    confidences = propagate_labels(chain(60), known(0, *[-1] * 59), 1)[1]
    assert confidences[1] > 0.9 and confidences[30] < 0.3 and (np.diff(confidences) <= 0).all()


def test_what_no_walk_joins_to_a_name_is_not_sure_at_all() -> None:
    graph = sparse.block_diag([chain(4), chain(4)]).tocsr()
    names, confidences = propagate_labels(graph, known(0, -1, -1, 1, -1, -1, -1, -1), 2)
    assert names[:4].tolist() == [0, 0, 1, 1]
    assert confidences[4:].tolist() == [0.0] * 4


def test_all_known_and_one_glyph_alone_need_no_walk() -> None:
    assert propagate_labels(chain(3), known(1, 0, 1), 2)[0].tolist() == [1, 0, 1]
    assert propagate_labels(sparse.csr_matrix((1, 1)), known(-1), 1)[1].tolist() == [0.0]


def test_one_truth_for_each_hundred_digits_names_most_of_them_rightly(data_folder: Path) -> None:
    with np.load(data_folder / "mnist.npz") as data:
        images, truths = data["train_images"][:3000], data["train_labels"][:3000].astype(np.int32)
    graph = embed(normalize(images).glyphs, random_state=0).graph
    fixed = np.full(3000, -1, dtype=np.int32)
    fixed[::100] = truths[::100]
    names, confidences = propagate_labels(graph, fixed, 10)
    sure = confidences >= 0.7
    assert sure.mean() > 0.5
    assert (names[sure] == truths[sure]).mean() > 0.97
