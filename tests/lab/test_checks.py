"""Each check tells a right answer from wrong ones, says what is wrong with each, and takes anything at all."""

import re
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.cluster import KMeans as ScikitLearnKMeans

from inkmeans import KMeans, lab
from inkmeans.datasets import load_digits
from inkmeans.lab import _by_hand, _values
from inkmeans.lesson import COPIED_NAMES

DIGITS = load_digits()
IMAGES, TRUTHS = DIGITS.images, DIGITS.truths
X = IMAGES.reshape(len(IMAGES), -1)
MODEL = KMeans(10, random_state=0).fit(X)
NAMES = list("2019456173")
NAMED = np.array(NAMES)[MODEL.labels_]
PAD = IMAGES[:20] * (7.63 / 16)
READ = np.array(NAMES)[MODEL.predict(PAD.reshape(20, -1))]
FOUND = SimpleNamespace(
    n_clusters=np.array([5, 10, 15, 20, 30, 40]),
    accuracy=np.array([0.45, 0.92, 0.983, 0.982, 0.987, 0.989]),
    inertia=np.array([1785.0, 423.0, 121.0, 86.0, 48.0, 35.0]),
    silhouette=np.array([0.41, 0.74, 0.80, 0.64, 0.53, 0.45]),
)
FEW = KMeans(12, random_state=0).fit(X)
MIDDLES = FEW.transform(X).argmin(axis=0)
FEW_NAMES = TRUTHS[MIDDLES][FEW.labels_]
REST = np.setdiff1d(np.arange(len(X)), MIDDLES)
KS, TRAIN, TEST = [2, 10, 80, 600], np.array([0.2, 0.6, 0.8, 1.0]), np.array([0.2, 0.75, 0.94, 0.8])
STEPS = {"as drawn": 0.2, "ink": 0.15, "place": 0.61, "slant": 0.77}


def assign(X, centers):
    return ((X[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1)


def update(X, labels, centers):
    centers = centers.copy()
    for j in np.unique(labels):
        centers[j] = X[labels == j].mean(axis=0)
    return centers


def loop(X, centers, n_most=300):
    labels = assign(X, centers)
    for _ in range(n_most):
        centers = update(X, labels, centers)
        before, labels = labels, assign(X, centers)
        if (labels == before).all():
            break
    return labels, centers


def inertia(X, labels, centers):
    return float(((X - centers[labels]) ** 2).sum())


def kmeans(X, centers):
    labels, centers = loop(X, centers)
    return labels, centers, inertia(X, labels, centers)


def commonest(labels, truths, k):
    names = np.full(k, "?")
    for j in np.unique(labels):
        values, counts = np.unique(truths[labels == j], return_counts=True)
        names[j] = values[counts.argmax()]
    return names


def train_and_test(X_train, y_train, X_test, y_test, k):
    run = KMeans(k, random_state=0).fit(X_train)
    names = commonest(run.labels_, y_train, k)
    return (names[run.labels_] == y_train).mean(), (names[run.predict(X_test)] == y_test).mean()


def moved(by, axis):
    there = np.roll(IMAGES, by, axis=axis).reshape(len(X), -1)
    return (MODEL.predict(there) == MODEL.labels_).mean()


RIGHT = {
    "check_look": (1797, 8, 16),
    "check_description": (13, 4),
    "check_assign": (assign,),
    "check_update": (update,),
    "check_kmeans": (kmeans,),
    "check_pictures": (MODEL.cluster_centers_.reshape(10, 8, 8), MODEL),
    "check_names": (NAMES, MODEL),
    "check_accuracy": ((NAMED == TRUTHS).mean(), NAMES, MODEL),
    "check_readings": (READ, PAD, NAMES, MODEL),
    "check_ink": (PAD * 16 / 7.63, PAD),
    "check_shift": (moved(1, 2), MODEL),
    "check_step": ("place", STEPS),
    "check_k": (30, FOUND),
    "check_middles": (MIDDLES, FEW, X),
    "check_few_labels": (MIDDLES, (FEW_NAMES == TRUTHS)[REST].mean(), FEW.labels_, FEW_NAMES, TRUTHS),
    "check_train_and_test": (train_and_test,),
    "check_bias_and_variance": ("falls", "rises", 80, KS, TRAIN, TEST),
    "check_rejects": (2, 1, ["1", "?", "3"], ["1", "2", "8"]),
}
CHECKS = sorted(RIGHT)


@pytest.mark.parametrize("name", CHECKS)
def test_the_right_answer_is_right(name: str) -> None:
    result = getattr(lab, name)(*RIGHT[name])
    assert result and result.is_right, result
    assert repr(result) == f"Right. {result.says}"


def test_every_check_is_here() -> None:
    assert [name for name in dir(lab) if name.startswith("check_")] == CHECKS


def told(name: str, *given: object) -> str:
    """Return what a check says of a wrong answer; arguments that are not given are right."""
    result = getattr(lab, name)(*given, *RIGHT[name][len(given) :])
    assert not result and result.is_right is False
    assert repr(result) == f"Not yet: {result.says}"
    return result.says


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ((115_008,), "the number of all pixels"),
        ((8,), "the side of an image"),
        ((1796,), "which is not how many there are"),
        ((1797.5,), "a whole number is asked for"),
        (("1797",), "without quotes"),
        ((True,), "a number is asked for"),
        ((1797, 64), "the number of pixels of a whole image"),
        ((1797, (8, 8)), "holds 2 numbers; one is asked for"),
        ((1797, 9), "look at images.shape"),
        ((1797, 8, 255), "255 is full ink in many pictures"),
        ((1797, 8, 15), "the largest is one more"),
        ((1797, 8, 17), "images.max()"),
        ((1797, 8, float("nan")), "is NaN, no number"),
        ((1797, 8, float("inf")), "is infinite"),
    ],
)
def test_look(given: tuple, hint: str) -> None:
    assert hint in told("check_look", *given)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ((43,), "43 people wrote in all"),
        ((30,), "wrote the training set"),
        ((5,), "look for the number of people"),
        ((13, 16), "how many small pixels lie in one block"),
        ((13, 8), "the side of a whole image, after the counting"),
        ((13, 32), "the side of a whole image, before the counting"),
        ((13, 5), "32 pixels a side became 8"),
    ],
)
def test_description(given: tuple, hint: str) -> None:
    assert hint in told("check_description", *given)


