"""Learning: from glyphs with names to what reads them, and to how sure it may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from inkmeans.errors import InputError
from inkmeans.reader._calibration import Calibration, HeldOut, calibrate
from inkmeans.reader._centers import NamedCenters, cluster_each_name, cluster_means, shares
from inkmeans.reader._features import FeatureKind, PixelPoints, Points
from inkmeans.reader._gallery import Gallery
from inkmeans.reader._laws import Network, mixture, softmax

Progress = Callable[[str], object]
"""Called with a short text after each step."""
Quality = Literal["fast", "best"]

_MAX_HELD_OUT = 10_000  # glyphs that are enough for a calibration
_SMALL = 5_000  # up to so many glyphs are held out in turn, in five parts
_GLYPHS_PER_CENTER: dict[FeatureKind, int] = {"patches": 3, "pixels": 15}  # where centers_per_name is not given
MAX_CENTERS: dict[Quality, int] = {"fast": 400, "best": 800}
"""Centers for each name, at most."""
_MAX_ALL_CENTERS = 8_000  # for all names; the time grows with the square of these, and the memory


@dataclass(frozen=True)
class Settings:
    """How to learn; see `Reader`."""

    quality: Quality
    features: FeatureKind
    centers_per_name: int | None
    max_error: float
    random_state: int
    n_jobs: int | None


@dataclass(frozen=True, eq=False)
class Learned:
    """What a reader consists of; `network` is None where centers speak for their own names."""

    points: Points
    centers: NamedCenters
    network: Network | None
    calibration: Calibration
    gallery: Gallery | None = None

    @cached_property
    def gallery_points(self) -> NDArray[np.float32]:
        """The points of the gallery's glyphs, float32 of shape (n_glyphs, n_dimensions)."""
        assert self.gallery is not None
        return self.points(self.gallery.glyphs)


def learn(
    glyphs: NDArray[np.uint8],
    truths: NDArray[np.str_],
    weights: NDArray[np.float32],
    groups: NDArray[np.intp],
    settings: Settings,
    progress: Progress | None = None,
) -> Learned:
    """Return a reader's parts, learned from normalized glyphs (uint8 of shape (n, 28, 28)) with names and weights.

    Glyphs of one group are never on both sides when some are held out.

    Raises
    ------
    InputError
        If there is no glyph, or a truth may be no name.
    """
    if not len(truths):
        raise InputError("a reader needs at least one image that shows a character; got none.")
    truths = clean_names(truths)
    tell = progress or (lambda _: None)
    if settings.features == "pixels":
        points = PixelPoints()
        return _from_centers(points, points(glyphs), glyphs, truths, settings, tell)
    from inkmeans.reader._network import learn_network

    return learn_network(glyphs, truths, weights, groups, settings, tell)


def learn_from_clusters(
    glyphs: NDArray[np.uint8], labels: NDArray[np.integer], names: Sequence[str | None], settings: Settings
) -> Learned:
    """Return a reader whose centers are the clusters with names, on pixels; see `Reader.from_clusters`."""
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
    points = PixelPoints()
    seen = points(glyphs)
    wanted = {name: chosen.count(name) for name in sorted(set(chosen))}
    calibration = _mixture_calibration(glyphs, seen, np.asarray(chosen)[own], wanted, settings)
    return Learned(points, cluster_means(glyphs, seen, own, chosen), None, calibration)


def clean_names(names: Any) -> NDArray[np.str_]:
    """Return the names as text that may be one; InputError where it may not ("", "?", control characters)."""
    from inkmeans.names import clean_name

    found, places = np.unique(np.asarray(names, dtype=np.str_), return_inverse=True)
    return np.array([clean_name(str(name)) for name in found], dtype=np.str_)[places]


