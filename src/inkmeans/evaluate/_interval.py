"""How far a measured share may be from the true one."""

from __future__ import annotations

import math
from statistics import NormalDist

from inkmeans.errors import InputError


def wilson_interval(successes: int, n: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Return the interval that holds the true share with about this confidence, after `successes` of `n` trials.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927; without continuity
    correction. Unlike the plain normal interval it stays within 0 to 1 and has a width at 0 and `n` successes.

    Examples
    --------
    >>> low, high = wilson_interval(66, 76)
    >>> f"{low:.3f} to {high:.3f}"
    '0.774 to 0.927'
    """
    if n < 1 or not 0 <= successes <= n:
        raise InputError(f"successes must be 0 to n, and n at least 1; got {successes} of {n}.")
    if not 0 < confidence < 1:
        raise InputError(f"confidence must be more than 0 and less than 1; got {confidence}.")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (0.0 if successes == 0 else middle - reach), (1.0 if successes == n else middle + reach)
