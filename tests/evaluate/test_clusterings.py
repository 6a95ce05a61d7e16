import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from inkmeans.errors import InputError
from inkmeans.evaluate import adjusted_rand, clustering_accuracy, named_accuracy, normalized_mutual_info, purity

# Four glyphs: two 3s and two 8s; cluster 1 has both 3s and an 8, cluster 0 the other 8.
TRUTHS, LABELS = ["3", "3", "8", "8"], [1, 1, 0, 1]

PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(-1, 4)), min_size=1, max_size=25)


def test_four_glyphs_by_hand():
    assert clustering_accuracy(TRUTHS, LABELS) == 0.75
    assert purity(TRUTHS, LABELS) == 0.75
    assert named_accuracy(TRUTHS, LABELS, [2, 0]) == 0.75  # cluster 1 is named 3
    assert named_accuracy(TRUTHS, LABELS, [2, 3]) == 0.5  # its middle happens to be the 8
    # Of the six pairs, 1 is together in both, 1 together by truth only, 2 by label only: expected 2 * 3 / 6 = 1.
    assert adjusted_rand(TRUTHS, LABELS) == pytest.approx((1 - 1) / ((2 + 3) / 2 - 1), abs=1e-12)
    # H(truth) = 1 bit, H(label) = 0.8113, H(both) = 1.5: mutual 0.3113 over the mean 0.9056.
    assert normalized_mutual_info(TRUTHS, LABELS) == pytest.approx(0.3113 / 0.9056, abs=1e-4)


def test_each_truth_goes_to_one_cluster_at_most():
    # All 1s, in two clusters: one of the two must be wrong. Purity and naming let both be 1.
    assert clustering_accuracy([1, 1, 1, 1], [0, 0, 0, 1]) == 0.75
    assert purity([1, 1, 1, 1], [0, 0, 0, 1]) == 1
    assert named_accuracy([1, 1, 1, 1], [0, 0, 0, 1], [0, 3]) == 1


def test_fewer_clusters_than_truths_and_more():
    assert clustering_accuracy(list("aabbcc"), [0] * 6) == pytest.approx(1 / 3)
    assert clustering_accuracy(list("aabbcc"), range(6)) == 0.5
    assert purity(list("aabbcc"), range(6)) == 1


def test_a_glyph_in_no_cluster_is_wrong():
    assert clustering_accuracy(TRUTHS, [1, 1, 0, -1]) == 0.75
    assert purity(TRUTHS, [1, 1, 0, -1]) == 0.75
    assert named_accuracy(TRUTHS, [1, 1, 0, -1], [2, 0]) == 0.75
    for measure in (clustering_accuracy, purity):
        assert measure(TRUTHS, [-1] * 4) == 0
    assert named_accuracy(TRUTHS, [-1] * 4, []) == 0


def test_whole_numbers_and_their_digits_are_the_same_truth():
    assert clustering_accuracy(np.array([3, 3, 8, 8]), np.array(LABELS, dtype=np.uint8)) == 0.75
    assert clustering_accuracy(["3", 3, np.int64(8), "8"], [0, 0, 1, 1]) == 1


@given(PAIRS)
def test_the_best_giving_of_truths_is_found(pairs):
    truths, labels = map(list, zip(*pairs, strict=True))
    best = max(
        sum(label >= 0 and given_truths[label] == truth for truth, label in pairs)
        for given_truths in itertools.permutations(range(5))
    )
    assert clustering_accuracy(truths, labels) == best / len(pairs)


@given(PAIRS, st.permutations(range(5)), st.permutations("abcde"), st.randoms(use_true_random=False))
def test_renaming_clusters_or_truths_or_shuffling_glyphs_changes_nothing(pairs, new_labels, new_truths, random):
    def measures(some):
        truths, labels = map(list, zip(*some, strict=True))
        return [measure(truths, labels) for measure in MEASURES]

    renamed = [(new_truths[truth], new_labels[label] if label >= 0 else -1) for truth, label in pairs]
    random.shuffle(renamed)
    assert measures(renamed) == pytest.approx(measures(pairs), abs=1e-12)


MEASURES = [clustering_accuracy, purity, normalized_mutual_info, adjusted_rand]


@given(PAIRS)
def test_measures_agree_with_scikit_learn_and_with_each_other(pairs):
    truths, labels = map(list, zip(*pairs, strict=True))
    assert adjusted_rand(truths, labels) == adjusted_rand_score(truths, labels)
    assert normalized_mutual_info(truths, labels) == normalized_mutual_info_score(truths, labels)
    middles = [labels.index(number) if number in labels else -1 for number in range(5)]
    assert clustering_accuracy(truths, labels) <= purity(truths, labels) <= 1
    assert named_accuracy(truths, labels, middles) <= purity(truths, labels)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("truths", "labels", "message"),
    [
        ([], [], "truths is empty; there is nothing to evaluate."),
        (["3"], [0, 1], "labels must be as many as the truths, 1; got 2."),
        (["3"], [0.0], "labels must be whole numbers in one row; got float64 of shape (1,)."),
        (["3"], [[0]], "labels must be whole numbers in one row; got int64 of shape (1, 1)."),
        (["3", None], [0, 1], "truths[1] must be text or a whole number; got NoneType."),
        ([3.0], [0], "truths[0] must be text or a whole number; got float."),
    ],
)
def test_what_cannot_be_compared_is_refused(measure, truths, labels, message):
    with pytest.raises(InputError) as caught:
        measure(truths, labels)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("middles", "message"),
    [
        ([2], "middles must hold an index for each cluster, 0 to 1; got 1 of them."),
        ([2, 4], "middles[1] must be the index of a glyph of cluster 1; got 4."),
        ([0, 2], "middles[0] must be the index of a glyph of cluster 0; got 0."),
        ([2, -1], "middles[1] must be the index of a glyph, since that cluster is not empty."),
        ([2.0, 0.0], "middles must be whole numbers in one row; got float64 of shape (2,)."),
    ],
)
def test_middles_that_are_none_are_refused(middles, message):
    with pytest.raises(InputError) as caught:
        named_accuracy(TRUTHS, LABELS, middles)
    assert str(caught.value) == message
