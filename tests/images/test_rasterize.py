import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkmeans.errors import InputError
from inkmeans.images import Drawing, fine_rows_crossed, rasterize


def twin(drawing: Drawing, fine: int = 8) -> np.ndarray:
    """The plain way: the distance of every fine point to every segment."""
    y, x = (np.mgrid[: drawing.height * fine, : drawing.width * fine] + 0.5) / fine
    ink = np.zeros(x.shape, bool)
    for stroke in drawing.strokes:
        for (x0, y0), (x1, y1) in zip(stroke, [*stroke[1:], stroke[-1]], strict=True):
            length = (x1 - x0) ** 2 + (y1 - y0) ** 2
            along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, 0, 1) if length else 0.0
            ink |= np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0)) <= drawing.pen / 2
    return ink.reshape(drawing.height, fine, drawing.width, fine).mean((1, 3)) * 255


def test_a_line_along_pixels_by_hand():
    picture = rasterize(Drawing((((2, 3), (8, 3)),), width=10, height=6, pen=2.0))
    assert picture.dtype == np.uint8
    assert picture.shape == (6, 10)
    assert picture[2:4, 2:8].min() == 255
    assert picture[[0, 1, 4, 5]].max() == 0
    assert 0 < picture[2, 1] < 255  # the round end
    assert picture[2, 0] == 0


@pytest.mark.parametrize("turn", [False, True])
def test_half_a_pixel_is_half_ink(turn):
    ends = ((2, -5), (2, 15)) if turn else ((-5, 2), (15, 2))
    picture = rasterize(Drawing((ends,), 10, 10, pen=3.0))
    assert (picture.T if turn else picture)[:5, 5].tolist() == [128, 255, 255, 128, 0]


def test_a_point_is_a_round_dot():
    picture = rasterize(Drawing((((10, 10),),), 20, 20, 8.0))
    assert picture.sum() / 255 == pytest.approx(math.pi * 16, rel=0.01)
    assert np.array_equal(picture, picture.T)
    assert np.array_equal(picture, picture[::-1, ::-1])
    assert picture[6, 6] == 0  # round, not square


def test_no_stroke_is_a_blank_picture():
    assert rasterize(Drawing((), 3, 2, 1.0)).tolist() == [[0, 0, 0], [0, 0, 0]]


def test_a_pen_thinner_than_a_pixel_still_leaves_ink_everywhere():
    picture = rasterize(Drawing((((0.5, 0.5), (9.5, 9.5)),), 10, 10, 0.001))
    assert np.diag(picture).min() > 0
    for x in np.arange(0, 3, 1 / 32):
        assert rasterize(Drawing((((x, x),),), 4, 4, 0.001)).max() > 0


eighth = st.integers(-80, 400).map(lambda n: n / 8)
strokes = st.lists(st.lists(st.tuples(eighth, eighth), min_size=1, max_size=5).map(tuple), max_size=3).map(tuple)
pens = st.floats(0.25, 30)


@settings(deadline=None)
@given(strokes=strokes, pen=pens)
def test_ink_is_what_lies_within_half_a_pen_of_the_path(strokes, pen):
    drawing = Drawing(strokes, 40, 30, pen)
    difference = np.abs(rasterize(drawing) - twin(drawing))
    # one fine point is 4 levels: points at half a pen exactly may fall to either side
    assert difference.max() <= 32
    assert difference.mean() < 0.5


@settings(deadline=None, max_examples=50)
@given(strokes=strokes, pen=pens, right=st.integers(-30, 30), down=st.integers(-30, 30))
def test_shifted_strokes_give_a_shifted_picture(strokes, pen, right, down):
    margin, size = 56, 152
    placed = tuple(tuple((x + margin, y + margin) for x, y in stroke) for stroke in strokes)
    shifted = tuple(tuple((x + right, y + down) for x, y in stroke) for stroke in placed)
    picture = rasterize(Drawing(placed, size, size, pen))
    assert np.array_equal(np.roll(picture, (down, right), (0, 1)), rasterize(Drawing(shifted, size, size, pen)))


