import csv
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from sklearn.datasets import load_digits

from inkmeans.errors import InputError
from inkmeans.segment import find_glyphs

EXAMPLES = Path(__file__).parents[2] / "examples"


def sheet(*boxes, height=200, width=300, paper=255, ink=0):
    """Return a sheet with filled boxes (x, y, w, h)."""
    picture = np.full((height, width), paper, np.uint8)
    for x, y, w, h in boxes:
        picture[y : y + h, x : x + w] = ink
    return picture


def structure(page):
    return [[glyph.box for glyph in line.glyphs] for line in page.lines]


def test_two_strokes_are_two_glyphs():
    page = find_glyphs(sheet((50, 60, 8, 60), (120, 62, 8, 60)))
    assert structure(page) == [[(50, 60, 8, 60), (120, 62, 8, 60)]]
    assert page.lines[0].box == (50, 60, 78, 62)
    assert (page.width, page.height) == (300, 200)


def test_a_glyph_is_its_ink_with_a_margin_of_two():
    glyph = find_glyphs(sheet((50, 60, 8, 60), (120, 62, 8, 60))).lines[0].glyphs[0]
    expected = np.zeros((64, 12), np.uint8)
    expected[2:-2, 2:-2] = 255
    assert glyph.pixels.dtype == np.uint8
    np.testing.assert_array_equal(glyph.pixels, expected)


def test_no_ink_gives_a_page_without_lines():
    page = find_glyphs(np.full((40, 50), 250, np.uint8))
    assert (page.lines, page.width, page.height) == ((), 50, 40)


def test_ink_of_a_neighbor_is_left_out():
    picture = sheet()
    for x in (0, 24):  # two slanted strokes whose boxes overlap
        for step in range(80):
            picture[140 - step, 100 + x + step // 2 : 108 + x + step // 2] = 0
    left, right = find_glyphs(picture).lines[0].glyphs
    assert left.box == (100, 61, 47, 80)
    assert right.box == (124, 61, 47, 80)
    np.testing.assert_array_equal(left.pixels, right.pixels)
    assert np.count_nonzero(left.pixels) == 80 * 8


def test_the_loose_bar_of_a_5_belongs_to_it():
    body, bar = (80, 60, 30, 60), (90, 46, 36, 6)
    page = find_glyphs(sheet(body, bar, (180, 50, 10, 70)))
    assert structure(page) == [[(80, 46, 46, 74), (180, 50, 10, 70)]]


def test_the_halves_of_one_broken_character_are_one():
    assert structure(find_glyphs(sheet((80, 60, 30, 40), (90, 104, 30, 40)))) == [[(80, 60, 40, 84)]]


def test_characters_under_each_other_stay_two():
    boxes = [(80, 20, 10, 60), (82, 90, 10, 60)]
    assert structure(find_glyphs(sheet(*boxes))) == [[boxes[0]], [boxes[1]]]


def test_a_low_character_under_another_stays_by_itself():
    boxes = [(80, 20, 10, 60), (160, 20, 10, 60), (80, 90, 12, 38)]
    assert structure(find_glyphs(sheet(*boxes))) == [boxes[:2], boxes[2:]]


def test_characters_side_by_side_stay_two():
    boxes = [(80, 20, 10, 60), (93, 22, 10, 60)]
    assert structure(find_glyphs(sheet(*boxes))) == [boxes]


def test_specks_are_dropped():
    strokes = [(60, 60, 10, 60), (120, 60, 10, 60)]
    specks = [(90, 20, 4, 4), (200, 150, 3, 5), (95, 85, 2, 2)]
    assert structure(find_glyphs(sheet(*strokes, *specks))) == [strokes]


def test_a_frame_and_a_ruled_line_are_dropped():
    frame = [(5, 5, 290, 3), (5, 192, 290, 3), (5, 5, 3, 190), (292, 5, 3, 190)]
    strokes = [(60, 60, 10, 50), (120, 60, 10, 50), (180, 62, 10, 50)]
    assert structure(find_glyphs(sheet(*frame, *strokes))) == [strokes]
    assert structure(find_glyphs(sheet((20, 120, 250, 3), *strokes))) == [strokes]
    assert structure(find_glyphs(sheet((20, 130, 260, 8), *strokes))) == [strokes]  # more ink than the text has


def test_a_slanted_rule_is_dropped():
    strokes = [(60, 60, 10, 50), (120, 60, 10, 50), (180, 62, 10, 50)]
    picture = sheet(*strokes, width=600)
    for x in range(10, 590):
        picture[130 + x // 14 : 134 + x // 14, x] = 0
    assert structure(find_glyphs(picture)) == [strokes]


def test_lines_go_from_the_top_down_and_glyphs_from_left_to_right():
    boxes = [(200, 20, 10, 50), (60, 24, 10, 50), (130, 120, 10, 50), (40, 118, 10, 50)]
    assert structure(find_glyphs(sheet(*boxes))) == [[boxes[1], boxes[0]], [boxes[3], boxes[2]]]


@pytest.mark.parametrize("rise", [-12, -5, 0, 5, 12])
def test_a_base_line_may_climb(rise):
    upper = [(20 + 50 * i, 80 + rise * i, 10, 50) for i in range(6)]
    lower = [(25 + 50 * i, 190 + rise * i, 10, 50) for i in range(6)]
    assert structure(find_glyphs(sheet(*upper, *lower, height=330, width=330))) == [upper, lower]


def test_a_page_of_many_lines_is_not_taken_for_one_character():
    small = [[(30 + 25 * column, 20 + 40 * row, 4, 24) for column in range(10)] for row in range(25)]
    small[12] = [*small[12], (290, 480, 6, 55)]
    found = structure(find_glyphs(sheet(*chain(*small), height=1040, width=330)))
    assert found == small


def test_a_base_line_may_wave():
    boxes = [(20 + 40 * i, 60 + round(20 * np.sin(i)), 10, 50) for i in range(8)]
    assert structure(find_glyphs(sheet(*boxes, width=360))) == [boxes]


def test_a_small_picture_shows_one_character_whatever_its_parts():
    picture = np.zeros((28, 28), np.uint8)
    picture[4:7, 14:24] = picture[9:24, 4:8] = 255
    assert structure(find_glyphs(picture)) == [[(4, 4, 20, 20)]]


def test_eight_by_eight():
    picture = np.zeros((8, 8), np.uint8)
    picture[1:7, 3] = 16
    page = find_glyphs(picture)
    assert structure(page) == [[(3, 1, 1, 6)]]
    assert page.lines[0].glyphs[0].pixels.max() == 255


def test_hysteresis_keeps_faint_ends_and_drops_faint_marks():
    picture = sheet((60, 60, 10, 60), (140, 60, 10, 60))
    picture[120:140, 60:70] = 190  # a faint end of the first stroke: a quarter of full ink
    picture[60:120, 220:230] = 190  # as faint, and touching nothing
    assert structure(find_glyphs(picture)) == [[(60, 60, 10, 80), (140, 60, 10, 60)]]


def test_a_large_picture_gives_the_same_glyphs_at_its_own_size():
    boxes = [(60, 60, 10, 60), (140, 66, 10, 60)]
    large = find_glyphs(np.kron(sheet(*boxes), np.ones((12, 12), np.uint8)))
    for (x, y, w, h), found in zip(boxes, structure(large)[0], strict=True):
        assert found == (12 * x, 12 * y, 12 * w, 12 * h)
    assert large.lines[0].glyphs[0].pixels.shape == (12 * 60 + 4, 12 * 10 + 4)


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (2, 2), (3, 20000), (20000, 3)])
@pytest.mark.parametrize("level", [0, 255])
def test_sheets_of_one_level_of_any_shape_have_no_glyphs(shape, level):
    assert find_glyphs(np.full(shape, level, np.uint8)).lines == ()


