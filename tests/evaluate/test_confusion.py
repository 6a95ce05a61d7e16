import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkmeans.errors import InputError
from inkmeans.evaluate import confusion_matrix, wilson_interval


def test_four_glyphs_by_hand():
    confusion = confusion_matrix(["1", "1", "7", "7"], ["1", "7", "7", "?"])
    assert confusion.names == ("1", "7")
    assert confusion.counts.tolist() == [[1, 1], [0, 1]]
    assert confusion.counts.dtype == confusion.rejected.dtype == np.int64
    assert confusion.rejected.tolist() == [0, 1]
    assert (confusion.total, confusion.accuracy, confusion.error_rate, confusion.rejected_rate) == (4, 0.5, 0.25, 0.25)


def test_names_that_are_no_truth_and_truths_that_were_never_read_have_their_place():
    confusion = confusion_matrix([1, 10, 2], np.array(["1", "x", "?"]))
    assert confusion.names == ("1", "10", "2", "x")
    assert confusion.counts.tolist() == [[1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert confusion.rejected.tolist() == [0, 0, 1, 0]


def test_the_json_object_is_plain():
    as_json = json.loads(json.dumps(confusion_matrix(["1", "7"], ["1", "?"]).to_json()))
    assert as_json == {
        "names": ["1", "7"],
        "counts": [[1, 0], [0, 0]],
        "rejected": [0, 1],
        "total": 2,
        "accuracy": 0.5,
        "error_rate": 0.0,
        "rejected_rate": 0.5,
    }


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abcd?")), min_size=1, max_size=30))
def test_counts_agree_with_counting(pairs):
    confusion = confusion_matrix(*zip(*pairs, strict=True))
    for i, truth in enumerate(confusion.names):
        assert confusion.rejected[i] == pairs.count((truth, "?"))
        for j, name in enumerate(confusion.names):
            assert confusion.counts[i, j] == pairs.count((truth, name))
    assert confusion.total == len(pairs)
    assert confusion.accuracy == sum(truth == name for truth, name in pairs) / len(pairs)
    assert confusion.accuracy + confusion.error_rate + confusion.rejected_rate == pytest.approx(1)


@pytest.mark.parametrize(
    ("truths", "names", "message"),
    [
        ([], [], "truths is empty; there is nothing to evaluate."),
        (["1"], [], "names is empty; there is nothing to evaluate."),
        (["1"], ["1", "2"], "names must be as many as the truths, 1; got 2."),
        (["1", "?"], ["1", "2"], "truths[1] must not be '?', which means that a reader rejects; leave it out."),
        (["1"], [None], "names[0] must be text or a whole number; got NoneType."),
        ([True], ["1"], "truths[0] must be text or a whole number; got bool."),
    ],
)
def test_what_cannot_be_compared_is_refused(truths, names, message):
    with pytest.raises(InputError) as caught:
        confusion_matrix(truths, names)
    assert str(caught.value) == message


def test_the_interval_is_wilsons_of_the_right_ones() -> None:
    found = confusion_matrix(["1", "1", "7", "7"], ["1", "7", "7", "?"])
    assert found.interval == wilson_interval(2, 4)
