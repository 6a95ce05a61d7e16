"""Tasks 3 to 5: k-means by hand, each function held against what it should give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.datasets import load_digits
from inkmeans.kmeans import KMeans
from inkmeans.lab._result import NotYet, task
from inkmeans.lab._values import call, number, numbers, whole_numbers

Floats = NDArray[np.float64]
Labels = NDArray[np.intp]

_POINTS = np.array([[0.0, 0.0], [0.0, 2.0], [6.0, 0.0], [9.0, 1.0], [3.0, 0.0]])
_CENTERS = np.array([[0.0, 0.0], [6.0, 0.0], [9.0, 9.0]])
_FAR = 1e6


def _start() -> tuple[Floats, Floats]:
    """Return the digits as rows, and ten of them as initial centers: not those that a loop of one's own would take."""
    images = load_digits().images
    rows = images.reshape(len(images), -1)
    return rows, rows[20:30].copy()


def _written(point: Floats) -> str:
    return f"({point[0]:g}, {point[1]:g})"


def _squared(rows: Floats, centers: Floats) -> Floats:
    return np.asarray(((rows[:, np.newaxis] - centers) ** 2).sum(axis=2))


def _means(rows: Floats, labels: Labels, centers: Floats) -> Floats:
    means = centers.copy()
    for j in np.unique(labels):
        means[j] = rows[labels == j].mean(axis=0)
    return means


@task(3, "k-means by hand: the assignment")
def check_assign(assign: Any = None) -> str:
    """Check a function of rows and centers that returns the number of the nearest center of each row."""
    found = call(assign, "assign", _POINTS, _CENTERS)
    distances = _squared(_POINTS, _CENTERS)
    _check_distances(found, distances, len(_POINTS), len(_CENTERS))
    expected = distances.argmin(axis=1)
    labels = whole_numbers(found, "what assign gives", (len(_POINTS),), len(_CENTERS))
    if np.array_equal(labels, expected + 1):
        raise NotYet("the clusters are counted from 1; Python counts from 0, so the first center is number 0.")
    if np.array_equal(labels, distances.argmax(axis=1)):
        raise NotYet("each point goes to the center that is farthest from it; the nearest is wanted: argmin.")
    if np.array_equal(labels[:4], expected[:4]) and labels[4] != expected[4]:
        raise NotYet(
            "the point (3, 0) lies exactly between the centers 0 and 1. A tie goes to the lower number, so that "
            "everybody gets the same clusters."
        )
    if not np.array_equal(labels, expected):
        i = int(np.flatnonzero(labels != expected)[0])
        raise NotYet(
            f"the point {_written(_POINTS[i])} is nearest to the center {_written(_CENTERS[expected[i]])}, which is "
            f"number {expected[i]}; yours is {labels[i]}. Are the squares of all differences summed?"
        )
    rows, centers = _start()
    labels = whole_numbers(call(assign, "assign", rows, centers), "what assign gives", (len(rows),), 9)
    n_wrong = int((labels != _squared(rows, centers).argmin(axis=1)).sum())
    if n_wrong:
        raise NotYet(f"on five points it is right, but {n_wrong} of the {len(rows):,} digits get another center.")
    return "Each image goes to its nearest center, and a tie to the lower number."


def _check_distances(found: Any, distances: Floats, n: int, k: int) -> None:
    shape = np.shape(found) if isinstance(found, np.ndarray | list | tuple) else None
    if shape in {(n, k), (k, n)}:
        raise NotYet(f"assign gives {n} x {k} numbers, the distances; which column is the smallest in each row? argmin")
    if shape == (k,):
        raise NotYet(
            f"assign gives {k} numbers, one for each center; one for each of the {n} points is wanted. Is it argmin "
            "along the other axis?"
        )
    if shape == (n,) and np.allclose(np.asarray(found, dtype=np.float64), distances.min(axis=1)):
        raise NotYet("assign gives the smallest distances, not the numbers of the centers: argmin in place of min.")


