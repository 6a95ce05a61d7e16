"""The expected accuracy of a number of clusters: worked by hand, within bounds, and near the truth on real digits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inkmeans import choose_k
from inkmeans.cluster import AccuracyEstimate, cut, embed
from inkmeans.cluster._agglomeration import merge_groups
from inkmeans.cluster._choose_k import suggested_number
from inkmeans.cluster._expected_accuracy import _share_right
from inkmeans.errors import InputError
from inkmeans.evaluate import named_accuracy
from inkmeans.normalize import normalize


def strokes(n: int) -> np.ndarray:
    """Return n vertical and n horizontal strokes of several lengths, and a blank."""
    images = np.zeros((2 * n + 1, 20, 20), dtype=np.uint8)
    for i in range(2 * n):
        box = (slice(3, 12 + i % 7), slice(8, 10 + i % 2))
        images[i][box if i < n else box[::-1]] = 255
    return images


def test_groups_with_heavy_edges_are_merged_and_others_are_not() -> None:
    weights = np.array([[80.0, 20, 0, 0], [20, 79, 1, 0], [0, 1, 79, 20], [0, 0, 20, 80]])
    strict, lenient = merge_groups(weights)
    assert strict.tolist() == lenient.tolist() == [0, 0, 2, 2]
    weights[1, 2] = weights[2, 1] = 6.0  # 6 of about 200: between the limits of 0.033 and 0.027
    strict, lenient = merge_groups(weights)
    assert strict.tolist() == [0, 0, 2, 2] and lenient.tolist() == [0, 0, 0, 0]


def test_a_small_group_in_the_cluster_of_another_may_be_a_style_of_it() -> None:
    characters = np.repeat([0, 1, 2], [480, 480, 40])  # two main groups, and one of a twelfth
    third_with_second = np.repeat([0, 1], [480, 520])
    expected = 1.0 - 0.04 * (40 / 480) ** 0.4
    assert _share_right(characters, third_with_second, 2) == pytest.approx(expected)
    assert _share_right(characters, third_with_second, 1) == pytest.approx(0.96)  # too few clusters to tell
    assert _share_right(characters, np.zeros(1000, int), 2) == pytest.approx(expected - 0.48)
    assert _share_right(characters, characters, 3) == 1.0


def test_rare_characters_beside_a_frequent_one_are_no_styles() -> None:
    characters = np.repeat(np.arange(10), [600, *[20] * 9])
    assert _share_right(characters, np.zeros(780, int), 10) == pytest.approx(600 / 780)


@pytest.mark.parametrize("n", [60, 150])
def test_few_glyphs_give_a_wide_interval(data_folder: Path, n: int) -> None:
    with np.load(data_folder / "mnist.npz") as data:
        images, truths = data["train_images"][:n], data["train_labels"][:n]
    embedding = embed(normalize(images).glyphs, random_state=0)
    partition = cut(embedding, 10)
    expected = AccuracyEstimate(embedding)(partition)
    true = named_accuracy(truths, partition.labels, partition.middles)
    assert expected.low <= true < expected.accuracy + 0.1
    assert true < 0.95 < expected.high


@pytest.mark.parametrize(
    ("accuracy", "suggested"),
    [
        ([0.5, 0.9, 0.95, 0.96], 50),
        ([0.5, 0.9, 0.9, 0.9], 20),
        ([0.9, 0.9, 0.9, 0.9], 10),
        ([0.5, 0.6, 0.7, 0.99], 100),
        ([0.9, 0.9, 0.93, 0.931], 50),
    ],
)
def test_the_suggested_number_is_the_smallest_beyond_which_names_bring_little(
    accuracy: list[float], suggested: int
) -> None:
    assert suggested_number([10, 20, 50, 100], np.array(accuracy)) == suggested


@pytest.mark.usefixtures("few_patches")
def test_each_number_has_its_values_in_bounds() -> None:
    found = choose_k(strokes(30), [4, 2, 4, 1])
    assert found.n_clusters.tolist() == [1, 2, 4]
    assert (found.low >= 0).all() and (found.low <= found.accuracy).all()
    assert (found.accuracy <= found.high).all() and (found.high <= 1).all()
    assert (np.diff(found.inertia) < 0).all()
    assert np.isnan(found.silhouette[0]) and found.silhouette[1] > 0.5
    assert found.suggested == 4  # each number is expected to bring more than half a point for each 10 more names


@pytest.mark.usefixtures("few_patches")
def test_the_numbers_tried_are_bounded_by_the_images() -> None:
    assert choose_k(strokes(20)).n_clusters.tolist() == [5, 10, 15, 20]
    assert choose_k(strokes(1)).n_clusters.tolist() == [1]


@pytest.mark.usefixtures("few_patches")
def test_progress_goes_from_the_fit_to_the_numbers() -> None:
    reported: list[tuple[str, float]] = []
    choose_k(strokes(20), [2, 4], progress=lambda *stage: reported.append(stage))
    shares = [share for _, share in reported]
    assert shares == sorted(shares) and shares[0] == 0.0 and shares[-1] < 1.0
    assert [stage for stage, _ in reported[-2:]] == ["trying 2 clusters", "trying 4 clusters"]


@pytest.mark.parametrize(
    ("n_clusters", "message"),
    [
        ([], "n_clusters is empty; give at least one number of clusters to try."),
        ([2, 0], "n_clusters must be whole numbers of at least 1; got 0."),
        ([2.0], "n_clusters must be whole numbers of at least 1; got 2.0."),
        ([2, 41], "n_clusters must be at most the number of readable images, 40; got 41."),
    ],
)
def test_numbers_that_cannot_be_tried_are_refused(n_clusters: list[int], message: str) -> None:
    with pytest.raises(InputError) as caught:
        choose_k(strokes(20), n_clusters)
    assert str(caught.value) == message


@pytest.mark.slow  # 2,000 real digits
def test_what_is_expected_of_mnist_is_near_the_truth(data_folder: Path) -> None:
    with np.load(data_folder / "mnist.npz") as data:
        images, truths = data["train_images"][:2000], data["train_labels"][:2000]
    embedding = embed(normalize(images).glyphs, random_state=0)
    estimate = AccuracyEstimate(embedding)
    for n_clusters in (5, 20, 50, 100):
        partition = cut(embedding, n_clusters)
        true, expected = named_accuracy(truths, partition.labels, partition.middles), estimate(partition)
        assert abs(expected.accuracy - true) < (0.02 if n_clusters > 10 else 0.15)
        assert expected.low <= true <= expected.high
