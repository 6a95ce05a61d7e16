"""What the table of robustness does to images is what it says."""

import numpy as np
import pytest
from recognition import distortions
from recognition.distortions import SIDES

SIDE_AXES = {"left": (2, 0), "right": (2, -1), "top": (1, 0), "bottom": (1, -1)}


@pytest.fixture
def strokes() -> np.ndarray:
    """Return an upright stroke, 20 x 4 in the middle, and one that lies."""
    images = np.zeros((2, 28, 28), dtype=np.uint8)
    images[0, 4:24, 12:16] = 255
    images[1] = images[0].T
    return images


def ink(images: np.ndarray) -> np.ndarray:
    """Return how many pixels' worth of ink there is in each image."""
    return images.sum(axis=(1, 2)) / 255


def test_degrees_above_zero_turn_to_the_left(strokes):
    turned = distortions.rotated(strokes, 20)[0]
    rows, columns = np.nonzero(turned > 127)
    assert columns[rows < 10].mean() < 13 < 14 < columns[rows > 17].mean()
    assert (distortions.rotated(strokes, 90)[0] > 127).tolist() == (strokes[1] > 127).tolist()
    assert ink(distortions.rotated(strokes, 20)) == pytest.approx(ink(strokes), rel=0.02)


def test_a_factor_scales_both_ways_about_the_middle(strokes):
    assert ink(distortions.scaled(strokes, 0.7)) == pytest.approx(0.49 * ink(strokes), rel=0.05)
    assert ink(distortions.scaled(strokes, 1.3)) == pytest.approx(1.69 * ink(strokes), rel=0.05)
    large = distortions.scaled(strokes, 1.3)
    assert (large == large[:, ::-1, ::-1]).all()


@pytest.mark.parametrize("side", SIDES)
def test_a_shift_goes_to_its_side_and_loses_what_leaves(side, strokes):
    axis, place = SIDE_AXES[side]
    steps = -3 if place == 0 else 3
    assert (distortions.shifted(strokes, 3, side) == np.roll(strokes, steps, axis)).all()
    at_the_edge = distortions.shifted(strokes, 6, side)
    assert sorted(ink(at_the_edge)) == [72, 80]  # 2 of 20 rows of 4 are gone
    assert ink(np.take(at_the_edge, [-1 - place], axis)).tolist() == [0, 0]


@pytest.mark.parametrize("side", SIDES)
def test_a_cut_takes_the_inks_outermost_rows_at_its_side(side, strokes):
    axis, place = SIDE_AXES[side]
    left_over = distortions.cut(strokes, 3, side)
    assert sorted(ink(left_over)) == [20, 68]  # 3 of 4 columns, or 3 of 20 rows
    for before, after in zip(strokes, left_over, strict=True):
        lines = np.flatnonzero(before.any(axis=2 - axis))
        gone = lines[:3] if place == 0 else lines[-3:]
        assert np.flatnonzero(after.any(axis=2 - axis)).tolist() == sorted({*lines} - {*gone})


@pytest.mark.parametrize(("pixels", "width"), [(-2, 2), (-1, 3), (1, 5), (2, 6), (4, 8)])
def test_a_pen_is_wider_by_its_pixels(pixels, width, strokes):
    across = distortions.penned(strokes, pixels)[0, 14] / 255
    assert across.sum() == pytest.approx(width, abs=0.3)
    assert across[: 14 - width // 2 - 1].max() < 0.1


def test_noise_has_its_sigma_and_stays_bytes(strokes):
    gray = np.full((1, 28, 28), 128, dtype=np.uint8)
    assert distortions.noisy(gray, 20).std() == pytest.approx(20, rel=0.1)
    assert (distortions.noisy(gray, 20) == distortions.noisy(gray, 20)).all()
    assert distortions.noisy(strokes, 60).dtype == np.uint8
    assert ink(distortions.noisy(np.zeros_like(gray), 60)) > 0


def test_coarse_images_are_means_of_areas(strokes):
    whole, box = distortions.coarse(strokes), distortions.coarse_box(strokes)
    assert whole.shape == box.shape == (2, 8, 8)
    assert ink(whole) == pytest.approx(80 / 3.5**2, rel=0.02)
    assert ink(box) == pytest.approx(80 / 2.5**2, rel=0.02)
    assert (whole[0, 0] == 0).all()
    assert box[0, 0].max() > 127  # the box's ink reaches the edge
    assert box[0, 0, [2, 3, 4, 5]].tolist() == [0, 204, 204, 0]  # 4 of 20 columns, 2 of 2.5 in each of two


def test_inverted_is_dark_on_bright(strokes):
    assert distortions.inverted(strokes)[0, [0, 14], 14].tolist() == [255, 0]