def squares(X, centers):
    return ((X[:, None] - centers) ** 2).sum(axis=2)


def late_ties(X, centers):
    return len(centers) - 1 - squares(X, centers)[:, ::-1].argmin(axis=1)


def in_place(X, centers):
    found = assign(X, centers)
    centers += 1
    return found


def beyond(X, centers):
    n = 5
    return X[:, n]


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (squares, "5 x 3 numbers, the distances"),
        (lambda X, centers: squares(X, centers).argmin(axis=0), "along the other axis"),
        (lambda X, centers: squares(X, centers).min(axis=1), "the smallest distances, not the numbers"),
        (lambda X, centers: squares(X, centers).argmax(axis=1), "farthest"),
        (late_ties, "A tie goes to the lower number"),
        (lambda X, centers: ((X[:, None] - centers).sum(axis=2)).argmin(axis=1), "squares of all differences summed"),
        (lambda X, centers: assign(X, centers)[:-1], "has the shape (4,); (5,) is asked for"),
        (lambda X, centers: assign(X, centers) + 1, "Python counts from 0"),
        (lambda X, centers: assign(X, centers) + 3, "0 to 3 is asked for"),
        (lambda X, centers: assign(X, centers) + 0.5, "only whole numbers"),
        (lambda X, centers: np.full(len(X), np.nan), "holds NaN"),
        (lambda X, centers: None, "gives nothing back; does it end with return?"),
        (lambda X, centers: ..., "still returns the three dots"),
        (beyond, f"stops in line {beyond.__code__.co_firstlineno + 2} of its cell with IndexError"),
        (lambda X: X, "stops with TypeError"),
        (lambda X, centers: X - centers, "X[:, np.newaxis] - centers sets each row against each center"),
        (lambda X, centers: 1 if X == X else 2, "(new == old).all() says whether all are the same"),
        (
            lambda X, centers: np.ones(len(X)),
            "the point (0, 0) is nearest to the center (0, 0), which is number 0; yours is 1",
        ),
        (in_place, "changes the arrays that it is given"),
        (lambda X, centers: assign(X[:, :2], centers[:, :2]), "on five points it is right"),
        (5, "give the function itself"),
        (None, "has no value yet"),
    ],
)
def test_assign(wrong: object, hint: str) -> None:
    assert hint in told("check_assign", wrong)


