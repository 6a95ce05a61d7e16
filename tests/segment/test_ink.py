import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from inkmeans.errors import InputError
from inkmeans.segment import find_ink


def cross(height=60, width=60, paper=255, ink=0):
    """Return a cross of 4 pixels' pen, gray at its rim."""
    picture = np.full((height, width), paper, np.uint8)
    middle, rim = (height // 2, width // 2), (paper + ink) // 2
    picture[8:-8, middle[1] - 3 : middle[1] + 3] = rim
    picture[middle[0] - 3 : middle[0] + 3, 8:-8] = rim
    picture[8:-8, middle[1] - 2 : middle[1] + 2] = ink
    picture[middle[0] - 2 : middle[0] + 2, 8:-8] = ink
    return picture


def test_ink_of_a_clean_drawing_is_its_negative():
    picture = cross()
    np.testing.assert_array_equal(find_ink(picture), 255 - picture)


def test_an_image_with_ink_on_0_stays_as_it_is():
    picture = 255 - cross(28, 28)
    np.testing.assert_array_equal(find_ink(picture), picture)


def test_eight_by_eight_by_hand():
    rows = ["........", "..9999..", ".....9..", "....4...", "...94...", "...9....", "..94....", "........"]
    picture = np.array([[{".": 0, "4": 100, "9": 250}[c] for c in row] for row in rows], np.uint8)
    expected = np.rint(picture * (255 / 250)).astype(np.uint8)
    np.testing.assert_array_equal(find_ink(picture), expected)
    np.testing.assert_array_equal(find_ink(255 - picture), expected)


def test_faint_ink_is_scaled_to_full_ink_and_keeps_its_grays():
    ink = find_ink(cross(paper=200, ink=160))
    assert ink.max() == 255
    assert ink[30, 30] == 255
    assert ink[10, 27] == 128  # half way
    assert np.count_nonzero(ink) == np.count_nonzero(cross(paper=200, ink=160) != 200)


def test_a_character_that_fills_its_box_is_still_ink():
    ring = np.zeros((16, 16), np.uint8)  # more ink than paper on the border, more paper than ink in all
    ring[:2, 3:13] = ring[14:, 3:13] = ring[3:13, :2] = ring[3:13, 14:] = 255
    np.testing.assert_array_equal(find_ink(ring), ring)
    np.testing.assert_array_equal(find_ink(255 - ring), ring)


SEVEN = ["........", ".559999.", ".....99.", "....95..", "..5999..", "...94...", "...9....", "..99...."]


@pytest.mark.parametrize("side", [80, 160, 400])
@pytest.mark.parametrize("enlarge", [Image.Resampling.NEAREST, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC])
def test_an_enlarged_drawing_is_ink_however_soft_its_strokes(side, enlarge):
    small = np.array([[{".": 0, "4": 100, "5": 160, "9": 255}[c] for c in row] for row in SEVEN], np.uint8)
    for rows in (small, small[1:]):  # the latter with ink on two sides of the border
        picture = np.asarray(Image.fromarray(rows).resize((side, side), enlarge))
        np.testing.assert_allclose(find_ink(picture), picture, atol=8)
        np.testing.assert_allclose(find_ink(255 - picture), picture, atol=8)


def test_uneven_light_is_taken_away():
    y, x = np.mgrid[0:240, 0:320] / 240
    illumination = 0.35 + 0.65 * np.exp(-((x - 0.3) ** 2) - (y - 0.2) ** 2)
    picture = np.rint(np.where(cross(240, 320, 255, 0) == 0, 50, 240) * illumination).astype(np.uint8)
    truly_ink = cross(240, 320) == 0
    ink = find_ink(picture)
    assert picture[~truly_ink].min() < 130  # the paper in the corner
    assert ink[truly_ink].min() > 180
    assert np.mean(ink[~truly_ink] > 0) < 0.01
    np.testing.assert_array_equal(find_ink(255 - picture), ink)


def test_shade_between_bold_strokes_is_taken_away():
    y, x = np.mgrid[0:240, 0:320]
    truly_ink = (x % 64 >= 24) & (x % 64 < 40) & (y % 80 >= 16) & (y % 80 < 64)
    ink = find_ink(np.rint(np.where(truly_ink, 10, 250) * (1 - 0.3 * x / 320)).astype(np.uint8))
    assert np.mean(ink[~truly_ink] >= 48) < 0.002
    assert ink[truly_ink].min() > 150


def test_a_round_pool_of_light_is_taken_away():
    y, x = np.mgrid[0:480, 0:640]
    illumination = 1 - 0.5 / (1 + np.exp(-(np.hypot(x - 500, y - 300) - 150) / 12))
    truly_ink = cross(480, 640) == 0
    noise = np.random.default_rng(0).normal(0, 2, illumination.shape)
    ink = find_ink(np.clip(np.where(truly_ink, 60, 220) * illumination + noise, 0, 255).astype(np.uint8))
    assert np.mean(ink[~truly_ink] >= 48) < 0.004
    assert ink[truly_ink].min() > 100


def test_grain_of_paper_is_taken_away():
    random = np.random.default_rng(3)
    truly_ink = cross(240, 320) == 0
    picture = np.where(truly_ink, 60, 200) + random.normal(0, 6, truly_ink.shape)
    ink = find_ink(np.clip(picture, 0, 255).astype(np.uint8))
    assert np.mean(ink[~truly_ink] > 0) < 0.005
    assert ink[truly_ink].min() > 150


def test_the_edge_of_a_shadow_is_no_ink():
    _, x = np.mgrid[0:240, 0:320]
    illumination = 1 - 0.4 / (1 + np.exp(-(x - 200) / 12))
    truly_ink = cross(240, 320) == 0
    ink = find_ink(np.rint(np.where(truly_ink, 60, 220) * illumination).astype(np.uint8))
    assert np.mean(ink[~truly_ink] >= 48) < 0.002
    assert ink[truly_ink].min() > 150


Y, X = np.mgrid[0:120, 0:160]
NO_INK = {
    "one pixel": np.full((1, 1), 7, np.uint8),
    "one row": np.full((1, 50), 90, np.uint8),
    "white": np.full((100, 80), 255, np.uint8),
    "black": np.zeros((100, 80), np.uint8),
    "gray": np.full((3, 20000), 128, np.uint8),
    "almost even": (200 + (X + Y) % 4).astype(np.uint8),
    "slope": (X * 255 // 159).astype(np.uint8),
    "faint slope": (100 + (X + Y) * 50 // 278).astype(np.uint8),
    "small slope": (X * 255 // 159).astype(np.uint8)[:28, :28],
    "lamp": (255 * np.exp(-(((X - 80) / 100) ** 2) - ((Y - 60) / 100) ** 2)).astype(np.uint8),
    "wave": (128 + 120 * np.sin(X / 60)).astype(np.uint8),
    "soft round shadow": (220 - 90 / (1 + np.exp((np.hypot(X - 100, Y - 50) - 30) / 6))).astype(np.uint8),
    "wide dark shadow": (220 - 190 / (1 + np.exp((X - 75) / 6))).astype(np.uint8),
}


@pytest.mark.parametrize("name", NO_INK)
def test_there_is_no_ink_on(name):
    picture = NO_INK[name]
    for each in (picture, 255 - picture, picture.T):
        ink = find_ink(each)
        assert ink.dtype == np.uint8
        assert ink.shape == each.shape
        assert not ink.any()


@pytest.mark.parametrize("shape", [(28, 28), (40, 33), (64, 64), (300, 400)])
@pytest.mark.parametrize("kind", ["normal", "strong normal", "even", "heavy tails", "black and white", "pepper"])
def test_noise_is_no_ink(shape, kind):
    random = np.random.default_rng(5)
    draw = {
        "normal": lambda: random.normal(200, 8, shape),
        "strong normal": lambda: random.normal(128, 40, shape),
        "even": lambda: random.uniform(0, 255, shape),
        "heavy tails": lambda: random.laplace(128, 8, shape),
        "black and white": lambda: random.choice([0.0, 255.0], shape),
        "pepper": lambda: random.choice([0.0, 255.0], shape, p=[0.1, 0.9]),
    }[kind]
    for _ in range(5):
        assert not find_ink(np.clip(draw(), 0, 255).astype(np.uint8)).any()


def test_a_long_strip_is_worked_on():
    strip = np.full((3, 20000), 255, np.uint8)
    strip[1, 10000:10030] = 0
    for picture in (strip, strip.T):
        ink = find_ink(picture)
        assert np.count_nonzero(ink) == 30


@pytest.mark.parametrize(
    ("picture", "found"),
    [
        (np.zeros((8, 8)), r"an array of float64 with shape \(8, 8\)"),
        (np.zeros((8, 8, 3), np.uint8), r"an array of uint8 with shape \(8, 8, 3\)"),
        (np.zeros(8, np.uint8), r"an array of uint8 with shape \(8,\)"),
        ([[0, 1]], "a list"),
    ],
)
def test_what_is_no_gray_picture_is_refused(picture, found):
    message = (
        rf"^A picture must be a uint8 array of shape \(height, width\), 0 to 255; got {found}; "
        r"inkmeans.images.read_image gives such an array\.$"
    )
    with pytest.raises(InputError, match=message):
        find_ink(picture)


def test_a_picture_without_pixels_is_refused():
    with pytest.raises(InputError, match=r"^A picture must have at least one pixel; got one of 0 x 5\.$"):
        find_ink(np.zeros((0, 5), np.uint8))


@settings(max_examples=150, deadline=None)
@given(
    hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=50), elements=st.sampled_from([0, 128, 255]))
)
def test_any_picture_has_ink_of_its_own_shape_and_the_input_is_not_written_to(picture):
    before = picture.copy()
    ink = find_ink(picture)
    assert ink.shape == picture.shape
    assert ink.dtype == np.uint8
    np.testing.assert_array_equal(picture, before)


def test_memory_order_does_not_matter():
    picture = cross(50, 70, 240, 30)
    np.testing.assert_array_equal(find_ink(np.asfortranarray(picture)), find_ink(picture))
    np.testing.assert_array_equal(find_ink(picture[::-1, ::-1]), find_ink(picture)[::-1, ::-1])


def test_mnist_stays_practically_unchanged(data_folder):
    with np.load(data_folder / "mnist.npz", allow_pickle=False) as data:
        images = data["test_images"][:200]
    changes = [np.abs(find_ink(image).astype(int) - image).max() for image in images]
    assert np.median(changes) <= 3
    assert max(changes) <= 20
