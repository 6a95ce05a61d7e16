"""What the model sees, beside what was given."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkmeans.errors import InputError
from inkmeans.pictures import normalized_picture
from inkmeans.pictures._tiles import INK, PAPER

LEFT, RIGHT = (44 + 152, 44 + 152), (44 + 304 + 104 + 152, 44 + 152)  # the middles of both tiles


def test_the_original_is_left_and_the_glyph_right():
    ink, blank = np.zeros((9, 9)), np.zeros((28, 28))
    ink[3:6, 3:6] = 1
    picture = normalized_picture(ink, blank)
    assert (picture.getpixel(LEFT), picture.getpixel(RIGHT)) == (INK, PAPER)


def test_either_polarity_is_shown_as_ink_on_paper():
    glyph = np.zeros((9, 9), dtype=np.uint8)
    glyph[3:6, 3:6] = 255
    assert normalized_picture(255 - glyph, glyph).tobytes() == normalized_picture(glyph, glyph).tobytes()
    assert normalized_picture(glyph, glyph, ink="dark").getpixel(LEFT) == PAPER


def test_a_title_stands_above():
    ink, blank = np.zeros((9, 9)), np.zeros((28, 28))
    ink[3:6, 3:6] = 1
    titled = normalized_picture(ink, blank, title="As the model sees it")
    assert titled.height == 510 + 49 + 26
    assert titled.getpixel((LEFT[0], LEFT[1] + 75)) == INK


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 300), st.integers(1, 300), st.sampled_from(["bool", "uint8", "float32"]))
def test_any_picture_keeps_the_size(height, width, dtype):
    given_picture = np.eye(height, width).astype(dtype)
    assert normalized_picture(given_picture, np.eye(28)).size == (800, 510)


def test_what_cannot_be_shown_gets_one_sentence():
    with pytest.raises(InputError, match=r"^image must hold at least one pixel; its shape is \(0, 0\)\.$"):
        normalized_picture(np.zeros((0, 0)), np.eye(28))
    with pytest.raises(InputError, match=r"^glyph must be 2-D \(height, width\); its shape is \(784,\)\.$"):
        normalized_picture(np.eye(28), np.zeros(784))