@settings(deadline=None, max_examples=50)
@given(strokes=strokes, pen=pens)
def test_the_canvas_cuts_off_what_lies_outside(strokes, pen):
    placed = tuple(tuple((x + 80, y + 80) for x, y in stroke) for stroke in strokes)
    whole = rasterize(Drawing(placed, 200, 200, pen))
    assert np.array_equal(rasterize(Drawing(strokes, 40, 30, pen)), whole[80:110, 80:120])


@settings(deadline=None)
@given(strokes=strokes, pen=pens)
def test_neither_order_nor_direction_matters(strokes, pen):
    back = tuple(stroke[::-1] for stroke in strokes[::-1])
    assert (
        np.abs(rasterize(Drawing(strokes, 40, 30, pen)) - rasterize(Drawing(back, 40, 30, pen)).astype(int)).max() <= 8
    )


@settings(deadline=None)
@given(
    stroke=st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 2), min_size=1, max_size=5).map(tuple),
    pen=st.floats(0, 4096, exclude_min=True),
    width=st.integers(1, 40),
    height=st.integers(1, 40),
)
def test_any_allowed_drawing_gives_a_picture(stroke, pen, width, height):
    assert rasterize(Drawing((stroke,), width, height, pen)).shape == (height, width)


def test_far_points_still_give_the_right_line():
    picture = rasterize(Drawing((((-1_000_000, -1_000_000), (1_000_000, 1_000_000)),), 50, 50, 3.0))
    assert np.diag(picture).min() == 255
    assert picture[0, 10] == 0


@pytest.mark.parametrize(("side", "scale"), [(256, 8), (257, 4), (512, 4), (513, 2), (1025, 1)])
def test_large_canvases_are_painted_less_finely(side, scale):
    # an edge at 1/8 of a pixel: 8 fine points see it, fewer round it
    picture = rasterize(Drawing((((-50, 0), (50, 0)),), side, side, 2 * (5 + 1 / 8)))
    assert picture[5, 5] == {8: 32, 4: 64, 2: 0, 1: 0}[scale]
    assert picture[4, 5] == 255


def test_the_largest_canvas():
    picture = rasterize(Drawing((((0, 0), (4096, 4096)),), 4096, 4096, 20.0))
    assert picture.shape == (4096, 4096)
    assert np.diag(picture).min() == 255
    assert picture.sum() / 255 == pytest.approx(20 * 4096 * math.sqrt(2), rel=0.03)  # 29 of 28.3


@pytest.mark.parametrize(("side", "scale"), [(256, 8), (280, 4), (1024, 2), (1025, 1)])
def test_the_cost_is_counted_in_fine_rows(side, scale):
    line = ((10.0, 10.0), (10.0, 110.0))
    assert fine_rows_crossed(Drawing((line, line, ((5.0, 5.0),)), side, side, 20.0)) == (120 + 120 + 20) * scale


def test_a_hundred_thousand_points():
    path = np.cumsum(np.random.default_rng(0).normal(0, 2, (100_000, 2)), 0) % 280
    stroke = tuple(map(tuple, path))
    dots = Drawing(tuple((point,) for point in stroke), 280, 280, 2.0)
    inked = rasterize(dots) > 0
    assert inked[path[:, 1].astype(int), path[:, 0].astype(int)].all()


def test_too_many_long_strokes_are_refused_at_once():
    stroke = ((0.0, 0.0), (0.0, 4000.0)) * 1000
    with pytest.raises(InputError) as caught:
        rasterize(Drawing((stroke,), 4096, 4096, 50.0))
    assert str(caught.value) == (
        "the strokes of a drawing may cross 5,000,000 rows of pixels in all, these cross 8,095,950; "
        "use a smaller canvas or fewer points."
    )


def test_rasterizing_does_not_load_pillow():
    code = (
        "import sys; from inkmeans.images import Drawing, fine_rows_crossed, rasterize;"
        "rasterize(Drawing((((1, 1),),), 3, 3, 1.0)); assert 'PIL' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
