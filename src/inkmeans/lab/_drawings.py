"""Tasks 9 to 12 and 18: own drawings, why ten centers cannot read them, and a reader that says when it is unsure."""

from __future__ import annotations

from typing import Any

import numpy as np

from inkmeans.datasets import load_digits
from inkmeans.lab._naming import labels_of
from inkmeans.lab._result import NotYet, task
from inkmeans.lab._values import any_shape, given, is_near, number, numbers, share, texts, whole
from inkmeans.lesson import PAD_INK
from inkmeans.names import REJECTED

_FULL_INK = 16.0
STEPS = ("as drawn", "ink", "place", "slant")


@task(9, "Read your own drawings")
def check_readings(readings: Any = None, pad: Any = None, names: Any = None, kmeans: Any = None) -> str:
    """Check the name of the nearest center for each drawing of the pad, (n, 8, 8)."""
    _, centers = labels_of(kmeans)
    drawn = any_shape(pad, "pad")
    drawn = drawn.reshape(len(drawn), -1)
    nearest = np.asarray(kmeans.predict(drawn))
    expected = np.array(texts(names, "names", len(centers)))[nearest]
    found = np.array(texts(readings, "readings", len(drawn)))
    if np.array_equal(found, expected):
        return f"{len(found)} drawings read, each as the name of its nearest center."
    if np.array_equal(found, nearest.astype(str)):
        raise NotYet("these are the numbers of the clusters; look up their names: names[number].")
    if len(set(found)) == 1 and len(set(expected)) > 1:
        raise NotYet(f"every drawing is read as {found[0]}; predict takes one row of 64 numbers for each: reshape.")
    n_wrong = int((found != expected).sum())
    raise NotYet(
        f"{n_wrong} of the {len(found)} readings are not the name of the nearest center: predict the clusters of the "
        "drawings, then look up their names. (Whether the drawings are read right is another question.)"
    )


@task(10, "Scale the ink")
def check_ink(scaled: Any = None, pad: Any = None) -> str:
    """Check the pad's numbers, scaled so that full ink is 16 as in the digits."""
    drawn = any_shape(pad, "pad")
    if drawn.max() > PAD_INK + 0.01:
        raise NotYet(
            f"pad itself was changed: its full ink is {drawn.max():.2f} in place of {PAD_INK:g}. Run the cell again "
            "that makes pad, then put the scaled numbers into scaled."
        )
    found = numbers(scaled, "scaled", drawn.shape)
    expected = drawn * (_FULL_INK / PAD_INK)
    top = drawn.max(axis=tuple(range(1, drawn.ndim)), keepdims=True)
    if np.allclose(found, expected, atol=0.02):
        return f"Full ink is now {_FULL_INK:g} in place of {PAD_INK:g}."
    if np.allclose(found, drawn):
        raise NotYet(f"nothing has changed: full ink is still {PAD_INK:g} where the digits have {_FULL_INK:g}.")
    if np.allclose(found, drawn * (PAD_INK / _FULL_INK), atol=0.02):
        raise NotYet("that makes the ink fainter; multiply by 16 and divide by 7.63, not the other way round.")
    if np.allclose(found, drawn * (255 / PAD_INK), atol=0.2):
        raise NotYet("full ink is now 255; in the digits that k-means learned from it is 16.")
    if np.allclose(found, drawn + (_FULL_INK - PAD_INK)):
        raise NotYet("something was added, which turns blank paper into ink; multiply instead, so that 0 stays 0.")
    if np.allclose(found, drawn / np.maximum(top, 1e-9) * _FULL_INK, atol=0.02):
        raise NotYet("each drawing was scaled by its own darkest block; one factor for all is wanted: 16 / 7.63.")
    raise NotYet(f"full ink is {found.max():.2f}; multiply all numbers by the same factor, so that 7.63 becomes 16.")


