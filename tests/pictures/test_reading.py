"""A reading drawn on its picture."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkmeans.errors import InputError
from inkmeans.pictures import reading_picture
from inkmeans.pictures._labels import Slip, is_doubtful, place_labels, second_name, words_in_doubt
from inkmeans.pictures._plate import MARGIN, NARROWEST
from inkmeans.pictures._reading import marked_photo
from inkmeans.pictures._tiles import ACCENT, DOUBT, DOUBT_EDGE, PAPER
from inkmeans.records import GlyphReading, Reading

BLANK = np.full((200, 600), 255, dtype=np.uint8)


def reading(*glyphs):
    text = "".join(glyph.text for glyph in glyphs)
    return Reading(text, 0.5, "?" in text, (0, 0, 1, 1), tuple(glyphs))


def longest_run(marks):
    best = run = 0
    for mark in marks:
        run = run + 1 if mark else 0
        best = max(best, run)
    return best


def drawn(*glyphs, image=BLANK):
    """Return the pixels of a picture with its boxes and labels alone."""
    return np.asarray(marked_photo(image, reading(*glyphs), longest=2000)).astype(int)


def is_(pixels, color):
    return (pixels == color).all(axis=2)


def test_a_read_glyph_has_a_solid_box_and_a_rejected_one_a_dashed_box_under_the_highlighter():
    pixels = drawn(GlyphReading("7", 0.99, (50, 60, 100, 100)), GlyphReading("?", 0.3, (300, 60, 100, 100)))
    blue, edge, yellow = is_(pixels, ACCENT), is_(pixels, DOUBT_EDGE), is_(pixels, DOUBT)
    left, right = np.s_[:, :200], np.s_[:, 250:]
    assert max(longest_run(row) for row in blue[left]) >= 100  # one side without a gap
    assert not edge[left].any()
    assert not yellow[left].any()
    assert not blue[right].any()
    assert 0 < max(longest_run(row) for row in edge[right]) < 50
    assert yellow[80:150, 320:380].all()


def test_a_name_that_is_not_sure_is_under_the_highlighter_in_a_solid_box():
    alternatives = (("7", 0.94), ("9", 0.05))
    sure, unsure = (GlyphReading("7", each, (50, 60, 100, 100), alternatives) for each in (0.95, 0.94))
    assert not is_(drawn(sure), DOUBT).any()
    pixels = drawn(unsure)
    assert is_(pixels, DOUBT)[80:150, 70:130].all()
    assert max(longest_run(row) for row in is_(pixels, DOUBT_EDGE)) >= 100
    assert not is_(pixels, ACCENT).any()
    assert [is_doubtful(sure), is_doubtful(unsure)] == [False, True]


@pytest.mark.parametrize(
    ("glyph", "name"),
    [
        (GlyphReading("7", 0.8, (0, 0, 9, 9), (("7", 0.8), ("9", 0.1))), "9"),
        (GlyphReading("7", 0.99, (0, 0, 9, 9), (("7", 0.99), ("9", 0.01))), ""),
        (GlyphReading("?", 0.5, (0, 0, 9, 9), (("7", 0.5), ("9", 0.4))), "7"),
        (GlyphReading("?", 0.0, (0, 0, 9, 9)), ""),
    ],
)
def test_what_is_in_doubt_has_a_second_name(glyph, name):
    assert second_name(glyph) == name


def test_a_second_name_is_drawn_beside_the_first():
    alternatives = (("7", 0.8), ("9", 0.1))
    box = (50, 60, 100, 100)
    assert (drawn(GlyphReading("7", 0.8, box)) != drawn(GlyphReading("7", 0.8, box, alternatives))).any()


def test_ink_under_the_highlighter_stays_ink_and_gray_paper_turns_yellow():
    gray = np.full((200, 600), 120, dtype=np.uint8)
    gray[100:110, 80:120] = 0
    pixels = drawn(GlyphReading("?", 0.3, (50, 60, 100, 100)), image=gray)
    assert pixels[105, 100].tolist() == [0, 0, 0]
    assert pixels[80, 70].tolist() == list(DOUBT)
    assert pixels[80, 300].tolist() == [120, 120, 120]


def test_a_box_of_nearly_all_the_picture_is_not_flooded():
    pixels = drawn(GlyphReading("?", 0.3, (10, 10, 580, 180)))
    assert is_(pixels[-190:], PAPER)[60:150, 50:550].all()
    assert is_(pixels, DOUBT).any()  # the label


def test_the_box_stands_round_the_glyph():
    pixels = drawn(GlyphReading("7", 0.99, (50, 60, 100, 100)))
    rows, columns = np.nonzero(is_(pixels, ACCENT))
    wide = columns[rows == rows.max()]  # the lower side
    assert 50 - 8 <= wide.min() <= 50
    assert 150 - 1 <= wide.max() <= 150 + 8
    assert 160 - 1 <= rows.max() <= 160 + 8


def test_small_pictures_are_enlarged_and_large_ones_reduced():
    small = np.full((20, 100), 255, dtype=np.uint8)
    assert reading_picture(small, reading(GlyphReading("1", 1, (5, 5, 4, 10)))).width == 2 * MARGIN + 8 * 100
    large = np.full((300, 9000), 255, dtype=np.uint8)
    assert reading_picture(large, reading(GlyphReading("1", 1, (5, 5, 40, 100)))).width == 2 * MARGIN + 2000


def test_a_legend_says_what_is_highlighted_only_where_it_is_needed():
    box = (50, 60, 100, 100)
    sure, unsure, rejected = (reading(GlyphReading(*each, box)) for each in (("7", 0.99), ("7", 0.9), ("?", 0.3)))
    height = reading_picture(BLANK, sure).height
    assert reading_picture(BLANK, unsure).height == reading_picture(BLANK, rejected).height == height + 50


def test_no_red_is_drawn():
    glyphs = [GlyphReading(text, sure, (50, 60, 100, 100)) for text, sure in (("7", 0.99), ("7", 0.5), ("?", 0.2))]
    for glyph in glyphs:
        red, green, blue = np.asarray(reading_picture(BLANK, reading(glyph))).astype(int).transpose(2, 0, 1)
        assert not ((red > green + 60) & (red > blue + 60) & (green < 110)).any()


def slips_of(boxes, names, width):
    """Return the slips of boxes in rows, and check what holds for all of them."""
    glyphs = [
        GlyphReading(name, 0.4 if name == "?" else 0.99, tuple(box), (("7", 0.4),))
        for name, box in zip(names, boxes, strict=True)
    ]
    corners = np.array([(x, y, x + w - 1, y + h - 1) for x, y, w, h in boxes]).reshape(-1, 4)
    slips = place_labels(glyphs, corners, 44, 2, width)
    for i, slip in enumerate(slips):
        assert isinstance(slip, Slip)
        left, top, right, bottom = slip.edges
        assert left >= 0
        for other in [each.edges for each in slips[:i]] + [(x - 2, y - 2, x2 + 2, y2 + 2) for x, y, x2, y2 in corners]:
            apart = right < other[0] or other[2] < left or bottom < other[1] or other[3] < top
            assert apart, f"{slip.edges} covers {other}"
    return slips


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(0, 500), st.integers(1, 120), st.integers(1, 120)), max_size=25
    ),
    st.data(),
)
def test_no_label_covers_another_or_a_box(boxes, data):
    names = [data.draw(st.sampled_from(["7", "?", "seventeen", "೬", "Wm"])) for _ in boxes]
    slips_of(boxes, names, 1000)


def test_lines_with_room_keep_every_label_and_tight_ones_every_name():
    def page(pitch):
        return [(20 + 90 * column, 60 + pitch * row, 60, 60) for row in range(6) for column in range(10)]

    names = ["7"] * 60
    assert len(slips_of(page(200), names, 1000)) == 120  # a name and a confidence each
    assert len(slips_of(page(86), names, 1000)) == 60  # the names alone
    assert len(slips_of(page(62), names, 1000)) <= 10  # nearly touching: those of the first line


def test_a_label_at_the_edge_stays_in_the_picture():
    (slip, *_) = slips_of([(0, 100, 10, 60)], ["a longer name"], 400)
    assert slip.edges[0] >= 0
    (slip, *_) = slips_of([(390, 100, 10, 60)], ["a longer name"], 400)
    assert slip.edges[2] < 400


def test_what_is_in_doubt_is_so_in_the_text_too():
    sure, unsure, rejected = (
        GlyphReading("12", 0.99, (0, 0, 1, 1)),
        GlyphReading("3", 0.9, (0, 0, 1, 1)),
        GlyphReading("?", 0.5, (0, 0, 1, 1)),
    )
    assert words_in_doubt("12 3\n?", [sure, unsure, rejected]) == [
        ("12", False),
        (" ", False),
        ("3", True),
        (" / ", False),
        ("?", True),
    ]
    assert words_in_doubt("ab", []) == [("a", False), ("b", False)]
    shown = [
        np.asarray(reading_picture(BLANK, reading(each)))[:120]
        for each in (GlyphReading("3", 0.99, (50, 60, 100, 100)), GlyphReading("3", 0.9, (50, 60, 100, 100)))
    ]
    assert [bool(is_(each, DOUBT).any()) for each in shown] == [False, True]


def test_each_glyph_bears_its_text_and_its_confidence():
    def labeled(text, confidence):
        glyph = GlyphReading(text, confidence, (50, 60, 100, 100))
        return reading_picture(BLANK, Reading("same", 0.5, False, (0, 0, 1, 1), (glyph,))).tobytes()

    assert labeled("7", 0.9) == labeled("7", 0.9)
    assert len({labeled("7", 0.9), labeled("7", 0.8), labeled("1", 0.9), labeled("೬", 0.9)}) == 4


def test_a_confidence_is_rounded_down():
    def shown(confidence):
        glyph = GlyphReading("7", confidence, (50, 60, 100, 100))
        return reading_picture(BLANK, Reading("7", confidence, False, (0, 0, 1, 1), (glyph,))).tobytes()

    assert shown(0.5299) == shown(0.52) != shown(0.53)
    assert shown(0.9999) == shown(0.99) != shown(1.0)


def test_the_header_bears_the_whole_text():
    def headed(text):
        return reading_picture(BLANK, Reading(text, 0.5, False, (0, 0, 1, 1), ())).tobytes()

    assert headed("22\n50") == headed("22 / 50")
    assert headed("22") != headed("50")


def test_a_box_beyond_the_picture_is_cut_to_it():
    cut = reading_picture(BLANK, reading(GlyphReading("7", 0.9, (500, 60, 100, 100))))
    assert reading_picture(BLANK, reading(GlyphReading("7", 0.9, (500, 60, 10**9, 100)))).tobytes() == cut.tobytes()


def test_a_picture_with_nothing_to_read_is_shown():
    nothing = Reading("", 0.0, True, (0, 0, 0, 0), ())
    assert reading_picture(BLANK, nothing).size == (2 * MARGIN + NARROWEST, 470)


def test_color_pictures_stay_as_they_are():
    photo = np.zeros((100, 500, 3), dtype=np.uint8)
    photo[...] = (10, 200, 30)
    assert reading_picture(photo, Reading("", 0.0, True, (0, 0, 0, 0), ())).getpixel((100, 200)) == (10, 200, 30)


def test_a_black_picture_stays_black():
    black = np.zeros((100, 500), dtype=np.uint8)
    assert reading_picture(black, Reading("", 0.0, True, (0, 0, 0, 0), ())).getpixel((100, 200)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("image", "options", "message"),
    [
        (np.zeros((0, 5)), {}, r"image must hold at least one pixel; its shape is \(0, 5\)\."),
        (np.zeros((5, 5, 3)), {}, r"image must be \(height, width\), or uint8 .*; got float64 of shape \(5, 5, 3\)\."),
        (BLANK, {"longest": 10}, r"longest must be a whole number of at least 64, in pixels; got 10\."),
        (BLANK, {"longest": 99.5}, r"longest must be a whole number of at least 64, in pixels; got 99\.5\."),
    ],
)
def test_what_cannot_be_shown_gets_one_sentence(image, options, message):
    with pytest.raises(InputError, match=f"^{message}$"):
        reading_picture(image, reading(), **options)


@settings(deadline=None, max_examples=40)
@given(
    st.integers(1, 200),
    st.integers(1, 200),
    st.sampled_from(["bool", "uint8", "int16", "float32"]),
    st.lists(
        st.tuples(
            st.text(max_size=5), st.floats(0, 1), st.tuples(*[st.integers(-50, 300)] * 2, *[st.integers(0, 300)] * 2)
        ),
        max_size=6,
    ),
)
def test_any_picture_and_boxes_are_drawn(height, width, dtype, glyphs):
    image = np.eye(height, width).astype(dtype)
    made = reading(*(GlyphReading(*glyph) for glyph in glyphs))
    assert reading_picture(image, made, longest=400).tobytes() == reading_picture(image, made, longest=400).tobytes()
