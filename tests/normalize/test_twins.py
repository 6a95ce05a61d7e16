"""An image and its twin (shifted, scaled, inverted, brightened, slanted) give nearly the same normalized glyph.

Two glyphs are compared by the mean absolute difference of their 784 pixels, in steps of 255. To have a yardstick:
two drawings of one shape with pens of 5 and 7 pixels differ by 5 to 10, drawings of two shapes by 20 to 45.
"""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from inkmeans.normalize import normalize

CANVAS = 96
_FINE = 4  # drawn so many times larger, then made smaller: antialiased as a real drawing is

few = settings(max_examples=25, deadline=None, derandomize=True)


def rasterize(strokes: list[NDArray[np.float64]], pen: float, size: int = CANVAS) -> NDArray[np.float64]:
    """Return polylines, in pixels, as an image with ink 1 on 0."""
    image = Image.new("L", (size * _FINE, size * _FINE))
    draw = ImageDraw.Draw(image)
    for stroke in strokes:
        points = [tuple(point) for point in (stroke * _FINE).tolist()]
        draw.line(points, fill=255, width=round(pen * _FINE), joint="curve")
        for x, y in points:
            reach = pen * _FINE / 2
            draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)
    return np.asarray(image.resize((size, size), Image.Resampling.BOX), dtype=np.float64) / 255.0


@st.composite
def polylines(draw: st.DrawFn) -> list[NDArray[np.float64]]:
    """Return 1 to 3 strokes within [28, 68] x [20, 76], at least 40 pixels high: about as a character is written."""
    strokes = []
    for _ in range(draw(st.integers(1, 3))):
        n_points = draw(st.integers(2, 5))
        x = draw(st.lists(st.floats(28, 68), min_size=n_points, max_size=n_points))
        y = draw(st.lists(st.floats(20, 76), min_size=n_points, max_size=n_points))
        strokes.append(np.column_stack([x, y]))
    spread = np.ptp(np.concatenate(strokes), axis=0)
    assume(spread[1] >= 40)
    return strokes


@st.composite
def drawings(draw: st.DrawFn) -> NDArray[np.float64]:
    """Return a drawing, ink 1 on 0, with a margin of at least 16 pixels."""
    return rasterize(draw(polylines()), draw(st.floats(3, 9)))


def glyph(image: NDArray[np.generic]) -> NDArray[np.float64]:
    found = normalize(image, n_jobs=1)
    assert found.verdicts == ["glyph"]
    return found.glyphs[0].astype(np.float64)


def difference(one: NDArray[np.generic], other: NDArray[np.generic]) -> float:
    return float(np.abs(glyph(one) - glyph(other)).mean())


@few
@given(drawings(), st.integers(-14, 14), st.integers(-14, 14))
def test_a_shifted_image_gives_the_same_glyph(drawing: NDArray[np.float64], down: int, right: int) -> None:
    # Only the rounding of coordinates differs: one step of 255 here and there.
    moved = np.roll(drawing, (down, right), axis=(0, 1))
    assert np.abs(glyph(drawing) - glyph(moved)).max() <= 1


@few
@given(drawings(), st.integers(0, 60), st.integers(0, 60))
def test_a_larger_sheet_gives_the_same_glyph(drawing: NDArray[np.float64], above: int, left: int) -> None:
    assert np.abs(glyph(drawing) - glyph(np.pad(drawing, ((above, 17), (left, 3))))).max() <= 1


@few
@given(drawings(), st.sampled_from([2, 3]))
def test_an_image_with_each_pixel_repeated_gives_nearly_the_same_glyph(
    drawing: NDArray[np.float64], times: int
) -> None:
    # Repeating pixels makes a staircase of a slope: the edge that is found moves by part of a pixel.
    assert difference(drawing, np.kron(drawing, np.ones((times, times)))) < 2


