import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inkmeans.errors import InputError
from inkmeans.pictures import blocks


def test_each_character_shows_two_pixels_one_above_the_other():
    glyph = np.array([[0, 255, 0, 255], [0, 0, 255, 255]], dtype=np.uint8)
    assert blocks(glyph) == " ▀▄█"


def test_a_terminal_without_half_blocks_gets_ascii():
    glyph = np.array([[0, 255, 0, 255], [0, 0, 0, 255]], dtype=np.uint8)
    assert blocks(glyph, encoding="ascii") == " + @".replace("+", "=")
    assert blocks(glyph, encoding=None) == blocks(glyph, encoding="latin-1") == blocks(glyph, encoding="no-such-code")


def test_an_odd_height_is_padded_with_paper():
    assert blocks(np.full((3, 2), 255, dtype=np.uint8)) == "██\n▀▀"


@given(arrays(np.uint8, (28, 28)), st.sampled_from(["utf-8", "ascii"]))
def test_a_normalized_glyph_is_14_lines_of_28_characters_that_the_terminal_can_show(glyph, encoding):
    before = glyph.copy()
    lines = blocks(glyph, encoding=encoding).encode(encoding).decode(encoding).split("\n")
    assert [len(line) for line in lines] == [28] * 14
    assert (glyph == before).all()


@pytest.mark.parametrize(
    ("glyph", "message"),
    [
        (np.zeros((28, 28)), "A glyph must be uint8 of shape (height, width); got float64 of shape (28, 28)."),
        (np.zeros(784, np.uint8), "A glyph must be uint8 of shape (height, width); got uint8 of shape (784,)."),
    ],
)
def test_what_is_no_glyph_is_refused(glyph, message):
    with pytest.raises(InputError) as caught:
        blocks(glyph)
    assert str(caught.value) == message
