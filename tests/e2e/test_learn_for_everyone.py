"""Learn without a mouse, on a phone, for those who see little, and for those who want no motion."""

import re
from typing import Any

import pytest
from learn_view import STILL, LearnTab, by_hand
from live_page import PHONE, SCREENS, Server, violations
from page_states import STATES, open_state
from playwright.sync_api import Locator, Page, expect

STATES_OF_LEARN = {state.name: state for state in STATES if state.name.startswith("learn")}
START = "/learn?set=digits&pixels=raw&k=10&start=random&seed=0"


def reach(page: Page, control: Locator, key: str = "Tab") -> None:
    """Press Tab until a control has the focus."""
    for _ in range(60):
        if control.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    expect(control).to_be_focused()


def test_all_of_learn_works_by_keyboard(open_page: Any) -> None:
    page = open_page(START, **STILL).page
    learn, keyboard = LearnTab(page), page.keyboard
    expect(learn.title).to_have_text("Start")
    reach(page, page.get_by_role("button", name="Set: scikit-learn's digits"))
    keyboard.press("Tab")
    k = page.get_by_role("textbox", name="k, the number of clusters")
    reach(page, k)
    keyboard.type("6")  # what is in a field is chosen when it gets the focus
    keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The six centers")).to_be_visible()
    menu = page.get_by_role("button", name="Start: Random")
    reach(page, menu)
    keyboard.press("Enter")
    expect(page.get_by_role("menuitemradio", name=re.compile("^Random"))).to_be_focused()
    keyboard.press("End")
    keyboard.press("Enter")
    expect(page).to_have_url(re.compile("seed=1"))
    expect(menu).to_be_focused()
    reach(page, page.get_by_role("radio", name="Raw"))
    keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("pixels=normalized"))
    reach(page, learn.plane)
    keyboard.press("ArrowUp")
    keyboard.press("Enter")
    why = page.get_by_role("button", name="Why?")
    expect(page.get_by_text("Chosen", exact=True)).to_be_visible()
    keyboard.press("PageUp")
    expect(page.get_by_role("button", name="Zoom out")).to_be_visible()
    keyboard.press("PageDown")
    expect(why).to_have_count(0)  # nobody is in a cluster yet
    keyboard.press("Home")
    for step in (1, 2):
        reach(page, learn.button("Assign" if step == 1 else "Update"))
        keyboard.press("Enter")
        learn.is_at(step)
    reach(page, why, "Shift+Tab")
    keyboard.press("Enter")
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("heading", name=re.compile("^Why "))).to_be_visible()
    members = sheet.get_by_role("listbox", name="Members, the middle first")
    reach(page, members.get_by_role("option").first)
    keyboard.press("ArrowRight")
    keyboard.press("Enter")
    expect(members.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(why).to_be_focused()
    reach(page, page.get_by_role("button", name="Show what they really are"))
    keyboard.press("Enter")
    expect(page.get_by_text(re.compile("of the 1,797 would be right"))).to_be_visible()
    reach(page, learn.slider)
    keyboard.press("End")
    expect(learn.title).to_have_text("Converged")
    keyboard.press("Home")
    expect(learn.title).to_have_text("Start")


def test_single_keys_play_step_and_start_anew(open_page: Any) -> None:
    page = open_page(START).page
    learn, keyboard = LearnTab(page), page.keyboard
    expect(learn.title).to_have_text("Start")
    keyboard.press("Space")
    expect(learn.button("Pause")).to_be_visible()
    learn.is_past(2)
    keyboard.press("Space")
    expect(learn.button("Play")).to_be_visible()
    at = int(learn.slider.get_attribute("aria-valuenow"))
    keyboard.press("ArrowLeft")
    learn.is_at(at - 1)
    keyboard.press("ArrowRight")
    learn.is_at(at)
    keyboard.press("Home")
    learn.is_at(0)
    keyboard.press("r")
    expect(page).to_have_url(re.compile("seed=1"))
    keyboard.press("+")
    expect(page.get_by_role("heading", name="The eleven centers")).to_be_visible()
    keyboard.press("-")
    expect(page.get_by_role("heading", name="The ten centers")).to_be_visible()


def test_learn_fits_a_phone_and_a_finger(open_page: Any) -> None:
    page = open_page(by_hand(list(range(10)), step=2), **PHONE, **STILL).page
    learn = LearnTab(page)
    learn.is_at(2)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    small = "buttons => buttons.filter(b => b.checkVisibility() && b.getBoundingClientRect().height < 42).map(b => b.outerHTML)"
    assert page.locator("main").get_by_role("button").evaluate_all(small) == []
    learn.button("Update").or_(learn.button("Assign")).tap()
    learn.is_at(3)
    row, x, y = learn.lone_marks(apart=9)[0]
    page.touchscreen.tap(x, y)
    expect(page.get_by_role("img", name=f"Image {row}", exact=True)).to_be_attached()
    top = page.evaluate("scrollY")
    page.get_by_role("button", name=re.compile("digits, By hand")).tap()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("button", name=re.compile("Bad on purpose")).tap()
    expect(sheet).to_be_hidden()
    expect(page).to_have_url(re.compile("start=bad"))
    assert page.evaluate("scrollY") == top
    page.get_by_role("button", name=re.compile("^Look into cluster 2")).tap()
    expect(page.get_by_role("dialog", name="Cluster 2")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_who_wants_no_motion_gets_a_step_a_second_and_none(open_page: Any) -> None:
    page = open_page(START, **STILL).page
    learn = LearnTab(page)
    expect(learn.title).to_have_text("Start")
    learn.button("Play").click()
    began = page.evaluate("performance.now()")
    running = 0
    while page.evaluate("performance.now()") - began < 2600:
        running += page.evaluate("document.getAnimations().filter(one => one.playState === 'running').length")
        page.wait_for_timeout(60)
    assert running == 0
    assert 2 <= int(learn.slider.get_attribute("aria-valuenow")) <= 4


@pytest.mark.parametrize(
    ("screen", "names"),
    [
        ("phone", ["learn", "learn-looked-at", "learn-cluster", "learn-sheet", "learn-picking"]),
        ("tablet", ["learn-truths", "learn-k100"]),
        ("desktop", ["learn-bad", "learn-looked-at", "learn-k100", "learn-cluster", "learn-menu", "learn-picking"]),
    ],
    ids=["phone", "tablet", "desktop"],
)
def test_axe_finds_nothing_in_learn(open_page: Any, server: Server, screen: str, names: list[str]) -> None:
    page = open_page("/learn", **SCREENS[screen], **STILL).page
    for name in names:
        page.emulate_media(color_scheme="light")
        open_state(page, server, STATES_OF_LEARN[name])
        assert violations(page) == [], name
        page.emulate_media(color_scheme="dark")
        assert violations(page, of_color=True) == [], f"{name}, dark"
