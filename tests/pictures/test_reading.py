"""A reading drawn on its picture."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkmeans.errors import InputError
from inkmeans.pictures import reading_picture
from inkmeans.pictures._tiles import ACCENT, READ
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


def test_a_read_glyph_has_a_solid_box_and_a_rejected_one_a_dashed_box_of_another_color():
    picture = reading_picture(
        BLANK, reading(GlyphReading("7", 0.9, (50, 60, 100, 100)), GlyphReading("?", 0.3, (300, 60, 100, 100)))
    )
    pixels = np.asarray(picture)
    blue, red = (pixels == READ).all(axis=2), (pixels == ACCENT).all(axis=2)
    left, right = np.s_[:-60, : 32 + 200], np.s_[:-60, 32 + 250 :]
    assert max(longest_run(row) for row in blue[left]) >= 100  # one side without a gap
    assert not red[left].any()
    assert not blue[right].any()
    assert 0 < max(longest_run(row) for row in red[right]) < 50


def test_the_box_stands_round_the_glyph():
    picture = reading_picture(BLANK, reading(GlyphReading("7", 0.9, (50, 60, 100, 100))))
    pixels = np.asarray(picture)
    rows, columns = np.nonzero((pixels == READ).all(axis=2))
    wide = columns[rows == rows.max()]  # the lower side
    left, top = 32, 88  # where the picture stands
    assert 50 - 8 <= wide.min() - left <= 50
    assert 150 - 1 <= wide.max() - left <= 150 + 8
    assert 160 - 1 <= rows.max() - top <= 160 + 8


def test_small_pictures_are_enlarged_and_large_ones_reduced():
    small = np.full((20, 60), 255, dtype=np.uint8)
    assert reading_picture(small, reading(GlyphReading("1", 1, (5, 5, 4, 10)))).width == 2 * 32 + 8 * 60
    large = np.full((300, 9000), 255, dtype=np.uint8)
    assert reading_picture(large, reading(GlyphReading("1", 1, (5, 5, 40, 100)))).width == 2 * 32 + 2000


def test_a_legend_says_what_dashed_means_only_where_it_is_needed():
    read, rejected = (reading(GlyphReading(text, 0.9, (50, 60, 100, 100))) for text in "7?")
    assert reading_picture(BLANK, rejected).height == reading_picture(BLANK, read).height + 44


def test_each_glyph_bears_its_text_and_its_confidence():
    def drawn(text, confidence):
        glyph = GlyphReading(text, confidence, (50, 60, 100, 100))
        return reading_picture(BLANK, Reading("same", 0.5, False, (0, 0, 1, 1), (glyph,))).tobytes()

    assert drawn("7", 0.9) == drawn("7", 0.9)
    assert len({drawn("7", 0.9), drawn("7", 0.8), drawn("1", 0.9), drawn("೬", 0.9)}) == 4


def test_a_confidence_is_rounded_down():
    def drawn(confidence):
        glyph = GlyphReading("7", confidence, (50, 60, 100, 100))
        return reading_picture(BLANK, Reading("7", confidence, False, (0, 0, 1, 1), (glyph,))).tobytes()

    assert drawn(0.5299) == drawn(0.52) != drawn(0.53)
    assert drawn(0.9999) == drawn(0.99) != drawn(1.0)


def test_the_header_bears_the_whole_text():
    def drawn(text):
        return reading_picture(BLANK, Reading(text, 0.5, False, (0, 0, 1, 1), ())).tobytes()

    assert drawn("22\n50") == drawn("22 / 50")
    assert drawn("22") != drawn("50")


def test_a_box_beyond_the_picture_is_cut_to_it():
    cut = reading_picture(BLANK, reading(GlyphReading("7", 0.9, (500, 60, 100, 100))))
    assert reading_picture(BLANK, reading(GlyphReading("7", 0.9, (500, 60, 10**9, 100)))).tobytes() == cut.tobytes()


def test_a_picture_with_nothing_to_read_is_shown():
    nothing = Reading("", 0.0, True, (0, 0, 0, 0), ())
    assert reading_picture(BLANK, nothing).size == (664, 88 + 200 + 32)


def test_color_pictures_stay_as_they_are():
    photo = np.zeros((100, 500, 3), dtype=np.uint8)
    photo[...] = (10, 200, 30)
    assert reading_picture(photo, Reading("", 0.0, True, (0, 0, 0, 0), ())).getpixel((100, 120)) == (10, 200, 30)


def test_a_black_picture_stays_black():
    black = np.zeros((100, 500), dtype=np.uint8)
    assert reading_picture(black, Reading("", 0.0, True, (0, 0, 0, 0), ())).getpixel((100, 120)) == (0, 0, 0)


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