def test_what_is_no_gray_picture_is_refused():
    with pytest.raises(
        InputError, match=r"^A picture must be a uint8 array of shape \(height, width\), 0 to 255; got an"
    ):
        find_glyphs(np.zeros((8, 8)))


@pytest.mark.parametrize("enlarge", [Image.Resampling.NEAREST, Image.Resampling.BILINEAR, Image.Resampling.BICUBIC])
@pytest.mark.parametrize("side", [120, 320])
def test_an_enlarged_digit_is_one_glyph(side, enlarge):
    small = np.rint(load_digits().images[::36] * (255 / 16)).astype(np.uint8)
    counts = []
    for i, image in enumerate(small):
        picture = np.asarray(Image.fromarray(image).resize((side, side), enlarge))
        page = find_glyphs(255 - picture if i % 2 else picture)
        counts.append(sum(len(line.glyphs) for line in page.lines))
    assert np.mean(np.array(counts) == 1) >= 0.94


@st.composite
def drawings(draw):
    """Return ink on 0: up to 3 x 4 scrawls of two or three strokes, each in a cell of its own, margins of 24."""
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    picture = Image.new("L", (48 + 60 * columns, 48 + 80 * rows))
    pen = ImageDraw.Draw(picture)
    width = draw(st.integers(3, 6))
    place = st.tuples(st.integers(8, 40), st.integers(6, 60))
    for row in range(rows):
        for column in range(columns):
            corners = draw(st.lists(place, min_size=2, max_size=4, unique=True))
            points = [(24 + 60 * column + x, 24 + 80 * row + y) for x, y in corners]
            pen.line(points, fill=draw(st.integers(150, 255)), width=width)
    return np.asarray(picture)


def looked_at(picture):
    return [[(g.box, g.pixels.tobytes()) for g in line.glyphs] for line in find_glyphs(picture).lines]