def each_mean(X, labels, centers):
    return np.array([X[labels == j].mean(axis=0) for j in range(len(centers))])


def with_last_empty(X, labels, centers):
    centers = update(X, labels, centers)
    centers[labels.max() + 1 :] = 0.0
    return centers


def with_empty(value):
    def wrong(X, labels, centers):
        centers = update(X, labels, centers)
        centers[sorted(set(range(len(centers))) - set(labels.tolist()))] = value
        return centers

    return wrong


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (each_mean, "the mean of a cluster without images is NaN"),
        (with_empty(0.0), "cluster 1 has no images and should keep its center"),
        (lambda X, labels, centers: centers, "the centers come back as they were"),
        (lambda X, labels, centers: centers[:, :1], "has the shape (4, 1); (4, 2) is asked for"),
        (lambda X, labels, centers: update(X, labels, centers)[: labels.max() + 1], "4 centers went in and 3 come out"),
        (lambda X, labels, centers: update(X, labels, centers)[np.unique(labels)], "4 centers went in and 2 come out"),
        (with_last_empty, "cluster 3 has no images and should keep its center (8, 8)"),
        (
            lambda X, labels, centers: np.array([X[labels == j].sum(axis=0) for j in range(len(centers))]),
            "the centers are sums",
        ),
        (
            lambda X, labels, centers: np.array(
                [np.median(X[labels == j], axis=0) if (labels == j).any() else centers[j] for j in range(4)]
            ),
            "the centers are medians",
        ),
        (lambda X, labels, centers: np.tile(X.mean(axis=0), (4, 1)), "the mean of all points"),
        (lambda X, labels, centers: update(X, labels, centers) + 0.1, "must be means of their own images"),
        (lambda X, labels, centers: update(X, labels, centers)[:, ::-1], "so its center is (0, 1)"),
        (
            lambda X, labels, centers: update(X, labels, centers) if len(X) == 5 else centers,
            "on five points it is right",
        ),
        ("update", "give the function itself"),
    ],
)
def test_update(wrong: object, hint: str) -> None:
    assert hint in told("check_update", wrong)


def with_inertia(of):
    def wrong(X, centers):
        labels, centers = loop(X, centers)
        return labels, centers, of(X, labels, centers)

    return wrong


def early(X, centers):
    labels, centers = loop(X, centers, 3)
    return labels, centers, inertia(X, labels, centers)


def one_update_short(X, centers):
    labels, centers = loop(X, centers)
    centers = centers.copy()
    centers[0] += 0.01
    return labels, centers, inertia(X, labels, centers)


def from_elsewhere(X, centers):
    return kmeans(X, X[-len(centers) :].copy())


def with_own_start(X, centers):
    return kmeans(X, X[:10].copy())


def endless(X, centers):
    while True:
        pass


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (lambda X, centers: loop(X, centers), "three things back"),
        (lambda X, centers: kmeans(X, centers)[::-1], "shape"),
        (lambda X, centers: (kmeans(X, centers)[1], kmeans(X, centers)[0], 1.0), "the order is labels, centers"),
        (lambda X, centers: (assign(X, centers), centers, 1.0), "still the ones it began with"),
        (early, "it has not converged"),
        (one_update_short, "are not the means of the images that bear their labels"),
        (from_elsewhere, "does it begin with the centers that it is given?"),
        (with_own_start, "does it begin with the centers that it is given?"),
        (
            with_inertia(lambda X, labels, centers: np.sqrt(((X - centers[labels]) ** 2).sum(axis=1)).sum()),
            "sums their squares",
        ),
        (with_inertia(lambda X, labels, centers: inertia(X, labels, centers) / len(X)), "the mean of the squared"),
        (with_inertia(lambda X, labels, centers: inertia(X, labels, centers) ** 0.5), "the root of the sum"),
        (with_inertia(lambda X, labels, centers: squares(X, centers).sum()), "its own center only"),
        (with_inertia(lambda X, labels, centers: 7.0), "but the inertia is 7"),
        (with_inertia(lambda X, labels, centers: np.nan), "the inertia is NaN"),
    ],
)
def test_kmeans(wrong: object, hint: str) -> None:
    assert hint in told("check_kmeans", wrong)


