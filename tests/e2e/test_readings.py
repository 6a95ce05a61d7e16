"""What the page shows of a reading: the year and its doubt, the steps, why it rejects, and when nobody answers."""

import re
from typing import Any

import pytest
from live_page import cut_off, intercept
from playwright.sync_api import Route, expect


def test_an_empty_page_is_calm_and_shows_an_example(tab: Any) -> None:
    page = tab.page
    for box in range(1, 5):
        expect(tab.pad(box)).to_have_accessible_name(f"Box {box}: nothing drawn")
        expect(tab.section(box).get_by_role("button", name="Undo")).to_be_disabled()
        expect(tab.section(box).get_by_role("button", name="Redo")).to_be_disabled()
        expect(tab.section(box).get_by_role("button", name="Clear")).to_be_disabled()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("heading", name="In which year will robots take over the world?")).to_be_visible()
    expect(page).to_have_title("Draw a year · inkmeans")
    expect(page.get_by_text("Draw one digit in each box.")).to_be_visible()
    expect(tab.year()).to_have_text("The year reads blank blank blank blank")
    for step in ("Normalize", "Find the nearest centers", "Read, and say how sure"):
        expect(page.get_by_role("heading", name=step)).to_be_visible()
    expect(page.get_by_role("img", name="Center named")).to_have_count(5)
    for view in ("Read a page", "Name a collection", "Learn k-means"):
        expect(page.get_by_role("link", name=view)).to_be_visible()


def test_each_sample_is_read(tab: Any) -> None:
    for digit in range(10):
        tab.pick_sample(4, digit)
        expect(tab.reading(4)).to_have_text(str(digit))


def test_the_year_is_written_out(tab: Any) -> None:
    page = tab.page
    for box, digit in enumerate("1984", start=1):
        tab.pick_sample(box, int(digit))
    expect(tab.year()).to_have_text("The year reads 1 9 8 4")
    expect(page.locator(".year")).to_have_text(re.compile(r"1\s*9\s*8\s*4"))
    expect(page.get_by_text(re.compile(r"^(More than )?\d+\u202f% sure it is 1984"))).to_be_visible()
    expect(tab.year("inkmeans")).to_have_text(re.compile(r"^\s*1984\s*$"))
    page.get_by_role("button", name="Clear all").first.click()
    expect(tab.year()).to_have_text("The year reads blank blank blank blank")


def test_what_is_still_to_be_drawn_is_said(tab: Any) -> None:
    tab.draw(1, "1")
    expect(tab.page.get_by_text("3 more to draw.")).to_be_visible()
    expect(tab.year()).to_have_text("The year reads 1 blank blank blank")