@settings(max_examples=40, deadline=None)
@given(drawings())
def test_inverting_changes_nothing(picture):
    assert looked_at(255 - picture) == looked_at(picture)


@settings(max_examples=40, deadline=None)
@given(drawings(), st.integers(-20, 20), st.integers(-20, 20))
def test_shifting_the_picture_shifts_the_boxes(picture, dx, dy):
    shifted = structure(find_glyphs(np.roll(picture, (dy, dx), axis=(0, 1))))
    expected = [[(x + dx, y + dy, w, h) for x, y, w, h in line] for line in structure(find_glyphs(picture))]
    assert shifted == expected


@settings(max_examples=40, deadline=None)
@given(drawings(), st.integers(1, 100))
def test_a_brighter_picture_gives_the_same_glyphs(picture, more):
    dark = (150 - picture // 2).astype(np.uint8)
    assert looked_at(dark + np.uint8(more)) == looked_at(dark)


@pytest.mark.slow  # 40 photos, each of another drawing
@settings(max_examples=40, deadline=None)
@given(drawings(), st.floats(-0.3, 0.3), st.floats(-0.3, 0.3), st.integers(0, 2**16))
def test_slanting_light_and_grain_move_no_box_far(picture, along, across, seed):
    y, x = (np.linspace(-1, 1, size) for size in picture.shape)
    illumination = 1 + along * x[None, :] + across * y[:, None]
    texture = np.random.default_rng(seed).normal(0, 1, picture.shape)
    photo = np.clip((150 - 0.5 * picture) * illumination + texture, 0, 255).astype(np.uint8)
    clean, found = structure(find_glyphs(picture)), structure(find_glyphs(photo))
    assert [len(line) for line in found] == [len(line) for line in clean]
    for a, b in zip(chain(*found), chain(*clean), strict=True):
        assert np.abs(np.array(a) - np.array(b)).max() <= 4


@pytest.mark.slow  # 60 pictures, each of another drawing
@settings(max_examples=60, deadline=None)
@given(drawings(), st.floats(0, 40), st.integers(0, 2**16))
def test_boxes_lie_inside_the_picture_and_hold_ink(picture, noise, seed):
    texture = np.random.default_rng(seed).normal(0, noise, picture.shape)
    picture = np.clip(picture + texture, 0, 255).astype(np.uint8)
    page = find_glyphs(picture)
    for line in page.lines:
        assert line.glyphs
        for glyph in line.glyphs:
            x, y, w, h = glyph.box
            assert 0 <= x < x + w <= page.width
            assert 0 <= y < y + h <= page.height
            assert glyph.pixels.shape == (h + 4, w + 4)
            inside = glyph.pixels[2:-2, 2:-2]
            assert inside.any(axis=0)[[0, -1]].all()
            assert inside.any(axis=1)[[0, -1]].all()
            assert inside.sum() == glyph.pixels.sum()


def read_gray(path):
    return np.asarray(Image.open(path).convert("L"))


def truths(path):
    with path.open(newline="", encoding="utf-8") as file:
        return [(row["file"], row["text"].split("|")) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("name", "lines"), truths(EXAMPLES / "truth.csv"))
def test_the_example_pictures_have_as_many_glyphs_as_characters(name, lines):
    page = find_glyphs(read_gray(EXAMPLES / name))
    assert [len(line.glyphs) for line in page.lines] == [len(text) for text in lines]
    boxes = [glyph.box for line in page.lines for glyph in line.glyphs]
    assert min(h for _, _, _, h in boxes) > 50


@pytest.mark.parametrize("name", ["year.png", "numbers.jpg"])
def test_the_example_pictures_are_small_files(name):
    assert (EXAMPLES / name).stat().st_size < 200_000


def test_phone_photos_have_as_many_glyphs_as_characters(data_folder):
    for name, lines in truths(data_folder / "photos" / "truth.csv"):
        page = find_glyphs(read_gray(data_folder / "photos" / name))
        assert [len(line.glyphs) for line in page.lines] == [len(text) for text in lines], name


@pytest.mark.parametrize(("name", "key", "least"), [("mnist", "test_images", 1.0), ("numbers", "images", 0.98)])
def test_a_character_alone_is_one_glyph(data_folder, name, key, least):
    with np.load(data_folder / f"{name}.npz", allow_pickle=False) as data:
        images = data[key][::25][:300]
    counts = [sum(len(line.glyphs) for line in find_glyphs(image).lines) for image in images]
    assert np.mean(np.array(counts) == 1) >= least


def test_cheque_amounts_are_cut_inside_the_picture(data_folder):
    names = [name for name, _ in truths(data_folder / "amounts" / "truth.csv")][::27]
    for name in names:
        picture = read_gray(data_folder / "amounts" / name)
        for line in find_glyphs(picture).lines:
            for glyph in line.glyphs:
                x, y, w, h = glyph.box
                assert 0 <= x < x + w <= picture.shape[1], name
                assert 0 <= y < y + h <= picture.shape[0], name