def test_a_loop_without_an_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_values, "SECONDS", 0.2)
    assert "does its loop end when no label changes?" in told("check_kmeans", endless)


def test_a_check_in_another_thread_has_no_alarm() -> None:
    results = []
    thread = threading.Thread(target=lambda: results.append(lab.check_assign(assign)))
    thread.start()
    thread.join()
    assert results[0].is_right


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (MODEL.cluster_centers_, "reshape them to (10, 8, 8)"),
        (MODEL.cluster_centers_.reshape(8, 8, 10), "the number of the center comes first"),
        (MODEL.cluster_centers_.reshape(10, 4, 16), "the shape is (10, 4, 16); (10, 8, 8) is wanted"),
        (MODEL.cluster_centers_.reshape(10, 8, 8).transpose(0, 2, 1), "rows and columns are exchanged"),
        (np.round(MODEL.cluster_centers_).reshape(10, 8, 8), "the centers were rounded"),
        (IMAGES, "are they the images?"),
        (IMAGES[:10], "these are images of the data"),
        (np.ones((10, 8, 8)), "the shape is right, but these are not the centers"),
        (np.full((10, 8, 8), np.nan), "holds NaN"),
        ("pictures", "is a str and not an array of numbers"),
    ],
)
def test_pictures(wrong: object, hint: str) -> None:
    assert hint in told("check_pictures", wrong)


def other_names(**changes: str) -> list[str]:
    names = list(NAMES)
    for place, name in changes.items():
        names[int(place.removeprefix("c"))] = name
    return names


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (["?"] * 10, "no center has a name yet"),
        (["?", "?", *NAMES[2:]], "the centers 0 and 1 have no name yet"),
        (other_names(c4="?"), "center 4 has no name yet"),
        (NAMES[:9], "has 9 entries; 10 are asked for"),
        ("".join(NAMES), "is a str; a list of 10 texts"),
        (other_names(c0="two"), "'two' is no digit"),
        (other_names(c1="7"), "look again at center 1: you name it 7, but none of its 179 images show a 7"),
        (other_names(c7="8"), "two centers may show the same one"),
        (list(COPIED_NAMES), "the list that is copied most on the net"),
        (list("9846710235"), "They would fit the run with random_state=4"),
        (list("5555555555"), "look at the centers of your own"),
    ],
)
def test_names(wrong: object, hint: str) -> None:
    assert hint in told("check_names", wrong)


def test_names_may_be_numbers_and_fit_any_estimator() -> None:
    assert lab.check_names([int(name) for name in NAMES], MODEL)
    theirs = ScikitLearnKMeans(10, n_init=1, random_state=0).fit(X)
    names = commonest(theirs.labels_, TRUTHS, 10)
    assert lab.check_names(names, theirs) and lab.check_accuracy(
        (names[theirs.labels_] == TRUTHS).mean(), names, theirs
    )


def test_a_copied_list_that_fits_is_no_copy_to_the_check() -> None:
    found = lab.check_names(NAMES, MODEL)
    assert found.says == "Each name fits its cluster of this run. 1 has more than one center, and 8 has none."


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (KMeans(10), "is not fitted"),
        (KMeans(10, random_state=0).fit(X[:500]), "was fitted to 500 rows"),
        (None, "kmeans has no value yet"),
        (7, "is not fitted"),
    ],
)
@pytest.mark.parametrize("name", ["check_names", "check_pictures"])
def test_a_kmeans_that_is_none(name: str, wrong: object, hint: str) -> None:
    assert hint in told(name, RIGHT[name][0], wrong)


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (100 * (NAMED == TRUTHS).mean(), "is it percent?"),
        ((NAMED == TRUTHS).sum(), "is it a count?"),
        ((NAMED != TRUTHS).mean(), "the share of the wrong ones"),
        ((MODEL.labels_ == TRUTHS.astype(int)).mean(), "compare their names: names[labels]"),
        (0.5, "give each image the name of its cluster"),
        (round((NAMED == TRUTHS).mean() - 0.001, 2), "do not round it"),
        (-0.1, "a share lies between 0 and 1"),
        (float("nan"), "is NaN"),
        (..., "has no value yet"),
    ],
)
def test_accuracy(wrong: object, hint: str) -> None:
    assert hint in told("check_accuracy", wrong)