@task(11, "Move the digits by one pixel")
def check_shift(kept: Any = None, kmeans: Any = None) -> str:
    """Check the share of the digits that keep their cluster when they are shifted one pixel to the right."""
    labels, _ = labels_of(kmeans)
    images = load_digits().images
    found = share(kept, "kept")

    def stay(images_there: Any) -> float:
        return float((np.asarray(kmeans.predict(images_there.reshape(len(images), -1))) == labels).mean())

    if stay(images) < 1.0:
        raise NotYet(
            "the model was fitted anew, so its centers are others now. Run the cell of chapter 4 again that makes it; "
            "then ask it for the shifted images by predict, which leaves the centers as they are."
        )
    right = np.zeros_like(images)
    right[:, :, 1:] = images[:, :, :-1]
    expected = stay(right)
    if is_near(found, expected) or is_near(found, stay(np.roll(images, 1, axis=2))):
        return f"One pixel to the right, and only {100 * expected:.0f} % of the images keep their cluster."
    if is_near(found, 1.0):
        raise NotYet("all keep their cluster, so nothing was moved; predict the clusters of the shifted images.")
    if is_near(found, 1 - expected):
        raise NotYet("that is the share that changes its cluster; which share keeps it?")
    ways = {"left": (-1, 2), "down": (1, 1), "up": (-1, 1)}
    blank = {"left": (slice(None), slice(None), -1), "down": (slice(None), 0), "up": (slice(None), -1)}
    for way, (by, axis) in ways.items():
        moved = np.roll(images, by, axis=axis)
        cut = moved.copy()
        cut[blank[way]] = 0
        if is_near(found, stay(moved)) or is_near(found, stay(cut)):
            raise NotYet(f"that is the share for images moved {way}; of (number, row, column), move the columns.")
    again = type(kmeans)(len(kmeans.cluster_centers_), random_state=kmeans.random_state).fit(
        right.reshape(len(images), -1)
    )
    if is_near(found, float((again.labels_ == labels).mean())):
        raise NotYet("the shifted images were clustered anew; ask the centers that there are: kmeans.predict.")
    raise NotYet(
        f"kept is {found:.3f}; it is the mean of: the cluster of the shifted image is the one of the image itself."
    )


@task(12, "Which step helps most")
def check_step(step: Any = None, accuracies: Any = None) -> str:
    """Check the name of the step that raises the accuracy most over the step before, as measured."""
    given(step, "step")
    given(accuracies, "accuracies")
    if not isinstance(accuracies, dict) or [*accuracies] != [*STEPS]:
        raise NotYet("accuracies has changed; run the cell above again, which measures each step.")
    values = [number(accuracies[each], f"accuracies[{each!r}]") for each in STEPS]
    found = str(step).strip().lower()
    if found not in STEPS[1:]:
        raise NotYet(f"{str(step)[:30]!r} is none of the steps; write {', '.join(map(repr, STEPS[1:]))}.")
    gains = dict(zip(STEPS[1:], np.diff(values), strict=True))
    best = max(gains, key=lambda each: gains[each])
    if found == best:
        return f"It brings {100 * gains[best]:.0f} points of accuracy; the others {_others(gains, best)}."
    if values[STEPS.index(found)] == max(values):
        raise NotYet(f"after {found!r} the accuracy is highest, but which step brought most over the one before?")
    raise NotYet(f"{found!r} brings {100 * gains[found]:.0f} points over the step before it; another brings more.")


def _others(gains: dict[str, Any], best: str) -> str:
    return " and ".join(f"{100 * gain:.0f} ({each})" for each, gain in gains.items() if each != best)


@task(18, "A reader that may say ?")
def check_rejects(n_answered: Any = None, n_wrong: Any = None, readings: Any = None, truths: Any = None) -> str:
    """Check how many drawings a reader answers, and how many of these answers are wrong."""
    given(n_answered, "n_answered")
    given(n_wrong, "n_wrong")
    given(truths, "truths")
    wanted = np.array(texts(truths, "truths", len(truths)))
    read = np.array(texts(readings, "readings", len(wanted)))
    answered = read != REJECTED
    right_n, right_wrong = int(answered.sum()), int((read != wanted)[answered].sum())
    found = whole(n_answered, "n_answered")
    if found == len(read) - right_n != right_n:
        raise NotYet(f"{found} is how often it says {REJECTED}; n_answered counts the others.")
    if found == len(read) != right_n:
        raise NotYet(f"{found} are all drawings; those that are read as {REJECTED} have no answer.")
    if found != right_n:
        raise NotYet(f"n_answered is {found}; count the readings that are not {REJECTED}.")
    found = whole(n_wrong, "n_wrong")
    if found == int((read != wanted).sum()) != right_wrong:
        raise NotYet(f"{found} counts each {REJECTED} as wrong; it is no answer, so count only among those answered.")
    if found == right_n - right_wrong != right_wrong:
        raise NotYet(f"{found} is how many answers are right; n_wrong counts the wrong ones.")
    if found != right_wrong:
        raise NotYet(f"n_wrong is {found}; compare the answers with the truths, without those read as {REJECTED}.")
    wrong = "none of them wrong" if right_wrong == 0 else f"{right_wrong} of them wrong"
    return f"It answers {right_n} of {len(read)}, {wrong}."