@task(4, "k-means by hand: the update")
def check_update(update: Any = None) -> str:
    """Check a function of rows, labels and centers that returns the mean of each cluster, the old center if empty."""
    labels = np.array([0, 0, 2, 2, 2])
    centers = np.array([[5.0, 5.0], [7.0, 7.0], [1.0, 1.0], [8.0, 8.0]])  # no point has label 1 or 3
    found = call(update, "update", _POINTS, labels, centers)
    if isinstance(found, np.ndarray) and np.isnan(found.astype(np.float64)).any():
        raise NotYet("the mean of a cluster without images is NaN; let such a cluster keep the center that it had.")
    expected = _means(_POINTS, labels, centers)
    filled = [0, 2]
    if np.shape(found) in {(len(filled), 2), (labels.max() + 1, 2)}:
        raise NotYet(
            f"{len(centers)} centers went in and {len(found)} come out; the clusters without images are lost. "
            "Loop over all centers, not over the labels that there are."
        )
    means = numbers(found, "what update gives", centers.shape)
    sums = np.array([_POINTS[labels == j].sum(axis=0) for j in filled])
    medians = np.array([np.median(_POINTS[labels == j], axis=0) for j in filled])
    if np.allclose(means, expected):
        rows, start = _start()
        labels = _squared(rows, start).argmin(axis=1)
        means = numbers(call(update, "update", rows, labels, start), "what update gives", start.shape)
        if not np.allclose(means, _means(rows, labels, start)):
            raise NotYet(
                "on five points it is right, but some centers of the digits are not the means of their images."
            )
        return "Each center is the mean of its images; an empty cluster keeps its center."
    if np.allclose(means, centers):
        raise NotYet("the centers come back as they were; each is to become the mean of its images.")
    if np.allclose(means[filled], expected[filled]):
        j = 3 if np.allclose(means[1], centers[1]) else 1
        raise NotYet(
            f"cluster {j} has no images and should keep its center {_written(centers[j])}; yours is now somewhere else."
        )
    if np.allclose(means[filled], sums):
        raise NotYet("the centers are sums; divide by the number of images, or take the mean.")
    if np.allclose(means[filled], medians):
        raise NotYet("the centers are medians; k-means takes means.")
    if np.allclose(means, _POINTS.mean(axis=0)):
        raise NotYet("all centers are the mean of all points; take for each center only the points with its label.")
    raise NotYet(
        f"the points of cluster 0 are (0, 0) and (0, 2), so its center is (0, 1); yours is "
        f"{_written(means[0])}. The centers must be means of their own images: mean(axis=0)."
    )


@task(5, "k-means by hand: the loop")
def check_kmeans(kmeans: Any = None) -> str:
    """Check a function of rows and initial centers that returns labels, centers and inertia, against `KMeans`."""
    rows, start = _start()
    found = call(kmeans, "kmeans", rows, start)
    if not isinstance(found, tuple | list) or len(found) != 3:
        raise NotYet("kmeans should give three things back: labels, centers and inertia, in this order.")
    if np.shape(found[0]) == start.shape:
        raise NotYet("kmeans gives the centers first; the order is labels, centers, inertia.")
    labels = whole_numbers(found[0], "the labels", (len(rows),), len(start) - 1)
    centers = numbers(found[1], "the centers", start.shape)
    inertia = number(found[2], "the inertia")
    _check_end(rows, start, labels, centers)
    _check_inertia(rows, labels, centers, inertia)
    theirs = KMeans(len(start), init=start, tol=0.0).fit(rows)
    if not np.array_equal(labels, theirs.labels_):
        raise NotYet(
            f"it ends in other clusters than KMeans from the same centers (inertia {inertia:,.0f}, KMeans "
            f"{theirs.inertia_:,.0f}); does it begin with the centers that it is given?"
        )
    return (
        f"The same labels as inkmeans.KMeans from the same start, inertia {theirs.inertia_:,.0f} "
        f"after {theirs.n_iter_} iterations."
    )


def _check_end(rows: Floats, start: Floats, labels: Labels, centers: Floats) -> None:
    if np.allclose(centers, start):
        raise NotYet("the centers are still the ones it began with; does the loop put the updated ones in their place?")
    n_moved = int((_squared(rows, centers).argmin(axis=1) != labels).sum())
    means = _means(rows, labels, centers)
    n_moving = int((_squared(rows, means).argmin(axis=1) != labels).sum())
    if n_moved or n_moving:
        when = (
            "nearer to another center than to their own" if n_moved else "going to another center after one more update"
        )
        raise NotYet(
            f"it has not converged: of the {len(rows):,} images, {n_moved or n_moving} are {when}. Go on until an "
            "assignment changes nothing."
        )
    if not np.allclose(centers, means):
        raise NotYet("the centers are not the means of the images that bear their labels; update once more at the end.")


def _check_inertia(rows: Floats, labels: Labels, centers: Floats, inertia: float) -> None:
    squares = ((rows - centers[labels]) ** 2).sum(axis=1)
    wrong: dict[str, Callable[[Floats], float]] = {
        "the sum of the distances; inertia sums their squares": lambda each: float(np.sqrt(each).sum()),
        "the mean of the squared distances; inertia is their sum": lambda each: float(each.mean()),
        "the root of the sum; inertia is the sum itself": lambda each: float(np.sqrt(each.sum())),
        "the sum over all centers; each image counts with its own center only": lambda _: float(
            _squared(rows, centers).sum()
        ),
    }
    if np.isclose(inertia, squares.sum()):
        return
    for what, of in wrong.items():
        if np.isclose(inertia, of(squares)):
            raise NotYet(f"the inertia is {what}.")
    raise NotYet(
        f"labels and centers fit, but the inertia is {inertia:,.0f}; it is the sum of the squared distances of the "
        "images to their own centers, the last ones."
    )
