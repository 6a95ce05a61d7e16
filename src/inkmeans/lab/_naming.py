"""Tasks 6 to 8: ten centers as pictures, their names, and how many images then bear the right one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkmeans.datasets import load_digits
from inkmeans.kmeans import KMeans
from inkmeans.lab._result import NotYet, task
from inkmeans.lab._values import any_shape, given, is_near, share, texts
from inkmeans.lesson import COPIED_NAMES

_ENOUGH = 0.25
"""A name that this share of a cluster's images has is a fair look at a center that shows two digits at once."""
_SEEDS = range(100)
"""Runs that names may have been copied from: the seeds that people take."""


def labels_of(kmeans: Any) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return labels and centers of a k-means that was fitted to the digits' pixels."""
    given(kmeans, "kmeans")
    labels, centers = getattr(kmeans, "labels_", None), getattr(kmeans, "cluster_centers_", None)
    if labels is None or centers is None:
        raise NotYet("kmeans is not fitted; make it with: kmeans = KMeans(10, random_state=my_seed).fit(X)")
    n = len(load_digits())
    labels, centers = np.asarray(labels), any_shape(centers, "kmeans.cluster_centers_")
    if labels.shape != (n,):
        raise NotYet(f"kmeans was fitted to {len(labels):,} rows; fit it to all {n:,} digits.")
    return labels.astype(np.intp), centers


@task(6, "Ten centers as pictures")
def check_pictures(pictures: Any = None, kmeans: Any = None) -> str:
    """Check the centers of a fitted k-means, put into the shape of pictures."""
    _, centers = labels_of(kmeans)
    k, n_pixels = centers.shape
    side = round(n_pixels**0.5)
    found = any_shape(pictures, "pictures")
    expected = centers.reshape(k, side, side)
    if found.shape == (k, n_pixels):
        raise NotYet(f"each center is still a row of {n_pixels} numbers; reshape them to ({k}, {side}, {side}).")
    if found.shape == (k, side, side):
        if np.allclose(found, expected):
            return f"{k} pictures of {side} x {side} pixels: the mean image of each cluster."
        if np.allclose(found, expected.transpose(0, 2, 1)):
            raise NotYet("the pictures lie on their side: rows and columns are exchanged.")
        if np.allclose(found, np.round(expected), atol=1.0):
            raise NotYet("the centers were rounded; means have fractions, so keep them as they are.")
        if (found[:, None] == load_digits().images[None]).all(axis=(2, 3)).any(axis=1).all():
            raise NotYet("these are images of the data; the centers are means: kmeans.cluster_centers_.")
        raise NotYet("the shape is right, but these are not the centers: kmeans.cluster_centers_.reshape(...)")
    if found.shape[-1:] == (k,) and found.size == centers.size:
        raise NotYet(f"the shape is {found.shape}; the number of the center comes first: ({k}, {side}, {side}).")
    if found.size != centers.size:
        raise NotYet(f"pictures holds {found.size:,} numbers, the centers {centers.size:,}; are they the images?")
    raise NotYet(f"the shape is {found.shape}; ({k}, {side}, {side}) is wanted.")


@task(7, "Name them")
def check_names(names: Any = None, kmeans: Any = None) -> str:
    """Check the name of each cluster of a k-means that was fitted to the digits."""
    labels, centers = labels_of(kmeans)
    k = len(centers)
    found = texts(names, "names", k)
    blank = [j for j, name in enumerate(found) if name in {"", "?"}]
    if len(blank) == k:
        raise NotYet("no center has a name yet; look at the pictures above, and write what each shows most.")
    if blank:
        raise NotYet(f"{_centers(blank)} no name yet; look at the picture and write what it shows most.")
    strange = [name for name in found if name not in set("0123456789")]
    if strange:
        raise NotYet(f"{strange[0][:20]!r} is no digit; each name is one of 0 to 9.")
    counts = _counts(labels, k)
    sizes = np.maximum(counts.sum(axis=1), 1)
    shares = counts[np.arange(k), [int(name) for name in found]] / sizes
    wrong = [j for j in range(k) if shares[j] < min(_ENOUGH, counts[j].max() / sizes[j])]
    if wrong:
        raise NotYet(_hint(found, wrong, counts, shares))
    twice = sorted(name for name in set(found) if found.count(name) > 1)
    missing = sorted(set("0123456789") - set(found))
    more = f" {_list(twice)} more than one center, and {_list(missing)} none." if twice and missing else ""
    return f"Each name fits its cluster of this run.{more}"