def centers_for(truths: NDArray[np.str_], settings: Settings) -> dict[str, int]:
    """Return how many centers each name gets."""
    names, counts = np.unique(truths, return_counts=True)
    most, each = MAX_CENTERS[settings.quality], _GLYPHS_PER_CENTER[settings.features]
    if settings.features == "patches":
        most = max(1, min(most, _MAX_ALL_CENTERS // len(names)))
    return {
        str(name): min(settings.centers_per_name or min(most, max(1, int(count) // each)), int(count))
        for name, count in zip(names, counts, strict=True)
    }


def held_out_parts(
    truths: NDArray[np.str_], groups: NDArray[np.intp], seed: int
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield the rows to learn from and those held out, in random order: five times of few glyphs, once of many.

    Glyphs of one group are held out together. A name whose every glyph is held out cannot be judged, so its glyphs are
    left out there.
    """
    n = len(truths)
    random = np.random.default_rng(seed)
    _, group = np.unique(groups, return_inverse=True)
    part = random.integers(max(5, -(-n // _MAX_HELD_OUT)), size=n)[group]
    for held in range(5 if n <= _SMALL else 1):
        kept = np.flatnonzero(part != held)
        out = np.flatnonzero((part == held) & np.isin(truths, np.unique(truths[kept])))
        if len(out):
            yield kept, random.permutation(out)


def _from_centers(
    points: Points,
    seen: NDArray[np.float32],
    glyphs: NDArray[np.uint8],
    truths: NDArray[np.str_],
    settings: Settings,
    tell: Progress,
) -> Learned:
    """Return the centers that k-means finds among the glyphs of each name apart; their names vote."""
    wanted = centers_for(truths, settings)
    calibration = _mixture_calibration(glyphs, seen, truths, wanted, settings)
    tell("calibrated")
    labels, names = cluster_each_name(seen, truths, wanted, random_state=settings.random_state, n_jobs=settings.n_jobs)
    tell("clustered")
    return Learned(points, cluster_means(glyphs, seen, labels, names), None, calibration)


def _mixture_calibration(
    glyphs: NDArray[np.uint8],
    seen: NDArray[np.float32],
    truths: NDArray[np.str_],
    wanted: dict[str, int],
    settings: Settings,
) -> Calibration:
    """Return what glyphs held out of clusterings like the one to come ask for."""
    classes = np.array(list(wanted))
    folds = []
    for kept, out in held_out_parts(truths, np.arange(len(truths)), settings.random_state):
        present = set(truths[kept].tolist())
        fewer = {name: n for name, n in wanted.items() if name in present}
        labels, names = cluster_each_name(
            seen[kept], truths[kept], fewer, random_state=settings.random_state, n_jobs=settings.n_jobs
        )
        centers = cluster_means(glyphs[kept], seen[kept], labels, names)
        folds.append(mixture_held_out(centers, seen[out], np.searchsorted(classes, truths[out]), classes))
    return calibrate(folds, len(classes), typical(folds), settings.max_error)


def mixture_held_out(
    centers: NamedCenters, seen: NDArray[np.float32], truths: NDArray[np.intp], classes: NDArray[np.str_]
) -> HeldOut:
    """Return held-out points as a mixture of named centers sees them."""
    distances = centers.squared_distances(seen)
    return HeldOut(distances, distances.min(axis=1), truths, partial(mixture, names=shares(centers, classes)))


def network_held_out(
    centers: NamedCenters, network: Network, seen: NDArray[np.float32], truths: NDArray[np.intp], doubt: float
) -> HeldOut:
    """Return held-out points as a network sees them."""
    distances = centers.squared_distances(seen)
    return HeldOut(network.scores(distances), distances.min(axis=1), truths, partial(softmax, doubt=doubt))


def typical(folds: Sequence[HeldOut]) -> float:
    """Return the typical squared distance to the nearest center: the scale of a mixture's temperature."""
    nearest = np.concatenate([fold.nearest for fold in folds]) if folds else np.ones(1)
    return max(float(np.median(nearest)), 1e-9)
