"""Tasks 13 to 15: how many clusters to name, their middle images, and few truths for many images."""

from __future__ import annotations

from typing import Any

import numpy as np

from inkmeans.lab._result import NotYet, task
from inkmeans.lab._values import any_shape, given, is_near, numbers, share, texts, whole, whole_numbers

WANTED = 0.985
"""The expected accuracy that task 13 asks for."""
MOST_TRUTHS = 30
"""How many truths task 15 may ask for."""


@task(13, "Choose k")
def check_k(k: Any = None, found: Any = None) -> str:
    """Check the smallest number of clusters whose expected accuracy reaches 98.5 %; `found` is from `choose_k`."""
    given(k, "k")
    ks = any_shape(getattr(given(found, "found"), "n_clusters", None), "found.n_clusters").astype(int)
    accuracy = numbers(getattr(found, "accuracy", None), "found.accuracy", ks.shape)
    inertia = numbers(getattr(found, "inertia", None), "found.inertia", ks.shape)
    silhouette = np.nan_to_num(np.asarray(getattr(found, "silhouette", None), dtype=np.float64), nan=-1.0)
    chosen = whole(k, "k")
    if chosen not in ks:
        raise NotYet(f"k is {chosen}; choose one of those that were tried: {', '.join(map(str, ks))}.")
    reach = ks[accuracy >= WANTED]
    if not len(reach):
        raise NotYet("none of the numbers that were tried is enough; try larger ones in choose_k.")
    if chosen == reach[0]:
        i = int(np.flatnonzero(ks == chosen)[0])
        return f"{chosen} looks, and {100 * accuracy[i]:.1f} % of the images are expected to get the right name."
    i = int(np.flatnonzero(ks == chosen)[0])
    if chosen > reach[0]:
        raise NotYet(
            f"{chosen} is enough, but fewer looks would do; take the smallest that reaches {100 * WANTED:g} %."
        )
    told = f"with {chosen} clusters only {100 * accuracy[i]:.1f} % are expected to be right"
    if chosen == _elbow(ks, inertia):
        raise NotYet(f"{chosen} is where the inertia bends most, its elbow, which says nothing about names: {told}.")
    if chosen == ks[silhouette.argmax()]:
        raise NotYet(f"{chosen} has the highest silhouette: clusters that lie apart, not right names: {told}.")
    if chosen == 10:
        raise NotYet(f"there are ten digits, but more than ten ways to write them: {told}.")
    raise NotYet(f"{told}; look at found.accuracy.")


def _elbow(ks: Any, inertia: Any) -> int:
    """Return where people see an elbow: where the slope changes most."""
    if len(ks) < 3:
        return -1
    x = (ks - ks[0]) / max(ks[-1] - ks[0], 1)
    y = (inertia - inertia[-1]) / max(inertia[0] - inertia[-1], 1e-12)
    bend = np.diff(np.diff(y) / np.maximum(np.diff(x), 1e-12))
    return int(ks[1 + bend.argmax()]) if bend.max() > 1e-6 else -1


@task(14, "The middle image of each cluster")
def check_middles(middles: Any = None, kmeans: Any = None, X: Any = None) -> str:
    """Check the index of the image that is nearest to each center."""
    given(middles, "middles")
    if not hasattr(given(kmeans, "kmeans"), "cluster_centers_"):
        raise NotYet("kmeans is not fitted; run the cell above.")
    rows = any_shape(X, "X")
    distances = np.asarray(kmeans.transform(rows))
    n, k = distances.shape
    shape = np.shape(middles)
    if shape == (n,):
        raise NotYet(
            f"middles has {n:,} entries, one for each image; wanted is one for each of the {k} centers: axis=0."
        )
    if shape in {(n, k), (k, n)}:
        raise NotYet("these are all distances; which image has the smallest one to each center? argmin")
    found = any_shape(middles, "middles")
    if found.shape == (k,) and np.allclose(found, distances.min(axis=0)):
        raise NotYet("these are the smallest distances; the numbers of the images are wanted: argmin in place of min.")
    index = whole_numbers(middles, "middles", (k,), n - 1)
    if np.array_equal(index, distances.argmax(axis=0)):
        raise NotYet("these images lie farthest from their centers; the nearest are wanted: argmin.")
    nearest = distances.min(axis=0)
    wrong = np.flatnonzero(~np.isclose(distances[index, np.arange(k)], nearest))
    if len(wrong):
        j = int(wrong[0])
        raise NotYet(
            f"{len(wrong)} of the {k} are not the nearest: image {index[j]} lies {distances[index[j], j]:.1f} from "
            f"center {j}, another image {nearest[j]:.1f}."
        )
    return f"{k} images to look at, one for each cluster."


@task(15, "Few truths, many names")
def check_few_labels(
    chosen: Any = None, accuracy: Any = None, labels: Any = None, names: Any = None, truths: Any = None
) -> str:
    """Check which images were asked for, and the accuracy of the names that all others got from them."""
    given(chosen, "chosen")
    given(accuracy, "few_accuracy")
    right = np.array(texts(truths, "truths", len(given(truths, "truths"))))
    n = len(right)
    count = np.size(np.asarray(chosen, dtype=object))
    index = whole_numbers(chosen, "chosen", (count,), n - 1)
    if count > MOST_TRUTHS:
        raise NotYet(f"you ask for {count} truths; only {MOST_TRUTHS} may be asked for.")
    if len(np.unique(index)) < count:
        raise NotYet(f"chosen names {count - len(np.unique(index))} images twice; the second look tells nothing new.")
    clusters = whole_numbers(labels, "labels", (n,), n)
    left = sorted(set(clusters.tolist()) - set(clusters[index].tolist()))
    if left:
        raise NotYet(
            f"{len(left)} of the clusters have none of your images, number {left[0]} for one; a look at the middle "
            "image of each cluster tells more."
        )
    got = np.array(texts(names, "names", n))
    rest = np.setdiff1d(np.arange(n), index)
    expected = float((got == right)[rest].mean())
    found = share(accuracy, "few_accuracy")
    overall = float((got == right).mean())
    exact = abs(found - expected) <= 1e-9
    if not exact and abs(found - overall) <= 1e-9:
        raise NotYet(
            f"that counts the {count} images whose truths were given, too. What was learned from is no test: count "
            "only the others."
        )
    if not is_near(found, expected):
        if is_near(found, float((got == right)[index].mean())):
            raise NotYet("that is the accuracy on the images whose truths you gave; measure it on all the others.")
        raise NotYet(
            f"few_accuracy is {found:.4f}; it is the share of the other {len(rest):,} images with the right name."
        )
    return f"{count} truths, and {100 * expected:.1f} % of the other {len(rest):,} images get the right name."
