"""Tasks 16 and 17: accuracy on the images that were learned from and on others, as k grows."""

from __future__ import annotations

from typing import Any

import numpy as np

from inkmeans.datasets import load_digits
from inkmeans.kmeans import KMeans
from inkmeans.lab._result import NotYet, task
from inkmeans.lab._values import any_shape, call, given, numbers, share, whole


def _commonest(labels: Any, truths: Any, k: int) -> Any:
    """Return the commonest truth of each cluster, the first in order on a tie; "?" of an empty one."""
    names = np.full(k, "?", dtype=truths.dtype)
    for j in np.unique(labels):
        values, counts = np.unique(truths[labels == j], return_counts=True)
        names[j] = values[counts.argmax()]
    return names


@task(16, "Train and test")
def check_train_and_test(train_and_test: Any = None) -> str:
    """Check a function of (X_train, y_train, X_test, y_test, k) that returns the accuracy on both parts."""
    rng = np.random.default_rng(0)
    noise, guesses = rng.random((240, 6)), rng.integers(0, 10, 240).astype(str)
    parts = (noise[:120], guesses[:120], noise[120:], guesses[120:])
    train, test = _pair(call(train_and_test, "train_and_test", *parts, 120))
    # Of noise with made-up truths nothing can be learned: each training image is its own cluster, any other is a guess.
    if test > 0.5 >= train:
        raise NotYet("the accuracies are exchanged; the one of the training images comes first.")
    if test > 0.9 and train > 0.9:
        raise NotYet(
            "it gets nearly all test images right although their truths are made up, so it has seen them: measured on "
            "the training images, or the test images were clustered or named too?"
        )
    if test > 0.35:
        raise NotYet(
            f"{100 * test:.0f} % of test images with made-up truths are right, where a guess gives 10 %. The names may "
            "come from the truths of the training images only."
        )
    if train < 0.9:
        raise NotYet(
            f"with as many clusters as training images each has its own name, but only {100 * train:.0f} % of them are "
            "right. Is each cluster named by the commonest truth among its own training images?"
        )
    digits = load_digits()
    rows = digits.images.reshape(len(digits), -1)
    parts = (rows[:400], digits.truths[:400], rows[900:1300], digits.truths[900:1300])
    train, test = _pair(call(train_and_test, "train_and_test", *parts, 20))
    kmeans = KMeans(20, random_state=0).fit(parts[0])
    names = _commonest(kmeans.labels_, parts[1], 20)
    expected = [float((names[kmeans.predict(rows_)] == truths).mean()) for rows_, truths in (parts[:2], parts[2:])]
    if abs(train - expected[0]) > 0.12 or abs(test - expected[1]) > 0.12:
        raise NotYet(
            f"of 400 and 400 digits with k = 20 it finds {train:.2f} and {test:.2f}; about {expected[0]:.2f} and "
            f"{expected[1]:.2f} is right."
        )
    return "Clustered and named on one part, measured on both."


def _pair(found: Any) -> tuple[float, float]:
    if not isinstance(found, tuple | list | np.ndarray) or np.size(np.asarray(found, dtype=object)) != 2:
        raise NotYet(
            "train_and_test should give two numbers back: the accuracy on the training images and on the test images."
        )
    return share(found[0], "the training accuracy"), share(found[1], "the test accuracy")


_TRENDS = {"falls": -1, "rises": 1, "stays": 0}


@task(17, "Bias and variance")
def check_bias_and_variance(
    bias: Any = None, variance: Any = None, best_k: Any = None, ks: Any = None, train: Any = None, test: Any = None
) -> str:
    """Check what bias and variance do as k grows, and which k to take; `train` and `test` are the measured means."""
    words = [_trend(bias, "bias"), _trend(variance, "variance")]
    if words == ["rises", "falls"]:
        raise NotYet("it is the other way round: which of the two is large when few clusters must do for all digits?")
    if words[0] != "falls":
        raise NotYet(
            "bias is what the model gets wrong whatever images it learned from. With 2 clusters it cannot tell ten "
            "digits apart; with more it can. So what does the bias do?"
        )
    if words[1] != "rises":
        raise NotYet(
            "variance is how much the readings depend on which images were learned from. Look at the largest k: each "
            "image is its own cluster, wrong names and all. So what does the variance do?"
        )
    chosen = whole(best_k, "best_k")
    tried = any_shape(ks, "ks")
    learned, unseen = numbers(train, "train", tried.shape), numbers(test, "test", tried.shape)
    if not unseen.any():
        raise NotYet("the curves are empty; do task 16 first, then run the cells after it again.")
    if chosen not in tried:
        raise NotYet(f"best_k is {chosen}; choose one of those that were tried: {', '.join(f'{k:g}' for k in tried)}.")
    at = int(np.flatnonzero(tried == chosen)[0])
    if unseen[at] >= unseen.max() - 1e-9:
        return (
            f"On other images k = {chosen} is best, {100 * unseen[at]:.1f} %. At k = {tried[learned.argmax()]:g} the "
            f"training images are {100 * learned.max():.0f} % right, mistakes learned by heart, and others "
            f"{100 * unseen[learned.argmax()]:.0f} %."
        )
    if learned[at] >= learned.max() - 1e-9:
        raise NotYet(
            f"k = {chosen} is best on the images that it learned from, wrong names included. How it reads others is "
            "what counts: look at the test curve."
        )
    side = "few clusters: the bias is still large" if chosen < tried[unseen.argmax()] else "many clusters: the variance"
    raise NotYet(f"k = {chosen} is too {side}{'' if 'bias' in side else ' is large'}. Where is the test curve highest?")


def _trend(value: Any, name: str) -> str:
    word = str(given(value, name)).strip().lower()
    if word not in _TRENDS:
        raise NotYet(f'{name} is {str(value)[:30]!r}; write "falls", "rises" or "stays".')
    return word
