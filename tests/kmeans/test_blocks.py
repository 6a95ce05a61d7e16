"""Rows that do not fit in memory at once: memory-mapped arrays, blocks from a callable, batch after batch."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sklearn.cluster
from numpy.typing import NDArray
from scipy import sparse

from inkmeans import KMeans
from inkmeans.errors import FileError, InputError, InputTypeError


def some_rows(dtype: type, n: int = 900, d: int = 21) -> NDArray[Any]:
    random = np.random.default_rng(d)
    X = random.integers(0, 256, (9, d))[random.integers(9, size=n)] * 0.8 + random.uniform(0, 50, (n, d))
    return X.astype(dtype)


def bytes_of(model: KMeans) -> tuple[Any, ...]:
    return model.cluster_centers_.tobytes(), model.labels_.tobytes(), model.inertia_, model.n_iter_


@pytest.mark.parametrize("init", ["k-means++", "k-means||", "random"])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_any_blocks_give_the_bytes_of_the_whole_array(dtype: type, init: str) -> None:
    X = some_rows(dtype)
    weights = np.random.default_rng(0).uniform(0.5, 2, len(X))
    for sample_weight in (None, weights):
        whole = KMeans(7, init=init, random_state=1).fit(X, sample_weight=sample_weight)
        for sizes in ([len(X)], [1] * len(X), [100, 1, 256, 543]):
            ends = np.cumsum(sizes)

            def blocks(ends: NDArray[np.intp] = ends) -> Iterator[NDArray[Any]]:
                yield from np.split(X, ends[:-1])

            model = KMeans(7, init=init, random_state=1).fit(blocks, sample_weight=sample_weight)
            assert bytes_of(model) == bytes_of(whole)


def test_blocks_of_lists_are_float64_and_the_file_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    model = KMeans(2, random_state=0).fit(lambda: [[[0, 1], [0, 2]], [[9, 9]]])
    assert model.cluster_centers_.dtype == np.float64
    assert sorted(model.cluster_centers_.tolist()) == [[0.0, 1.5], [9.0, 9.0]]
    assert not list(tmp_path.iterdir())


def test_a_memory_mapped_array_is_taken_as_it_is(tmp_path: Path) -> None:
    X = some_rows(np.uint8)
    np.save(tmp_path / "rows.npy", X)
    mapped = np.load(tmp_path / "rows.npy", mmap_mode="r")
    assert bytes_of(KMeans(5, random_state=0).fit(mapped)) == bytes_of(KMeans(5, random_state=0).fit(X))


@pytest.mark.parametrize(
    ("blocks", "sentence"),
    [
        ([], "The callable yields no blocks; it must return an iterable of arrays of rows."),
        (
            [np.zeros((3, 2)), np.zeros((3, 4))],
            "Block 1 has 4 features of float64; the blocks before it had 2 of float64.",
        ),
        (
            [np.zeros((3, 2), np.uint8), np.zeros((3, 2))],
            "Block 1 has 2 features of float64; the blocks before it had 2 of uint8.",
        ),
        ([np.zeros((3, 2))], "n_samples=3 should be >= n_clusters=4."),
    ],
)
def test_blocks_that_cannot_be_used_get_one_sentence(blocks: list[Any], sentence: str) -> None:
    with pytest.raises(InputError) as raised:
        KMeans(4).fit(lambda: blocks)
    assert str(raised.value) == sentence


def test_sparse_blocks_are_refused_as_sparse_arrays_are() -> None:
    with pytest.raises(InputTypeError) as raised:
        KMeans(2).fit(lambda: [np.eye(4), sparse.csr_array(np.eye(4))])
    assert str(raised.value) == "X is sparse, but k-means needs a dense array; pass X.toarray() in its place."


def test_a_block_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        KMeans(1).fit(lambda: [np.ones((2, 2)), np.array([[np.nan, 1.0]])])


def test_a_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Full())
    with pytest.raises(FileError, match="No space left on device; make room there, or set TMPDIR to another folder"):
        KMeans(1).fit(lambda: [np.ones((2, 2))])


# --- batch after batch -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_batches_move_the_centers_as_in_scikit_learn(dtype: type, weighted: bool) -> None:
    X = some_rows(dtype)
    weights = np.random.default_rng(0).uniform(0.5, 2, len(X)) if weighted else None
    ours = KMeans(12, init=X[:12])
    peer = sklearn.cluster.MiniBatchKMeans(12, init=X[:12].astype(np.float64), n_init=1, reassignment_ratio=0)
    for first in range(0, len(X), 90):
        batch = slice(first, first + 90)
        own = None if weights is None else weights[batch]
        before = ours.cluster_centers_.copy() if first else X[:12]
        ours.partial_fit(X[batch], sample_weight=own)
        peer.partial_fit(X[batch].astype(np.float64), sample_weight=own)
        np.testing.assert_allclose(ours.cluster_centers_, peer.cluster_centers_, rtol=1e-5)
        distances = ((X[batch].astype(np.float64)[:, None] - before) ** 2).sum(axis=2)
        np.testing.assert_array_equal(ours.labels_, distances.argmin(axis=1))
        assert ours.inertia_ == pytest.approx((distances.min(axis=1) * (1 if own is None else own)).sum(), rel=1e-5)
    assert ours.n_iter_ == 10
    assert ours.cluster_centers_.dtype == (np.float32 if dtype is np.float32 else np.float64)
    distances = ((X.astype(np.float64)[:, None] - ours.cluster_centers_) ** 2).sum(axis=2)
    np.testing.assert_array_equal(ours.predict(X), distances.argmin(axis=1))


def test_batches_go_on_from_a_fit() -> None:
    X = some_rows(np.float64)
    model = KMeans(6, random_state=0).fit(X[:600])
    centers, weight_sums = model.cluster_centers_, np.bincount(model.labels_, minlength=6)
    model.partial_fit(X[600:])
    added = np.bincount(model.labels_, minlength=6)
    sums = np.zeros_like(centers)
    np.add.at(sums, model.labels_, X[600:])
    expected = (centers * weight_sums[:, None] + sums) / (weight_sums + added)[:, None]
    np.testing.assert_allclose(model.cluster_centers_, expected, rtol=1e-12)


def test_a_first_batch_of_too_few_rows_is_refused() -> None:
    with pytest.raises(InputError, match=r"^The first batch has n_samples=3, and n_clusters=4\."):
        KMeans(4).partial_fit(np.eye(3))
    model = KMeans(3).partial_fit(np.eye(3))
    model.partial_fit(np.eye(3)[:1])  # later ones may be of any size
    with pytest.raises(ValueError, match="expecting 3 features"):
        model.partial_fit(np.eye(4))
