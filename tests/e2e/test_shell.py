"""What is around every view: the address, the theme, the keys, the bar on a phone, and a server that is away."""

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from live_page import SCREENS, cut_off, intercept
from playwright.sync_api import expect

EXAMPLES = Path(__file__).parents[2] / "examples"
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def expect_view(page: Any, name: str) -> None:
    expect(page.get_by_role("navigation", name="Views").get_by_role("link", name=name)).to_have_attribute(
        "aria-current", "page"
    )
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()


def expect_theme(page: Any, theme: str) -> None:
    color = {"light": "rgb(248, 248, 246)", "dark": "rgb(16, 18, 24)"}[theme]
    expect(page.locator("body")).to_have_css("background-color", color)


def test_each_view_has_an_address_that_back_and_forward_know(tab: Any, server: Any) -> None:
    page = tab.page
    for name in ["Read", "Name", "Draw"]:
        page.get_by_role("link", name=name, exact=True).click()
        expect_view(page, name)
        expect(page).to_have_url(f"{server.base}{name.lower()}")
    page.go_back()
    expect_view(page, "Name")
    expect(page).to_have_title("Name · inkmeans")
    page.go_back()
    expect_view(page, "Read")
    page.go_forward()
    expect_view(page, "Name")
    page.reload()
    expect_view(page, "Name")
    page.goto(f"{server.base}read")
    expect_view(page, "Read")


def test_the_theme_follows_the_system_and_what_is_chosen_is_kept_from_the_first_paint(tab: Any) -> None:
    page = tab.page
    bar = page.locator("meta[name=theme-color]")
    expect_theme(page, "light")
    page.emulate_media(color_scheme="dark")
    expect_theme(page, "dark")
    expect(bar).to_have_attribute("content", "#101218")
    page.get_by_role("button", name="Dark theme").click()
    expect_theme(page, "light")
    expect(bar).to_have_attribute("content", "#f8f8f6")
    # The theme is set before the page's program, which is held back here.
    intercept(page, "**/assets/index-*.js", lambda route: None)
    page.reload(wait_until="commit")
    expect_theme(page, "light")
    assert page.locator("#page").inner_html() == ""


def test_the_keys_panel_lists_the_keys_of_the_view_and_turns_single_ones_off(tab: Any) -> None:
    page = tab.page
    keyboard = page.keyboard
    keyboard.type("gr")
    expect_view(page, "Read")
    keyboard.press("?")
    panel = page.get_by_role("dialog", name="Keys")
    expect(panel.get_by_role("heading", name="Everywhere")).to_be_visible()
    expect(panel.get_by_role("heading", name="Read")).to_be_visible()
    expect(panel.get_by_text("Copy the text")).to_be_visible()
    keyboard.type("gn")  # nothing acts behind the panel
    switch = panel.get_by_role("checkbox", name=re.compile("^Single-key shortcuts"))
    expect(switch).to_be_checked()
    for _ in range(3):
        if switch.evaluate("box => box === document.activeElement"):
            break
        keyboard.press("Tab")
    keyboard.press("Space")
    expect(switch).not_to_be_checked()
    keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect_view(page, "Read")
    page.reload()
    expect_view(page, "Read")
    keyboard.press("t")
    keyboard.press("?")
    expect(panel).to_have_count(0)
    expect_theme(page, "light")
    page.get_by_role("button", name="Keys", exact=True).click()  # the way back does not need a key
    switch.check()
    keyboard.press("Escape")
    keyboard.press("t")
    expect_theme(page, "dark")


def test_the_way_past_the_bar_is_the_first_stop(tab: Any) -> None:
    page = tab.page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the view")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_views_are_under_the_thumb_on_a_phone(open_page: Any) -> None:
    page = open_page(**PHONE).page
    bar = page.get_by_role("navigation", name="Views")
    place = bar.bounding_box()
    assert (place["x"], place["width"], place["y"] + place["height"]) == (0, 390, 844)
    for link in bar.get_by_role("link").all():
        size = link.bounding_box()
        assert size["width"] >= 44
        assert size["height"] >= 44
    for name in ["Read", "Name"]:
        bar.get_by_role("link", name=name).tap()
        expect_view(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    last = page.locator("main .page > :last-child").bounding_box()
    assert last["y"] + last["height"] <= place["y"]  # nothing ends behind the bar


def read_while_away(tab: Any) -> tuple[Any, Any]:
    """Give Read a picture while no server answers; return the page and its line about that."""
    page = tab.page
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name="Read", exact=True).click()
    expect_view(page, "Read")
    page.wait_for_load_state("networkidle")
    cut_off(page)
    page.get_by_label("A picture to read").set_input_files(EXAMPLES / "year.png")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The server is away.")
    return page, alert


