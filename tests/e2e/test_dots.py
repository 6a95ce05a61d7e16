"""Dots plays k-means in the plane as the engine runs it: from any start, with any dots, wherever centers are dragged."""

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from learn_view import STILL, LearnTab
from live_page import PHONE, SCREENS, violations
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect
from sklearn.exceptions import ConvergenceWarning

from inkmeans import KMeans
from inkmeans.kmeans import Iteration

PRESETS = ["blobs", "spread", "long", "moons", "rings", "scale", "many", "outliers", "none"]
END = 999


@dataclass
class DotsTab(LearnTab):
    """Dots in a tab."""

    def values(self, name: str) -> NDArray[np.float64]:
        """Return numbers that the plane tells."""
        return np.array((self.plane.get_attribute(f"data-{name}") or "").split(), dtype=float)

    def preset(self, title: str) -> Locator:
        return self.page.get_by_role("button", name=re.compile(f"^{title} "), pressed=None)

    def center(self, cluster: int) -> Locator:
        return self.plane.locator(f"[data-cluster='{cluster}']")

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the place on the screen of a share of the plane's width and height."""
        box = self.plane.bounding_box()
        assert box is not None
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def has_dots(self, count: int) -> None:
        expect(self.plane).to_have_attribute("aria-label", f"The plane with {count} dot{'' if count == 1 else 's'}")

    def dots(self) -> NDArray[np.float64]:
        """Return where on the screen each dot is, in its order."""
        box = self.plane.bounding_box()
        assert box is not None
        circles = self.plane.locator("circle").evaluate_all(
            "circles => circles.map(one => [one.cx.baseVal.value, one.cy.baseVal.value])"
        )
        return np.array(circles, dtype=float) + np.array([box["x"] + 1, box["y"] + 1])

    def program(self) -> str:
        """Return the program in Python that the page shows."""
        self.page.get_by_role("button", name="In Python").click()
        dialog = self.page.get_by_role("dialog", name="The same in Python")
        text = dialog.get_by_role("region", name="Program").inner_text()
        self.page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        return text

    def is_as_python_says(self) -> list[Iteration]:
        """Hold the run that is shown to the program that the page shows for it: all half-steps, and the result."""
        names: dict[str, Any] = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # dots at one place are one cluster
            exec(self.program(), names)
            model: KMeans = names["model"]
            told: list[Iteration] = []
            KMeans(len(names["init"]), init=names["init"], n_init=1, callback=told.append).fit(names["X"])
        if told[-1].half_step == "update" and not told[-1].moved.any():
            told.pop()  # nothing is left to move
        expect(self.slider).to_have_attribute("aria-valuemax", str(len(told)))
        self.slider.focus()
        self.page.keyboard.press("Home")
        for step, half in enumerate(told, start=1):
            self.page.keyboard.press("ArrowRight")
            self.is_at(step)
            assert self.values("labels").astype(int).tolist() == half.labels.tolist(), f"half-step {step}"
            np.testing.assert_allclose(self.values("centers").reshape(-1, 2), half.centers, rtol=1e-9, atol=1e-9)
            np.testing.assert_allclose(self.values("inertia"), [half.inertia], rtol=1e-9, atol=1e-9)
        assert self.values("labels").astype(int).tolist() == model.labels_.tolist()
        np.testing.assert_allclose(self.values("centers").reshape(-1, 2), model.cluster_centers_, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(self.values("inertia"), [model.inertia_], rtol=1e-9, atol=1e-9)
        assert self.values("n-iter") == [model.n_iter_]
        return told


@pytest.fixture
def open_dots(open_page: Any) -> Callable[..., DotsTab]:
    def open_one(query: str = "", **settings: Any) -> DotsTab:
        tab = DotsTab(open_page(f"/learn?part=dots{query and '&' + query}", **(STILL | settings)).page)
        expect(tab.title).to_be_visible()
        return tab

    return open_one


@pytest.mark.slow  # three runs, half-step by half-step
@pytest.mark.parametrize("preset", PRESETS)
def test_each_preset_is_clustered_as_python_does(open_dots: Any, preset: str) -> None:
    dots = open_dots(f"dots={preset}&step={END}")
    told = dots.is_as_python_says()
    assert len(told) > 2
    for start in ("random", "bad"):
        dots = open_dots(f"dots={preset}&start={start}&seed=3&k=5")
        told = dots.is_as_python_says()
        if start == "bad":
            assert told[1].relocated  # a cluster was empty


def test_standardized_axes_are_clustered_as_python_does(open_dots: Any) -> None:
    dots = open_dots(f"dots=scale&step={END}")
    expect(dots.page.get_by_text(re.compile("Yet only 5[0-9] % of the dots lie with their own group"))).to_be_visible()
    dots.page.get_by_role("button", name="Standardize x and y").click()
    expect(dots.page.get_by_text("100 % of the dots lie with their own group")).to_be_visible()
    expect(dots.page.get_by_role("switch", name="Standardize")).to_be_checked()
    assert "X.std(axis=0)" in dots.program()
    dots.is_as_python_says()


def test_a_dragged_center_goes_on_from_there_as_in_python(open_dots: Any) -> None:
    dots = open_dots("dots=long&step=3")
    before = dots.values("inertia")
    labels = dots.values("labels")
    box = dots.center(0).bounding_box()
    mouse = dots.page.mouse
    mouse.move(box["x"] + 20, box["y"] + 12)
    mouse.down()
    mouse.move(*dots.at(0.5, 0.5))
    mouse.move(*dots.at(0.12, 0.15), steps=4)
    expect(dots.title).to_have_text("Moving center 0")
    assert dots.values("inertia") != before  # of where it is in the hand
    assert dots.values("labels").tolist() != labels.tolist()
    mouse.up()
    expect(dots.title).to_have_text("Assignment 1")
    dots.is_at(1)
    expect(dots.page.get_by_role("button", name="Start: By hand")).to_be_visible()
    dots.is_as_python_says()
    # At the start a center is placed, and nothing goes on.
    dots.page.keyboard.press("Home")
    dots.center(1).focus()
    place = dots.center(1).bounding_box()
    dots.page.keyboard.press("Shift+ArrowLeft")
    assert dots.center(1).bounding_box()["x"] < place["x"] - 50
    dots.is_at(0)
    dots.is_as_python_says()


def test_a_run_that_plays_goes_on_playing_after_a_drag(open_dots: Any) -> None:
    dots = open_dots("dots=moons", reduced_motion="no-preference")
    dots.page.get_by_text("slow", exact=True).click()
    dots.button("Play").click()
    dots.is_past(1)
    box = dots.center(1).bounding_box()
    dots.page.mouse.move(box["x"] + 16, box["y"] + 16)
    dots.page.mouse.down()
    dots.page.mouse.move(*dots.at(0.9, 0.1), steps=8)
    dots.page.mouse.up()
    expect(dots.button("Pause")).to_be_visible()
    dots.is_past(2)


def test_dots_are_added_and_removed_and_clustered_as_in_python(open_dots: Any) -> None:
    dots = open_dots(f"dots=blobs&step={END}")
    dots.has_dots(240)
    for x, y in [(0.05, 0.05), (0.07, 0.06), (0.93, 0.9), (0.5, 0.5)]:
        dots.page.mouse.click(*dots.at(x, y))
    dots.has_dots(244)
    dots.is_at(1)  # it goes on from where its centers were
    dots.is_as_python_says()
    where = dots.dots()
    dots.page.keyboard.down("Shift")
    dots.page.mouse.click(*where[-1])
    dots.page.keyboard.up("Shift")
    dots.has_dots(243)
    dots.page.get_by_text("Erase", exact=True).click()
    dots.page.mouse.click(*where[3])
    dots.has_dots(242)
    np.testing.assert_allclose(dots.dots(), np.delete(where, [3, 243], axis=0), atol=0.1)
    dots.page.mouse.click(*dots.at(0.5, 0.03))  # nothing is there
    dots.has_dots(242)
    dots.is_as_python_says()
    dots.page.keyboard.press("Control+z")
    dots.has_dots(243)
    dots.page.get_by_role("button", name="Undo").click()
    dots.has_dots(244)


def test_what_was_pressed_and_let_go_elsewhere_is_no_longer_pressed(open_dots: Any) -> None:
    dots = open_dots(f"dots=blobs&step={END}", **STILL)
    mouse = dots.page.mouse
    mouse.move(*dots.at(0.5, 0.98))
    mouse.down()
    mouse.move(2, 2)
    mouse.up()
    dots.page.get_by_text("Erase", exact=True).click()
    for x, y in dots.dots()[:40]:
        mouse.move(x, y)
    dots.has_dots(240)
    dots.center(0).hover()
    mouse.down()
    mouse.move(*dots.at(0.5, 0.5))
    dots.page.keyboard.press("-")  # the centers are others: none is in the hand
    centers = dots.values("centers")
    mouse.move(*dots.at(0.6, 0.6))
    mouse.up()
    assert dots.values("centers") == pytest.approx(centers)


def test_an_empty_plane_begins_with_as_many_dots_as_clusters(open_dots: Any) -> None:
    dots = open_dots("dots=moons")
    dots.page.get_by_role("button", name="Clear").click()
    dots.has_dots(0)
    expect(dots.title).to_have_text("Too few dots")
    dots.page.mouse.click(*dots.at(0.2, 0.2))
    expect(dots.page.get_by_text("k-means begins with 2 dots; there is 1.")).to_be_visible()
    dots.page.mouse.click(*dots.at(0.2, 0.2))  # the same place again
    expect(dots.title).to_have_text("Start")
    dots.is_as_python_says()
    for x, y in [(0.8, 0.7), (0.85, 0.8), (0.25, 0.3)]:
        dots.page.mouse.click(*dots.at(x, y))
    dots.has_dots(5)
    dots.is_as_python_says()
    dots.page.keyboard.press("End")
    dots.center(0).click()
    expect(dots.page.get_by_text("A center is dragged, or moved by the arrow keys")).to_be_visible()
    dots.has_dots(5)
    dots.page.get_by_role("button", name="k, the number of clusters: one more").click()
    dots.page.keyboard.press("Escape")
    for count in (5, 4):  # k first, then the last dot
        dots.page.get_by_role("button", name="Undo").click()
        dots.has_dots(count)


def test_a_link_opens_the_same(open_dots: Any) -> None:
    dots = open_dots("dots=outliers")
    dots.page.mouse.click(*dots.at(0.6, 0.1))
    dots.page.get_by_role("button", name="k, the number of clusters: one more").click()
    dots.page.get_by_role("button", name="Start: ").click()
    dots.page.get_by_role("menuitemradio", name=re.compile("^By hand")).click()
    dots.center(2).focus()
    dots.page.keyboard.press("Shift+ArrowUp")
    dots.page.keyboard.press("ArrowRight")
    dots.page.get_by_role("switch", name="Standardize").check(force=True)
    dots.page.get_by_text("Erase", exact=True).click()
    dots.page.mouse.click(*dots.dots()[7])
    dots.has_dots(240)
    dots.slider.focus()
    for _ in range(3):
        dots.page.keyboard.press("ArrowRight")
    expect(dots.page).to_have_url(re.compile("step=3"))
    names = ["labels", "centers", "inertia", "step", "n-iter"]
    shown = [dots.values(name).tolist() for name in names]
    again = open_dots(re.sub(r"(^|&)(part|token)=[^&]*", "", urlsplit(dots.page.url).query).strip("&"))
    again.has_dots(240)
    assert [again.values(name).tolist() for name in names] == shown
    assert again.program() == dots.program()


def test_what_a_link_cannot_have_is_told(open_dots: Any) -> None:
    dots = open_dots("dots=stars&k=40")
    expect(
        dots.page.get_by_text("The link's dots are not here. The link asks for k = 40; this is k = 12.")
    ).to_be_visible()
    dots.preset("Two moons").click()
    expect(dots.page.get_by_text("The link")).to_have_count(0)


def test_a_preset_plays_and_says_why_and_what_helps(open_dots: Any) -> None:
    dots = open_dots(reduced_motion="no-preference")
    page = dots.page
    page.get_by_text("fast", exact=True).click()
    dots.preset("Ring in ring").click()
    expect(dots.preset("Ring in ring")).to_have_attribute("aria-pressed", "true")
    expect(dots.title).to_have_text("Converged", timeout=30_000)
    share = re.search(r"\d+ %", dots.preset("Ring in ring").inner_text())[0]
    why = page.get_by_role("region", name="Why")
    expect(why).to_contain_text("Both rings have their mean in the middle.")
    expect(why).to_contain_text("DBSCAN")
    expect(why.get_by_text(f"{share} with their own ring")).to_be_visible()
    expect(page.get_by_text(f"only {share} of the dots lie with their own ring")).to_be_visible()
    why.get_by_role("button", name="k = 12").click()
    expect(why.get_by_text("100 % right, once named")).to_be_visible()
    expect(dots.title).to_have_text("Converged")
    dots.preset("Outliers").click()
    dots.button("Pause").click()
    why.get_by_role("button", name="Without outliers").click()
    dots.has_dots(230)
    expect(why.get_by_text(re.compile("(99|100) % with their own blob"))).to_be_visible()


def test_the_start_by_hand_keeps_the_centers_and_waits(open_dots: Any) -> None:
    dots = open_dots("dots=spread&step=4")
    start = dots.values("centers")
    dots.page.keyboard.press("Home")
    first = dots.values("centers")
    assert start.tolist() != first.tolist()
    dots.page.get_by_role("button", name="Start: k-means++").click()
    dots.page.get_by_role("menuitemradio", name=re.compile("^By hand")).click()
    dots.is_at(0)
    np.testing.assert_allclose(dots.values("centers"), first, atol=0.01)
    expect(dots.page.get_by_text("The first centers are where you put them; drag one to move it.")).to_be_visible()
    dots.page.keyboard.press("r")
    expect(dots.page.get_by_role("button", name="Start: Random")).to_be_visible()


def reach(page: Page, control: Locator) -> None:
    """Press Tab until a control has the focus."""
    for _ in range(60):
        if control.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    expect(control).to_be_focused()


def test_all_of_dots_works_by_keyboard(open_dots: Any) -> None:
    dots = open_dots("dots=blobs")
    page, keyboard = dots.page, dots.page.keyboard
    reach(page, page.get_by_role("link", name="Dots", exact=True))
    reach(page, dots.plane)
    for key in ("ArrowRight", "Shift+ArrowRight", "ArrowUp", "Enter"):
        keyboard.press(key)
    dots.has_dots(241)
    live = dots.plane.locator("[aria-live=polite]")
    expect(live).to_have_text("Added a dot; 241 dots")
    keyboard.press("Backspace")
    expect(live).to_have_text("Removed a dot; 240 dots left")
    dots.has_dots(240)
    keyboard.press("Shift+ArrowLeft")
    expect(live).to_have_text(re.compile(r"^\d+, \d+"))
    keyboard.press("Delete")
    expect(live).to_have_text("No dot is here")
    dots.is_at(0)  # arrows on the plane are no half-steps
    reach(page, dots.center(1))
    x = dots.center(1).bounding_box()["x"]
    keyboard.press("Shift+ArrowLeft")
    expect(dots.center(1)).to_be_focused()
    assert dots.center(1).bounding_box()["x"] < x
    expect(live).to_have_text(re.compile(r"^Center 1 at \d+, \d+$"))
    reach(page, page.get_by_role("radio", name="Add dots"))
    keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Erase")).to_be_checked()
    reach(page, page.get_by_role("switch", name="Lines"))
    keyboard.press("Space")
    expect(page.get_by_role("switch", name="Lines")).to_be_checked()
    reach(page, page.get_by_role("button", name="In Python"))
    keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="The same in Python")
    expect(dialog).to_be_visible()
    keyboard.press("Escape")
    expect(page.get_by_role("button", name="In Python")).to_be_focused()
    reach(page, dots.preset("Too many k"))
    keyboard.press("Enter")
    expect(dots.plane).to_have_attribute("data-step", re.compile("[1-9]"))
    keyboard.press("+")
    expect(page.get_by_role("textbox", name="k, the number of clusters")).to_have_value("7")
    keyboard.press("Home")
    keyboard.press("ArrowRight")
    dots.is_at(1)
    expect(dots.plane.locator("path.line")).to_have_count(7)