@few
@given(drawings())
def test_an_image_at_half_the_size_gives_nearly_the_same_glyph(drawing: NDArray[np.float64]) -> None:
    halved = drawing.reshape(CANVAS // 2, 2, CANVAS // 2, 2).mean(axis=(1, 3))
    # A pen of 3 pixels becomes one of 1.5, and is as blurred as that.
    assert difference(drawing, halved) < 5


@few
@given(drawings())
def test_an_inverted_image_gives_the_same_glyph(drawing: NDArray[np.float64]) -> None:
    bright = np.rint(drawing * 255).astype(np.uint8)
    np.testing.assert_array_equal(glyph(255 - bright), glyph(bright))
    assert np.abs(glyph(1.0 - drawing) - glyph(drawing)).max() <= 1


@few
@given(drawings(), st.floats(0.2, 1.0), st.floats(0.0, 1.0), st.booleans())
def test_brightness_and_contrast_leave_no_trace(
    drawing: NDArray[np.float64], contrast: float, brightness: float, inverted: bool
) -> None:
    # With bytes the ink has as few as 51 levels: a level is 5 steps of 255, on the rims of strokes alone.
    paper = brightness * (1.0 - contrast) * 255.0
    changed = np.rint(paper + drawing * contrast * 255.0).astype(np.uint8)
    assert difference(drawing, 255 - changed if inverted else changed) < 1.0


@few
@given(drawings(), st.sampled_from([1.0, 7.63, 16.0, 255.0, 65535.0, 1e-3, 1e9, 1e-30, 1e30, 1e-300, 1e300]))
def test_the_scale_of_the_ink_leaves_no_trace(drawing: NDArray[np.float64], scale: float) -> None:
    assert np.abs(glyph(drawing) - glyph(drawing * scale)).max() <= 1
    if 1e-30 <= scale <= 1e30:
        assert np.abs(glyph(drawing) - glyph((drawing * scale).astype(np.float32))).max() <= 1


@few
@given(drawings())
def test_16_levels_255_and_65535_give_nearly_the_same_glyph(drawing: NDArray[np.float64]) -> None:
    # A sixteenth is 16 steps of 255, on the rims of strokes alone.
    assert difference(drawing, np.rint(drawing * 16).astype(np.uint8)) < 2.0
    assert difference(drawing, np.rint(drawing * 255).astype(np.uint8)) < 0.2
    assert difference(drawing, np.rint(drawing * 65535).astype(np.uint16)) < 0.05


@few
@given(polylines(), st.floats(-0.45, 0.45))
def test_a_slanted_hand_gives_nearly_the_same_glyph(strokes: list[NDArray[np.float64]], slant: float) -> None:
    # The centers of the strokes are slanted, the pen stays round: what remains is the pen's own
    # width, which counts for more the narrower the shape is.
    points = np.concatenate(strokes)
    spread = np.ptp(points, axis=0)
    assume(spread[0] <= 1.2 * spread[1])  # a flat shape has no slant to speak of
    upright = rasterize([stroke + 32 for stroke in strokes], 4, 160)
    # Only shapes whose own slant leaves room below the most that is undone, 0.8.
    y, x = np.indices(upright.shape)
    mass = upright.sum()
    away_x, away_y = x - (upright * x).sum() / mass, y - (upright * y).sum() / mass
    own = (upright * away_x * away_y).sum() / (upright * away_y**2).sum()
    assume(abs(own + slant) < 0.7 and abs(own) < 0.7)
    middle = points[:, 1].mean()
    leaning = [stroke + np.column_stack([slant * (stroke[:, 1] - middle), np.zeros(len(stroke))]) for stroke in strokes]
    assert difference(upright, rasterize([stroke + 32 for stroke in leaning], 4, 160)) < 10


@few
@given(st.lists(drawings(), min_size=2, max_size=6), st.randoms(use_true_random=False), st.sampled_from([1, 2, 3, 8]))
def test_no_image_changes_anothers_glyph(images: list[NDArray[np.float64]], random: object, n_jobs: int) -> None:
    images = [*images, np.zeros((CANVAS, CANVAS)), 1.0 - images[0], images[1] * 1e30]
    order = np.random.default_rng(len(images)).permutation(len(images))
    together = normalize(images, n_jobs=n_jobs)
    stacked = normalize(np.stack(images), n_jobs=n_jobs)
    shuffled = normalize([images[i] for i in order], n_jobs=n_jobs)
    for i, image in enumerate(images):
        alone = normalize(image, n_jobs=1)
        for several, place in ((together, i), (stacked, i), (shuffled, order.tolist().index(i))):
            np.testing.assert_array_equal(several.glyphs[place], alone.glyphs[0])
            assert several.verdicts[place] == alone.verdicts[0]


@pytest.mark.parametrize("pen", [1, 2, 4, 9, 18, 30])
@pytest.mark.parametrize("ink", [1.0, 0.3])
def test_thin_and_thick_and_faint_pens_all_give_full_ink(pen: int, ink: float) -> None:
    strokes = [np.array([[60.0, 40.0], [90.0, 50.0], [70.0, 120.0]]), np.array([[55.0, 80.0], [100.0, 80.0]])]
    drawing = rasterize(strokes, pen, 160) * ink
    found = normalize(drawing, ink_max=1.0)
    assert found.verdicts == ["glyph"]
    assert found.glyphs.max() == 255
    rows, columns = ((found.glyphs[0] >= 102).any(axis=axis) for axis in (1, 0))
    assert max(rows.sum(), columns.sum()) in (19, 20, 21)


@pytest.mark.parametrize("size", range(40, 200, 7))
def test_even_ink_stays_even_at_every_size(size: int) -> None:
    # A bar as wide as a third of its height: a filter whose weights do not add up to 1 would leave bands in it.
    image = np.zeros((size + 20, size + 20))
    image[10 : 10 + size, 20 : 20 + size // 3] = 1.0
    inside = glyph(image)[7:21, 12:16]
    assert inside.min() >= 254