def test_a_server_that_is_away_is_told_once_and_asked_until_it_is_back(tab: Any, watched: Any) -> None:
    page, alert = read_while_away(tab)
    expect(alert).to_contain_text("inkmeans serve")
    alert.evaluate(
        "line => { window.changes = 0; new MutationObserver(() => window.changes++)"
        ".observe(line, { subtree: true, childList: true, characterData: true }); }"
    )
    expect(page.get_by_text(re.compile(r"Trying again in 2 s\."))).to_be_visible()
    assert page.evaluate("window.changes") == 0  # the seconds are not read out
    page.unroute("**/api/**")
    page.get_by_role("button", name="Try now").click()
    expect(alert).to_have_count(0)
    expect(page.get_by_role("button", name="Copy text")).to_be_visible()  # what could not be sent was sent again
    assert set(watched.complaints) == {"Failed to load resource: net::ERR_FAILED"}
    watched.complaints.clear()


def test_a_server_that_was_started_again_says_how_this_page_goes_on(tab: Any, watched: Any) -> None:
    page, alert = read_while_away(tab)
    page.unroute("**/api/**")
    cookies = page.context.cookies()
    page.context.clear_cookies()  # as if it had another token now
    expect(alert).to_contain_text("Open the address that it printed in this browser", timeout=10_000)
    page.context.add_cookies([{key: one[key] for key in ("name", "value", "domain", "path")} for one in cookies])
    expect(page.get_by_role("button", name="Copy text")).to_be_visible(timeout=15_000)
    expect(alert).to_have_count(0)
    watched.complaints.clear()


def test_a_click_beside_a_sheet_closes_it_and_does_nothing_else(open_page: Any) -> None:
    page = open_page("/draw", **SCREENS["tablet"]).page
    panel = page.get_by_role("dialog", name="Keys")
    link = page.get_by_role("link", name="Learn", exact=True).bounding_box()
    x, y = link["x"] + link["width"] / 2, link["y"] + link["height"] / 2
    for click in (page.touchscreen.tap, page.mouse.click):
        page.keyboard.press("?")
        expect(panel).to_be_visible()
        click(x, y)
        expect(panel).to_be_hidden()
        page.wait_for_timeout(100)
        expect_view(page, "Draw")
    page.keyboard.press("?")
    title = panel.get_by_role("heading", name="Keys").bounding_box()
    page.mouse.move(title["x"] + 4, title["y"] + 4)
    page.mouse.down()
    page.mouse.move(x, y)  # a text that is chosen up to the ground
    page.mouse.up()
    expect(panel).to_be_visible()


def test_the_switcher_of_a_view_is_not_filled_by_the_view_before(open_page: Any, server: Any) -> None:
    page = open_page("/draw").page
    page.wait_for_load_state("networkidle")
    held: list[Any] = []
    intercept(page, "**/api/v1/models", lambda route: held.append(route))
    with page.expect_request("**/api/v1/models"):
        page.get_by_role("link", name="Name", exact=True).click()
    page.get_by_role("link", name="Learn", exact=True).click()
    switcher = page.get_by_role("banner").get_by_text("scikit-learn's digits")
    expect(switcher).to_be_visible()
    with page.expect_response("**/api/v1/models"):
        for route in held:
            route.continue_()
    page.wait_for_timeout(100)
    expect(switcher).to_be_visible()


