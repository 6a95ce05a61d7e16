"""The page without a mouse, for those who see little, and for those who want no motion."""

import re
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
    pen = page.get_by_role("radio", name="Normal", exact=True)
    expect(pen).to_be_focused()
    keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Thick")).to_be_checked()
    keyboard.press("ArrowLeft")
    keyboard.press("Tab")
    expect(page.get_by_role("button", name="Clear all")).to_be_focused()
    keyboard.press("Tab")
    expect(page.get_by_role("button", name="Use a sample year")).to_be_focused()
    for button in ("Undo in box 1", "Redo in box 1", "Clear box 1"):
        keyboard.press("Tab")
        expect(page.get_by_role("button", name=button)).to_be_focused()
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
    keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Clear box 1")).to_be_focused()
    keyboard.press("Enter")
    expect(tab.pad(1)).to_have_accessible_name("Box 1: nothing drawn")
    keyboard.press("Control+z")
    expect(tab.reading(1)).to_have_text("7")
    way = page.get_by_role("radio", name="As inkmeans does it")
    reach(page, way)
    keyboard.press("ArrowLeft")
    expect(page.get_by_role("radio", name="Raw, named by looking")).to_be_checked()
    reach(page, page.get_by_role("button", name="That was a 7"))
    keyboard.press("Enter")
    expect(page.get_by_text("Kept as a 7")).to_be_visible()
    reach(page, tab.switch("Slant"))
    keyboard.press("Space")
    expect(tab.switch("Slant")).to_be_checked()
    reach(page, tab.center(0))
    for name in "1634210579":
        keyboard.press(name)
    expect(page.get_by_text("10 of 10 named")).to_be_visible()
    keyboard.press("Tab")
    expect(page.get_by_role("button", name=re.compile(r"^Name center \d 0$"))).to_be_focused()


def reach(page: Any, control: Any) -> None:
    """Press Tab until a control has the focus."""
    for _ in range(60):
        if control.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    expect(control).to_be_focused()


@pytest.mark.parametrize(
    "screen", [{}, {"viewport": {"width": 768, "height": 1024}}, PHONE], ids=["desktop", "tablet", "phone"]
)
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
    tab.draw(3, [[(50, 50), (51, 51)]], by="touch" if "has_touch" in screen else "mouse")
    expect(tab.reading(3)).to_have_text("?")
    check("read and rejected, as inkmeans does it")
    tab.choose_way("lesson")
    check("as the lesson does it")
    tab.name_centers("1634210579")
    tab.choose_way("looking")
    tab.choose_box(1)
    page.get_by_role("button", name="That was an 8").click()
    check("named by looking, and one drawing kept")
    tab.switch("More clusters").press("Space")
    check("a mix of stages")


def test_nothing_moves_for_those_who_want_no_motion(open_page: Any) -> None:
    tab = open_page(reduced_motion="reduce")
    page = tab.page
    tab.pick_sample(1, 5)
    expect(tab.reading(1)).to_have_text("5")
    styles = "[...document.querySelectorAll('*')].map(element => getComputedStyle(element))"
    assert set(page.evaluate(f"{styles}.map(style => style.transitionDuration)")) == {"0s"}
    assert set(page.evaluate(f"{styles}.map(style => style.animationName)")) == {"none"}