def test_the_commonest_truths_are_not_the_names_that_were_given() -> None:
    given = other_names(c7="8")
    assert "use the names that you gave" in told("check_accuracy", (NAMED == TRUTHS).mean(), given)


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (MODEL.predict(PAD.reshape(20, -1)), "the numbers of the clusters; look up their names"),
        (["1"] * 20, "every drawing is read as 1"),
        (READ[:5], "has 5 entries; 20 are asked for"),
        (READ[::-1], "are not the name of the nearest center"),
    ],
)
def test_readings(wrong: object, hint: str) -> None:
    assert hint in told("check_readings", wrong)


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (PAD, "nothing has changed"),
        (PAD * 7.63 / 16, "makes the ink fainter"),
        (PAD * 255 / 7.63, "full ink is now 255"),
        (PAD + (16 - 7.63), "multiply instead"),
        (
            (PAD * (1 - 0.03 * np.arange(20))[:, None, None]) / PAD.max(axis=(1, 2), keepdims=True) * 16,
            "by the same factor",
        ),
        (PAD.reshape(20, -1) * 16 / 7.63, "has the shape (20, 64)"),
        (PAD * 3, "multiply all numbers by the same factor"),
    ],
)
def test_ink(wrong: object, hint: str) -> None:
    assert hint in told("check_ink", wrong)


def test_ink_that_was_scaled_in_place() -> None:
    pad = PAD.copy()
    pad *= 16 / 7.63
    assert "pad itself was changed" in told("check_ink", pad, pad)


def test_ink_scaled_by_each_drawings_own_darkest_block() -> None:
    pad = PAD * (1 - 0.03 * np.arange(20))[:, None, None]
    each = pad / pad.max(axis=(1, 2), keepdims=True) * 16
    assert "by its own darkest block" in told("check_ink", each, pad)


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (1.0, "so nothing was moved"),
        (1 - moved(1, 2), "the share that changes its cluster"),
        (moved(-1, 2), "images moved left"),
        (moved(1, 1), "images moved down"),
        (moved(-1, 1), "images moved up"),
        (
            (
                KMeans(10, random_state=0)
                .fit(np.pad(IMAGES, ((0, 0), (0, 0), (1, 0)))[:, :, :-1].reshape(len(X), -1))
                .labels_
                == MODEL.labels_
            ).mean(),
            "were clustered anew",
        ),
        (0.4567, "kept is 0.457"),
        (26.0, "is it percent?"),
    ],
)
def test_shift(wrong: object, hint: str) -> None:
    assert hint in told("check_shift", wrong)


@pytest.mark.parametrize("estimator", [KMeans, ScikitLearnKMeans])
def test_shift_of_a_model_that_was_fitted_to_the_shifted_images(estimator: type) -> None:
    model = estimator(10, random_state=0, n_init=1).fit(X)
    there = np.roll(IMAGES, 1, axis=2).reshape(len(X), -1)
    right = (model.predict(there) == model.labels_).mean()
    assert lab.check_shift(right, model)
    kept = (model.fit_predict(there) == model.labels_).mean()
    assert "the model was fitted anew" in told("check_shift", kept, model)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (("ink",), "'ink' brings -5 points"),
        (("slant",), "which step brought most over the one before?"),
        (("size",), "is none of the steps"),
        (("place", {"ink": 1}), "run the cell above again"),
        (("place", {**STEPS, "ink": None}), "accuracies['ink'] has no value yet"),
    ],
)
def test_step(given: tuple, hint: str) -> None:
    assert hint in told("check_step", *given)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ((10,), "where the inertia bends most, its elbow, which says nothing about names"),
        ((15,), "has the highest silhouette"),
        ((40,), "fewer looks would do"),
        ((20,), "with 20 clusters only 98.2 % are expected to be right"),
        ((25,), "choose one of those that were tried"),
        ((30, None), "found has no value yet"),
        ((30, SimpleNamespace(**{**vars(FOUND), "accuracy": FOUND.accuracy[:2]})), "has the shape (2,)"),
        ((30, SimpleNamespace(**{**vars(FOUND), "accuracy": 0.5 * FOUND.accuracy})), "try larger ones"),
    ],
)
def test_k(given: tuple, hint: str) -> None:
    assert hint in told("check_k", *given)