def test_a_box_shows_what_the_model_sees_and_how_it_decides(tab: Any) -> None:
    page = tab.page
    tab.draw(2, "3")
    expect(tab.reading(2)).to_have_text("3")
    sees = page.get_by_role("img", name="What is compared of box 2")
    expect(sees).to_be_visible()
    ink = sees.evaluate(
        "c => Array.from(c.getContext('2d').getImageData(0, 0, 28, 28).data).filter((_, i) => i % 4 == 3)"
    )
    assert max(ink) == 255
    near = page.get_by_role("list", name="Nearest centers").get_by_role("listitem")
    expect(near).to_have_count(5)
    expect(near.first).to_have_text("3")
    expect(page.get_by_role("heading", name="Nearest centers")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Of [\d,]+ centers these five look most alike\.$"))).to_be_visible()


def test_doubt_stands_in_the_year_itself(tab: Any) -> None:
    """The chances of a drawing in doubt are made up: no drawing is in the same doubt with every reader."""
    page = tab.page

    def doubt(route: Route) -> None:
        answer = route.fetch()
        document = answer.json()
        for drawing in document["drawings"]:
            for one in drawing["inputs"]:
                one["reader"] |= {"confidence": 0.83, "alternatives": [["4", 0.83], ["9", 0.15], ["7", 0.02]]}
        route.fulfill(response=answer, json=document)

    for box, digit in enumerate((2, 0, 7), start=1):
        tab.pick_sample(box, digit)
        expect(tab.reading(box)).to_have_text(str(digit))
    intercept(page, "**/api/v1/lesson/readings", doubt)
    tab.pick_sample(4, 4)
    expect(tab.reading(4)).to_have_text("4")
    marked = page.locator(".year .d")
    expect(marked).to_have_count(1)
    expect(marked).to_have_text(re.compile(r"^4\s*9$"))
    expect(page.get_by_text(re.compile(r"^8\d\u202f% sure it is 2074; the 4 is in doubt\.$"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"^2079, if it is a 9: 1\d\u202f%\.$"))).to_be_visible()
    expect(tab.year("inkmeans").locator(".mark")).to_have_text("4")
    expect(tab.year("lesson").locator(".mark")).to_have_count(0)  # k-means alone is never in doubt


def test_a_dot_and_a_scribble_are_rejected_with_a_reason(tab: Any) -> None:
    page = tab.page
    tab.draw(1, [[(50, 50), (51, 51)]])
    expect(tab.reading(1)).to_have_text("?")
    expect(page.get_by_text("Box 1 is ?: only a dot.")).to_be_visible()
    page.get_by_role("button", name="Clear box 1").click()
    there_and_back = [(5 + 90 * (step % 2), 6 + step * 4.4) for step in range(20)]
    across = [(6 + step * 4.4, 5 + 90 * (step % 2)) for step in range(20)]
    tab.draw(2, [there_and_back, across])
    expect(tab.reading(2)).to_have_text("?")
    expect(page.get_by_text("Box 2 is ?: ")).to_be_visible()
    expect(page.locator(".year .rejected")).to_have_text(re.compile(r"^\?"))


def test_a_digit_too_small_is_not_called_a_dot(tab: Any) -> None:
    tab.draw(1, [[(50, 42), (46, 46), (44, 51), (46, 55), (50, 55), (51, 51), (48, 49), (45, 51)]])
    expect(tab.page.get_by_text("Box 1 is ?: too small to read; draw it larger.")).to_be_visible()


def test_while_the_server_is_gone_nothing_moves_and_little_is_asked(tab: Any, watched: Any) -> None:
    page = tab.page
    tab.draw(1, "7")
    expect(tab.reading(1)).to_have_text("7")
    page.wait_for_load_state("networkidle")
    place = tab.pad(2).bounding_box()
    cut_off(page)
    asked = len(watched.requests)
    page.mouse.move(place["x"] + 60, place["y"] + 60)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(place["x"] + 60 + step, place["y"] + 60 + 3 * step)
        page.wait_for_timeout(60)
    page.mouse.up()
    alert = page.get_by_role("alert")
    expect(alert).to_be_visible()
    assert tab.pad(2).bounding_box() == place
    assert len(watched.requests) - asked <= 4
    expect(page.get_by_text("Not read yet.")).to_be_visible()
    expect(tab.year()).to_have_text("The year reads 7 unread blank blank")  # what was read stays
    page.unroute("**/api/**")
    expect(alert).to_have_count(0)
    expect(tab.reading(2)).to_have_text("1")
    watched.complaints.clear()


def test_a_server_that_is_gone_is_told_and_asked_again(tab: Any, watched: Any) -> None:
    page = tab.page
    page.wait_for_load_state("networkidle")
    cut_off(page)
    tab.draw(1, "1")
    alert = page.get_by_role("alert")
    expect(alert).to_be_visible()
    page.unroute("**/api/**")
    page.get_by_role("button", name="Try now").click()
    expect(tab.reading(1)).to_have_text("1")
    expect(alert).to_have_count(0)
    cut_off(page)
    tab.draw(1, "0")  # over the 1: what was read before is not shown for it
    expect(alert).to_be_visible()
    expect(tab.reading(1)).to_have_text("")
    expect(page.get_by_text("Not read yet.")).to_be_visible()
    page.unroute("**/api/**")
    expect(alert).to_have_count(0)
    assert set(watched.complaints) == {"Failed to load resource: net::ERR_FAILED"}
    watched.complaints.clear()


@pytest.mark.parametrize("is_fresh", [True, False], ids=["the first request", "a later request"])
def test_a_refusal_is_told_whole_and_nothing_says_that_it_still_reads(tab: Any, watched: Any, is_fresh: bool) -> None:
    page = tab.page
    page.wait_for_load_state("networkidle")
    refusal = {
        "detail": "The token is missing or not the right one; open the whole address that inkmeans serve printed."
    }
    intercept(page, "**/lesson/readings", lambda route: route.fulfill(status=403, json=refusal))
    if is_fresh:
        page.reload()
        page.wait_for_load_state("networkidle")
    tab.draw(1, "7")
    expect(page.get_by_text(refusal["detail"])).to_be_visible()
    expect(page.get_by_text("Reading …")).to_have_count(0)
    assert page.locator(".verdict").evaluate("place => place.scrollHeight <= place.clientHeight")
    watched.complaints.clear()


def test_one_can_draw_before_the_reader_is_there(tab: Any) -> None:
    page = tab.page
    held: list[Route] = []
    is_held = True

    def hold(route: Route) -> None:
        if is_held:
            held.append(route)
        else:
            route.continue_()

    intercept(page, "**/api/v1/lesson**", hold)
    page.reload()
    tab.draw(1, "7")
    expect(tab.pad(1)).to_have_accessible_name("Box 1: one stroke drawn")
    expect(page.get_by_text("Loading the reader.")).to_be_visible()
    expect(tab.year()).to_have_text("The year reads unread blank blank blank")
    is_held = False
    for route in held:
        route.continue_()
    expect(tab.reading(1)).to_have_text("7")


def test_on_a_small_screen_nothing_lies_over_anything_else(open_page: Any) -> None:
    tab = open_page(viewport={"width": 1120, "height": 900})
    tab.sample_year()
    right = "element => element.getBoundingClientRect().right"
    for box in range(1, 5):
        assert tab.section(box).get_by_role("button", name="Sample").evaluate(right) <= tab.pad(box).evaluate(right) + 9
    steps = tab.page.locator(".step")
    for step in steps.all():
        assert step.evaluate("element => element.scrollWidth <= element.clientWidth + 1")
        assert step.evaluate("element => element.scrollHeight <= element.clientHeight + 1")
