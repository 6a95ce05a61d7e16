"""From a model to readings: which name, with what confidence, rejected or not, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans.errors import InputError
from inkmeans.names import REJECTED
from inkmeans.normalize import Normalized, Verdict, normalize
from inkmeans.reader._calibration import Calibration
from inkmeans.reader._model import Model
from inkmeans.reader._pictures import is_block
from inkmeans.records import Box, GlyphReading

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
    """One of the gallery's glyphs that a glyph resembles most; `distance` as of `Nearest`."""

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
    """What a model says of glyphs.

    Attributes
    ----------
    probabilities : float64 of shape (n_glyphs, n_classes)
    distances : float32 of shape (n_glyphs,)
        The squared distance of each glyph to its nearest center; infinite for a block of ink read as no such class.
    """

    probabilities: NDArray[np.float64]
    distances: NDArray[np.float32]


def compare(glyphs: NDArray[np.uint8], model: Model, n_jobs: int | None = None) -> Comparison:
    """Return the class probabilities of normalized glyphs and their distances to the nearest centers.

    A glyph's values do not depend on the other glyphs.
    """
    classifier, calibration = model.classifier, model.calibration
    likely = np.empty((len(glyphs), len(model.classes)))
    nearest = np.empty(len(glyphs), dtype=np.float32)
    for start in range(0, len(glyphs), _CHUNK):
        part = slice(start, start + _CHUNK)
        distances = classifier.centers.squared_distances(model.points(glyphs[part], n_jobs), n_jobs)
        scores = classifier.scores(distances, n_jobs)
        likely[part] = classifier.probabilities(scores, calibration.temperature, calibration.smoothing, n_jobs)
        # A block is a character only to who learned one.
        unknown = is_block(glyphs[part]) & ~np.isin(likely[part].argmax(axis=1), classifier.centers.block_classes)
        nearest[part] = np.where(unknown, np.inf, distances.min(axis=1))
    return Comparison(likely, nearest)


def class_probabilities(found: Normalized, model: Model, n_jobs: int | None = None) -> NDArray[np.float64]:
    """Return the probability of each class for each normalized image: float64 of shape (n_images, n_classes).

    Where an image shows no character, the classes' shares of the training glyphs.
    """
    likely = np.tile(model.class_priors, (len(found.glyphs), 1))
    likely[found.readable] = compare(found.glyphs[found.readable], model, n_jobs).probabilities
    return likely


def readings(
    found: Normalized, boxes: Sequence[Box], model: Model, reject: bool | float, n_jobs: int | None = None
) -> list[GlyphReading]:
    """Return the reading of each normalized image, in the order of `boxes`; `reject` as for `Reader.read_glyphs`.

    Images that show no character are rejected whatever is asked for.
    """
    compared = compare(found.glyphs[found.readable], model, n_jobs)
    likely = compared.probabilities
    order = np.argsort(-likely, axis=1, kind="stable")[:, :_N_ALTERNATIVES]
    far = compared.distances > model.calibration.max_distance
    least = _rejection_threshold(reject, model.calibration)
    rows = iter(range(len(likely)))
    made = []
    for box, is_readable in zip(boxes, found.readable, strict=True):
        if not is_readable:
            made.append(GlyphReading(REJECTED, 0.0, box))
            continue
        i = next(rows)
        best = [(str(model.names[j]), float(likely[i, j])) for j in order[i]]
        # Far from every center is no character at all, however clear the choice between the names.
        confidence = 0.0 if far[i] else best[0][1]
        rejected = least is not None and (confidence < least or bool(far[i]))
        made.append(GlyphReading(REJECTED if rejected else best[0][0], confidence, box, tuple(best)))
    return made


def explanation(
    model: Model, image: ArrayLike, n: int, ink: str, ink_max: float | None, n_jobs: int | None
) -> Explanation:
    """Return why one image is read as it is; see `Reader.explain`."""
    pixels = np.asarray(image)
    if pixels.ndim != 2:
        raise InputError(f"image must be one 2-D array of pixels; it has the shape {pixels.shape}.")
    return explanations(model, normalize(pixels, ink=ink, ink_max=ink_max, n_jobs=1), boxes_of(pixels), n, n_jobs)[0]


def explanations(
    model: Model, found: Normalized, boxes: Sequence[Box], n: int, n_jobs: int | None
) -> list[Explanation]:
    """Return why each normalized image is read as it is, in the order of `boxes`."""
    each = readings(found, boxes, model, True, n_jobs)
    made = []
    for glyph, verdict, reading in zip(found.glyphs, found.verdicts, each, strict=True):
        nearest: tuple[Nearest, ...] = ()
        alike: tuple[Alike, ...] = ()
        if verdict == "glyph":
            point = model.points(glyph[np.newaxis], 1)
            nearest, alike = _nearest_centers(point, model, n), _most_alike(point, model, n)
        made.append(Explanation(glyph, verdict, reading, nearest, alike))
    return made


def boxes_of(images: Any) -> list[Box]:
    """Return the box of each whole image; an array of two dimensions is one image."""
    each = [images] if isinstance(images, np.ndarray) and images.ndim == 2 else images
    return [(0, 0, int(np.shape(image)[1]), int(np.shape(image)[0])) for image in each]


def _nearest_centers(point: NDArray[np.float32], model: Model, n: int) -> tuple[Nearest, ...]:
    """Return the n centers nearest to a glyph's point (float32 of shape (1, n_dimensions)), the nearest first."""
    centers = model.classifier.centers
    distances = np.sqrt(centers.squared_distances(point, 1)[0])
    return tuple(
        Nearest(int(j), str(model.names[centers.classes[j]]), float(distances[j]), centers.pictures[j])
        for j in np.argsort(distances, kind="stable")[:n]
    )


def _most_alike(point: NDArray[np.float32], model: Model, n: int) -> tuple[Alike, ...]:
    """Return the n glyphs of the gallery nearest to a glyph's point, the nearest first; none without a gallery."""
    gallery = model.gallery
    if gallery is None:
        return ()
    apart = model.gallery_points - point
    distances = np.sqrt((apart.astype(np.float64) ** 2).sum(axis=1))
    return tuple(
        Alike(str(model.names[gallery.classes[i]]), float(distances[i]), gallery.glyphs[i])
        for i in np.argsort(distances, kind="stable")[:n]
    )


def _rejection_threshold(reject: bool | float, calibration: Calibration) -> float | None:
    """Return the confidence below which a reading is rejected; None: no reading is."""
    if isinstance(reject, bool | np.bool_):
        return calibration.min_confidence if reject else None
    if not isinstance(reject, Real) or not 0.0 <= reject <= 1.0:
        raise InputError(f"reject must be True, False, or the least confidence from 0 to 1; got {reject!r}.")
    return float(reject)
