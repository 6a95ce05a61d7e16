"""How the benchmark of recognition judges what a reader answers."""

import numpy as np
import pytest
from recognition.answers import Answers, answers

from inkmeans.records import GlyphReading

BOX = (0, 0, 8, 8)


class Stub:
    """A reader whose readings are given."""

    def __init__(self, *readings: GlyphReading) -> None:
        self.readings = readings

    def read_glyphs(self, images):
        return list(self.readings)


def five() -> Answers:
    """Return five answers: right, right but rejected, wrong, wrong but rejected, and an image without a character."""
    reader = Stub(
        GlyphReading("1", 1.0, BOX, (("1", 1.0),)),
        GlyphReading("?", 0.0, BOX, (("2", 0.6), ("3", 0.4))),
        GlyphReading("3", 0.9, BOX, (("3", 0.9), ("4", 0.1))),
        GlyphReading("?", 0.5, BOX, (("3", 0.5), ("5", 0.5))),
        GlyphReading("?", 0.0, BOX),
    )
    return answers(reader, np.zeros((5, 8, 8)), np.array([1, 2, 4, 5, 6]))


def test_the_likeliest_name_counts_even_where_it_was_rejected():
    found = five()
    assert found.right.tolist() == [True, True, False, False, False]
    assert found.confidences.tolist() == [1.0, 0.6, 0.9, 0.5, 0.0]
    assert found.right_percent == pytest.approx(40)


def test_only_what_was_answered_is_accepted():
    found = five()
    assert found.accepted.tolist() == [True, False, True, False, False]
    assert (found.accepted_percent, found.n_wrong, found.wrong_among_accepted) == pytest.approx((40, 1, 50))
    nothing = answers(Stub(GlyphReading("?", 0.0, BOX)), np.zeros((1, 8, 8)), np.array([1]))
    assert (nothing.accepted_percent, nothing.n_wrong, nothing.wrong_among_accepted) == (0, 0, 0)


def test_the_calibration_error_is_in_points_and_lies_in_its_interval():
    assert five().calibration_error == pytest.approx(100 * (0.4 + 0.9 + 0.5) / 5)
    random = np.random.default_rng(0)
    confidences = random.random(4000)
    found = Answers(random.random(4000) < confidences**1.5, confidences, np.ones(4000, dtype=bool))
    low, high = found.calibration_interval()
    assert low < found.calibration_error < high
    assert 1 < high - low < 4  # two in three shares differ by at most 0.5 / sqrt(4000) = 0.8 points
    assert (low, high) == found.calibration_interval()
