"""The graph of nearest neighbors: symmetric, connected, of finite weights."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inkmeans.graph import neighbor_graph


@pytest.fixture(scope="module")
def blobs() -> NDArray[np.float32]:
    random = np.random.RandomState(0)
    return np.concatenate([random.standard_normal((60, 4)) + 8 * c for c in range(3)]).astype(np.float32)


def test_the_graph_is_symmetric_and_no_row_is_isolated(blobs: NDArray[np.float32]) -> None:
    graph = neighbor_graph(blobs)
    assert abs(graph - graph.T).max() == 0.0
    assert graph.diagonal().max() == 0.0
    assert np.asarray(graph.sum(axis=1)).min() > 0.0


@pytest.mark.parametrize("n", [2, 3, 9, 30])
def test_a_graph_of_equal_or_few_rows_has_finite_weights(n: int) -> None:
    graph = neighbor_graph(np.ones((n, 4), np.float32))
    assert np.isfinite(graph.data).all() and np.asarray(graph.sum(axis=1)).min() > 0.0


@pytest.mark.parametrize(("n", "weight"), [(60, 0.001), (1000, 0.05)])
def test_far_edges_join_groups_whose_nearest_are_their_own(n: int, weight: float) -> None:
    random = np.random.RandomState(0)
    rows = np.concatenate([random.standard_normal((15, 3)), 20 + random.standard_normal((n, 3))]).astype(np.float32)
    between = neighbor_graph(rows)[:15, 15:]
    assert set(between.data) <= {weight, 2 * weight} and between.nnz > 0
