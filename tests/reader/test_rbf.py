"""The RBF classifier: its axes, weights and calibration, and the gallery of a reader that has one."""

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_digits

import inkmeans
from inkmeans import Reader, products
from inkmeans.errors import InputError
from inkmeans.normalize import normalize
from inkmeans.reader._calibration import Fold, calibrate
from inkmeans.reader._centers import ClassCenters
from inkmeans.reader._learn_rbf import discriminant_axes, least_squares
from inkmeans.reader._pictures import is_block
from inkmeans.reader._rbf import RBFClassifier
from inkmeans.reader._settings import Settings, n_centers_for
from inkmeans.reader._training_set import cross_validation_folds

DIGITS = load_digits()
GLYPHS = normalize(DIGITS.images[:600]).glyphs
TRUTHS = DIGITS.target[:600].astype(str)


@cache
def trained() -> Reader:
    """Return a reader that has learned these digits; only to be asked."""
    return Reader(centers_per_name=8).fit_glyphs(GLYPHS, TRUTHS)


def classifier(bandwidth: float, weights: NDArray[np.float32]) -> RBFClassifier:
    """Return a classifier of distances: where its centers lie plays no part."""
    n, pictures = len(weights), np.zeros((len(weights), 28, 28), np.uint8)
    centers = ClassCenters(np.zeros((n, 1), np.int8), 1.0, pictures, np.ones(n, np.int64), np.arange(n))
    return RBFClassifier(centers, bandwidth, weights)


softmax = classifier(1.0, np.zeros((2, 2), np.float32)).probabilities


# --- axes --------------------------------------------------------------------------------------------------------


def test_variance_within_classes_is_equal_along_the_axes_and_largest_between_them_along_the_first() -> None:
    random = np.random.default_rng(0)
    targets = np.arange(3000) % 3
    deviations = np.array([0.1, 5.0, 1.0, 2.0])
    rows = (random.normal(size=(3000, 4)) * deviations).astype(np.float32)
    rows[:, 0] += 2.0 * targets  # parts the classes by 20 standard deviations
    axes = discriminant_axes(rows, targets, 3)
    assert axes.shape == (4, 3)
    assert np.abs(axes[0, 0]) > 10 * np.abs(axes[1:, 0]).max()
    along = rows @ axes
    centered = along - np.stack([along[targets == one].mean(axis=0) for one in range(3)])[targets]
    within = centered.std(axis=0)
    assert within.max() <= 1.05  # a tenth of the mean variance is added, so none exceeds 1
    apart = [np.ptp([along[targets == one, axis].mean() for one in range(3)]) for axis in range(3)]
    assert apart[0] == max(apart)


def test_one_glyph_of_each_class_has_axes() -> None:
    rows = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)
    axes = discriminant_axes(rows, np.arange(3), 4)
    assert np.isfinite(axes).all()
    assert np.linalg.matrix_rank(rows @ axes) >= 2
    assert np.isfinite(discriminant_axes(np.zeros((4, 5), np.float32), np.zeros(4, np.intp), 4)).all()


# --- weights -----------------------------------------------------------------------------------------------------


def test_weights_are_those_of_least_squares() -> None:
    random = np.random.default_rng(0)
    points = random.normal(size=(7000, 3)).astype(np.float32)
    centers = random.normal(size=(20, 3)).astype(np.float32)
    targets = np.where(points[:, :1] > 0, [[1.0, -1.0]], [[-1.0, 1.0]]).astype(np.float32)
    weights = random.uniform(0.5, 2.0, 7000).astype(np.float32)
    found = least_squares(points, centers, 4.0, targets, weights)
    responses = np.exp(-((points[:, None].astype(np.float64) - centers) ** 2).sum(axis=2) / 4.0)
    ridge = 2e-7 * weights.sum() + 0.01
    gram = (responses * weights[:, None]).T @ responses + ridge * np.eye(20)
    expected = np.linalg.solve(gram, (responses * weights[:, None]).T @ targets)
    np.testing.assert_allclose(responses @ found, responses @ expected, atol=2e-3)
    scores = classifier(4.0, found).scores(((points[:, None] - centers) ** 2).sum(axis=2))
    np.testing.assert_allclose(scores, responses @ expected, atol=5e-3)
    assert np.mean((scores[:, 0] > 0) == (points[:, 0] > 0)) > 0.97


def test_a_weight_of_two_is_a_glyph_given_twice() -> None:
    random = np.random.default_rng(1)
    points = random.normal(size=(200, 3)).astype(np.float32)
    centers, targets = points[:15], np.sign(points[:, :2])
    weights = np.where(np.arange(200) < 50, 2.0, 1.0).astype(np.float32)
    twice = np.r_[np.arange(200), np.arange(50)]
    responses = np.exp(-((points[:, None] - centers) ** 2).sum(axis=2) / 4.0)
    np.testing.assert_allclose(
        responses @ least_squares(points, centers, 4.0, targets, weights),
        responses @ least_squares(points[twice], centers, 4.0, targets[twice], np.ones(250, np.float32)),
        atol=2e-3,
    )


