"""What a reader learns from: normalized glyphs with their classes, and their cross-validation folds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkmeans.errors import InputError
from inkmeans.reader._classes import as_classes

if TYPE_CHECKING:
    from inkmeans.naming import Project

Images = ArrayLike | Sequence[ArrayLike]
"""One image or many: an array of shape (n_images, height, width), or a sequence of 2-D arrays of any sizes."""

_MAX_HELD_OUT = 10_000  # glyphs that are enough for a calibration
_SMALL = 5_000  # up to so many glyphs are held out in turn, in five folds


@dataclass(frozen=True, eq=False)
class TrainingSet:
    """Glyphs with classes.

    Attributes
    ----------
    glyphs : uint8 of shape (n, 28, 28)
        Normalized.
    targets : int of shape (n,)
        The index of each glyph's class.
    classes : array of shape (n_classes,)
        Sorted.
    weights : float32 of shape (n,)
        For how many glyphs each counts in the least squares.
    groups : int of shape (n,)
        Glyphs of one group are never on both sides of a fold.
    """

    glyphs: NDArray[np.uint8]
    targets: NDArray[np.intp]
    classes: NDArray[Any]
    weights: NDArray[np.float32]
    groups: NDArray[np.integer]

    @property
    def counts(self) -> NDArray[np.intp]:
        """How many glyphs each class has."""
        return np.bincount(self.targets, minlength=len(self.classes))


def training_set(
    glyphs: NDArray[np.uint8], truths: ArrayLike, weights: ArrayLike | None = None, groups: ArrayLike | None = None
) -> TrainingSet:
    """Return glyphs with their truths, checked; see `Reader.fit_glyphs`.

    Raises
    ------
    InputError
        If there is no glyph, a truth may be no class, or the arrays are not as many.
    """
    n = len(glyphs)
    of_weights = np.ones(n, np.float32) if weights is None else np.asarray(weights, np.float32)
    if of_weights.shape != (n,) or not ((of_weights > 0.0) & np.isfinite(of_weights)).all():
        raise InputError(
            f"sample_weight must have one number above 0 for each of {n} glyphs; got the shape "
            f"{of_weights.shape}, from {of_weights.min(initial=np.inf):g} to {of_weights.max(initial=-np.inf):g}."
        )
    of_glyphs = as_classes(truths)
    if len(of_glyphs) != n:
        raise InputError(f"truths must name each glyph: there are {n} glyphs and {len(of_glyphs)} truths.")
    of_groups = np.arange(n) if groups is None else np.asarray(groups)
    if of_groups.shape != (n,):
        raise InputError(f"groups must have a number for each of {n} glyphs; got the shape {of_groups.shape}.")
    if not n:
        raise InputError("a reader needs at least one image that shows a character; got none.")
    classes, targets = np.unique(of_glyphs, return_inverse=True)
    return TrainingSet(glyphs, targets, classes, of_weights, of_groups)


def named_glyphs(project: Project) -> tuple[NDArray[np.uint8], NDArray[np.str_]]:
    """Return the glyphs of a project that have a name, and their names; InputError if there are none."""
    if not project.clusters:
        raise InputError(
            f"{project.path} has no clusters yet; group its images and name the clusters first: "
            f"inkmeans cluster {project.path}"
        )
    glyphs, truths = project.named_glyphs()
    if not truths:
        raise InputError(f"No cluster of {project.path} has a name yet; name them first: inkmeans name {project.path}")
    return glyphs, np.asarray(truths, dtype=np.str_)


def check_as_many(images: Images, n_images: int, n_truths: int) -> None:
    """Raise InputError if there is not one truth for each image."""
    if n_truths != n_images:
        if isinstance(images, np.ndarray) and images.ndim == 2:
            raise InputError(
                f"images of shape {images.shape} is one image, but there are {n_truths} truths; many images are an "
                "array of shape (n_images, height, width)."
            )
        plural = "" if n_images == 1 else "s"
        raise InputError(
            f"truths must name each image: there {'are' if plural else 'is'} {n_images} image{plural} and {n_truths} "
            f"truth{'' if n_truths == 1 else 's'}."
        )


def cross_validation_folds(
    targets: NDArray[np.intp], groups: NDArray[np.integer], seed: int
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield the rows to learn from and those held out, in random order: five folds of few glyphs, one of many.

    Glyphs of one group are held out together. A class whose every glyph is held out cannot be judged, so its glyphs are
    left out there.
    """
    n = len(targets)
    random = np.random.default_rng(seed)
    _, group = np.unique(groups, return_inverse=True)
    fold = random.integers(max(5, -(-n // _MAX_HELD_OUT)), size=n)[group]
    for held in range(5 if n <= _SMALL else 1):
        kept = np.flatnonzero(fold != held)
        out = np.flatnonzero((fold == held) & np.isin(targets, np.unique(targets[kept])))
        if len(out):
            yield kept, random.permutation(out)
