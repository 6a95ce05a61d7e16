"""What a whole number is, and the sentence for what is none."""

import re
from typing import Any

import numpy as np
import pytest

from inkmeans.checks import check_whole, is_whole
from inkmeans.errors import InputError


@pytest.mark.parametrize("value", [0, -3, 10**30, np.int8(3), np.uint64(3)])
def test_integers_of_python_and_numpy_are_whole(value: Any) -> None:
    assert is_whole(value)
    checked = check_whole("n", value)
    assert checked == value
    assert type(checked) is int


@pytest.mark.parametrize("value", [True, np.True_, 3.0, np.float64(3), "3", None, [3], np.array([3])])
def test_nothing_else_is(value: Any) -> None:
    assert not is_whole(value)
    with pytest.raises(InputError, match=rf"^n must be a whole number; got {re.escape(repr(value))}\.$"):
        check_whole("n", value)


@pytest.mark.parametrize(
    ("value", "bounds", "message"),
    [
        (0, {"least": 1}, "n must be a whole number of at least 1; got 0."),
        (9, {"most": 8}, "n must be a whole number of at most 8; got 9."),
        (1, {"least": 2, "most": 16}, "n must be a whole number from 2 to 16; got 1."),
        (17, {"least": 2, "most": 16}, "n must be a whole number from 2 to 16; got 17."),
        (0, {"least": 1, "note": ", or None"}, "n must be a whole number of at least 1, or None; got 0."),
    ],
)
def test_the_sentence_names_the_bounds(value: int, bounds: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        check_whole("n", value, **bounds)


def test_the_bounds_are_allowed() -> None:
    assert [check_whole("n", n, least=2, most=4) for n in (2, 3, 4)] == [2, 3, 4]
