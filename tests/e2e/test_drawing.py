"""What a person draws, with mouse, finger and pen, is what is read."""

from typing import Any

import pytest
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "has_touch": True, "is_mobile": True}


def assert_sharp(tab: Any, ratio: float) -> None:
    width, shown = tab.pad(1).evaluate("canvas => [canvas.width, canvas.clientWidth]")
    assert width == pytest.approx(shown * ratio, abs=1)


def test_each_digit_is_read_as_it_is_drawn(tab: Any) -> None:
    for digits in ["0123", "4567", "89"]:
        for box, digit in enumerate(digits, start=1):
            tab.draw(box, digit)
        for box, digit in enumerate(digits, start=1):
            expect(tab.reading(box)).to_have_text(digit)
        tab.page.get_by_role("button", name="Clear all").click()
    assert_sharp(tab, 1)


def test_a_pen_draws(tab: Any) -> None:
    tab.draw(2, "6", by="pen")
    expect(tab.reading(2)).to_have_text("6")


def test_a_finger_draws_on_a_phone_and_the_page_stays_where_it_is(open_page: Any) -> None:
    tab = open_page(**PHONE)
    page = tab.page
    tab.draw(1, "7", by="touch")
    expect(tab.reading(1)).to_have_text("7")
    assert_sharp(tab, PHONE["device_scale_factor"])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    tab.on_screen(3, [])  # scrolls to it
    top = page.evaluate("scrollY")
    tab.draw(3, [[(50, 15), (50, 50), (50, 88)]], by="touch")
    expect(tab.reading(3)).to_have_text("1")
    assert page.evaluate("scrollY") == top


def test_the_canvas_is_as_sharp_as_the_screen(open_page: Any) -> None:
    tab = open_page(device_scale_factor=1.25)
    tab.draw(1, "7")
    expect(tab.reading(1)).to_have_text("7")
    assert_sharp(tab, 1.25)


@pytest.mark.parametrize("by", ["mouse", "touch", "pen"])
def test_a_tap_draws_a_round_dot_and_is_read_as_one(open_page: Any, by: str) -> None:
    tab = open_page(has_touch=True)
    tab.draw(1, [[(40, 60)]], by=by)
    expect(tab.pad(1)).to_have_accessible_name("Box 1: one stroke drawn")
    ink = """canvas => {
        const { width, height } = canvas, { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
        const inked = Array.from({ length: width * height }, (_, pixel) => pixel).filter(pixel => data[4 * pixel + 3]);
        const [xs, ys] = [inked.map(pixel => pixel % width), inked.map(pixel => Math.floor(pixel / width))];
        return [xs, ys].flatMap(values => [Math.min(...values), Math.max(...values) + 1].map(v => v / width * 280));
    }"""
    left, right, top, bottom = tab.pad(1).evaluate(ink)
    assert [(left + right) / 2, (top + bottom) / 2] == pytest.approx([0.4 * 280, 0.6 * 280], abs=2)
    assert [right - left, bottom - top] == pytest.approx([18, 18], abs=3)  # as wide as the pen, on a box of 280
    expect(tab.reading(1)).to_have_text("?")
    expect(tab.section(1)).to_contain_text("Only a dot.")


def test_a_stroke_ends_where_the_pen_is_lifted_outside_the_box(tab: Any) -> None:
    page = tab.page
    place = tab.pad(1).bounding_box()
    assert place is not None
    middle = place["x"] + place["width"] / 2
    page.mouse.move(middle, place["y"] + 30)
    page.mouse.down()
    page.mouse.move(middle, place["y"] - 60, steps=5)
    page.mouse.up()  # outside
    page.mouse.move(middle, place["y"] + 200, steps=5)  # the pen is up: this draws nothing
    expect(tab.pad(1)).to_have_accessible_name("Box 1: one stroke drawn")
    row = "canvas.getContext('2d').getImageData(0, canvas.height / 2, canvas.width, 1)"
    ink = f"canvas => {row}.data.some(value => value)"
    assert not tab.pad(1).evaluate(ink)
    tab.draw(1, "1")
    expect(tab.pad(1)).to_have_accessible_name("Box 1: 2 strokes drawn")


def test_a_second_button_or_finger_draws_nothing(tab: Any) -> None:
    page = tab.page
    place = tab.pad(1).bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 50, place["y"] + 50)
    page.mouse.down(button="right")
    page.mouse.move(place["x"] + 90, place["y"] + 90)
    page.mouse.up(button="right")
    expect(tab.pad(1)).to_have_accessible_name("Box 1: nothing drawn")


def test_undo_and_clear(tab: Any) -> None:
    page = tab.page
    undo = page.get_by_role("button", name="Undo in box 1")
    tab.draw(1, "4")
    expect(tab.reading(1)).to_have_text("4")
    expect(tab.pad(1)).to_have_accessible_name("Box 1: 2 strokes drawn")
    undo.click()
    expect(tab.pad(1)).to_have_accessible_name("Box 1: one stroke drawn")
    undo.click()
    expect(tab.pad(1)).to_have_accessible_name("Box 1: nothing drawn")
    expect(tab.reading(1)).to_have_text("")
    expect(undo).to_be_disabled()
    tab.draw(1, "4")
    page.get_by_role("button", name="Clear box 1").click()
    expect(tab.pad(1)).to_have_accessible_name("Box 1: nothing drawn")
    expect(tab.reading(1)).to_have_text("")
    undo.focus()
    page.keyboard.press("Control+z")  # a box that was cleared by mistake comes back
    expect(tab.pad(1)).to_have_accessible_name("Box 1: 2 strokes drawn")
    expect(tab.reading(1)).to_have_text("4")
