import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from inkmeans.errors import InputError
from inkmeans.evaluate import wilson_interval


def test_by_hand():
    # z = 1.96: center (0.5 + 1.9208 / 10) / 1.38416 = 0.5, reach 1.96 / 1.38416 * sqrt(0.025 + 0.009604) = 0.26341
    assert wilson_interval(5, 10) == pytest.approx((0.23659, 0.76341), abs=1e-5)


def test_at_the_ends_it_has_a_width_and_stays_a_share():
    assert wilson_interval(0, 10) == (0, pytest.approx(0.27753, abs=1e-5))
    assert wilson_interval(10, 10) == (pytest.approx(0.72247, abs=1e-5), 1)


@given(st.integers(1, 5000), st.floats(0, 1), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_it_agrees_with_scipy(n, share, confidence):
    successes = round(share * n)
    expected = binomtest(successes, n).proportion_ci(confidence, method="wilson")
    low, high = wilson_interval(successes, n, confidence=confidence)
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert 0 <= low <= successes / n <= high <= 1


@pytest.mark.parametrize(
    ("successes", "n", "confidence", "message"),
    [
        (0, 0, 0.95, "successes must be 0 to n, and n at least 1; got 0 of 0."),
        (3, 2, 0.95, "successes must be 0 to n, and n at least 1; got 3 of 2."),
        (-1, 2, 0.95, "successes must be 0 to n, and n at least 1; got -1 of 2."),
        (1, 2, 1.0, "confidence must be more than 0 and less than 1; got 1.0."),
    ],
)
def test_what_is_no_share_is_refused(successes, n, confidence, message):
    with pytest.raises(InputError) as caught:
        wilson_interval(successes, n, confidence=confidence)
    assert str(caught.value) == message
