"""Label propagation: worked by hand, by a linear solver, and on real digits."""

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


def known(*labels: int) -> np.ndarray:
    return np.array(labels, dtype=np.int32)


def test_the_nearer_label_is_more_probable_and_more_confident_the_nearer() -> None:
    labels, confidences = propagate_labels(chain(7), known(0, -1, -1, -1, -1, -1, 1), 2)
    assert labels.tolist() == [0, 0, 0, 0, 1, 1, 1]  # the middle is as near to both: the lower label
    assert (np.diff(confidences[:4]) < 0).all() and (np.diff(confidences[3:]) > 0).all()
    assert confidences[0] == confidences[6] == 1.0 and confidences[3] == pytest.approx(0.5, abs=0.02)


def test_probabilities_solve_the_linear_system() -> None:
    random = np.random.default_rng(0)
    weights = np.triu(random.random((12, 12)) < 0.4, 1) * random.random((12, 12))
    weights += weights.T + np.eye(12, k=1) + np.eye(12, k=-1)
    fixed = known(0, 1, 2, *[-1] * 9)
    transitions = 0.98 * weights / weights.sum(axis=1, keepdims=True)
    absorbed = np.linalg.solve(np.eye(9) - transitions[3:, 3:], transitions[3:, :3])
    labels, confidences = propagate_labels(sparse.csr_matrix(weights), fixed, 3)
    np.testing.assert_array_equal(labels[3:], absorbed.argmax(axis=1))
    at_random = 0.98 * 0.25 / (1 - 0.98 * 0.75)
    expected = absorbed.max(axis=1) / absorbed.sum(axis=1) * np.minimum(1, 2 * absorbed.sum(axis=1) / at_random)
    np.testing.assert_allclose(confidences[3:], expected, atol=0.01)


def test_a_node_far_from_the_only_label_has_a_low_confidence() -> None:
    confidences = propagate_labels(chain(60), known(0, *[-1] * 59), 1)[1]
    assert confidences[1] > 0.9 and confidences[30] < 0.3 and (np.diff(confidences) <= 0).all()


def test_a_component_without_a_label_has_confidence_0() -> None:
    graph = sparse.block_diag([chain(4), chain(4)]).tocsr()
    labels, confidences = propagate_labels(graph, known(0, -1, -1, 1, -1, -1, -1, -1), 2)
    assert labels[:4].tolist() == [0, 0, 1, 1]
    assert confidences[4:].tolist() == [0.0] * 4


def test_all_labels_known_and_a_single_node() -> None:
    assert propagate_labels(chain(3), known(1, 0, 1), 2)[0].tolist() == [1, 0, 1]
    assert propagate_labels(sparse.csr_matrix((1, 1)), known(-1), 1)[1].tolist() == [0.0]


@pytest.mark.slow  # thousands of real digits
def test_one_label_for_each_hundred_digits_labels_most_of_them_correctly(data_folder: Path) -> None:
    with np.load(data_folder / "mnist.npz") as data:
        images, truths = data["train_images"][:3000], data["train_labels"][:3000].astype(np.int32)
    graph = embed(normalize(images).glyphs, random_state=0).graph
    fixed = np.full(3000, -1, dtype=np.int32)
    fixed[::100] = truths[::100]
    labels, confidences = propagate_labels(graph, fixed, 10)
    sure = confidences >= 0.7
    assert sure.mean() > 0.5
    assert (labels[sure] == truths[sure]).mean() > 0.97
