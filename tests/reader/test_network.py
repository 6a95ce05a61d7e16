"""The network on k-means centers: its axes, its weights, and the gallery of a reader that has one."""

import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

import inkmeans
from inkmeans import Reader
from inkmeans.errors import InputError
from inkmeans.normalize import normalize
from inkmeans.reader._calibration import HeldOut, calibrate
from inkmeans.reader._centers import is_block
from inkmeans.reader._laws import Network, softmax
from inkmeans.reader._learning import Settings, centers_for, held_out_parts
from inkmeans.reader._network import _least_squares, discriminant_axes

DIGITS = load_digits()
GLYPHS = normalize(DIGITS.images[:600]).glyphs
TRUTHS = DIGITS.target[:600].astype(str)
READER = Reader(centers_per_name=8).fit_glyphs(GLYPHS, TRUTHS)


# --- axes --------------------------------------------------------------------------------------------------------


def test_names_stray_alike_along_the_axes_and_part_most_along_the_first() -> None:
    random = np.random.default_rng(0)
    columns = np.arange(3000) % 3
    spread = np.array([0.1, 5.0, 1.0, 2.0])
    rows = (random.normal(size=(3000, 4)) * spread).astype(np.float32)
    rows[:, 0] += 2.0 * columns  # parts the names by 20 of its strayings
    axes = discriminant_axes(rows, columns, 3)
    assert axes.shape == (4, 3)
    assert np.abs(axes[0, 0]) > 10 * np.abs(axes[1:, 0]).max()
    along = rows @ axes
    centered = along - np.stack([along[columns == name].mean(axis=0) for name in range(3)])[columns]
    strayed = centered.std(axis=0)
    assert strayed.max() <= 1.05  # a tenth of the mean variance is added, so none strays by more than 1
    apart = [np.ptp([along[columns == name, axis].mean() for name in range(3)]) for axis in range(3)]
    assert apart[0] == max(apart)


def test_one_glyph_of_each_name_has_axes() -> None:
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
    found = _least_squares(points, centers, 4.0, targets, weights)
    say = np.exp(-((points[:, None].astype(np.float64) - centers) ** 2).sum(axis=2) / 4.0)
    ridge = 2e-7 * weights.sum() + 0.01
    gram = (say * weights[:, None]).T @ say + ridge * np.eye(20)
    expected = np.linalg.solve(gram, (say * weights[:, None]).T @ targets)
    np.testing.assert_allclose(say @ found, say @ expected, atol=2e-3)
    scores = Network(4.0, found).scores(((points[:, None] - centers) ** 2).sum(axis=2))
    np.testing.assert_allclose(scores, say @ expected, atol=5e-3)
    assert np.mean((scores[:, 0] > 0) == (points[:, 0] > 0)) > 0.97


def test_a_weight_of_two_is_a_glyph_given_twice() -> None:
    random = np.random.default_rng(1)
    points = random.normal(size=(200, 3)).astype(np.float32)
    centers, targets = points[:15], np.sign(points[:, :2])
    weights = np.where(np.arange(200) < 50, 2.0, 1.0).astype(np.float32)
    twice = np.r_[np.arange(200), np.arange(50)]
    say = np.exp(-((points[:, None] - centers) ** 2).sum(axis=2) / 4.0)
    np.testing.assert_allclose(
        say @ _least_squares(points, centers, 4.0, targets, weights),
        say @ _least_squares(points[twice], centers, 4.0, targets[twice], np.ones(250, np.float32)),
        atol=2e-3,
    )


def test_equal_centers_have_weights() -> None:
    points = np.zeros((6000, 2), np.float32)
    weights = _least_squares(points, points[:300], 1.0, np.ones((6000, 1), np.float32), np.ones(6000, np.float32))
    np.testing.assert_allclose(weights.sum(), 1.0, rtol=1e-2)


def test_far_from_every_center_all_names_are_as_likely() -> None:
    network = Network(2.0, np.array([[1.0, -1.0], [-1.0, 1.0]], np.float32))
    np.testing.assert_array_equal(network.scores(np.array([[1e6, 1e6]], np.float32)), [[0.0, 0.0]])
    np.testing.assert_array_equal(softmax(np.zeros((1, 2), np.float32), 0.1, 0.3), [[0.5, 0.5]])
    score = np.array([[1.0, 0.0]], np.float32)
    np.testing.assert_allclose(softmax(score, 0.5, 0.0)[0, 0], 1 / (1 + np.exp(-2.0)))
    np.testing.assert_allclose(softmax(score, 1e-3, 0.1), [[0.95, 0.05]])


