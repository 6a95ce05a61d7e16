"""Contact sheets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkmeans.errors import InputError
from inkmeans.pictures import contact_sheet
from inkmeans.pictures._plate import MARGIN
from inkmeans.pictures._sheet import lay_out, thumbnail
from inkmeans.pictures._tiles import ACCENT, DOUBT, DOUBT_EDGE, DOUBT_INK, INK, MUTED, PAPER

OUTER, STEP = 62, 72
TOP = MARGIN + 33 + 26  # below a line about the sheet, without a title


def corner(index, columns):
    return MARGIN + index % columns * STEP, TOP + index // columns * STEP


def is_framed(picture, index, columns):
    x, y = corner(index, columns)
    around = [(x - 2, y - 2), (x + OUTER // 2, y - 2), (x - 2, y + OUTER // 2), (x + OUTER + 1, y + OUTER + 1)]
    return all(picture.getpixel(at) == ACCENT for at in around)


def is_highlighted(picture, index, columns):
    """Say whether a tile is under the highlighter, and has the edge that says so without color."""
    x, y = corner(index, columns)
    at = [picture.getpixel((x + place, y + place)) for place in (0, 1)]
    assert at in ([DOUBT_EDGE, DOUBT], [PAPER, PAPER])
    return at == [DOUBT_EDGE, DOUBT]


def test_the_first_is_ringed_and_the_last_are_marked():
    picture = contact_sheet(np.zeros((20, 28, 28)), columns=8, doubtful=3)
    assert [index for index in range(20) if is_framed(picture, index, 8)] == [0]
    assert [index for index in range(20) if is_highlighted(picture, index, 8)] == [17, 18, 19]


def test_without_doubtful_ones_none_is_marked():
    picture = contact_sheet(np.zeros((20, 28, 28)), columns=8)
    assert not any(is_highlighted(picture, index, 8) for index in range(20))


def test_ink_under_the_highlighter_stays_ink():
    picture = contact_sheet([np.ones((2, 2)), np.ones((2, 2))], doubtful=1, columns=2)
    middle = [picture.getpixel(tuple(at + OUTER // 2 for at in corner(index, 2))) for index in range(2)]
    assert middle == [INK, DOUBT_INK]


def test_images_of_no_cluster_have_no_middle():
    picture = contact_sheet(np.zeros((20, 28, 28)), columns=8, ordered=False)
    assert not any(is_framed(picture, index, 8) for index in range(20))
    assert picture.height < contact_sheet(np.zeros((20, 28, 28)), columns=8).height  # no line says which it is


def test_images_stand_in_the_order_given():
    images = [np.zeros((2, 2)) for _ in range(5)]
    images[3] = np.ones((2, 2))
    picture = contact_sheet(images, columns=3)
    middles = [picture.getpixel(tuple(at + OUTER // 2 for at in corner(index, 3))) for index in range(5)]
    assert middles == [PAPER, PAPER, PAPER, INK, PAPER]


def test_each_image_has_its_own_scale():
    picture = contact_sheet([np.full((2, 2), 16), np.full((28, 28), 255, dtype=np.uint8), np.ones((3, 5), dtype=bool)])
    for index in range(3):
        assert picture.getpixel(tuple(at + OUTER // 2 for at in corner(index, 16))) == INK


def test_too_many_keep_the_first_and_the_doubtful():
    layout = lay_out(10_000, 16, 56, 40, 320, 0, 0)
    assert layout.shown[0] == 0
    assert layout.shown[-40:] == tuple(range(9960, 10_000))
    assert layout.more == 10_000 - len(layout.shown)
    assert len(layout.shown) <= 320
    head = len(layout.shown) - 40
    assert head % 16 == 0
    assert layout.corners[head - 1][1] + layout.outer < layout.more_y < layout.corners[head][1]


def test_a_capped_sheet_is_the_same_whatever_was_left_out():
    images = np.zeros((2000, 4, 4), dtype=np.uint8)
    other = images.copy()
    other[500] = 255
    one, two = (contact_sheet(each, limit=100, doubtful=10) for each in (images, other))
    assert one.tobytes() == two.tobytes()
    other[1999] = 255
    assert contact_sheet(other, limit=100, doubtful=10).tobytes() != one.tobytes()


def test_a_line_says_how_many_were_left_out():
    lines = []
    for n in (2000, 2001):
        sheet = contact_sheet(np.zeros((n, 4, 4), dtype=np.uint8), limit=100, doubtful=10)
        baseline = lay_out(n, 16, 56, 10, 100, MARGIN, TOP).more_y
        lines.append(np.asarray(sheet)[baseline - 18 : baseline, MARGIN : MARGIN + 300])
        assert (lines[-1] == MUTED).all(axis=2).any()
    assert not np.array_equal(*lines)


@settings(deadline=None)
@given(st.integers(1, 500), st.integers(1, 30), st.integers(0, 500), st.integers(2, 200))
def test_every_layout_keeps_order_and_ends(n, columns, doubtful, limit):
    layout = lay_out(n, columns, 56, doubtful, limit, 0, 0)
    assert len(layout.shown) == len(layout.corners) == len(set(layout.corners)) <= limit
    assert list(layout.shown) == sorted(set(layout.shown))
    assert (layout.shown[0], layout.shown[-1]) == (0, n - 1)
    assert layout.more == n - len(layout.shown)
    assert all(x + layout.outer <= layout.width and y + layout.outer <= layout.bottom for x, y in layout.corners)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(1, 70), st.integers(1, 70), st.sampled_from(["bool", "uint8", "int32", "float64"])),
        min_size=1,
        max_size=12,
    ),
    st.integers(1, 20),
    st.integers(8, 80),
    st.integers(0, 20),
    st.text(max_size=30),
)
def test_any_sizes_dtypes_and_titles_make_a_sheet(kinds, columns, tile, doubtful, title):
    generator = np.random.default_rng(0)
    images = [generator.integers(0, 2, (height, width)).astype(dtype) for height, width, dtype in kinds]
    one, two = (contact_sheet(images, title=title, columns=columns, tile=tile, doubtful=doubtful) for _ in range(2))
    assert one.tobytes() == two.tobytes()


@pytest.mark.parametrize(
    ("images", "options", "message"),
    [
        ([], {}, r"a contact sheet needs at least one image; got none\."),
        (np.zeros((0, 28, 28)), {}, r"a contact sheet needs at least one image; got none\."),
        (
            np.zeros((28, 28)),
            {},
            r"images must be a list of 2-D arrays or one array \(n, height, width\); got \(28, 28\)\.",
        ),
        ([np.ones((2, 2)), np.ones(4)], {}, r"image 1 must be 2-D \(height, width\); its shape is \(4,\)\."),
        ([np.ones((2, 2))], {"columns": 0}, r"columns must be a whole number of at least 1; got 0\."),
        ([np.ones((2, 2))], {"columns": 2.5}, r"columns must be a whole number of at least 1; got 2\.5\."),
        ([np.ones((2, 2))], {"tile": 3}, r"tile must be a whole number of at least 8; got 3\."),
        ([np.ones((2, 2))], {"limit": "9"}, r"limit must be a whole number of at least 2; got '9'\."),
        ([np.ones((2, 2))], {"doubtful": -1}, r"doubtful must be a whole number of at least 0; got -1\."),
        ([np.ones((2, 2))], {"doubtful": 1.5}, r"doubtful must be a whole number of at least 0; got 1\.5\."),
        ([np.ones((2, 2))], {"ink": "red"}, r"ink must be 'bright', 'dark' or 'auto'; got 'red'\."),
    ],
)
def test_what_cannot_be_shown_gets_one_sentence(images, options, message):
    with pytest.raises(InputError, match=f"^{message}$"):
        contact_sheet(images, **options)


@pytest.mark.parametrize(
    ("n", "doubtful", "shown"), [(1, 0, 1), (36, 40, 36), (37, 0, 36), (500, 3, 36), (500, 90, 36)]
)
def test_a_thumbnail_shows_some(n, doubtful, shown):
    picture, indices = thumbnail(np.zeros((n, 8, 8)), doubtful=doubtful)
    assert len(indices) == shown
    assert indices[0] == 0
    assert doubtful == 0 or indices[-1] == n - 1
    assert picture.getpixel((0, 0)) == ACCENT  # the frame of the middle one
    assert (np.asarray(picture) == DOUBT).all(axis=2).any() == (doubtful > 0)


def test_real_images_of_another_size_are_shown(data_folder):
    with np.load(data_folder / "numbers.npz", allow_pickle=False) as numbers:
        images = numbers["images"][:40]
    assert contact_sheet(images, title="cluster 3, named 4", doubtful=4).width == 2 * MARGIN + 16 * STEP - 10