def test_k_equal_to_the_number_of_digits_where_that_is_no_elbow() -> None:
    found = SimpleNamespace(**{**vars(FOUND), "inertia": np.linspace(9, 1, 6)})
    assert "more than ten ways to write them" in told("check_k", 10, found)


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (FEW.transform(X).argmin(axis=1), "wanted is one for each of the 12 centers: axis=0"),
        (FEW.transform(X), "these are all distances"),
        (FEW.transform(X).min(axis=0), "the numbers of the images are wanted"),
        (FEW.transform(X).argmax(axis=0), "farthest from their centers"),
        (np.arange(12), "are not the nearest"),
        (MIDDLES[:5], "has the shape (5,)"),
        (MIDDLES + 5000, "is asked for"),
    ],
)
def test_middles(wrong: object, hint: str) -> None:
    assert hint in told("check_middles", wrong)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ((range(31),), "you ask for 31 truths; only 30"),
        (([*MIDDLES, MIDDLES[0]],), "names 1 images twice"),
        ((range(12),), "of the clusters have none of your images"),
        ((MIDDLES, (FEW_NAMES == TRUTHS).mean()), "What was learned from is no test"),
        ((MIDDLES, 1.0), "the accuracy on the images whose truths you gave"),
        ((MIDDLES, 0.5), "it is the share of the other 1,785 images"),
        (([-1],), "0 to 1796 is asked for"),
        ((MIDDLES, ...), "few_accuracy has no value yet"),
    ],
)
def test_few_labels(given: tuple, hint: str) -> None:
    assert hint in told("check_few_labels", *given)


def trained_on_all(X_train, y_train, X_test, y_test, k):
    rows, truths = np.concatenate([X_train, X_test]), np.concatenate([y_train, y_test])
    run = KMeans(len(rows) if k == len(X_train) else k, random_state=0).fit(rows)
    names = commonest(run.labels_, truths, run.n_clusters)
    right = names[run.labels_] == truths
    return right[: len(X_train)].mean(), right[len(X_train) :].mean()


def measured_on_training(X_train, y_train, X_test, y_test, k):
    train, _ = train_and_test(X_train, y_train, X_test, y_test, k)
    return train, train


def named_by_test(X_train, y_train, X_test, y_test, k):
    run = KMeans(k, random_state=0).fit(X_train)
    labels = run.predict(X_test)
    train = (commonest(run.labels_, y_train, k)[run.labels_] == y_train).mean()
    return train, (commonest(labels, y_test, k)[labels] == y_test).mean()


def cluster_numbers(X_train, y_train, X_test, y_test, k):
    run = KMeans(k, random_state=0).fit(X_train)
    return (run.labels_.astype(str) == y_train).mean(), (run.predict(X_test).astype(str) == y_test).mean()


def always_ten(X_train, y_train, X_test, y_test, k):
    return train_and_test(X_train, y_train, X_test, y_test, k if k == len(X_train) else 3)


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (trained_on_all, "so it has seen them"),
        (measured_on_training, "measured on the training images"),
        (named_by_test, "from the truths of the training images only"),
        (lambda *parts: train_and_test(*parts)[::-1], "the accuracies are exchanged"),
        (cluster_numbers, "named by the commonest truth among its own training images"),
        (always_ten, "is right"),
        (lambda *parts: 0.9, "two numbers back"),
        (lambda *parts: (95.0, 90.0), "is it percent?"),
        (lambda *parts: (np.nan, 0.9), "the training accuracy is NaN"),
    ],
)
def test_train_and_test(wrong: object, hint: str) -> None:
    assert hint in told("check_train_and_test", wrong)


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        (("rises", "falls"), "the other way round"),
        (("stays",), "With 2 clusters it cannot tell ten digits apart"),
        (("falls", "falls"), "each image is its own cluster, wrong names and all"),
        (("down",), 'write "falls", "rises" or "stays"'),
        (("falls", "rises", 600), "best on the images that it learned from"),
        (("falls", "rises", 10), "too few clusters: the bias is still large"),
        (("falls", "rises", 70), "choose one of those that were tried"),
        (("falls", "rises", 80, KS, np.zeros(4), np.zeros(4)), "do task 16 first"),
        (("falls", "rises", 80, KS, TRAIN[:2]), "has the shape (2,)"),
    ],
)
def test_bias_and_variance(given: tuple, hint: str) -> None:
    assert hint in told("check_bias_and_variance", *given)


