"""The page without a mouse, for those who see little, and for those who want no motion."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "has_touch": True, "is_mobile": True}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES_OF_COLOR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


def test_everything_but_drawing_works_by_keyboard(tab: Any) -> None:
    page = tab.page
    keyboard = page.keyboard
    keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the view")).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(page.get_by_label("Full reader")).to_be_focused()
    keyboard.press("ArrowRight")
    expect(page.get_by_label("Ten centers", exact=True)).to_be_checked()
    keyboard.press("ArrowLeft")
    expect(page.get_by_label("Full reader")).to_be_checked()
    keyboard.press("Tab")
    expect(page.get_by_role("button", name="Clear all")).to_be_focused()
    keyboard.press("Tab")
    sample = page.get_by_role("button", name="Sample for box 1")
    expect(sample).to_be_focused()
    keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sample 0", exact=True)).to_be_focused()
    keyboard.press("Escape")
    expect(sample).to_be_focused()
    keyboard.press("Space")
    for _ in range(7):
        keyboard.press("Tab")
    expect(page.get_by_role("button", name="Sample 7", exact=True)).to_be_focused()
    keyboard.press("Enter")
    expect(sample).to_be_focused()
    expect(tab.reading(1)).to_have_text("7")
    keyboard.press("Tab")
    expect(page.get_by_role("button", name="Undo in box 1")).to_be_focused()
    keyboard.press("Tab")
    expect(page.get_by_role("button", name="Clear box 1")).to_be_focused()
    keyboard.press("Enter")
    expect(tab.reading(1)).to_have_text("")
    keyboard.press("Control+z")
    expect(tab.reading(1)).to_have_text("7")
    page.get_by_label("Full reader").focus()
    keyboard.press("ArrowRight")
    first = page.get_by_label("Name of cluster 0")
    for _ in range(40):
        if first.evaluate("field => field === document.activeElement"):
            break
        keyboard.press("Tab")
    expect(first).to_be_focused()
    old = first.input_value()
    keyboard.press("Control+a")
    keyboard.type("zero")
    expect(page.get_by_role("button", name="Reset names")).to_be_enabled()
    keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Reset names")).to_be_focused()
    keyboard.press("Enter")
    expect(first).to_have_value(old)


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(open_page: Any, screen: dict[str, Any]) -> None:
    tab = open_page(reduced_motion="reduce", **screen)
    page = tab.page
    axe = Axe()

    def check(where: str) -> None:
        # The schemes differ in their colors only: the rest is looked at in one.
        for scheme, rules in (("light", RULES), ("dark", RULES_OF_COLOR)):
            page.emulate_media(color_scheme=scheme)
            found = axe.run(page, options={"runOnly": rules})
            assert found.violations_count == 0, f"{where}, {scheme}: {found.generate_report()}"

    page.get_by_role("button", name="Sample for box 1").click()
    check("empty boxes and the sample picker")
    page.get_by_role("button", name="Sample 8", exact=True).click()
    expect(tab.reading(1)).to_have_text("8")
    tab.pick_sample(2, 4)
    tab.draw(3, [[(50, 50), (51, 51)]], by="touch" if screen else "mouse")
    expect(tab.reading(3)).to_have_text("?")
    tab.choose_ten_centers()
    check("read, rejected, ten centers")


def test_nothing_moves_for_those_who_want_no_motion(open_page: Any) -> None:
    tab = open_page(reduced_motion="reduce")
    page = tab.page
    tab.pick_sample(1, 5)
    styles = "[...document.querySelectorAll('*')].map(element => getComputedStyle(element))"
    assert set(page.evaluate(f"{styles}.map(style => style.transitionDuration)")) == {"0s"}
    assert set(page.evaluate(f"{styles}.map(style => style.animationName)")) == {"none"}
