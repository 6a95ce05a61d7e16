"""The ten centers of scikit-learn's digits, as the page shows them."""

import numpy as np
import pytest

from inkmeans.datasets import load_digits
from inkmeans.errors import InputError
from inkmeans.lesson import Lesson, cluster_digits
from inkmeans.reader import load


@pytest.fixture(scope="module")
def real() -> Lesson:
    return Lesson(cluster_digits(load("digits")))


def test_ten_clusters_hold_all_of_the_data_set(real: Lesson) -> None:
    counts = real.named.reader.centers_.counts
    assert len(counts) == 10
    assert counts.sum() == 1797


def test_each_cluster_is_named_by_a_look_at_its_middle_image(real: Lesson) -> None:
    for cluster, name in enumerate(real.named.names):
        truths, counts = np.unique(real.found.truths[real.found.labels == cluster], return_counts=True)
        assert name == truths[counts.argmax()]


def test_ten_centers_are_too_few(real: Lesson) -> None:
    assert 0.7 < real.named.right < 0.92


def test_the_ten_centers_are_as_sure_as_they_are_right(real: Lesson) -> None:
    readings = real.named.reader.read_glyphs(load_digits().images)
    assert np.mean([reading.confidence for reading in readings]) == pytest.approx(real.named.right, abs=0.05)


def test_a_mistake_is_shown_not_rejected(real: Lesson) -> None:
    readings = real.named.reader.read_glyphs(load_digits().images)
    assert {reading.text for reading in readings} == set(real.named.names)


def test_a_digit_without_a_center_makes_the_others_less_sure(real: Lesson) -> None:
    images = load_digits().images[:200]
    before = np.mean([reading.confidence for reading in real.named.reader.read_glyphs(images)])
    cluster = real.named.names.index("0")
    real.rename(cluster, "6")
    after = np.mean([reading.confidence for reading in real.named.reader.read_glyphs(images)])
    real.reset()
    assert after < before


def test_all_clusters_may_bear_one_name(real: Lesson) -> None:
    for cluster in range(10):
        real.rename(cluster, "7")
    [reading] = real.named.reader.read_glyphs(load_digits().images[:1])
    real.reset()
    assert (reading.text, reading.confidence) == ("7", 1.0)


def test_a_refused_name_leaves_the_names_as_they_were(real: Lesson) -> None:
    before = real.named
    with pytest.raises(InputError, match="must not be empty"):
        real.rename(0, " ")
    assert real.named is before
