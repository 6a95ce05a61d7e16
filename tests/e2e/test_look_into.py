"""Looking into clusters, a start by hand without a mouse, and one's own drawings as a set."""

import json
import re
from typing import Any

import pytest
from live_page import SCREENS, violations
from playwright.sync_api import Page, expect

ZERO = [[[50, 18], [30, 40], [34, 72], [50, 82], [68, 70], [70, 40], [50, 18]]]
ONE = [[[48, 24], [54, 18], [52, 50], [49, 84]]]
FOUR = [[[44, 18], [34, 42], [28, 57], [72, 55]], [[61, 39], [58, 60], [55, 84]]]
OWN = [
    {
        "id": str(at),
        "strokes": [[[x + at, y] for x, y in stroke] for stroke in strokes],
        "width": 100,
        "height": 100,
        "pen": 6,
        "truth": truth,
    }
    for at, (truth, strokes) in enumerate([("0", ZERO), ("0", ZERO), ("1", ONE), ("1", ONE), ("4", FOUR), ("4", FOUR)])
]


@pytest.fixture
def open_learn(open_page: Any) -> Any:
    def open_one(query: str, **settings: Any) -> Page:
        page: Page = open_page(f"/learn?{query}", **settings).page
        expect(page.get_by_role("region", name="Player")).to_be_visible()
        return page

    return open_one


def press_until_focused(page: Page, key: str, wanted: Any) -> None:
    for _ in range(40):
        page.keyboard.press(key)
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{key} does not reach {wanted}")


def test_members_are_gone_through_by_arrows_and_the_reason_follows(open_learn: Any) -> None:
    page = open_learn("set=digits&pixels=raw&k=10&start=k-means%2B%2B&seed=0&step=9")
    page.get_by_role("button", name=re.compile("^Look into cluster 3:")).click()
    sheet = page.get_by_role("dialog", name="Cluster 3")
    reason = sheet.get_by_role("region", name="Why is this one in cluster 3?")
    expect(reason.get_by_role("img", name="Center 3", exact=True)).to_be_visible()
    members = sheet.get_by_role("listbox", name="Members, the middle first")
    first, second = members.get_by_role("option").nth(0), members.get_by_role("option").nth(1)
    first.click()
    words = reason.get_by_role("paragraph").inner_text()
    assert re.search(r"\d\.\d\d against \d", words)
    page.keyboard.press("ArrowRight")
    expect(second).to_be_focused()
    expect(second).to_have_attribute("aria-selected", "true")
    expect(reason.get_by_role("paragraph")).not_to_have_text(words)

    before = reason.get_by_role("paragraph").inner_text()
    reason.get_by_role("button", pressed=False).first.click()
    expect(reason.get_by_role("paragraph")).not_to_have_text(before)
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


def test_truths_are_asked_for_on_a_press_only_and_hidden_again(open_learn: Any, watched: Any) -> None:
    page = open_learn("set=digits&pixels=raw&k=10&start=k-means%2B%2B&seed=0&step=99")
    page.get_by_role("button", name=re.compile("^Look into cluster 3:")).click()
    sheet = page.get_by_role("dialog", name="Cluster 3")
    assert not any("/truths" in url for url in watched.requests)
    sheet.get_by_role("button", name="Show what they really are").click()
    expect(sheet).to_contain_text(re.compile("It takes .* for .s"))
    expect(sheet.get_by_role("heading", name=re.compile(r"^Why is this \d among the \ds\?"))).to_be_visible()
    assert sum("/truths" in url for url in watched.requests) == 1
    hide = sheet.get_by_role("button", name="Hide what they really are")
    expect(hide).to_be_focused()
    hide.click()
    expect(sheet).not_to_contain_text("It takes")