def test_equal_centers_have_weights() -> None:
    points = np.zeros((6000, 2), np.float32)
    weights = least_squares(points, points[:300], 1.0, np.ones((6000, 1), np.float32), np.ones(6000, np.float32))
    np.testing.assert_allclose(weights.sum(), 1.0, rtol=1e-2)


def test_far_from_every_center_all_classes_are_as_likely() -> None:
    rbf = classifier(2.0, np.array([[1.0, -1.0], [-1.0, 1.0]], np.float32))
    np.testing.assert_array_equal(rbf.scores(np.array([[1e6, 1e6]], np.float32)), [[0.0, 0.0]])
    np.testing.assert_array_equal(softmax(np.zeros((1, 2), np.float32), 0.1, 0.3), [[0.5, 0.5]])
    score = np.array([[1.0, 0.0]], np.float32)
    np.testing.assert_allclose(softmax(score, 0.5, 0.0)[0, 0], 1 / (1 + np.exp(-2.0)))
    np.testing.assert_allclose(softmax(score, 1e-3, 0.1), [[0.95, 0.05]])


@pytest.mark.slow  # a reader of 600 digits with as many centers as it takes by itself
def test_no_reading_is_surer_than_cross_validation_can_tell() -> None:
    for n in (40, 600):
        reader = Reader().fit_glyphs(GLYPHS[:n], TRUTHS[:n])
        assert reader.predict_proba(DIGITS.images[:n]).max() <= 1.0 - 0.9 / (n + 2.0) + 1e-9
    assert reader.predict(DIGITS.images[:100], reject=1.0).tolist() == ["?"] * 100


@pytest.mark.slow  # its dictionary is large
def test_the_best_quality_reads_no_worse() -> None:
    images, truths = DIGITS.images[900:], DIGITS.target[900:].astype(str)
    right = {
        quality: (Reader(quality=quality).fit(DIGITS.images[:900], TRUTHS.tolist() + DIGITS.target[600:900].astype(str).tolist()).predict(images) == truths).mean()
        for quality in ("fast", "best")
    }  # fmt: skip
    assert right["fast"] > 0.965
    assert right["best"] > right["fast"] - 0.005


def test_only_the_centers_of_a_mixture_are_renamed() -> None:
    for call in (lambda: trained().renamed(["a"]), lambda: trained().recalibrated(GLYPHS, TRUTHS, max_error=0.1)):
        with pytest.raises(InputError, match=r"^only a reader whose centers bear their own names"):
            call()


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ([1.0], "the shape (1,), from 1 to 1"),
        ([1.0, 0.0], "the shape (2,), from 0 to 1"),
        ([1.0, -1.0], "the shape (2,), from -1 to 1"),
        ([1.0, np.inf], "the shape (2,), from 1 to inf"),
    ],
)
def test_weights_that_cannot_be_used_get_one_sentence(weights: list[float], told: str) -> None:
    message = f"sample_weight must have one number above 0 for each of 2 glyphs; got {told}."
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        Reader().fit_glyphs(GLYPHS[:2], TRUTHS[:2], sample_weight=np.array(weights, np.float32))
    with pytest.raises(InputError, match=r"^truths must name each glyph: there are 2 glyphs and 3 truths\.$"):
        Reader().fit_glyphs(GLYPHS[:2], TRUTHS[:3])


def test_equal_glyphs_make_a_reader_that_can_be_kept(tmp_path: Path) -> None:
    for truths in (["0"] * 20, ["0", "1"] * 10):
        Reader().fit_glyphs(GLYPHS[:1].repeat(20, axis=0), np.array(truths)).save(tmp_path / "equal.safetensors")
        assert set(Reader.load(tmp_path / "equal.safetensors").classes_) == set(truths)


def test_many_classes_share_the_centers() -> None:
    assert set(n_centers_for(np.full(3000, 20), Settings())) == {2}
    assert set(n_centers_for(np.r_[np.zeros(7000, int), np.full(3000, 20)], Settings())) == {0, 2}
    assert n_centers_for(np.full(10, 6000), Settings(quality="best")).sum() == 8000


def test_a_group_is_in_one_fold_and_in_random_order() -> None:
    targets = np.sort(np.arange(9000) % 10)
    groups = np.arange(9000) // 3
    for kept, out in cross_validation_folds(targets, groups, 0):
        assert not set(groups[kept]) & set(groups[out])
        assert len(set(targets[out[:100]])) > 5
        assert 0.15 < len(out) / 9000 < 0.25


def test_glyphs_of_equal_confidence_are_accepted_together_or_not_at_all() -> None:
    scores = np.tile(np.float32([[1.0, 0.0]]), (100, 1))
    targets = np.zeros(100, np.intp)
    targets[50:80] = 1
    fold = Fold(scores, np.ones(100, np.float32), targets, softmax)
    assert calibrate([fold], 2, 1.0, 0.1).min_confidence == 1.0
    assert calibrate([fold], 2, 1.0, 0.3).min_confidence == 0.0