def test_the_answer_to_one_view_wakes_the_others(tab: Any, watched: Any) -> None:
    page = tab.page
    expect(page.get_by_role("button", name="Center 0, ", exact=False)).to_be_visible()
    cut_off(page)
    page.get_by_role("button", name="Use a sample year").click()
    away = page.get_by_role("alert").filter(has_text="The server is away.")
    expect(page.get_by_text(re.compile(r"Trying again in 4 s\."))).to_be_visible()
    page.unroute("**/api/**")
    page.get_by_role("link", name="Learn", exact=True).click()  # asks before the next try
    expect(page.get_by_role("application")).to_be_visible()
    expect(away).to_have_count(0)
    page.get_by_role("link", name="Draw", exact=True).click()
    expect(tab.reading(1)).to_have_text("2")
    assert set(watched.complaints) <= {"Failed to load resource: net::ERR_FAILED"}
    watched.complaints.clear()


def test_a_view_whose_files_do_not_come_says_so(tab: Any, watched: Any) -> None:
    page = tab.page
    cut_off(page, "**/assets/NameView-*.js")
    page.get_by_role("link", name="Name", exact=True).click()
    expect(page.get_by_role("heading", name="This view could not be loaded")).to_be_visible()
    page.unroute("**/assets/NameView-*.js")
    page.get_by_role("button", name="Load again").click()
    expect(page.get_by_role("heading", name="Name clusters, get a reader of your own")).to_be_visible()
    watched.complaints.clear()


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_axe_finds_nothing_in_read_and_name_and_the_keys(open_page: Any, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 800}, reduced_motion="reduce").page
    axe = Axe()

    def check(where: str) -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = axe.run(page, options={"runOnly": RULES})
            assert found.violations_count == 0, f"{where}, {scheme}: {found.generate_report()}"

    page.keyboard.type("gn")
    expect(page.get_by_role("heading", name="What comes of it")).to_be_visible()
    check("Name")
    page.keyboard.type("gr")
    expect_view(page, "Read")
    check("Read, empty")
    page.get_by_label("A picture to read").set_input_files(EXAMPLES / "numbers.jpg")
    expect(page.get_by_role("button", name="Copy text")).to_be_visible()
    check("Read")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    check("the keys")


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
def test_the_switcher_lists_what_a_view_can_work_on(open_page: Any, server: Any, screen: dict[str, Any]) -> None:
    page = open_page(**screen).page

    def add_projects(route: Any) -> None:
        answer = route.fetch()
        sets = answer.json()["sets"]
        titles = ["pile.ink", "parish register of Saint Peter 1846 to 1902.ink"]
        more = [sets[0] | {"set": f"project-{title}", "title": title, "kind": "project"} for title in titles]
        route.fulfill(json={"sets": [*sets, *more]})

    intercept(page, "**/api/v1/learn/sets", add_projects)
    page.goto(f"{server.base}learn")
    switcher = page.get_by_role("button", name="Works on: scikit-learn's digits")
    switcher.focus()
    page.keyboard.press("ArrowDown")
    menu = page.get_by_role("menu", name="Works on")
    chosen = menu.get_by_role("menuitemradio", name="scikit-learn's digits")
    expect(chosen).to_be_focused()
    expect(chosen).to_be_checked()
    expect(menu.get_by_role("group", name="Projects").get_by_role("menuitemradio")).to_have_count(2)
    page.keyboard.press("End")
    expect(menu.get_by_role("menuitemradio", name="parish register")).to_be_focused()
    page.keyboard.press("p")  # the next that begins so
    expect(menu.get_by_role("menuitemradio", name="pile.ink")).to_be_focused()
    place = menu.bounding_box()
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= page.viewport_size["width"]
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(switcher).to_be_focused()
    switcher.click()
    page.mouse.click(200, 500)
    expect(menu).to_have_count(0)


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ("/draw", "Clear the box"),
        ("/learn?part=glyphs", "Another start"),
        ("/learn?part=dots", "Another start"),
        ("/learn?part=runs", "Other starts"),
        ("/learn?part=k", "The number before"),
    ],
)
def test_the_keys_of_each_view_and_part_are_listed_once(open_page, place, key):
    page = open_page(place).page
    page.get_by_role("button", name="Keys", exact=True).click()
    panel = page.get_by_role("dialog", name="Keys")
    expect(panel.get_by_text(key, exact=True)).to_be_visible()
    listed = panel.locator("dd").all_inner_texts()
    assert sorted(set(listed)) == sorted(listed)
