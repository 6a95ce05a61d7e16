"""Approximate neighbors by inverted lists, and the graph of many rows that is made from them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inkmeans.graph import _affinity, _inverted_lists, nearest_neighbors, neighbor_graph
from inkmeans.graph._inverted_lists import neighbors_by_inverted_lists


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> NDArray[np.float32]:
    """Return 3,000 rows around a curve in 12 dimensions, and a few far from all others; lists of 150."""
    monkeypatch.setattr(_inverted_lists, "_ROWS_PER_LIST", 150)
    random = np.random.RandomState(0)
    along = random.uniform(0, 6, size=(2995, 1))
    curve = np.sin(along * np.arange(1, 13)) + 0.2 * random.standard_normal((2995, 12))
    return np.concatenate([curve, 40 + random.standard_normal((5, 12))]).astype(np.float32)


def test_nearly_all_are_the_nearest(rows: NDArray[np.float32]) -> None:
    exact_distances, exact = nearest_neighbors(rows, 20)
    distances, indices = neighbors_by_inverted_lists(rows, 20)
    shared = [len(set(a) & set(b)) / 20 for a, b in zip(exact.tolist(), indices.tolist(), strict=True)]
    assert np.mean(shared) > 0.97
    assert (distances >= exact_distances - 1e-12).all() and (np.diff(distances, axis=1) >= 0).all()
    apart = np.linalg.norm(rows[indices].astype(np.float64) - rows[:, None], axis=2)
    np.testing.assert_allclose(distances, apart, rtol=1e-6)


def test_every_row_has_so_many_others_even_far_from_all(rows: NDArray[np.float32]) -> None:
    _, indices = neighbors_by_inverted_lists(rows, 40)
    assert all(len(set(each)) == 40 and row not in each for row, each in enumerate(indices.tolist()))
    assert set(indices[-1, :4]) == set(range(2995, 2999))


def test_threads_do_not_change_them(rows: NDArray[np.float32]) -> None:
    one, two = (neighbors_by_inverted_lists(rows, 10, n_jobs=n_jobs)[1] for n_jobs in (1, 2))
    np.testing.assert_array_equal(one, two)


def test_equal_rows_have_neighbors_too(rows: NDArray[np.float32]) -> None:
    distances, indices = neighbors_by_inverted_lists(np.ones_like(rows), 10)
    assert distances.max() == 0.0 and all(len(set(each)) == 10 for each in indices.tolist())


def test_a_large_graph_is_made_from_them(rows: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch) -> None:
    exact = neighbor_graph(rows)
    monkeypatch.setattr(_affinity, "MOST_EXACT", 1000)
    large = neighbor_graph(rows)
    assert 0.0 < abs(large - exact).sum() < 0.05 * exact.sum()