def test_dots_fits_a_phone_and_a_finger(open_dots: Any) -> None:
    dots = open_dots("dots=long&step=1", **PHONE)
    page = dots.page
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    tabs = page.get_by_role("navigation", name="Parts of Learn").get_by_role("link")
    boxes = [tab.bounding_box() for tab in tabs.all()]
    assert [tab.inner_text() for tab in tabs.all()] == ["Glyphs", "Dots", "Runs", "Choose k"]
    assert len({box["y"] for box in boxes}) == 1
    small = (
        "buttons => buttons.filter(b => b.checkVisibility() && !b.matches('[data-cluster]') "
        "&& b.getBoundingClientRect().height < 42).map(b => b.outerHTML)"
    )
    assert page.locator("main").get_by_role("button").evaluate_all(small) == []
    page.touchscreen.tap(*dots.at(0.1, 0.1))
    dots.has_dots(241)
    devtools = page.context.new_cdp_session(page)
    box = dots.center(0).bounding_box()
    places = [
        (box["x"] + 16, box["y"] - 4),
        dots.at(0.5, 0.5),
        dots.at(0.3, 0.2),
        dots.at(0.2, 0.15),
    ]  # beside what is seen
    for kind, place in zip(("touchStart", "touchMove", "touchMove", "touchMove"), places, strict=True):
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": place[0], "y": place[1]}]})
    expect(dots.title).to_have_text("Moving center 0")
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(dots.title).to_have_text("Assignment 1")
    dots.is_as_python_says()
    page.get_by_text("Erase", exact=True).tap()
    page.touchscreen.tap(*dots.dots()[-1])
    dots.has_dots(240)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    narrow = open_dots("", viewport={"width": 320, "height": 640}).page
    assert narrow.evaluate("document.documentElement.scrollWidth") == 320


