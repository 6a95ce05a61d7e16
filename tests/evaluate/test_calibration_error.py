import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkmeans.errors import InputError
from inkmeans.evaluate import expected_calibration_error


def test_four_readings_by_hand():
    # 0.9 and 0.81 share a bin of 5: their mean is 0.855 and half are right; 0.3 is right, 0.1 wrong, each alone.
    found = expected_calibration_error([0.9, 0.81, 0.3, 0.1], [True, False, True, False], n_bins=5)
    assert found == pytest.approx((2 * abs(0.855 - 0.5) + abs(0.3 - 1.0) + abs(0.1 - 0.0)) / 4)


def test_an_edge_belongs_to_the_bin_below_and_zero_to_the_first():
    # In one bin, right by 0.5 too little and too much would cancel out.
    assert expected_calibration_error([0.5, 0.6], [True, False], n_bins=2) == pytest.approx((0.5 + 0.6) / 2)
    assert expected_calibration_error([0.0, 0.5], [True, False], n_bins=2) == pytest.approx(abs(1.0 - 0.5) / 2)
    assert expected_calibration_error([0.0, 1.0], [False, True]) == 0.0


@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.booleans()), min_size=1), st.integers(1, 20))
def test_it_is_the_mean_distance_of_confidence_and_share_over_bins(readings, n_bins):
    confidences, right = (np.array(column) for column in zip(*readings, strict=True))
    expected = 0.0
    for b in range(n_bins):
        inside = np.ceil(confidences * n_bins).clip(1) == b + 1
        if inside.any():
            expected += inside.mean() * abs(confidences[inside].mean() - right[inside].mean())
    assert expected_calibration_error(confidences, right, n_bins=n_bins) == pytest.approx(expected, abs=1e-9)


def test_readings_as_often_right_as_they_say_have_nearly_none():
    random = np.random.default_rng(0)
    confidences = random.random(200_000)
    right = random.random(200_000) < confidences
    assert expected_calibration_error(confidences, right) < 0.005
    assert expected_calibration_error(confidences, random.random(200_000) < confidences**2) > 0.1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([], []), "confidences is empty; there is nothing to evaluate."),
        (([0.5, 1.5], [True, True]), "confidences must be numbers from 0 to 1 in one row."),
        (([0.5, np.nan], [True, True]), "confidences must be numbers from 0 to 1 in one row."),
        (
            ([0.5, 0.6], [True]),
            "right must be True or False for each of the 2 confidences; got bool of shape (1,).",
        ),
        (
            ([0.5, 0.6], [1, 0]),
            "right must be True or False for each of the 2 confidences; got int64 of shape (2,).",
        ),
    ],
)
def test_what_cannot_be_used_is_said(arguments, sentence):
    with pytest.raises(InputError, match="^" + re.escape(sentence) + "$"):
        expected_calibration_error(*arguments)


@pytest.mark.parametrize("n_bins", [0, 1.5, True])
def test_bins_are_counted(n_bins):
    with pytest.raises(InputError, match=re.escape(f"n_bins must be a whole number of at least 1; got {n_bins!r}.")):
        expected_calibration_error([0.5], [True], n_bins=n_bins)
