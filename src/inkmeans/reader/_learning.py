"""Learning: from glyphs with names to named centers, and to how sure a reader with them may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import InputError
from inkmeans.reader._calibration import Calibration, HeldOut, calibrate
from inkmeans.reader._centers import (
    FeatureKind,
    NamedCenters,
    cluster_each_name,
    cluster_means,
    glyph_features,
    learn_projection,
)

Progress = Callable[[str], object]
"""Called with a short text after each step."""

_MAX_FOLD = 10_000  # held-out glyphs that are enough for a calibration
_N_DIMENSIONS = 120  # of the projection
_GLYPHS_PER_FEATURE = 20  # fewer are too few to learn a projection from
_COARSE = 40  # centers per name from which the projection is learned


@dataclass(frozen=True)
class Settings:
    """How to learn; see `Reader`."""

    features: FeatureKind
    centers_per_name: int | None
    max_error: float
    random_state: int
    n_jobs: int | None


def learn(
    glyphs: NDArray[np.uint8], truths: NDArray[np.str_], settings: Settings, progress: Progress | None = None
) -> tuple[NamedCenters, Calibration]:
    """Return the centers that k-means finds among the glyphs of each name apart, and their calibration.

    Parameters
    ----------
    glyphs : uint8 of shape (n, 28, 28)
        Normalized glyphs.
    truths : str array of shape (n,)
        The true name of each glyph.
    settings : Settings
    progress : callable or None

    Raises
    ------
    InputError
        If there is no glyph, or a truth may be no name.
    """
    if not len(truths):
        raise InputError("a reader needs at least one image that shows a character; got none.")
    truths = clean_names(truths)
    names, counts = np.unique(truths, return_counts=True)
    wanted = {
        str(name): min(settings.centers_per_name or min(150, max(1, int(count) // 15)), int(count))
        for name, count in zip(names, counts, strict=True)
    }
    cluster = partial(cluster_each_name, random_state=settings.random_state, n_jobs=settings.n_jobs)
    points = glyph_features(glyphs, settings.features, settings.n_jobs)
    projection = None
    if len(points) >= _GLYPHS_PER_FEATURE * points.shape[1]:
        coarse, _ = cluster(points, truths, {name: min(n, _COARSE) for name, n in wanted.items()})
        projection = learn_projection(points, coarse, _N_DIMENSIONS)
        points = points @ projection
    calibration = _calibration(glyphs, points, truths, wanted, settings, progress)
    labels, center_names = cluster(points, truths, wanted, progress=progress)
    return cluster_means(glyphs, points, labels, center_names, settings.features, projection), calibration


def learn_from_clusters(
    glyphs: NDArray[np.uint8], labels: NDArray[np.integer], names: Sequence[str | None], settings: Settings
) -> tuple[NamedCenters, Calibration]:
    """Return the clusters with names as centers, and their calibration; see `Reader.from_clusters`."""
    labels = np.asarray(labels)
    if len(labels) != len(glyphs):
        raise InputError(
            f"labels must give each glyph's cluster: there are {len(glyphs)} glyphs and {len(labels)} labels."
        )
    named = [j for j, name in enumerate(names) if name is not None and np.any(labels == j)]
    chosen = clean_names([names[j] for j in named]).tolist()
    if not chosen:
        raise InputError("a reader needs at least one cluster with a name; got none.")
    kept = np.isin(labels, named)
    glyphs, own = glyphs[kept], np.searchsorted(named, labels[kept])
    points = glyph_features(glyphs, settings.features, settings.n_jobs)
    wanted = {name: chosen.count(name) for name in sorted(set(chosen))}
    calibration = _calibration(glyphs, points, np.asarray(chosen)[own], wanted, settings)
    return cluster_means(glyphs, points, own, chosen, settings.features), calibration


def clean_names(names: Any) -> NDArray[np.str_]:
    """Return the names as text that may be one; InputError where it may not ("", "?", control characters)."""
    from inkmeans.naming import clean_name

    found, places = np.unique(np.asarray(names, dtype=np.str_), return_inverse=True)
    return np.array([clean_name(str(name)) for name in found], dtype=np.str_)[places]


def _calibration(
    glyphs: NDArray[np.uint8],
    points: NDArray[np.float32],
    truths: NDArray[np.str_],
    wanted: dict[str, int],
    settings: Settings,
    progress: Progress | None = None,
) -> Calibration:
    """Return what glyphs held out of clusterings like the one to come ask for."""
    names = np.array(list(wanted))
    columns = np.searchsorted(names, truths)
    n_parts = max(5, -(-len(points) // _MAX_FOLD))
    part = np.random.default_rng(settings.random_state).integers(n_parts, size=len(points))
    folds = []
    for held in range(5 if n_parts == 5 else 1):
        kept = part != held
        present = set(truths[kept].tolist())
        fewer = {name: n for name, n in wanted.items() if name in present}
        # A name whose every glyph is held out cannot be judged in this fold.
        out = ~kept & np.isin(truths, list(present))
        if not out.any():
            continue
        labels, center_names = cluster_each_name(
            points[kept], truths[kept], fewer, random_state=settings.random_state, n_jobs=settings.n_jobs
        )
        centers = cluster_means(glyphs[kept], points[kept], labels, center_names, settings.features)
        distances = centers.squared_distances(points[out])
        folds.append(HeldOut(distances, np.searchsorted(names, center_names), columns[out]))
        if progress is not None:
            progress(f"calibration {held + 1}")
    return calibrate(folds, len(names), settings.max_error)