def _hint(found: list[str], wrong: list[int], counts: NDArray[np.intp], shares: NDArray[np.float64]) -> str:
    k = len(found)
    if len(wrong) > k // 2 or tuple(found) == COPIED_NAMES:
        source = _copied_from(found)
        return (
            f"{len(wrong)} of the {k} names do not fit. {source}k-means numbers its clusters anew in each run, so look "
            "at the centers of your own."
        )
    j = wrong[0]
    part = "none" if shares[j] == 0 else f"only {100 * shares[j]:.0f} %"
    name, size = found[j], counts[j].sum()
    hint = f"look again at center {j}: you name it {name}, but {part} of its {size} images show a {name}."
    if len(set(found)) == k and len(set(counts.argmax(axis=1))) < k:
        hint += " k-means does not know that there are ten digits: two centers may show the same one."
    return hint


def _copied_from(found: list[str]) -> str:
    if tuple(found) == COPIED_NAMES:
        return "They are the list that is copied most on the net, from somebody else's run. "
    digits = load_digits()
    rows = digits.images.reshape(len(digits), -1)
    for seed in _SEEDS:
        other = KMeans(len(found), random_state=seed).fit(rows)
        if [str(j) for j in _counts(other.labels_, len(found)).argmax(axis=1)] == found:
            return f"They would fit the run with random_state={seed}: were they copied from it? "
    return ""


def _counts(labels: NDArray[np.integer], k: int) -> NDArray[np.intp]:
    """Return how many images of each digit (columns) each cluster (rows) has."""
    counts = np.zeros((k, 10), dtype=np.intp)
    np.add.at(counts, (labels, load_digits().truths.astype(np.intp)), 1)
    return counts


def _centers(which: list[int]) -> str:
    if len(which) == 1:
        return f"center {which[0]} has"
    return f"the centers {', '.join(map(str, which[:-1]))} and {which[-1]} have"


def _list(names: list[str]) -> str:
    return f"{names[0]} has" if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} have"


@task(8, "How many bear the right name")
def check_accuracy(accuracy: Any = None, names: Any = None, kmeans: Any = None) -> str:
    """Check the share of the digits whose cluster bears their true name."""
    labels, centers = labels_of(kmeans)
    given(accuracy, "accuracy")
    named = np.array(texts(names, "names", len(centers)))[labels]
    truths = load_digits().truths
    expected = float((named == truths).mean())
    found = share(accuracy, "accuracy")
    if is_near(found, expected):
        return f"{100 * expected:.1f} % of the images are in a cluster that bears their name."
    if is_near(found, float((labels == truths.astype(np.intp)).mean())):
        raise NotYet("you compare the numbers of the clusters with the truths; compare their names: names[labels].")
    if is_near(found, 1 - expected):
        raise NotYet("that is the share of the wrong ones; accuracy counts the right ones.")
    purity = float(_counts(labels, len(centers)).max(axis=1).sum() / len(truths))
    if is_near(found, purity):
        raise NotYet("that is what the commonest truth of each cluster would give; use the names that you gave.")
    if abs(found - expected) <= 0.005:
        raise NotYet(f"accuracy is {found:g}, which is nearly right; do not round it, or to three decimals at least.")
    raise NotYet(
        f"accuracy is {found:.3f}; give each image the name of its cluster, compare with the truths, and take the mean."
    )
