"""The picture of the centers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from inkmeans.errors import InputError
from inkmeans.pictures import centers_picture, plate
from inkmeans.pictures._centers import _captions, _sizes_for, columns_for
from inkmeans.pictures._plate import MARGIN, NARROWEST
from inkmeans.pictures._text import font
from inkmeans.pictures._tiles import DOUBT, INK, MUTED, PAPER

SIDE, PAD, GAP = 168, 8, 24
TOP = MARGIN + 49 + 33 + 26  # below a title and a line about it


def colors(picture, box):
    return set(map(tuple, np.asarray(picture.crop(box)).reshape(-1, 3).tolist()))


def test_ten_centers_are_two_rows_of_five_in_their_order():
    centers = np.zeros((10, 2, 2))
    centers[0] = 1  # all ink
    centers[7, 0, 0] = 1  # ink in its top left quarter
    picture = centers_picture(centers)
    assert picture.mode == "RGB"
    step = SIDE + 2 * PAD + GAP
    assert picture.width == 2 * MARGIN + 5 * step - GAP
    assert picture.getpixel((0, 0)) == PAPER
    first = (MARGIN + PAD, TOP + PAD)
    assert picture.getpixel(first) == INK
    assert picture.getpixel((first[0] + SIDE - 1, first[1] + SIDE - 1)) == INK
    assert picture.getpixel((first[0] + step, first[1])) == PAPER

    pixels = np.asarray(picture)
    column = pixels[:, MARGIN + 2 * step + PAD]  # the left edge of the ink of cluster 7
    inked = np.flatnonzero((column == INK).all(axis=1))
    inked = inked[inked > TOP + SIDE + 2 * PAD]
    assert len(inked) == SIDE // 2
    assert pixels[inked[0], MARGIN + 2 * step + PAD + SIDE // 2].tolist() == list(PAPER)


def test_flat_centers_look_as_square_ones():
    centers = np.random.default_rng(0).random((10, 28, 28))
    assert centers_picture(centers).tobytes() == centers_picture(centers.reshape(10, 784)).tobytes()


def test_the_same_centers_give_the_same_bytes():
    centers = np.random.default_rng(1).random((64, 28, 28))
    names, counts = [str(i % 10) for i in range(64)], np.arange(64)
    one, two = (centers_picture(centers, names=names, counts=counts) for _ in range(2))
    assert one.tobytes() == two.tobytes()


def test_a_faint_center_looks_faint():
    picture = centers_picture(np.stack([np.full((4, 4), 0.5), np.ones((4, 4))]))
    inside = (MARGIN + PAD + 5, TOP + PAD + 5)
    faint, full = picture.getpixel(inside), picture.getpixel((inside[0] + SIDE + 2 * PAD + GAP, inside[1]))
    assert full == INK
    assert faint == tuple(round((a + b) / 2) for a, b in zip(PAPER, INK, strict=True)) or faint[0] > 130


def test_names_are_large_and_change_the_picture():
    centers = np.zeros((10, 8, 8))
    named = centers_picture(centers, names=list("0123456789"))
    assert named.height > centers_picture(centers).height
    below = np.asarray(named)[TOP + SIDE + 2 * PAD + 1 : TOP + SIDE + 2 * PAD + 40, MARGIN : MARGIN + SIDE]
    rows = np.flatnonzero((below == INK).all(axis=2).any(axis=1))
    assert np.ptp(rows) >= 20


def test_a_name_without_a_glyph_in_the_font_is_its_code_point():
    centers = np.zeros((2, 8, 8))
    assert (
        centers_picture(centers, names=["೬", "1"]).tobytes()
        == centers_picture(centers, names=["U+0CEC", "1"]).tobytes()
    )


@pytest.mark.parametrize("missing", [None, "", "  "])
def test_a_cluster_without_a_name_is_called_unnamed(missing):
    centers = np.zeros((10, 8, 8))
    one = centers_picture(centers, names=[missing, *"123456789"])
    assert one.tobytes() == centers_picture(centers, names=[None, *"123456789"]).tobytes()
    top = TOP + SIDE + 2 * PAD
    name = np.asarray(one)[top + 1 : top + 40, MARGIN : MARGIN + SIDE]
    assert (name == MUTED).all(axis=2).any()
    assert not (name == INK).all(axis=2).any()


@pytest.mark.parametrize(("k", "columns"), [(1, 5), (10, 5), (12, 4), (20, 5), (50, 10), (64, 8), (67, 10), (100, 10)])
def test_columns_fill_the_rows(k, columns):
    assert columns_for(k) == columns


def test_more_centers_than_anyone_can_look_at_end_in_a_line():
    many = centers_picture(np.ones((1200, 2, 2)))
    assert many.size == (
        centers_picture(np.ones((1000, 2, 2))).width,
        centers_picture(np.ones((1000, 2, 2))).height + 46,
    )


def test_the_highlighter_marks_clusters_with_many_doubtful_images_and_nothing_else():
    centers, counts = np.zeros((10, 8, 8)), [100, 100, 100, 2, 10, *[100] * 5]
    picture = centers_picture(centers, counts=counts, doubtful=[2, 3, 50, 2, 3, *[0] * 5])
    step, tile = SIDE + 2 * PAD + GAP, SIDE + 2 * PAD
    marked = [
        DOUBT in colors(picture, (MARGIN + i * step, TOP, MARGIN + i * step + tile, TOP + tile)) for i in range(5)
    ]
    assert marked == [False, True, True, False, True]
    below = (0, TOP + 2 * tile, picture.width, picture.height)
    assert DOUBT in colors(picture, below)  # and a line says what it is
    plain = centers_picture(centers, counts=counts, doubtful=[0] * 10)
    assert DOUBT not in colors(plain, (0, 0, *plain.size))
    assert picture.height > plain.height


def test_every_picture_has_a_title_and_the_mark_with_its_source():
    centers = np.zeros((10, 8, 8))
    plain, titled, sourced = (
        centers_picture(centers, **each) for each in ({}, {"title": "Mine"}, {"source": "logs.ink"})
    )
    assert plain.size == titled.size == sourced.size
    where = [np.flatnonzero((np.asarray(plain) != np.asarray(each)).any(axis=(1, 2))) for each in (titled, sourced)]
    assert where[0].max() < TOP
    assert where[1].min() > plain.height - MARGIN - 28


def test_a_chart_gets_the_same_title_and_foot():
    chart = Image.new("RGB", (800, 300), (1, 2, 3))
    made = plate(chart, title="Inertia", note="Lower is tighter.", source="scikit-learn's digits")
    assert made.crop((MARGIN, TOP, MARGIN + 800, TOP + 300)).tobytes() == chart.tobytes()
    assert made.height == TOP + 300 + 40 + 28 + MARGIN


@pytest.mark.parametrize("k", [1, 2, 10, 50, 100, 200])
def test_captions_have_room_side_by_side(k):
    sizes = _sizes_for(k)
    for counts in ([5] * k, [10**6 + i for i in range(k)], [2 * 10**9] * k):
        height, pairs = _captions(k, counts, sizes)
        assert height >= 11
        for left, right in pairs:
            assert font(height).getlength(left) + font(height).getlength(right) + 5 <= sizes.outer
    assert _captions(2, [1234, 5], _sizes_for(2)) == (21, [("cluster 0", "1,234"), ("cluster 1", "5")])


@pytest.mark.parametrize(
    ("centers", "options", "message"),
    [
        (np.zeros((0, 784)), {}, r"centers must hold at least one center; got none\."),
        ([], {}, r"centers must hold at least one center; got none\."),
        (np.zeros((3, 65)), {}, r"centers of 65 columns are not square .*; reshape them to \(n, height, width\)\."),
        (np.zeros(784), {}, r"centers must be \(n, height, width\) or .*; their shape is \(784,\)\."),
        (np.full((2, 4), np.inf), {}, r"centers must hold finite numbers; it holds NaN or infinity\."),
        (np.zeros((2, 4)), {"names": ["1"]}, r"names must have one entry for each of the 2 centers; got 1\."),
        (np.zeros((2, 4)), {"counts": [1]}, r"counts must have one entry for each of the 2 centers; got 1\."),
        (np.zeros((2, 4)), {"doubtful": [1]}, r"doubtful must have one entry for each of the 2 centers; got 1\."),
        (
            np.zeros((2, 4)),
            {"doubtful": [1, 1]},
            r"doubtful says how many of counts are doubtful; counts are not given\.",
        ),
        (np.zeros((2, 4)), {"columns": 0}, r"columns must be a whole number of at least 1, or None; got 0\."),
        (np.zeros((2, 4)), {"columns": 2.5}, r"columns must be a whole number of at least 1, or None; got 2\.5\."),
    ],
)
def test_what_cannot_be_shown_gets_one_sentence(centers, options, message):
    with pytest.raises(InputError, match=f"^{message}$"):
        centers_picture(centers, **options)


@settings(deadline=None, max_examples=25)
@given(
    st.integers(1, 30),
    st.integers(1, 40),
    st.integers(1, 40),
    st.sampled_from(["bool", "uint8", "int16", "float32"]),
    st.integers(1, 12),
)
def test_any_size_and_dtype_is_shown(k, height, width, dtype, columns):
    centers = np.random.default_rng(0).integers(0, 2, (k, height, width)).astype(dtype)
    picture = centers_picture(centers, names=["é"] * k, counts=[10**9] * k, columns=columns)
    step, gap = (SIDE + 2 * PAD + GAP, GAP) if k <= 20 else (112 + 12 + 22, 22)
    assert picture.width == 2 * MARGIN + max(NARROWEST, min(columns, k) * step - gap)


def test_real_centers_are_shown(data_folder):
    with np.load(data_folder / "mnist.npz", allow_pickle=False) as mnist:
        images, truths = mnist["test_images"], mnist["test_labels"]
    means = np.stack([images[truths == digit].mean(axis=0) for digit in range(10)])
    picture = centers_picture(means, names=list("0123456789"), counts=np.bincount(truths))
    assert picture.size == (1104, 806)