def test_tabs_keep_the_set_and_each_part_its_state(open_page: Any) -> None:
    page = open_page("/learn?set=digits&pixels=raw&k=4&start=random&seed=2&step=3", **STILL).page
    learn = LearnTab(page)
    learn.is_at(3)
    tabs = page.get_by_role("navigation", name="Parts of Learn")
    tabs.get_by_role("link", name="Dots").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Learn: Dots")
    expect(page).to_have_title("Dots · Learn · inkmeans")
    expect(tabs.get_by_role("link", name="Dots")).to_have_attribute("aria-current", "page")
    expect(tabs.get_by_role("link", name="Dots")).to_be_focused()
    DotsTab(page).has_dots(240)
    page.get_by_role("button", name="In Python").focus()
    page.keyboard.press("ArrowRight")
    learn.is_at(1)
    expect(page).to_have_url(re.compile("step=1"))
    tabs.get_by_role("link", name="Glyphs").click()
    learn.is_at(3)
    assert learn.query() == {"set": "digits", "pixels": "raw", "k": "4", "start": "random", "seed": "2", "step": "3"}
    page.go_back()
    DotsTab(page).has_dots(240)
    learn.is_at(1)
    page.go_back()
    expect(page.get_by_role("heading", name="The four centers")).to_be_visible()
    learn.is_at(3)
    page.go_forward()
    DotsTab(page).has_dots(240)
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page).to_have_url(re.compile("/draw"))
    page.keyboard.press("g")
    page.keyboard.press("l")
    DotsTab(page).has_dots(240)


def test_what_helps_is_in_sight_on_a_small_laptop(open_dots: Any) -> None:
    for size in ((1366, 768), (1280, 800), (1280, 720)):
        dots = open_dots(f"dots=rings&step={END}", viewport={"width": size[0], "height": size[1]})
        why = dots.page.get_by_role("region", name="Why").bounding_box()
        player = dots.player.bounding_box()
        assert why["y"] + why["height"] < player["y"]
        assert player["y"] + player["height"] <= size[1]


@pytest.mark.parametrize("screen", ["phone", "tablet", "desktop"])
def test_axe_finds_nothing_in_dots(open_dots: Any, screen: str) -> None:
    for query in ("dots=scale&scaled=1&step=99", "dots=own", "dots=many&k=12&step=2"):
        dots = open_dots(query, **SCREENS[screen], color_scheme="light")
        page = dots.page
        if "many" in query:
            page.get_by_role("switch", name="Lines").check(force=True)
        assert violations(page) == [], query
        page.emulate_media(color_scheme="dark")
        assert violations(page, of_color=True) == [], f"{query}, dark"
        if "own" not in query:
            page.get_by_role("button", name="In Python").click()
            assert violations(page) == [], f"{query}, in Python"