def test_too_many_clusters_are_told_apart_from_the_best_on_training() -> None:
    ks, train, test = [2, 80, 300, 600], TRAIN, np.array([0.2, 0.94, 0.86, 0.8])
    assert "too many clusters: the variance is large" in told(
        "check_bias_and_variance", "falls", "rises", 300, ks, train, test
    )


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ((1,), "how often it says ?"),
        ((3,), "have no answer"),
        ((0,), "count the readings that are not ?"),
        ((2, 2), "counts each ? as wrong"),
        ((2, 0), "compare the answers with the truths"),
    ],
)
def test_rejects(given: tuple, hint: str) -> None:
    assert hint in told("check_rejects", *given)


def test_right_answers_are_not_wrong_ones() -> None:
    read, truths = ["1", "?", "3", "4", "5"], ["1", "2", "3", "8", "5"]
    assert "is how many answers are right" in told("check_rejects", 4, 3, read, truths)
    assert lab.check_rejects(4, 1, read, truths).says == "It answers 4 of 5, 1 of them wrong."
    assert lab.check_rejects(1, 0, ["1"], ["1"]).says == "It answers 1 of 1, none of them wrong."


class Hostile:
    """Fails whatever it is asked."""

    def __array__(self, *args, **kwargs):
        raise RuntimeError("no array")

    def __len__(self):
        raise ValueError("no length")

    def __str__(self):
        raise ValueError("no text")

    def __call__(self, *args):
        raise Hostile.Error

    class Error(Exception):
        def __str__(self):
            raise ValueError("no message")


def anything() -> list[object]:
    endless: list = []
    endless.append(endless)
    return [
        *(None, ..., "", "seven", b"7", float("nan"), float("-inf"), 10**400, 1j, True, object, object()),
        *([], [[]], {}, {"a": 1}, set(), [1, [2, 3]], endless, [None] * 10, [float("nan")] * 10, ["é" * 500] * 10),
        *(np.array([]), np.array("x"), np.array([object()]), np.full((10, 8, 8), np.nan), np.zeros((0, 64))),
        *(
            np.array(["2020-01-01"], dtype="datetime64[D]"),
            print,
            lambda: 1 / 0,
            lambda *_: 1 / 0,
            lambda *_: Hostile(),
        ),
        *(
            lambda *_: [[1, 2], 3],
            lambda *_: (Hostile(),) * 3,
            lambda *_: "labels",
            Hostile(),
            Hostile,
            lab,
            KMeans(3),
        ),
        *(SimpleNamespace(labels_=7, cluster_centers_="?"), range(3), np.ma.masked, (x for x in "12")),
    ]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", CHECKS)
def test_anything_is_answered_in_a_sentence(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    right = RIGHT[name]
    check = getattr(lab, name)
    results = [check()]
    for place in range(len(right)):
        results += [check(*right[:place], value, *right[place + 1 :]) for value in anything()]
        results += [check(*right[:place], value) for value in anything()]
    results += [check(value, *right, 1) for value in (1, None)]  # too many
    for result in results:
        assert not result.is_right, result
        assert re.match(r"(?!.*\n)[^\n]{10,}[.?)\w]", result.says), result
        assert len(result.says) < 500
    assert capfd.readouterr().err == ""


def test_a_notebook_shows_it_with_the_verdict_in_bold() -> None:
    assert lab.CheckResult(1, True, "8 < 9.")._repr_html_() == "<b>Right.</b> 8 &lt; 9."
    assert lab.CheckResult(1, False, "a & b")._repr_html_() == "<b>Not yet:</b> a &amp; b"


def test_the_overview_counts_the_latest_answers(capsys: pytest.CaptureFixture[str]) -> None:
    lab.check_look()
    lab.check_description(13, 4)
    lab.overview()
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [" 1  not yet  Look at the data", " 2  right    Read the description"]
    assert re.fullmatch(r"\d+ of 18 tasks are right\.", lines[-1])
    assert len(lines) == 20


def test_what_a_check_takes_is_left_as_it_was() -> None:
    before = [each.copy() for each in (_by_hand._POINTS, _by_hand._CENTERS)]
    lab.check_assign(in_place)
    assert all(np.array_equal(old, new) for old, new in zip(before, (_by_hand._POINTS, _by_hand._CENTERS), strict=True))
