"""What a person draws, with mouse, finger and pen, is what is read."""

import re
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
    tab.on_screen(3, [])  # chooses it, and scrolls to it
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
    expect(tab.page.get_by_text("Box 1 is ?: only a dot.")).to_be_visible()


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


def test_undo_redo_and_clear(tab: Any) -> None:
    page = tab.page
    undo, redo = (page.get_by_role("button", name=f"{step} in box 1") for step in ("Undo", "Redo"))
    tab.draw(2, "1")  # so that one box is drawn all the time
    tab.draw(1, "4")
    expect(tab.reading(1)).to_have_text("4")
    expect(tab.pad(1)).to_have_accessible_name("Box 1: 2 strokes drawn")
    expect(redo).to_be_disabled()
    undo.click()
    expect(tab.pad(1)).to_have_accessible_name("Box 1: one stroke drawn")
    undo.click()
    expect(tab.pad(1)).to_have_accessible_name("Box 1: nothing drawn")
    expect(tab.reading(1)).to_have_text("")
    expect(undo).to_be_disabled()
    redo.click()
    redo.click()
    expect(tab.pad(1)).to_have_accessible_name("Box 1: 2 strokes drawn")
    expect(tab.reading(1)).to_have_text("4")
    expect(redo).to_be_disabled()
    page.get_by_role("button", name="Clear box 1").click()
    expect(tab.pad(1)).to_have_accessible_name("Box 1: nothing drawn")
    expect(tab.reading(1)).to_have_text("")
    page.keyboard.press("Control+z")  # a box that was cleared by mistake comes back
    expect(tab.pad(1)).to_have_accessible_name("Box 1: 2 strokes drawn")
    expect(tab.reading(1)).to_have_text("4")
    page.keyboard.press("Control+y")
    expect(tab.pad(1)).to_have_accessible_name("Box 1: nothing drawn")
    page.keyboard.press("Control+z")
    tab.draw(1, [[(20, 20), (25, 20)]])
    expect(redo).to_be_disabled()  # what was undone before a new stroke is gone


def test_a_thicker_pen_changes_what_the_lessons_pad_sees(open_page: Any) -> None:
    tab = open_page("/draw?way=lesson")
    page = tab.page
    tab.draw(1, "1")
    page.reload()  # read as it is, not as it was half drawn
    numbers = page.get_by_role("img", name="Box 1 as 8").locator("i")
    expect(numbers).to_have_count(64)
    ink, shown = {}, "".join(numbers.all_text_contents())
    for pen in ("Thin", "Thick", "Normal"):
        page.get_by_role("radio", name=pen, exact=True).check(force=True)
        page.wait_for_function("shown => document.querySelector('.grid8').textContent !== shown", arg=shown)
        texts = numbers.all_text_contents()
        shown, ink[pen] = "".join(texts), sum(int(text) for text in texts if text.isdigit())
    assert ink["Thin"] < ink["Normal"] < ink["Thick"]
    page.get_by_role("radio", name="Thick", exact=True).check(force=True)
    page.reload()
    expect(page.get_by_role("radio", name="Thick", exact=True)).to_be_checked()


def test_keys_choose_clear_and_fill_a_box(tab: Any) -> None:
    page, keyboard = tab.page, tab.page.keyboard
    tab.draw(1, "7")
    expect(tab.reading(1)).to_have_text("7")
    keyboard.press("2")
    keyboard.press("s")
    expect(page.get_by_role("button", name="Sample 0", exact=True)).to_be_focused()
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(tab.reading(2)).to_have_text("1")
    keyboard.press("Backspace")
    expect(tab.pad(2)).to_have_accessible_name("Box 2: nothing drawn")
    expect(tab.pad(1)).to_have_accessible_name("Box 1: one stroke drawn")
    for way in ("lesson", "looking", "inkmeans"):
        keyboard.press("m")
        expect(page.locator(f"label[data-way={way}] input")).to_be_checked()


def test_on_a_phone_the_next_empty_box_is_offered_not_taken(open_page: Any) -> None:
    tab = open_page(**PHONE)
    tab.draw(1, "7", by="touch")
    cells = tab.page.get_by_role("list", name="The four boxes").get_by_role("button")
    expect(cells.nth(0)).to_have_accessible_name("Box 1: read as 7")
    expect(cells.nth(1)).to_have_class(re.compile("offered"))
    expect(cells.nth(0)).to_have_attribute("aria-current", "true")
    expect(tab.pad(2)).to_have_count(0)
    place = tab.pad(1).bounding_box()
    assert place["width"] >= 0.9 * 390