def test_a_start_is_put_together_by_keyboard(open_learn: Any) -> None:
    page = open_learn("set=digits&pixels=raw&k=2&step=3")
    press_until_focused(page, "Tab", page.get_by_role("button", name="Start: "))
    page.keyboard.press("Enter")
    press_until_focused(page, "ArrowDown", page.get_by_role("menuitemradio", name="By hand"))
    page.keyboard.press("Enter")
    picking = page.get_by_role("region", name="A start by hand")
    expect(picking).to_contain_text("0 of 2 chosen")
    expect(page.get_by_role("application")).to_be_focused()
    press_until_focused(page, "Shift+Tab", picking.get_by_role("button", name="From a sheet"))
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="Choose two images to start from")
    images = sheet.get_by_role("listbox", name="All images").get_by_role("option")
    press_until_focused(page, "Tab", images.nth(0))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(sheet).to_contain_text("1 of 2 chosen")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(sheet).to_contain_text("2 of 2 chosen")
    press_until_focused(page, "Shift+Tab", sheet.get_by_role("button", name="Start"))
    page.keyboard.press("Enter")
    expect(sheet).to_have_count(0)
    expect(page).to_have_url(re.compile(r"start=hand&rows=1,4"))
    expect(page.get_by_role("heading", name="Start", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_focused()


def test_own_drawings_are_a_set(open_page: Any) -> None:
    page = open_page("/draw").page
    page.evaluate("drawings => localStorage.setItem('inkmeans.drawings', drawings)", json.dumps(OWN))
    page.goto(page.url.replace("/draw", "/learn?set=drawings&k=3"))
    expect(page.get_by_role("button", name="Set: Your drawings")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Look into cluster "))).to_have_count(3)
    page.get_by_role("button", name="Assign", exact=True).click()
    page.get_by_role("button", name="Show what they really are").click()
    expect(page.get_by_role("region", name="What they really are")).to_contain_text("of the 6 would be right")


def test_on_a_phone_the_set_up_stands_in_a_sheet_and_a_tapped_image_comes_up(open_learn: Any) -> None:
    page = open_learn(
        "set=digits&pixels=raw&k=2&step=3",
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    )
    page.get_by_role("button", name="scikit-learn's digits, k-means++").tap()
    page.get_by_role("dialog", name="What is clustered").get_by_role("button", name="Random").tap()
    expect(page).to_have_url(re.compile("start=random"))
    card = page.get_by_role("region", name="The image looked at")
    expect(page.get_by_role("application")).to_have_attribute("data-step", "0")
    for x in range(80, 300, 20):
        page.get_by_role("application").tap(position={"x": x, "y": 200})
        page.wait_for_timeout(50)
        if page.get_by_role("dialog").count():
            page.keyboard.press("Escape")
        elif card.get_by_role("button", name="Close").count():
            break
    expect(card).to_be_in_viewport()
    expect(card).to_contain_text("nearest centers")
    card.get_by_role("button", name="Close").tap()
    expect(card).to_contain_text("Tap an image")


@pytest.mark.parametrize("screen", ["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_sheets_nor_while_a_start_is_put_together(
    open_page: Any, screen: str, scheme: str
) -> None:
    page = open_page("/draw", color_scheme=scheme, **SCREENS[screen]).page
    page.evaluate("drawings => localStorage.setItem('inkmeans.drawings', drawings)", json.dumps(OWN))
    page.goto(page.url.replace("/draw", "/learn?set=drawings&pixels=raw&k=2&step=3"))
    page.get_by_role("button", name="Show what they really are").click()
    page.get_by_role("button", name=re.compile("^Look into cluster 0:")).click()
    expect(page.get_by_role("dialog").get_by_role("listbox").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    if screen == "phone":
        page.get_by_role("button", name="Your drawings, k-means++").click()
        assert violations(page) == []
        page.get_by_role("dialog").get_by_role("button", name="By hand").click()
    else:
        page.get_by_role("button", name="Start: ").click()
        assert violations(page) == []
        page.get_by_role("menuitemradio", name="By hand").click()
    picking = page.get_by_role("region", name="A start by hand")
    expect(picking).to_be_visible()
    assert violations(page) == []
    picking.get_by_role("button", name="From a sheet").click()
    expect(page.get_by_role("listbox", name="All images")).to_be_visible()
    assert violations(page) == []