def test_no_reading_is_surer_than_the_held_out_glyphs_can_tell() -> None:
    for n in (40, 600):
        reader = Reader().fit_glyphs(GLYPHS[:n], TRUTHS[:n])
        assert reader.predict_proba(DIGITS.images[:n]).max() <= 1.0 - 0.9 / (n + 2.0) + 1e-9
    assert Reader().fit_glyphs(GLYPHS, TRUTHS).predict(DIGITS.images[:100], reject=1.0).tolist() == ["?"] * 100


def test_the_best_quality_reads_no_worse() -> None:
    images, truths = DIGITS.images[900:], DIGITS.target[900:].astype(str)
    right = {
        quality: (Reader(quality=quality).fit(DIGITS.images[:900], TRUTHS.tolist() + DIGITS.target[600:900].astype(str).tolist()).predict(images, reject=False) == truths).mean()
        for quality in ("fast", "best")
    }  # fmt: skip
    assert right["fast"] > 0.965
    assert right["best"] > right["fast"] - 0.005


def test_only_centers_that_speak_for_themselves_are_renamed() -> None:
    for call in (lambda: READER.renamed(["a"]), lambda: READER.recalibrated(GLYPHS, TRUTHS, max_error=0.1)):
        with pytest.raises(InputError, match=r"^only a reader whose centers speak for their own names"):
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


def test_many_names_share_the_centers() -> None:
    truths = np.arange(60_000) % 3000
    wanted = centers_for(truths.astype(str), Settings("fast", "patches", None, 0.01, 0, 1))
    assert set(wanted.values()) == {2}
    assert sum(centers_for((truths % 10).astype(str), Settings("best", "patches", None, 0.01, 0, 1)).values()) == 8000


def test_a_group_is_held_out_together_and_in_random_order() -> None:
    truths = np.sort(np.arange(9000) % 10).astype(str)
    groups = np.arange(9000) // 3
    for kept, out in held_out_parts(truths, groups, 0):
        assert not set(groups[kept]) & set(groups[out])
        assert len(set(truths[out[:100]])) > 5
        assert 0.15 < len(out) / 9000 < 0.25


def test_glyphs_of_equal_confidence_are_accepted_together_or_not_at_all() -> None:
    scores = np.tile(np.float32([[1.0, 0.0]]), (100, 1))
    truths = np.zeros(100, np.intp)
    truths[50:80] = 1
    held = HeldOut(scores, np.ones(100, np.float32), truths, partial(softmax, doubt=0.0))
    assert calibrate([held], 2, 1.0, 0.1).min_confidence == 1.0
    assert calibrate([held], 2, 1.0, 0.3).min_confidence == 0.0


@pytest.mark.parametrize("n", [20, 2000])
def test_glyphs_all_read_right_make_no_reader_surer_than_so_many_can_tell(n: int) -> None:
    scores = np.tile(np.float32([[1.0, -1.0]]), (n, 1))
    held = HeldOut(scores, np.ones(n, np.float32), np.zeros(n, np.intp), partial(softmax, doubt=0.0))
    calibration = calibrate([held], 2, 1.0, 0.01)
    assert calibration.temperature == pytest.approx(1.0 / np.log(n + 1))
    by_one = softmax(np.float32([[1.0, 0.0]]), calibration.temperature, doubt=0.0)[0]
    assert by_one[0] / by_one[1] == pytest.approx(n + 1, rel=1e-3)


def test_names_are_one_however_they_are_written() -> None:
    truths = np.where(TRUTHS == "1", "e\u0301", TRUTHS)
    reader = Reader(features="pixels").fit_glyphs(GLYPHS[:200], truths[:200])
    assert "\u00e9" in reader.with_gallery(GLYPHS[:50], truths[:50], n_per_name=1)._learned.gallery.names
    one, other = (
        reader.recalibrated(GLYPHS[:200], np.char.replace(truths[:200], "e\u0301", name), max_error=0.1).calibration_
        for name in ("e\u0301", "\u00e9")
    )
    assert one == other


def test_a_reader_under_other_names_shows_no_gallery(tmp_path: Path) -> None:
    reader = Reader(features="pixels").fit_glyphs(GLYPHS[:200], TRUTHS[:200]).with_gallery(GLYPHS[:50], TRUTHS[:50])
    other = reader.renamed(["x"] * len(reader.centers_.names))
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
    assert READER.explain(DIGITS.images[0]).alike == ()
    reader = READER.with_gallery(GLYPHS, TRUTHS, n_per_name=5)
    assert READER.explain(DIGITS.images[0]).alike == ()
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
            READER.with_gallery(glyphs, truths)
