"""The diffusion map: eigenvectors, the time, and the effect of a longer one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from inkmeans.graph import diffusion_map, leading_eigenvectors, neighbor_graph, select_diffusion_time


@pytest.fixture(scope="module")
def blobs() -> NDArray[np.float32]:
    random = np.random.RandomState(0)
    return np.concatenate([random.standard_normal((60, 4)) + 8 * c for c in range(3)]).astype(np.float32)


@pytest.mark.parametrize("n", [60, 300])
def test_eigenvalues_descend_from_1_whether_sparse_or_dense(n: int) -> None:
    rows = np.random.RandomState(0).standard_normal((2 * n, 3)).astype(np.float32)
    graph = neighbor_graph(rows)
    values, vectors = leading_eigenvectors(graph, 12)
    degrees = np.asarray(graph.sum(axis=1)).ravel()
    normalized = graph.toarray() / np.sqrt(degrees[:, None] * degrees)
    assert values[0] == pytest.approx(1.0, abs=1e-6) and (np.diff(values) <= 1e-12).all()
    np.testing.assert_allclose(values, np.linalg.eigvalsh(normalized)[::-1][:12], atol=1e-4)
    np.testing.assert_allclose(normalized @ vectors, vectors * values, atol=2e-3)


def test_eigenvectors_can_be_given_up_at_each_product() -> None:
    graph = neighbor_graph(np.random.RandomState(0).standard_normal((600, 3)).astype(np.float32))
    counted: list[None] = []
    values, vectors = leading_eigenvectors(graph, 12, on_product=lambda: counted.append(None))
    assert len(counted) > 12
    again = leading_eigenvectors(graph, 12)
    np.testing.assert_array_equal(values, again[0])
    np.testing.assert_array_equal(vectors, again[1])

    def give_up() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        leading_eigenvectors(graph, 12, on_product=give_up)


def test_a_longer_diffusion_time_contracts_each_component(blobs: NDArray[np.float32]) -> None:
    pair = leading_eigenvectors(neighbor_graph(blobs), 20)
    deviation = [np.linalg.norm(diffusion_map(*pair, t)[:60].std(axis=0)) for t in (1.0, 10.0, 100.0)]
    assert deviation[0] > deviation[1] > deviation[2]
    np.testing.assert_allclose(np.linalg.norm(diffusion_map(*pair, 100.0), axis=1), 1.0, rtol=1e-5)


def test_the_diffusion_time_leaves_so_many_dimensions() -> None:
    values = np.array([1.0, 0.99, 0.9, 0.5, -0.2])
    time = select_diffusion_time(values, 2.0)
    assert (np.clip(values, 0.0, 1.0) ** (2 * time)).sum() == pytest.approx(2.0, abs=0.02)
    assert select_diffusion_time(values**2, 2.0) == pytest.approx(time / 2, rel=0.02)


@pytest.mark.parametrize(("values", "time"), [([1.0, 1.0, 1.0], 1000.0), ([1.0, 0.2, 0.1], 1.0)])
def test_the_diffusion_time_has_a_minimum_and_a_maximum(values: list[float], time: float) -> None:
    assert select_diffusion_time(np.array(values), 2.0) == pytest.approx(time, rel=0.02)
