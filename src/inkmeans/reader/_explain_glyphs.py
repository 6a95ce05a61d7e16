"""Why a reader reads glyphs as it does that were prepared in another way than its own."""

from __future__ import annotations

from inkmeans.normalize import Normalized
from inkmeans.reader._reader import Reader
from inkmeans.reader._readings import Explanation, boxes_of, explanations


def explain_glyphs(reader: Reader, found: Normalized, n: int = 5) -> list[Explanation]:
    """Return what `Reader.explain` tells, of glyphs that are compared as they are.

    The reader learned from glyphs that `normalize` made. What it makes of others shows what each step of the normalizer
    is good for.

    Parameters
    ----------
    reader : Reader
    found : Normalized
    n : int
        How many of the nearest centers are told.
    """
    return explanations(reader._fitted(), found, boxes_of(found.glyphs), n, 1)
