"""What normalize takes, and the sentence it gives for what it does not."""

import re
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inkmeans.errors import InputError
from inkmeans.normalize import normalize


def seven(scale: float = 1.0) -> NDArray[np.float64]:
    image = np.zeros((30, 24))
    image[5:8, 5:19] = image[5:26, 16:19] = scale
    return image


SEVEN = normalize(seven()).glyphs[0]


@pytest.mark.parametrize("scale", [1, 16, 255, 65535])
@pytest.mark.parametrize(
    "dtype",
    [np.bool_, np.uint8, np.uint16, np.uint32, np.int16, np.int64, np.float16, np.float32, np.float64, np.longdouble],
)
def test_every_dtype_that_holds_the_ink_gives_the_same_glyph(dtype: type, scale: int) -> None:
    if dtype is np.bool_:
        largest = 1.0
    elif np.issubdtype(dtype, np.floating):
        largest = float(np.finfo(np.float64 if dtype is np.longdouble else dtype).max)
    else:
        largest = float(np.iinfo(dtype).max)
    if scale > largest:
        pytest.skip(f"{dtype.__name__} does not hold {scale}")
    found = normalize(seven(scale).astype(dtype))
    assert found.verdicts == ["glyph"]
    np.testing.assert_array_equal(found.glyphs[0], SEVEN)


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.float32, np.float64])
def test_layout_does_not_matter(dtype: type) -> None:
    image = (seven() * 200).astype(dtype)
    wide = np.zeros((30, 48), dtype=dtype)
    wide[:, ::2] = image
    read_only = image.copy()
    read_only.setflags(write=False)
    swapped = image.astype(np.dtype(dtype).newbyteorder())
    stack = np.stack([image] * 3)
    for given in (np.asfortranarray(image), wide[:, ::2], image[::-1][::-1], read_only, swapped, stack[:, ::1]):
        for glyph in normalize(given).glyphs:
            np.testing.assert_array_equal(glyph, SEVEN)
    np.testing.assert_array_equal(normalize(np.asfortranarray(stack)).glyphs, np.stack([SEVEN] * 3))
    np.testing.assert_array_equal(normalize(stack.transpose(0, 2, 1).transpose(0, 2, 1)[::-1]).glyphs[1], SEVEN)


def test_the_image_is_not_changed() -> None:
    for image in (seven(), (seven() * 255).astype(np.uint8), seven(1e300)):
        before = image.copy()
        normalize(image)
        np.testing.assert_array_equal(image, before)


def test_lists_of_different_sizes_and_dtypes_keep_their_order() -> None:
    images = [seven(), np.zeros((5, 90)), (np.pad(seven(), 11) * 255).astype(np.uint8), seven(16).astype(np.int64)]
    objects = np.empty(4, dtype=object)
    objects[:] = images
    # What counts for ink is each image's own affair: 20 of 255 is too faint, beside a float image too.
    assert normalize([(seven() * 20).astype(np.uint8), seven(20)]).verdicts == ["blank", "glyph"]
    for given in (images, tuple(images), objects):
        found = normalize(given)
        assert found.verdicts == ["glyph", "blank", "glyph", "glyph"]
        for i in (0, 2, 3):
            assert np.abs(found.glyphs[i].astype(int) - SEVEN).max() <= 1


def test_nested_lists_are_arrays() -> None:
    np.testing.assert_array_equal(normalize([seven().tolist()]).glyphs[0], SEVEN)


@pytest.mark.parametrize("images", [[], (), np.empty((0, 28, 28)), np.empty((0, 0, 0)), np.empty((0, 8, 8), np.uint8)])
def test_no_images_give_no_glyphs(images: Any) -> None:
    found = normalize(images)
    assert found.glyphs.shape == (0, 28, 28)
    assert found.glyphs.dtype == np.uint8
    assert found.verdicts == []
    assert found.readable.shape == (0,)