@pytest.mark.parametrize("n", [20, 2000])
def test_glyphs_all_read_right_make_no_reader_surer_than_so_many_can_tell(n: int) -> None:
    scores = np.tile(np.float32([[1.0, -1.0]]), (n, 1))
    fold = Fold(scores, np.ones(n, np.float32), np.zeros(n, np.intp), softmax)
    calibration = calibrate([fold], 2, 1.0, 0.01)
    assert calibration.temperature == pytest.approx(1.0 / np.log(n + 1))
    by_one = softmax(np.float32([[1.0, 0.0]]), calibration.temperature)[0]
    assert by_one[0] / by_one[1] == pytest.approx(n + 1, rel=1e-3)


@pytest.mark.parametrize("features", ["patches", "pixels"])
def test_calibration_uses_the_threads_that_were_asked_for(features: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int | None] = []

    def recorded(n_jobs: int | None = None) -> int:
        asked.append(n_jobs)
        return 1

    monkeypatch.setattr(products, "n_threads", recorded)
    reader = Reader(features=features, centers_per_name=2, n_jobs=1).fit_glyphs(GLYPHS[:100], TRUTHS[:100])  # type: ignore[arg-type]
    if features == "pixels":
        reader.recalibrated(GLYPHS[100:200], TRUTHS[100:200], max_error=0.1)
    assert len(asked) > 5 and set(asked) == {1}


def test_names_are_one_however_they_are_written() -> None:
    truths = np.where(TRUTHS == "1", "e\u0301", TRUTHS)
    reader = Reader(features="pixels").fit_glyphs(GLYPHS[:200], truths[:200])
    shown = reader.with_gallery(GLYPHS[:50], truths[:50], n_per_name=1)
    assert "\u00e9" in shown.classes_[shown._model.gallery.classes]
    one, other = (
        reader.recalibrated(GLYPHS[:200], np.char.replace(truths[:200], "e\u0301", name), max_error=0.1).calibration_
        for name in ("e\u0301", "\u00e9")
    )
    assert one == other


def test_a_reader_under_other_names_shows_no_gallery(tmp_path: Path) -> None:
    reader = Reader(features="pixels").fit_glyphs(GLYPHS[:200], TRUTHS[:200]).with_gallery(GLYPHS[:50], TRUTHS[:50])
    other = reader.renamed(["x"] * len(reader.centers_.counts))
    assert other.explain(DIGITS.images[0]).alike == ()
    other.save(tmp_path / "other.safetensors")


def test_a_block_of_ink_is_no_character() -> None:
    hatched = np.zeros((100, 100), np.uint8)
    hatched[8:92:6], hatched[9:92:6], hatched[10:92:6] = 255, 255, 255
    hatched[:, 8:92:6] = hatched[:, 9:92:6] = hatched[:, 10:92:6] = 255
    square = np.pad(np.full((60, 60), 255, np.uint8), 20)
    for reader in (inkmeans.load("digits"), Reader(features="pixels").fit_glyphs(GLYPHS, TRUTHS)):
        for image in (square, hatched):
            (reading,) = reader.read_glyphs(image, ink="bright")
            assert (reading.text, reading.confidence) == ("?", 0.0)
    assert not is_block(GLYPHS).any()


# --- the gallery -------------------------------------------------------------------------------------------------


def test_a_gallery_shows_real_glyphs_that_are_alike(tmp_path: Path) -> None:
    assert trained().explain(DIGITS.images[0]).alike == ()
    reader = trained().with_gallery(GLYPHS, TRUTHS, n_per_name=5)
    assert trained().explain(DIGITS.images[0]).alike == ()
    for i in range(600, 630):
        alike = reader.explain(DIGITS.images[i], n=4).alike
        distances = [each.distance for each in alike]
        assert len(alike) == 4
        assert distances == sorted(distances)
        for each in alike:
            assert np.abs(GLYPHS.astype(int) - each.picture).max(axis=(1, 2)).min() <= 8  # one of them, in 16 levels
    near = [reader.explain(DIGITS.images[i], n=1).alike[0].name == str(DIGITS.target[i]) for i in range(600, 700)]
    assert np.mean(near) > 0.85
    assert len(reader.explain(DIGITS.images[0], n=999).alike) == 50
    reader.save(tmp_path / "with.safetensors")
    again = Reader.load(tmp_path / "with.safetensors")
    one, other = (each.explain(DIGITS.images[650]).alike for each in (reader, again))
    assert [(each.name, each.distance) for each in one] == [(each.name, each.distance) for each in other]
    np.testing.assert_array_equal(one[0].picture, other[0].picture)
    assert reader.explain(np.zeros((9, 9))).alike == ()


def test_a_gallery_of_unknown_names_gets_one_sentence() -> None:
    for glyphs, truths, what in (
        (GLYPHS[:2], ["1", "x"], "'x' is none"),
        (GLYPHS[:2], ["1"], "there are 2 glyphs and 1"),
        (GLYPHS[:0], [], "there are 0 glyphs and 0"),
    ):
        with pytest.raises(InputError, match=f"^truths must give each glyph one of the reader's names; {what}\\.$"):
            trained().with_gallery(glyphs, truths)
