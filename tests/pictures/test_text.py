"""Words on pictures: what the font lacks is never an empty box."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from inkmeans.pictures._text import count_of, drawable, fit_text, font, write


@pytest.mark.parametrize("text", ["0123456789", "The quick brown fox?", "a-b_c@d.e", "·", "…"])
def test_what_the_font_has_is_left_alone(text):
    assert drawable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("೬", "U+0CEC"),
        ("a೬b", "a U+0CEC b"),
        ("é", "U+00E9"),
        ("e\u0301", "U+00E9"),  # composed first
        ("\U0001f642", "U+1F642"),
        ("\x00", "U+0000"),
        ("\u200b", "U+200B"),
        ("\udcff", "U+DCFF"),
        (" two\n\twords ", "two words"),
    ],
)
def test_what_the_font_lacks_is_written_as_its_code_point(text, shown):
    assert drawable(text) == shown


@settings(deadline=None)
@given(st.text(max_size=20))
def test_no_text_draws_the_box_for_missing_signs(text):
    missing = font(40).getmask("\U0010ffff")
    for character in drawable(text):
        mask = font(40).getmask(character)
        assert (mask.size, bytes(mask)) != (missing.size, bytes(missing))


@settings(deadline=None)
@given(st.text(max_size=60), st.integers(30, 300))
def test_any_text_fits_its_width(text, width):
    fitted, chosen = fit_text(text, width, 40, 11)
    assert chosen.getlength(fitted) <= width


def test_text_shrinks_before_it_is_cut():
    assert fit_text("twenty", 80, 40, 11)[0] == "twenty"
    assert fit_text("twenty" * 10, 80, 40, 11)[0].endswith("…")
    assert len(drawable("x" * 100_000)) == 201


def test_written_text_is_on_its_baseline():
    canvas = Image.new("L", (100, 60))
    taken = write(ImageDraw.Draw(canvas), (10, 40), "7", width=80, size=30, color=255)  # type: ignore[arg-type]
    rows, columns = np.nonzero(np.asarray(canvas))
    assert rows.max() == 39
    assert 10 <= columns.min() < columns.max() < 10 + taken


def test_counts_are_written_with_their_noun():
    assert [count_of(n, "image") for n in (0, 1, 1234)] == ["0 images", "1 image", "1,234 images"]
