"""A gallery: a few real glyphs of each class, to show which of them a glyph resembles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans.errors import InputError
from inkmeans.reader._centers import cluster_each_class
from inkmeans.reader._classes import as_classes, as_text
from inkmeans.reader._model import Gallery, Model
from inkmeans.reader._pictures import quantize


def with_gallery(
    model: Model, glyphs: NDArray[np.uint8], truths: ArrayLike, n_per_class: int, n_jobs: int | None
) -> Model:
    """Return the model with a gallery: the glyph nearest to the mean of each of n_per_class clusters of each class.

    Raises
    ------
    InputError
        If a truth is no class of the model's, or glyphs and truths are not as many.
    """
    names, known = as_text(as_classes(truths)), model.names
    unknown = np.setdiff1d(names, known)
    if len(names) != len(glyphs) or not len(names) or len(unknown):
        what = f"'{unknown[0]}' is none" if len(unknown) else f"there are {len(glyphs)} glyphs and {len(names)}"
        raise InputError(f"truths must give each glyph one of the reader's names; {what}.")
    points = model.points(glyphs, n_jobs)
    order = np.argsort(known)  # numbers are not in the order of their texts
    labels, classes = cluster_each_class(
        points,
        order[np.searchsorted(known, names, sorter=order)],
        np.full(len(model.classes), n_per_class),
        random_state=model.settings.random_state,
        n_jobs=n_jobs,
    )
    middles = []
    for cluster in range(len(classes)):
        members = np.flatnonzero(labels == cluster)
        deviations = ((points[members] - points[members].mean(axis=0)) ** 2).sum(axis=1)
        middles.append(members[deviations.argmin()])
    return replace(model, gallery=Gallery(quantize(glyphs[middles]), classes))