NOT_FINITE = "holds NaN or infinity; every pixel must be a number."


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.full((3, 3), np.nan), f"images[0] {NOT_FINITE}"),
        (np.stack([seven(), np.full((30, 24), np.inf)]), f"images[1] {NOT_FINITE}"),
        ([seven(), np.full((3, 3), -np.inf)], f"images[1] {NOT_FINITE}"),
        ([seven(), seven(), np.full((30, 24), np.nan)], f"images[2] {NOT_FINITE}"),
        ([seven(), np.zeros((2, 3, 3))], "images[1] must be a 2-D array of pixels; it has the shape (2, 3, 3)."),
        ([1, 2, 3], "images[0] must be a 2-D array of pixels; it has the shape ()."),
        ([[1, 2], [3, 4]], "images[0] must be a 2-D array of pixels; it has the shape (2,)."),
        (np.zeros(9), "images must have the shape (n_images, height, width) or (height, width); got (9,)."),
        (np.zeros(()), "images must have the shape (n_images, height, width) or (height, width); got ()."),
        (np.zeros((2, 3, 4, 3)),
         "images must have the shape (n_images, height, width) or (height, width); got (2, 3, 4, 3)."),
        ([np.zeros((0, 5))], "images[0] must have at least one pixel; it is 0 x 5."),
        (np.zeros((2, 5, 0)), "images must have at least one pixel; it is 5 x 0."),
        (np.zeros((0, 5)), "images must have at least one pixel; it is 0 x 5."),
        (np.zeros((3, 3), complex), "images must hold numbers; it has the dtype complex128."),
        ([np.zeros((3, 3), complex)], "images[0] must hold numbers; it has the dtype complex128."),
        ([np.full((3, 3), "a")], "images[0] must hold numbers; it has the dtype <U1."),
        ([np.full((3, 3), None)], "images[0] must hold numbers; it has the dtype object."),
        ([[[1, 2], [3]]], "images[0] must be a 2-D array of pixels; it has the shape (0,)."),
        (np.zeros((3, 3), "M8[s]"), "images must hold numbers; it has the dtype datetime64[s]."),
        (np.zeros((3, 3), "m8[s]"), "images must hold numbers; it has the dtype timedelta64[s]."),
        (None, "images must be an array or a list of 2-D arrays; got NoneType."),
        (5, "images must be an array or a list of 2-D arrays; got int."),
        ("page.png", "images must be an array or a list of 2-D arrays; got str."),
        (b"\x89PNG", "images must be an array or a list of 2-D arrays; got bytes."),
        (np.broadcast_to(np.uint8(0), (10_001, 10_000)),
         "images has 10001 x 10000 pixels, more than the limit of 100 megapixels; make it smaller."),
    ],
)  # fmt: skip
def test_what_is_no_image_gets_one_sentence(images: Any, message: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        normalize(images)


@pytest.mark.parametrize("ink", ["Dark", "", "darkk", None, 1, ["auto"]])
def test_an_unknown_ink_gets_one_sentence(ink: Any) -> None:
    with pytest.raises(InputError, match=re.escape(f"ink '{ink}' is unknown; choose 'auto', 'bright' or 'dark'.")):
        normalize(seven(), ink=ink)


@pytest.mark.parametrize("ink_max", [0, -1.0, np.nan, np.inf, "255", np.ones(2), 1j])
def test_an_impossible_ink_max_gets_one_sentence(ink_max: Any) -> None:
    message = f"ink_max must be a number above 0, the value of full ink; got {ink_max}."
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        normalize(seven(), ink_max=ink_max)


def test_an_impossible_n_jobs_gets_one_sentence() -> None:
    with pytest.raises(InputError, match=r"^n_jobs must be a whole number other than 0, or None .* got 0\.$"):
        normalize(seven(), n_jobs=0)


def test_auto_tells_the_ink_from_the_paper_by_the_border() -> None:
    bright = (seven() * 255).astype(np.uint8)
    np.testing.assert_array_equal(normalize(bright, ink="bright").glyphs[0], SEVEN)
    np.testing.assert_array_equal(normalize(255 - bright, ink="dark").glyphs[0], SEVEN)
    np.testing.assert_array_equal(normalize([bright, 255 - bright]).glyphs, np.stack([SEVEN, SEVEN]))
    # The wrong polarity on purpose: the paper is read as ink, and fills the image.
    for image, ink in ((bright, "dark"), (255 - bright, "bright")):
        wrong = normalize(image, ink=ink)
        assert (wrong.glyphs[0] != SEVEN).mean() > 0.2


def test_ink_max_says_what_counts_for_ink() -> None:
    # Whole numbers: full ink is the smallest of 1, 16, 255 and 65535 that the image keeps within.
    for level, verdict in ((16, "glyph"), (17, "blank"), (20, "blank"), (21, "glyph")):
        assert normalize((seven() * level).astype(np.uint8)).verdicts == [verdict]
    for level, verdict in ((255, "glyph"), (256, "blank"), (5242, "blank"), (5243, "glyph"), (70_000, "glyph")):
        assert normalize((seven() * level).astype(np.int32)).verdicts == [verdict]
    faint = (seven() * 15).astype(np.uint8)
    assert normalize(faint).verdicts == ["glyph"]  # within 0..16, so 16 is full ink
    assert normalize(faint, ink_max=255).verdicts == ["blank"]  # 15 is less than 0.08 of 255
    assert normalize((seven() * 21).astype(np.uint8), ink_max=255).verdicts == ["glyph"]
    assert normalize(seven(0.07), ink_max=1.0).verdicts == ["blank"]
    assert normalize(seven(0.09), ink_max=1.0).verdicts == ["glyph"]
    assert normalize(seven(0.07)).verdicts == ["glyph"]  # floats: the largest value is full ink
    assert normalize(seven(1e-300), ink_max=1.0).verdicts == ["blank"]
    assert normalize(seven(1e300), ink_max=1.0).verdicts == ["glyph"]
    assert normalize(seven(), ink_max=1e300).verdicts == ["blank"]


def test_negative_pixels_are_pixels() -> None:
    np.testing.assert_array_equal(normalize(-seven(7.0)).glyphs[0], SEVEN)  # dark ink on 0
    np.testing.assert_array_equal(normalize((seven(100) - 50).astype(np.int8)).glyphs[0], SEVEN)


def test_an_unknown_way_with_slant_is_refused() -> None:
    with pytest.raises(InputError, match=r"^slant 'left' is unknown; choose 'removed' or 'kept'\.$"):
        normalize(seven(), slant="left")
