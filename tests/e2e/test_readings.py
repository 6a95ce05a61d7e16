"""What the page shows of a reading: the year, what the model sees, why it rejects, and when nobody answers."""

import re
from typing import Any

from playwright.sync_api import expect


def test_an_empty_box_is_calm(tab: Any) -> None:
    page = tab.page
    for box in range(1, 5):
        expect(tab.pad(box)).to_have_accessible_name(f"Box {box}: nothing drawn")
        expect(tab.reading(box)).to_have_text("")
        expect(tab.section(box)).to_contain_text("Nothing drawn yet.")
        expect(tab.section(box).get_by_role("button", name="Undo")).to_be_disabled()
        expect(tab.section(box).get_by_role("button", name="Clear")).to_be_disabled()
        expect(tab.section(box).locator(".tile canvas")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("heading", name="Which year …?")).to_be_visible()
    expect(page).to_have_title("inkmeans: draw a year")
    expect(page.get_by_text("draw a digit")).to_have_count(4)


def test_each_sample_is_read(tab: Any) -> None:
    for digit in range(10):
        tab.pick_sample(4, digit)
        expect(tab.reading(4)).to_have_text(str(digit))


def test_the_year_is_written_out(tab: Any) -> None:
    page = tab.page
    year = page.get_by_role("region", name="The year")
    expect(year).to_contain_text("Nothing drawn yet.")
    for box, digit in enumerate("1984", start=1):
        tab.pick_sample(box, int(digit))
    expect(year.get_by_role("status")).to_have_text("The year reads 1 9 8 4")
    expect(year.locator(".digits")).to_have_text(re.compile(r"1\s*9\s*8\s*4"))
    expect(year).to_contain_text("All four are read.")
    page.get_by_role("button", name="Clear all").click()
    expect(year.get_by_role("status")).to_have_text("The year reads blank blank blank blank")


def test_a_box_shows_what_the_model_sees_and_how_it_decides(tab: Any) -> None:
    tab.draw(2, "3")
    expect(tab.reading(2)).to_have_text("3")
    box = tab.section(2)
    expect(box).to_contain_text(re.compile(r">?\d+% sure"))
    sees = box.get_by_role("img", name="What the model sees in box 2")
    expect(sees).to_be_visible()
    ink = sees.evaluate(
        "c => Array.from(c.getContext('2d').getImageData(0, 0, 28, 28).data).filter((_, i) => i % 4 == 3)"
    )
    assert max(ink) == 255
    near = box.get_by_role("list", name="Nearest centers").get_by_role("listitem")
    expect(near).to_have_count(5)
    expect(near.first).to_have_text("3")
    cluster = box.locator("figcaption", has_text=re.compile(r"^Cluster \d+$")).inner_text().split()[1]
    expect(box.locator("figure").get_by_role("img", name=f"Center of cluster {cluster}")).to_be_visible()


def test_a_dot_and_a_scribble_are_rejected_with_a_reason(tab: Any) -> None:
    page = tab.page
    tab.draw(1, [[(50, 50), (51, 51)]])
    expect(tab.reading(1)).to_have_text("?")
    expect(tab.section(1)).to_contain_text("Only a dot.")
    there_and_back = [(5 + 90 * (step % 2), 6 + step * 4.4) for step in range(20)]
    across = [(6 + step * 4.4, 5 + 90 * (step % 2)) for step in range(20)]
    tab.draw(2, [there_and_back, across])
    expect(tab.reading(2)).to_have_text("?")
    expect(tab.section(2)).to_contain_text("not read")
    expect(page.get_by_role("region", name="The year")).to_contain_text("2 boxes are not read.")


def test_a_digit_too_small_is_not_called_a_dot(tab: Any) -> None:
    tab.draw(1, [[(50, 42), (46, 46), (44, 51), (46, 55), (50, 55), (51, 51), (48, 49), (45, 51)]])
    expect(tab.section(1)).to_contain_text("Too small to read; draw it larger.")


def test_while_the_server_is_gone_nothing_moves_and_little_is_asked(tab: Any, watched: Any) -> None:
    page = tab.page
    page.wait_for_load_state("networkidle")
    place = tab.pad(2).bounding_box()
    page.route("**/api/**", lambda route: route.abort())
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
    expect(tab.section(2)).to_contain_text("Not read yet.")
    expect(page.get_by_role("region", name="The year")).to_contain_text("One box is not read.")
    expect(page.get_by_role("region", name="The year").get_by_role("status")).to_contain_text("blank unread blank")
    page.unroute("**/api/**")
    expect(alert).to_have_count(0)
    expect(tab.reading(2)).to_have_text("1")
    watched.complaints.clear()


def test_on_a_small_screen_nothing_lies_over_anything_else(open_page: Any) -> None:
    tab = open_page(viewport={"width": 1200, "height": 900})
    for box in range(1, 5):
        tab.pick_sample(box, box)
        expect(tab.reading(box)).to_have_text(str(box))
    bottom = "element => element.getBoundingClientRect().bottom"
    right = "element => element.getBoundingClientRect().right"
    year = tab.page.get_by_role("region", name="The year").bounding_box()
    for box in range(1, 5):
        section = tab.section(box)
        assert section.get_by_role("list", name="Nearest centers").evaluate(bottom) <= year["y"]
        assert section.get_by_role("button", name="Clear").evaluate(right) <= tab.pad(box).evaluate(right) + 0.5


def test_a_server_that_is_gone_is_told_and_asked_again(tab: Any, watched: Any) -> None:
    page = tab.page
    expect(tab.reading(1)).to_have_text("")
    page.wait_for_load_state("networkidle")
    page.route("**/api/**", lambda route: route.abort())
    tab.draw(1, "1")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The server does not answer. Is “inkmeans serve” still running in its terminal?")
    page.unroute("**/api/**")
    alert.get_by_role("button", name="Try again").click()
    expect(tab.reading(1)).to_have_text("1")
    expect(alert).to_have_count(0)
    page.route("**/api/**", lambda route: route.abort())
    tab.draw(1, "0")  # over the 1: what was read before is not shown for it
    expect(alert).to_be_visible()
    expect(tab.reading(1)).to_have_text("")
    expect(tab.section(1)).to_contain_text("Not read yet.")
    page.unroute("**/api/**")
    expect(alert).to_have_count(0)
    assert set(watched.complaints) == {"Failed to load resource: net::ERR_FAILED"}
    watched.complaints.clear()
