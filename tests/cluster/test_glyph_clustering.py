"""GlyphClustering: few, equal and blank glyphs, and the clusters of real digits."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError
from threadpoolctl import threadpool_limits

from inkmeans.cluster import GlyphClustering, _out_of_sample, cut, embed
from inkmeans.cluster._out_of_sample import predict_clusters
from inkmeans.errors import InputError
from inkmeans.evaluate import clustering_accuracy, named_accuracy
from inkmeans.normalize import normalize


def strokes(n: int) -> NDArray[np.uint8]:
    """Return n vertical and n horizontal strokes of several lengths."""
    images = np.zeros((2 * n, 20, 20), dtype=np.uint8)
    for i in range(2 * n):
        box = (slice(3, 12 + i % 7), slice(8, 10 + i % 2))
        images[i][box if i < n else box[::-1]] = 255
    return images


@pytest.mark.usefixtures("few_patches")
def test_what_is_blank_is_in_no_cluster() -> None:
    images = np.concatenate([np.zeros((1, 20, 20), np.uint8), strokes(30)])
    model = GlyphClustering(2, random_state=0).fit(images)
    assert model.labels_[0] == -1 and (model.labels_[1:] >= 0).all()
    assert not model.embedding_[0].any()
    assert model.labels_[model.middles_].tolist() == [0, 1]
    assert model.predict(images[:1]).tolist() == [-1]
    np.testing.assert_array_equal(model.predict(images), model.labels_)


@pytest.mark.usefixtures("few_patches")
def test_the_seed_alone_decides_the_clusters() -> None:
    images = strokes(40)
    first = GlyphClustering(4, random_state=5, n_jobs=1).fit(images)
    again = clone(first).set_params(n_jobs=3).fit(images)
    np.testing.assert_array_equal(first.labels_, again.labels_)
    assert first.get_params()["n_clusters"] == 4


@pytest.mark.slow  # enough digits that OpenBLAS divides its products
def test_the_threads_of_blas_change_no_cluster() -> None:
    images = load_digits().images[:300]
    labels = []
    for n_threads in (1, 2):
        with threadpool_limits(n_threads, user_api="blas"):
            labels.append(GlyphClustering(20, random_state=0).fit(images).labels_)
    np.testing.assert_array_equal(*labels)


@pytest.mark.parametrize("n", [2, 3, 8])
@pytest.mark.usefixtures("few_patches")
def test_a_handful_of_images_is_clustered(n: int) -> None:
    model = GlyphClustering(2, random_state=0).fit(strokes(n))
    assert sorted(set(model.labels_.tolist())) == [0, 1]


@pytest.mark.parametrize(("n", "n_clusters"), [(1, 1), (2, 2), (3, 2), (11, 11), (12, 12), (30, 7)])
@pytest.mark.usefixtures("few_patches")
def test_a_small_set_has_no_empty_cluster(n: int, n_clusters: int) -> None:
    glyphs = normalize(strokes(18)[3 : 3 + n]).glyphs
    model = GlyphClustering(n_clusters, random_state=0).fit_glyphs(glyphs)
    assert sorted(set(model.labels_.tolist())) == list(range(n_clusters))
    assert np.isfinite(model.embedding_).all()
    assert 0 <= model.predict(glyphs[:1])[0] < n_clusters


@pytest.mark.parametrize("n", [2, 5, 12, 60])
@pytest.mark.usefixtures("few_patches")
def test_equal_glyphs_are_clustered_and_clusters_may_stay_empty(n: int) -> None:
    glyphs = np.repeat(normalize(strokes(1)[:1]).glyphs, n, axis=0)
    model = GlyphClustering(n, random_state=0).fit_glyphs(glyphs)
    assert np.isfinite(model.embedding_).all() and model.labels_.min() >= 0
    sizes = np.bincount(model.labels_, minlength=n)
    assert sizes.sum() == n and ((model.middles_ == -1) == (sizes == 0)).all()


@pytest.mark.usefixtures("few_patches")
def test_normalized_glyphs_are_clustered_as_their_images_are() -> None:
    images = strokes(30)
    by_images = GlyphClustering(3, random_state=0).fit(images)
    by_glyphs = GlyphClustering(3, random_state=0).fit_glyphs(normalize(images).glyphs)
    np.testing.assert_array_equal(by_images.labels_, by_glyphs.labels_)
    np.testing.assert_array_equal(by_images.middles_, by_glyphs.middles_)


@pytest.mark.usefixtures("few_patches")
def test_the_middle_is_the_member_with_the_least_distance() -> None:
    images = np.concatenate([np.zeros((1, 20, 20), np.uint8), strokes(30)])
    model = GlyphClustering(4, random_state=0).fit(images)
    for cluster, middle in enumerate(model.middles_):
        members = np.flatnonzero(model.labels_ == cluster)
        assert middle == members[model.distances_[members].argmin()]
    assert model.distances_[0] == 0.0
    assert model.inertia_ == pytest.approx((model.distances_.astype(float) ** 2).sum(), rel=1e-4, abs=1e-12)


@pytest.mark.slow  # as many glyphs as have every stage
@pytest.mark.usefixtures("few_patches")
def test_progress_names_each_stage_and_never_falls() -> None:
    reported: list[tuple[str, float]] = []
    glyphs = normalize(strokes(700)).glyphs
    GlyphClustering(3, random_state=0, progress=lambda *stage: reported.append(stage)).fit_glyphs(glyphs)
    stages = list(dict.fromkeys(stage for stage, _ in reported))
    assert [stage.split()[0] for stage in stages] == [
        "learning",
        "encoding",
        "finding",
        "augmenting",
        "finding",
        "grouping",
    ]
    shares = [share for _, share in reported]
    assert shares[0] == 0.0 and shares == sorted(shares) and 0.9 < shares[-1] < 1.0
    assert sum(stage.startswith("encoding") for stage, _ in reported) == 3


@pytest.mark.usefixtures("few_patches")
def test_where_a_glyph_lies_does_not_depend_on_those_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    images = strokes(40)
    model = GlyphClustering(4, random_state=0).fit(images)
    seen: list[bytes] = []
    true_products = _out_of_sample.products

    def recorded(rows: NDArray[np.float32], columns: NDArray[np.float32], threads: int) -> NDArray[np.float32]:
        found = true_products(rows, columns, threads)
        seen.append(found[7 if len(found) > 1 else 0].tobytes())
        return found

    monkeypatch.setattr(_out_of_sample, "products", recorded)
    model.predict(images)
    model.predict(images[7:8])
    assert len(seen) == 4 and seen[:2] == seen[2:]


@pytest.mark.usefixtures("few_patches")
def test_the_memory_of_predict_does_not_grow_with_the_fitted_glyphs() -> None:
    glyphs = normalize(strokes(40)).glyphs
    embedding = embed(glyphs, random_state=0)
    partition = cut(embedding, 4)
    expected = predict_clusters(embedding, partition, glyphs[:40], 1)
    many = replace(embedding, whitened=np.tile(embedding.whitened, (500, 1)))  # 40,000 fitted glyphs
    many_rows = replace(partition, rows=np.tile(partition.rows, (500, 1)))
    tracemalloc.start()
    try:
        labels = predict_clusters(many, many_rows, np.tile(glyphs[:40], (8, 1, 1)), 1)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 60e6  # all distances at once, 320 x 40,000, would be 51 MB three times over
    np.testing.assert_array_equal(labels, np.tile(expected, 8))


@pytest.mark.parametrize("n", [3, 7, 60, 1000])
def test_the_nearest_in_blocks_are_the_nearest_of_all(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.RandomState(0)
    embedded, rows = (random.standard_normal((size, 5)).astype(np.float32) for size in (n, 20))
    monkeypatch.setattr(_out_of_sample, "_BLOCK", 7)
    distances = np.linalg.norm(rows[:, None].astype(np.float64) - embedded, axis=2)
    expected = np.sort(np.argsort(distances, axis=1)[:, : min(4, n)], axis=1)
    np.testing.assert_array_equal(_out_of_sample._nearest(rows, embedded, min(4, n), 1), expected)


def test_what_cannot_be_clustered_is_refused() -> None:
    with pytest.raises(NotFittedError):
        GlyphClustering().predict(strokes(3))
    with pytest.raises(InputError, match=r"n_clusters=10 needs at least 10 readable images; got 6 among 6\."):
        GlyphClustering(10).fit(strokes(3))
    with pytest.raises(InputError, match=r"images must be of shape .* got one array of shape \(12, 64\)\."):
        GlyphClustering(10).fit(np.zeros((12, 64)))
    with pytest.raises(InputError, match=r"n_clusters=1 needs at least 1 readable images; got 0 among 1\."):
        GlyphClustering(1).fit(np.zeros((1, 20, 20), np.uint8))
    with pytest.raises(InputError, match=r"glyphs must be uint8 of shape \(n_glyphs, 28, 28\).*got uint8 of shape"):
        GlyphClustering(1).fit_glyphs(strokes(3))
    with pytest.raises(InputError, match=r"n_clusters must be a whole number of at least 1; got 0\."):
        GlyphClustering(0).fit(strokes(3))
    with pytest.raises(InputError, match=r"diffusion_time must be a number above 0, or None; got 0\."):
        GlyphClustering(2, diffusion_time=0).fit(strokes(3))


@pytest.mark.slow  # 2,000 real digits
def test_digits_of_strangers_fall_into_ten_clusters(data_folder: Path) -> None:
    with np.load(data_folder / "mnist.npz") as data:
        images, truths = data["train_images"][:2400], data["train_labels"][:2400].astype(int)
    model = GlyphClustering(10, random_state=0).fit(images[:2000])
    assert clustering_accuracy(truths[:2000], model.labels_) > 0.95
    mapped = [np.bincount(truths[:2000][model.labels_ == c]).argmax() for c in range(10)]
    assert (np.array(mapped)[model.predict(images[2000:])] == truths[2000:]).mean() > 0.95
    fine = GlyphClustering(50, random_state=0).fit(images[:2000])
    assert named_accuracy(truths[:2000], fine.labels_, fine.middles_) > 0.96


@pytest.mark.usefixtures("few_patches")
def test_a_cut_is_what_a_fit_with_that_number_gives() -> None:
    images = strokes(40)
    found = GlyphClustering(2, random_state=0).fit(images)
    again = GlyphClustering(5, random_state=0).fit(images)
    other = found.cut(5)
    np.testing.assert_array_equal(other.labels_, again.labels_)
    np.testing.assert_array_equal(other.middles_, again.middles_)
    np.testing.assert_array_equal(other.predict(images[:7]), again.predict(images[:7]))
    assert found.n_clusters == 2 and len(set(found.labels_)) == 2


@pytest.mark.parametrize("n_clusters", [0, 81, 2.0, True])
@pytest.mark.usefixtures("few_patches")
def test_a_cut_that_cannot_be_is_refused(n_clusters: object) -> None:
    found = GlyphClustering(2, random_state=0).fit(strokes(40))
    with pytest.raises(InputError, match="from 1 to 80"):
        found.cut(n_clusters)


@pytest.mark.usefixtures("few_patches")
def test_a_small_set_predicts_its_own_clusters() -> None:
    images = strokes(12)
    model = GlyphClustering(2, random_state=0).fit(images)
    np.testing.assert_array_equal(model.predict(images), model.labels_)
    assert len(set(model.labels_.tolist())) == 2
