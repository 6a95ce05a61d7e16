"""Small images whose normalized glyph can be worked out by hand."""

import numpy as np
import pytest
from numpy.typing import NDArray

from inkmeans.normalize import GLYPH_SIZE, NORMALIZER, normalize


def bar(height: int, width: int, top: int, left: int, tall: int, wide: int) -> NDArray[np.uint8]:
    """Return a sheet of height x width with a filled rectangle of full ink."""
    image = np.zeros((height, width), dtype=np.uint8)
    image[top : top + tall, left : left + wide] = 255
    return image


def box_of(glyph: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Return first row, last row, first column, last column of the pixels with at least half ink."""
    rows, columns = np.flatnonzero((glyph >= 128).any(axis=1)), np.flatnonzero((glyph >= 128).any(axis=0))
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


def middle_of(glyph: NDArray[np.uint8]) -> tuple[float, float]:
    """Return the row and the column of the center of mass."""
    y, x = np.indices(glyph.shape)
    return float((glyph * y).sum() / glyph.sum()), float((glyph * x).sum() / glyph.sum())


def test_a_rectangle_becomes_20_pixels_high_and_keeps_its_aspect() -> None:
    # 60 x 40 pixels: 20 x 13.3 in the glyph, rows 4 to 23, columns 14 - 6.7 = 7.3 to 20.7.
    found = normalize(bar(100, 100, 10, 50, 60, 40))
    assert found.verdicts == ["glyph"]
    assert box_of(found.glyphs[0]) == (4, 23, 7, 20)
    assert middle_of(found.glyphs[0]) == pytest.approx((13.5, 13.5), abs=0.02)
    assert (found.glyphs[0][6:22, 9:19] == 255).all()
    assert found.glyphs[0][:3].max() == found.glyphs[0][25:].max() == 0
    assert found.glyphs[0][:, :6].max() == found.glyphs[0][:, 22:].max() == 0


def test_a_wide_rectangle_becomes_20_pixels_wide() -> None:
    # 30 x 60 pixels: 10 x 20 in the glyph.
    found = normalize(bar(100, 100, 10, 20, 30, 60))
    assert box_of(found.glyphs[0]) == (9, 18, 4, 23)
    assert middle_of(found.glyphs[0]) == pytest.approx((13.5, 13.5), abs=0.02)


def test_the_center_of_mass_not_of_the_box_goes_to_the_middle() -> None:
    # An upside-down T of 50 rows: a stem of 40 x 4 on a foot of 10 x 20. The mass is 160 at row 20 and 200 at row 45,
    # its center at row 33.9, which is 13.6 of 20: the box goes from 0.4 to 20.4.
    image = np.zeros((90, 90), dtype=np.uint8)
    image[10:50, 43:47] = 255
    image[50:60, 35:55] = 255
    glyph = normalize(image).glyphs[0]
    assert middle_of(glyph) == pytest.approx((13.5, 13.5), abs=0.1)
    assert box_of(glyph)[:2] == (1, 19)
    # With a foot of 10 x 40 the center is 15.1 of 20 down: the box stops at the rim, 1.1 too low to be centered.
    image[50:60, 25:65] = 255
    glyph = normalize(image).glyphs[0]
    assert middle_of(glyph) == pytest.approx((13.5 + 1.1, 13.5), abs=0.1)
    assert box_of(glyph)[:2] == (0, 19)


def test_a_slanted_bar_is_stood_upright() -> None:
    # A bar 8 wide whose rows move right by 1 pixel in 2: the shear that is undone is exactly 0.5.
    image = np.zeros((100, 120), dtype=np.uint8)
    for row in range(80):
        image[10 + row, 20 + row // 2 : 28 + row // 2] = 255
    glyph = normalize(image).glyphs[0]
    upright = normalize(bar(100, 120, 10, 50, 80, 8)).glyphs[0]
    assert np.abs(glyph.astype(int) - upright).mean() < 2.5


def test_slant_beyond_the_largest_is_not_undone_further() -> None:
    # A line at 60 degrees from upright has the shear 1.73; 0.8 of it is undone.
    image = np.zeros((100, 220), dtype=np.uint8)
    for row in range(80):
        start = 20 + round(1.732 * row)
        image[10 + row, start : start + 12] = 255
    glyph = normalize(image).glyphs[0].astype(float)
    y, x = np.indices(glyph.shape) - 13.5
    left_over = (glyph * x * y).sum() / (glyph * y * y).sum()
    assert left_over == pytest.approx(1.732 - NORMALIZER["max_slant"], abs=0.05)


def test_one_pixel_of_ink_on_a_tiny_image_becomes_the_full_box() -> None:
    for image in (np.array([[0, 0, 255, 0, 0]]), np.array([[255, 0], [0, 0]]), bar(8, 8, 3, 3, 1, 1)):
        found = normalize(image.astype(np.uint8))
        assert found.verdicts == ["glyph"]  # too coarse to tell a dot from a stroke
        assert middle_of(found.glyphs[0]) == pytest.approx((13.5, 13.5), abs=0.1)
        assert found.glyphs.max() == 255


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (7, 1), (2, 2), (8, 8), (28, 28), (300, 400), (1, 5000)])
@pytest.mark.parametrize("value", [0, 1, 128, 255])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64, np.int64])
def test_an_even_image_is_blank(shape: tuple[int, int], value: int, dtype: type) -> None:
    for ink in ("auto", "bright", "dark"):
        found = normalize(np.full(shape, value, dtype=dtype), ink=ink)
        assert found.verdicts == ["blank"]
        assert not found.glyphs.any()


def test_a_thin_line_of_one_pixel_keeps_full_ink() -> None:
    upright, lying = normalize(np.stack([bar(200, 200, 20, 100, 160, 1), bar(200, 200, 100, 20, 1, 160)])).glyphs
    assert upright.max() == lying.max() == 255
    assert box_of(upright) == (4, 23, 13, 14)
    assert box_of(lying) == (13, 14, 4, 23)


def test_ink_that_reaches_every_border_is_still_found() -> None:
    # A cross that is cut out tightly: most of its border is paper.
    cross = np.zeros((30, 20), dtype=np.uint8)
    cross[:, 8:12] = cross[13:17, :] = 255
    for image in (cross, 255 - cross):
        found = normalize(image)
        assert found.verdicts == ["glyph"]
        assert found.glyphs[0][4:24, 13:15].min() > 200
    # A fat zero, cut out tightly: most of its border is ink, and the paper is what of the border is not.
    zero = np.full((16, 12), 255, dtype=np.uint8)
    zero[5:11, 4:8] = 0
    zero[0, 0] = zero[0, -1] = zero[-1, 0] = zero[-1, -1] = 0
    found = normalize(zero, ink="bright")
    assert found.verdicts == ["glyph"]
    assert found.glyphs[0][4, 14] > 200
    assert found.glyphs[0][13:15, 13:15].max() == 0
    np.testing.assert_array_equal(normalize(255 - zero, ink="dark").glyphs, found.glyphs)


def test_crumbs_are_dropped_and_the_faint_rim_is_kept() -> None:
    image = np.zeros((60, 60))
    image[10:50, 26:34] = 1.0
    image[10:50, [25, 34]] = 0.2  # an antialiased rim, below what counts for a stroke
    clean = normalize(image)
    image[3, 3] = image[56, 55] = image[5, 50] = 1.0  # each less than 2 % of the ink
    noisy = normalize(image)
    assert clean.verdicts == noisy.verdicts == ["glyph"]
    np.testing.assert_array_equal(clean.glyphs, noisy.glyphs)


def test_the_glyph_does_not_depend_on_the_number_of_threads() -> None:
    random = np.random.default_rng(5)
    images = (random.random((200, 20, 24)) < 0.3).astype(np.uint8) * random.integers(
        1, 255, (200, 1, 1), dtype=np.uint8
    )
    one = normalize(images, n_jobs=1)
    for n_jobs in (2, 3, 8):
        several = normalize(images, n_jobs=n_jobs)
        assert several.glyphs.tobytes() == one.glyphs.tobytes()
        assert several.verdicts == one.verdicts


def test_the_settings_are_those_that_model_and_project_files_record() -> None:
    # Other numbers make other glyphs: a change here must raise the version, or old readers misread.
    assert NORMALIZER == {
        "version": 1,
        "size": GLYPH_SIZE,
        "box": 20.0,
        "edge_level": 0.4,
        "max_slant": 0.8,
        "min_contrast": 0.08,
    }
