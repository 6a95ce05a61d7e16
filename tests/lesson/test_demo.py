"""The demo: what it says; that README shows what it prints is tested with the documents."""

import pytest

from inkmeans.lesson._demo import _one_line
from inkmeans.records import Reading


@pytest.mark.parametrize(("confidence", "told"), [(0.999, 99), (0.9951, 99), (0.5349, 53), (0.0, 0), (1.0, 100)])
def test_how_sure_it_is_of_a_text_is_one_figure_and_rounded_down(confidence: float, told: int) -> None:
    reading = Reading("60\n48", confidence, False, (0, 0, 9, 9), ())
    assert _one_line(reading) == f"60 | 48   ({told} % sure that all of it is right)"


def test_what_is_sure_of_a_text_with_a_rejected_digit_is_said() -> None:
    reading = Reading("6?\n48", 0.5349, True, (0, 0, 9, 9), ())
    told = '53 % sure that all of it is right, with the likeliest digit for each "?"'
    assert _one_line(reading) == f"6? | 48   ({told})"
