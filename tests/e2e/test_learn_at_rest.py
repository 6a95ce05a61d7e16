"""What stays as it is in Learn: a run while another tab draws, and the place of everything whatever is told."""

import re
from typing import Any

import pytest
from learn_view import STILL, LearnTab
from live_page import SCREENS, cut_off, intercept
from playwright.sync_api import Page, expect

START = "/learn?set=digits&pixels=raw&k=10&start=random&seed=0"
_NOTE_SHIFTS = """
    window.shifts = [];
    new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(entry => entry.value)))
        .observe({ type: "layout-shift", buffered: true });
"""
_PLACES = """[".plane", "section.trans"].map(selector => {
    const { top, height } = document.querySelector(selector).getBoundingClientRect();
    return [Math.round(top + scrollY), Math.round(height)];
})"""


def test_a_drawing_kept_in_another_tab_does_not_stop_the_run(open_page: Any) -> None:
    page = open_page(START).page
    learn = LearnTab(page)
    expect(learn.title).to_have_text("Start")
    other = page.context.new_page()
    other.goto(page.url.replace("/learn", "/name"))
    expect(other.get_by_role("heading", level=1)).to_be_visible()
    learn.button("Play").click()
    learn.is_past(1)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    other.evaluate("""localStorage.setItem("inkmeans.drawings", "[]")""")
    page.wait_for_timeout(300)
    assert asked == []
    expect(learn.button("Pause")).to_be_visible()


@pytest.mark.parametrize("screen", ["phone", "tablet", "desktop"])
def test_nothing_moves_whatever_a_half_step_has_to_say(open_page: Any, screen: str) -> None:
    page = open_page("/learn?start=bad&k=10", **SCREENS[screen], **STILL).page
    learn = LearnTab(page)
    expect(learn.title).to_have_text("Start")
    places = page.evaluate(_PLACES)
    said = set()
    for step in range(1, 5):
        page.keyboard.press("ArrowRight")
        learn.is_at(step)
        said.add(learn.title.inner_text())
        assert page.evaluate(_PLACES) == places, learn.title.inner_text()
    assert "Update 1" in said  # which tells of an empty cluster besides
    learn.slider.focus()
    page.keyboard.press("End")
    expect(learn.title).to_have_text("Converged")
    assert page.evaluate(_PLACES) == places


@pytest.mark.parametrize("screen", ["phone", "tablet", "desktop"])
def test_what_comes_late_moves_nothing(open_page: Any, server: Any, screen: str) -> None:
    page: Page = open_page("/name", **SCREENS[screen], **STILL).page
    page.add_init_script(_NOTE_SHIFTS)
    intercept(page, "**/api/**", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.goto(f"{server.base}learn?k=10")
    expect(LearnTab(page).title).to_have_text("Start")
    page.wait_for_timeout(200)
    assert sum(page.evaluate("window.shifts")) < 0.02
    page.unroute_all(behavior="wait")


@pytest.mark.parametrize("screen", ["phone", "tablet", "desktop"])
def test_the_line_about_a_server_that_is_away_covers_nothing(open_page: Any, watched: Any, screen: str) -> None:
    page = open_page(START, **SCREENS[screen], **STILL).page
    learn = LearnTab(page)
    expect(learn.title).to_have_text("Start")
    cut_off(page)
    page.keyboard.press("r")
    line = page.get_by_role("alert").filter(has_text="The server is away.")
    expect(line).to_be_visible()
    if screen == "desktop":  # elsewhere the page scrolls
        ends = page.locator("section.trans").bounding_box()
    else:
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        ends = page.locator(".learn").bounding_box()
    assert ends["y"] + ends["height"] <= page.locator(".away").bounding_box()["y"]
    assert set(watched.complaints) == {"Failed to load resource: net::ERR_FAILED"}
    watched.complaints.clear()
    page.unroute("**/api/**")


def test_a_hundred_centers_do_not_hide_each_other_under_their_numbers(open_page: Any) -> None:
    page = open_page("/learn?k=100&step=1", **SCREENS["desktop"], **STILL).page
    learn = LearnTab(page)
    learn.is_at(1)
    numbers = learn.plane.locator("[data-cluster] b")
    expect(numbers).to_have_count(100)
    assert numbers.evaluate_all("all => all.filter(one => one.checkVisibility()).length") == 0
    page.get_by_role("button", name=re.compile("^Look into cluster 42:")).hover()
    expect(learn.plane.locator("[data-cluster='42'] b")).to_be_visible()
