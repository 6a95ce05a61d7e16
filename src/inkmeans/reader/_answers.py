"""From distances to answers: which name, how sure, rejected or not, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from numbers import Real

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import InputError
from inkmeans.normalize import Verdict
from inkmeans.reader._calibration import Calibration
from inkmeans.reader._centers import NamedCenters, is_block, shares
from inkmeans.reader._laws import mixture, softmax
from inkmeans.reader._learning import Learned
from inkmeans.records import Box, GlyphReading

REJECTED = "?"
"""The answer for a glyph that the reader is not sure enough of."""

_N_ALTERNATIVES = 3
_CHUNK = 1024  # glyphs compared at once


@dataclass(frozen=True, eq=False)
class Nearest:
    """One of the centers nearest to a glyph; `distance` is on the scale of the reader's features."""

    center: int
    name: str
    distance: float
    picture: NDArray[np.uint8] = field(repr=False)


@dataclass(frozen=True, eq=False)
class Alike:
    """One of the gallery's glyphs that a glyph is most like; `distance` as of `Nearest`."""

    name: str
    distance: float
    picture: NDArray[np.uint8] = field(repr=False)


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why a glyph is read as it is: what the model saw of it, the centers nearest to that, and real glyphs like it."""

    glyph: NDArray[np.uint8] = field(repr=False)
    verdict: Verdict
    reading: GlyphReading
    nearest: tuple[Nearest, ...]
    alike: tuple[Alike, ...]


@dataclass(frozen=True, eq=False)
class Comparison:
    """How glyphs compare with named centers.

    Attributes
    ----------
    probabilities : float64 of shape (n_glyphs, n_names)
    distances : float32 of shape (n_glyphs,)
        The squared distance of each glyph to its nearest center; infinite for a block of ink read as no such name.
    """

    probabilities: NDArray[np.float64]
    distances: NDArray[np.float32]


def compare(
    glyphs: NDArray[np.uint8], learned: Learned, classes: NDArray[np.str_], n_jobs: int | None = None
) -> Comparison:
    """Return how normalized glyphs compare with the centers, whose names are `classes`, sorted."""
    likely = np.empty((len(glyphs), len(classes)))
    nearest = np.empty(len(glyphs), dtype=np.float32)
    names = shares(learned.centers, classes) if learned.network is None else None
    temperature = learned.calibration.temperature
    blocks = learned.centers.block_names
    for start in range(0, len(glyphs), _CHUNK):
        part = slice(start, start + _CHUNK)
        distances = learned.centers.squared_distances(learned.points(glyphs[part], n_jobs), n_jobs)
        if names is not None:
            likely[part] = mixture(distances, temperature, names, n_jobs)
        elif learned.network is not None:
            likely[part] = softmax(learned.network.scores(distances, n_jobs), temperature, learned.calibration.doubt)
        # A block is a character only to who learned one.
        unknown = is_block(glyphs[part]) & ~np.isin(classes[likely[part].argmax(axis=1)], blocks)
        nearest[part] = np.where(unknown, np.inf, distances.min(axis=1))
    return Comparison(likely, nearest)


def answers(
    found: Comparison,
    readable: NDArray[np.bool_],
    boxes: Sequence[Box],
    classes: NDArray[np.str_],
    calibration: Calibration,
    reject: bool | float,
) -> list[GlyphReading]:
    """Return the reading of each image, in the order of `boxes`.

    Parameters
    ----------
    found : Comparison
        Of the readable images' glyphs, in order.
    readable : bool of shape (n_images,)
        Which images show a character; the others are rejected whatever is asked for.
    boxes : sequence of Box
        The box of each image.
    classes : str array of shape (n_names,)
        The name of each column of the probabilities.
    calibration : Calibration
    reject : bool or float
        As for `Reader.predict`.
    """
    likely = found.probabilities
    order = np.argsort(-likely, axis=1, kind="stable")[:, :_N_ALTERNATIVES]
    far = found.distances > calibration.max_distance
    least = _least_confidence(reject, calibration)
    rows = iter(range(len(likely)))
    readings = []
    for box, is_readable in zip(boxes, readable, strict=True):
        if not is_readable:
            readings.append(GlyphReading(REJECTED, 0.0, box))
            continue
        i = next(rows)
        best = [(str(classes[j]), float(likely[i, j])) for j in order[i]]
        # Far from every center is no character at all, however clear the choice between the names.
        confidence = 0.0 if far[i] else best[0][1]
        rejected = least is not None and (confidence < least or bool(far[i]))
        readings.append(GlyphReading(REJECTED if rejected else best[0][0], confidence, box, tuple(best)))
    return readings


def nearest_centers(point: NDArray[np.float32], centers: NamedCenters, n: int) -> tuple[Nearest, ...]:
    """Return the n centers nearest to a glyph's point (float32 of shape (1, n_dimensions)), the nearest first."""
    distances = np.sqrt(centers.squared_distances(point, 1)[0])
    return tuple(
        Nearest(int(j), centers.names[j], float(distances[j]), centers.pictures[j])
        for j in np.argsort(distances, kind="stable")[:n]
    )


def most_alike(point: NDArray[np.float32], learned: Learned, n: int) -> tuple[Alike, ...]:
    """Return the n glyphs of the gallery nearest to a glyph's point, the nearest first; none without a gallery."""
    if learned.gallery is None:
        return ()
    apart = learned.gallery_points - point
    distances = np.sqrt((apart.astype(np.float64) ** 2).sum(axis=1))
    return tuple(
        Alike(learned.gallery.names[i], float(distances[i]), learned.gallery.glyphs[i])
        for i in np.argsort(distances, kind="stable")[:n]
    )


def _least_confidence(reject: bool | float, calibration: Calibration) -> float | None:
    """Return the confidence below which a reading is rejected; None: no reading is."""
    if isinstance(reject, bool | np.bool_):
        return calibration.min_confidence if reject else None
    if not isinstance(reject, Real) or not 0.0 <= reject <= 1.0:
        raise InputError(f"reject must be True, False, or the least confidence from 0 to 1; got {reject!r}.")
    return float(reject)
