"""Arrays of any size and dtype become ink on paper."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageDraw

from inkmeans.errors import InputError
from inkmeans.normalize import normalize
from inkmeans.pictures._tiles import (
    ACCENT,
    DOUBT,
    DOUBT_EDGE,
    DOUBT_INK,
    INK,
    MUTED,
    PAPER,
    as_image,
    dashed_rectangle,
    draw_ink,
    fit,
    ink_levels,
)

DTYPES = ["bool", "uint8", "int8", "uint16", "int64", "uint64", "float16", "float32", "float64"]


def test_zero_is_paper_and_the_strongest_value_is_ink():
    assert ink_levels(np.array([[0, 8, 16]])).tolist() == [[0, 128, 255]]


def test_the_lowest_negative_value_is_paper():
    assert ink_levels(np.array([[-1.0, 0.0, 1.0]])).tolist() == [[0, 128, 255]]


def test_dark_ink_on_bright_paper_is_turned_round():
    assert ink_levels(np.array([[255, 0, 255]], dtype=np.uint8), "dark").tolist() == [[0, 255, 0]]


def test_auto_asks_the_border():
    page = np.full((5, 5), 200.0)
    page[2, 2] = 10
    assert np.array_equal(ink_levels(page, "auto"), ink_levels(page, "dark"))
    assert np.array_equal(ink_levels(200 - page, "auto"), ink_levels(200 - page, "bright"))


def test_auto_decides_as_the_normalizer_does():
    random = np.random.default_rng(5)
    for _ in range(200):  # from nearly white borders round black to the opposite
        image = np.where(random.random((9, 9)) < random.random(), 255, 0).astype(np.uint8)
        image[1:-1, 1:-1] = np.where(random.random((7, 7)) < random.random(), 255, 0)
        as_dark, as_bright = (normalize(image, ink=ink).glyphs for ink in ("dark", "bright"))
        automatic = normalize(image).glyphs
        if not np.array_equal(as_dark, as_bright):
            shown = "dark" if np.array_equal(automatic, as_dark) else "bright"
            np.testing.assert_array_equal(ink_levels(image, "auto"), ink_levels(image, shown))


def test_a_blank_image_is_blank_paper():
    assert not ink_levels(np.zeros((3, 3))).any()
    assert not ink_levels(np.full((3, 3), 255), "dark").any()


def test_huge_floats_do_not_overflow():
    largest = np.finfo(np.float64).max
    assert ink_levels(np.array([[-largest, largest]])).tolist() == [[0, 255]]


def test_drawn_ink_has_the_colors_of_the_palette():
    picture = draw_ink(np.array([[0, 255]], dtype=np.uint8))
    assert [picture.getpixel((x, 0)) for x in (0, 1)] == [PAPER, INK]
    picture = draw_ink(np.array([[0, 255]], dtype=np.uint8), doubtful=True)
    assert [picture.getpixel((x, 0)) for x in (0, 1)] == [DOUBT, DOUBT_INK]


def test_whole_enlargement_repeats_pixels_exactly():
    picture = fit(draw_ink(np.array([[0, 255]], dtype=np.uint8)), 8, 8)
    assert picture.size == (8, 4)
    assert [picture.getpixel((x, 0)) for x in (0, 3, 4, 7)] == [PAPER, PAPER, INK, INK]


@pytest.mark.parametrize(("shape", "size"), [((1, 20_000), (56, 1)), ((20_000, 1), (1, 56)), ((3000, 3000), (56, 56))])
def test_long_and_large_images_fit(shape, size):
    picture = fit(draw_ink(ink_levels(np.ones(shape, dtype=np.uint8))), 56, 56)
    assert picture.size == size


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.zeros((0, 4)), r"the glyph must hold at least one pixel; its shape is \(0, 4\)\."),
        (np.zeros(4), r"the glyph must be 2-D \(height, width\); its shape is \(4,\)\."),
        ([[1.0, np.nan]], r"the glyph must hold finite numbers; it holds NaN or infinity\."),
        ([["a"]], r"the glyph must hold real numbers; its dtype is <U1\."),
        ([[1j]], r"the glyph must hold real numbers; its dtype is complex128\."),
        ([[1, 2], [3]], r"the glyph must be an array of numbers; its rows differ in length\."),
    ],
)
def test_what_is_not_an_image_gets_one_sentence(image, message):
    with pytest.raises(InputError, match=f"^{message}$"):
        as_image(image, "the glyph")


def test_an_unknown_polarity_gets_one_sentence():
    with pytest.raises(InputError, match=r"^ink must be 'bright', 'dark' or 'auto'; got 'red'\.$"):
        ink_levels(np.ones((2, 2)), "red")  # type: ignore[arg-type]


def test_a_dashed_rectangle_has_its_corners_and_gaps():
    canvas = Image.new("RGB", (60, 40))
    dashed_rectangle(ImageDraw.Draw(canvas), (5, 5, 54, 34), (255, 0, 0), 2, 8)
    for corner in ((5, 5), (54, 5), (5, 34), (54, 34)):
        assert canvas.getpixel(corner) == (255, 0, 0)
    top = [canvas.getpixel((x, 5)) == (255, 0, 0) for x in range(5, 55)]
    assert 0.3 < np.mean(top) < 0.7
    assert not np.asarray(canvas)[:, :5].any()
    assert not np.asarray(canvas)[35:].any()


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(DTYPES).flatmap(
        lambda dtype: hnp.arrays(
            dtype,
            hnp.array_shapes(min_dims=2, max_dims=2, max_side=40),
            elements={"allow_nan": False, "allow_infinity": False} if "float" in dtype else None,
        )
    ),
    st.sampled_from(["bright", "dark", "auto"]),
)
def test_any_size_and_dtype_gives_levels_of_the_same_shape_and_order(image, ink):
    levels = ink_levels(as_image(image, "image"), ink)
    assert levels.dtype == np.uint8
    assert levels.shape == image.shape
    if ink == "bright":
        order = np.argsort(image, axis=None, kind="stable")
        assert (np.diff(levels.ravel()[order].astype(int)) >= 0).all()
    picture = fit(draw_ink(levels), 56, 56)
    assert max(picture.size) == 56


def test_colors_can_be_told_apart_and_read():
    def luminance(color):
        return sum(
            share * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
            for share, part in zip((0.2126, 0.7152, 0.0722), (each / 255 for each in color), strict=True)
        )

    def contrast(one, other):
        high, low = sorted((luminance(one), luminance(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    assert min(contrast(INK, PAPER), contrast(MUTED, PAPER), contrast(ACCENT, PAPER), contrast(DOUBT_INK, DOUBT)) >= 6
    assert contrast(DOUBT_EDGE, PAPER) >= 3
