"""Words on pictures: what the font lacks is never an empty box."""

from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from inkmeans.pictures._text import FACES, count_of, drawable, face_for, fit_text, font, font_file, wrap_text, write

SHOWN = "0123456789 The quick brown fox jumps over the lazy dog, (é) ß Å — “…” 100 % · × −"  # noqa: RUF001


@pytest.mark.parametrize("text", ["0123456789", "The quick brown fox?", "a-b_c@d.e", "·", "…", "Straße Åse", "ő č ğ ł"])
def test_what_the_font_has_is_left_alone(text):
    assert drawable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("೬", "U+0CEC"),
        ("a೬b", "a U+0CEC b"),
        ("漢字", "U+6F22 U+5B57"),
        ("אב", "U+05D0 U+05D1"),
        ("ж", "U+0436"),
        ("e\u0301", "é"),  # composed first
        ("q\u0301", "q U+0301"),
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
@given(st.text(max_size=20), st.sampled_from(list(FACES)))
def test_no_text_draws_the_box_for_missing_signs(text, face):
    missing = font(40, face).getmask("\U0010ffff")
    for character in drawable(text, face):
        mask = font(40, face).getmask(character)
        assert (mask.size, bytes(mask)) != (missing.size, bytes(missing))


@settings(deadline=None)
@given(st.text(max_size=60), st.integers(30, 300), st.sampled_from(list(FACES)))
def test_any_text_fits_its_width(text, width, face):
    fitted, chosen = fit_text(text, width, 40, 11, face)
    assert chosen.getlength(fitted) <= width


@pytest.mark.parametrize(
    ("face", "name"), [("sans", "Inkmeans Sans"), ("bold", "Inkmeans Sans"), ("serif", "Inkmeans Serif")]
)
def test_words_are_drawn_in_the_fonts_that_ship(face, name):
    assert font(20, face).getname()[0] == name
    assert len({bytes(font(20, each).getmask("Ink 27")) for each in FACES}) == 3
    assert drawable(SHOWN, face) == SHOWN


def test_the_fonts_are_small_and_their_licence_lies_beside_them():
    assert sum(len(font_file(face)) for face in FACES) < 120_000
    folder = files("inkmeans.pictures") / "fonts"
    assert {each.name for each in folder.iterdir()} == {
        *FACES.values(), "OFL-IBM-Plex-Sans.txt", "OFL-Newsreader.txt"
    }  # fmt: skip
    for each in folder.iterdir():
        if each.name.startswith("OFL"):
            assert "SIL OPEN FONT LICENSE Version 1.1" in each.read_text(encoding="utf-8")


def test_words_look_the_same_without_harfbuzz():
    assert font(20).layout_engine == ImageFont.Layout.BASIC
    assert font(20, "serif").getlength("To") < font(20, "serif").getlength("T") + font(20, "serif").getlength(
        "o"
    )  # kerned


def test_a_title_is_in_the_sans_where_only_that_has_its_letters():
    assert face_for("Logs 1899", "serif") == "serif"
    assert face_for("Žurnál", "serif") == "bold"
    assert face_for("೬", "serif") == "serif"  # no font has it: its code point is drawn
    assert fit_text("Žurnál", 400, 40, 11, "serif")[0] == "Žurnál"


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=120), st.integers(60, 400), st.integers(1, 3), st.sampled_from(list(FACES)))
def test_wrapped_text_keeps_its_lines_and_their_width(text, width, lines, face):
    wrapped = wrap_text(text, width, 20, face, lines)
    assert len(wrapped) <= lines
    assert all(font(20, face_for(text, face)).getlength(line) <= width for line in wrapped)
    if len(wrapped) < lines and not any(line.endswith("…") for line in wrapped):
        assert " ".join(wrapped) == drawable(text, face_for(text, face))


def test_what_has_no_room_is_cut_in_the_last_line():
    assert wrap_text("one two three four", 60, 20, "sans", 4) == ["one", "two", "three", "four"]
    assert wrap_text("one two three four", 80, 20, "sans", 2) == ["one two", "three f…"]


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
