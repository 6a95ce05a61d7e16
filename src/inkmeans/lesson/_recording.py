"""A recording: scikit-learn's digits and many traces on them, small enough to lie in a page that needs no server."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator

from inkmeans.errors import InputError
from inkmeans.lesson._documents import Document, glyphs_document, set_document, trace_document, truths_document
from inkmeans.lesson._library import LearnSets
from inkmeans.lesson._starts import Start
from inkmeans.progress import Progress

RECORDED_K = (2, 3, 5, 8, 10, 12, 15, 20, 30, 50)
RECORDED_STARTS: tuple[tuple[Start, int], ...] = (("k-means++", 5), ("random", 3), ("bad", 2))
"""Each with its number of seeds, from 0 on."""

PLACE = '<script type="text/plain" id="lesson-data"></script>'
"""Where the page has room for a recording."""


def fill_page(page: str, progress: Progress | None = None) -> str:
    """Return the page with a recording in its place, as base64 of gzip of JSON.

    Raises
    ------
    InputError
        The page has no place for one.
    """
    if page.count(PLACE) != 1:
        raise InputError(f"The page must have one place for the recording, {PLACE}; it has {page.count(PLACE)}.")
    packed = gzip.compress(json.dumps(record(progress), separators=(",", ":")).encode(), 9, mtime=0)
    before, after = page.split(PLACE)
    room = PLACE.removesuffix("</script>")
    return f"{before}{room}{base64.b64encode(packed).decode('ascii')}</script>{after}"


def record(progress: Progress | None = None) -> Document:
    """Return scikit-learn's digits, raw and normalized, their truths, and traces of several k and starts.

    The documents are the server's, but `centers` and `positions` of a trace are "": every digit is a mark, so they are
    the means of the marks that have their label. They would be nine tenths of the size.

    Returns
    -------
    dict
        `sets`: each with its `glyphs`, raw and normalized; `truths`; `traces`.
    """
    sets = LearnSets()
    digits = sets.find("digits")
    assert digits is not None
    glyphs = [glyphs_document(digits, pixels, sets.glyphs(digits, pixels)) for pixels in digits.pixels]
    return {
        "sets": [{**set_document(digits), "glyphs": glyphs}],
        "truths": [truths_document(digits, sets.truths(digits).tolist())],
        "traces": list(_traces(sets, progress)),
    }


def _traces(sets: LearnSets, progress: Progress | None) -> Iterator[Document]:
    digits = sets.find("digits")
    assert digits is not None
    wanted = [
        (pixels, k, start, seed)
        for pixels in digits.pixels
        for k in RECORDED_K
        for start, n_seeds in RECORDED_STARTS
        for seed in range(n_seeds)
    ]
    for i, (pixels, k, start, seed) in enumerate(wanted):
        if progress is not None:
            progress(f"trace {i + 1} of {len(wanted)}", i / len(wanted))
        found = sets.trace(digits, pixels, k, start=start, seed=seed)
        yield {**trace_document(digits, pixels, start, seed, found), "centers": "", "positions": ""}
