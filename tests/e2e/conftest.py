"""The page in a real browser against a real server, and a tab in which a person draws, types and sees."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

sys.path += [str(Path(__file__).parents[2] / "tools"), str(Path(__file__).parent)]
from live_page import MissingError, Server, Watched, launch, serve

Path2D = list[list[tuple[float, float]]]

# How one hand writes the digits: the points that the pen passes in a box of 100 x 100, "|" between strokes. They are
# these tests' own: the samples of the page are others.
_PATHS = {
    "0": "56,19 42,22 33,36 30,54 34,72 46,81 60,77 70,62 71,43 65,26 53,18",
    "1": "49,25 54,18 53,40 51,62 49,84",
    "2": "33,34 38,23 52,18 64,25 64,38 54,53 42,67 32,79 46,77 58,79 71,78",
    "3": "34,24 48,18 62,24 61,37 49,46 44,48 58,51 67,62 60,77 45,82 32,76",
    "4": "46,18 40,33 33,48 29,57 45,57 58,56 72,55 | 61,39 60,55 57,70 55,84",
    "5": "40,21 38,34 36,46 48,43 61,49 66,62 58,76 45,81 32,76 | 39,21 52,20 67,18",
    "6": "61,17 50,27 40,42 35,60 41,76 53,81 64,73 65,60 55,53 44,58 37,67",
    "7": "30,25 44,23 57,23 69,21 62,36 54,52 48,67 43,83",
    "8": "63,27 52,19 40,25 41,37 52,47 63,58 64,73 53,82 40,77 39,63 51,49 62,38 62,26",
    "9": "64,31 54,21 42,24 36,36 43,48 56,46 64,33 66,26 65,44 62,63 58,83",
}
HANDWRITING: dict[str, Path2D] = {
    digit: [[(float(x), float(y)) for x, y in re.findall(r"(\d+),(\d+)", stroke)] for stroke in path.split("|")]
    for digit, path in _PATHS.items()
}


@dataclass
class Tab:
    """The page in a tab, and what a person does there."""

    page: Page

    def pad(self, box: int) -> Locator:
        return self.page.get_by_role("img", name=re.compile(f"^Box {box}: "))

    def reading(self, box: int) -> Locator:
        return self.page.get_by_label(f"Reading of box {box}", exact=True)

    def section(self, box: int) -> Locator:
        return self.page.get_by_role("region", name=f"Box {box}")

    def year(self, way: str = "") -> Locator:
        """Return the year on the tab of a way, or without one what is told of the year that is shown."""
        if way:
            return self.page.locator(f"label[data-way={way}] .ans")
        return self.page.get_by_role("status").filter(has_text=re.compile("^The (year|text) reads "))

    def choose_way(self, way: str) -> None:
        self.page.locator(f"label[data-way={way}]").click()
        expect(self.page.locator(f"label[data-way={way}] input")).to_be_checked()

    def switch(self, stage: str) -> Locator:
        return self.page.get_by_role("switch", name=stage)

    def turn(self, box: int) -> Locator:
        """Return where the reading of a box changed on the road from the lesson to inkmeans."""
        return self.page.get_by_role("list", name="Where the readings changed").get_by_role("listitem").nth(box - 1)

    def center(self, cluster: int) -> Locator:
        return self.page.get_by_role("button", name=re.compile(f"^Center {cluster}, "))

    def name_centers(self, names: str) -> None:
        """Name the ten centers by a key each."""
        self.center(0).focus()
        for name in names:
            self.page.keyboard.press(name)
        expect(self.page.get_by_text("10 of 10 named")).to_be_visible()

    def choose_box(self, box: int) -> None:
        """On a phone, choose the box that is shown."""
        cell = self.page.get_by_role("button", name=re.compile(f"^Box {box}: "))
        if cell.is_visible():
            cell.click()

    def on_screen(self, box: int, strokes: Path2D) -> Path2D:
        self.choose_box(box)
        canvas = self.pad(box)
        canvas.scroll_into_view_if_needed()
        place = canvas.bounding_box()
        assert place is not None
        x, y, side = place["x"], place["y"], place["width"] / 100
        return [[(x + px * side, y + py * side) for px, py in stroke] for stroke in strokes]

    def draw(self, box: int, drawing: str | Path2D, by: Literal["mouse", "touch", "pen"] = "mouse") -> None:
        """Draw a digit, or any strokes."""
        strokes = self.on_screen(box, HANDWRITING[drawing] if isinstance(drawing, str) else drawing)
        {"mouse": self._by_mouse, "touch": self._by_touch, "pen": self._by_pen}[by](strokes)

    def _by_mouse(self, strokes: Path2D) -> None:
        mouse = self.page.mouse
        for stroke in strokes:
            mouse.move(*stroke[0])
            mouse.down()
            for point in stroke[1:]:
                mouse.move(*point)
            mouse.up()

    def _by_touch(self, strokes: Path2D) -> None:
        devtools = self.page.context.new_cdp_session(self.page)

        def touch(kind: str, points: list[tuple[float, float]]) -> None:
            touches = [{"x": x, "y": y} for x, y in points]
            devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

        for stroke in strokes:
            touch("touchStart", [stroke[0]])
            for point in stroke[1:]:
                touch("touchMove", [point])
            touch("touchEnd", [])

    def _by_pen(self, strokes: Path2D) -> None:
        devtools = self.page.context.new_cdp_session(self.page)

        def pen(kind: str, point: tuple[float, float]) -> None:
            event = {"type": kind, "x": point[0], "y": point[1], "button": "left", "buttons": 1, "pointerType": "pen"}
            devtools.send("Input.dispatchMouseEvent", event | {"clickCount": 1, "force": 0.5})

        for stroke in strokes:
            pen("mousePressed", stroke[0])
            for point in stroke[1:]:
                pen("mouseMoved", point)
            pen("mouseReleased", stroke[-1])

    def pick_sample(self, box: int, digit: int) -> None:
        self.choose_box(box)
        self.page.get_by_role("button", name=f"Sample for box {box}").click()
        self.page.get_by_role("button", name=f"Sample {digit}", exact=True).click()

    def sample_year(self) -> None:
        self.page.get_by_role("button", name="Use a sample year").click()
        expect(self.year()).to_have_text("The year reads 2 0 7 4")


def pytest_itemcollected(item: pytest.Item) -> None:
    if "browser" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., AbstractContextManager[Server]]:
    """Return what runs ``inkmeans serve`` with further arguments."""

    @contextmanager
    def start(*arguments: str) -> Iterator[Server]:
        try:
            with serve(tmp_path_factory.mktemp("server") / "log.txt", *arguments) as server:
                yield server
        except MissingError as error:
            missing(str(error))

    return start


@pytest.fixture(scope="session")
def server(start_server: Callable[..., AbstractContextManager[Server]]) -> Iterator[Server]:
    with start_server() as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright)
        except MissingError as error:
            missing(str(error))
        yield browser
        browser.close()


def missing(reason: str) -> NoReturn:
    """Skip where a person runs the tests; fail where they must not be left out."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def watched(server: Server) -> Iterator[Watched]:
    """Hold every test to this: nothing leaves this machine, the console stays empty; the server's words on failure."""
    start = server.log.stat().st_size
    watched = Watched()
    yield watched
    print("The server said:", server.log.read_text()[start:] or "nothing")
    assert watched.elsewhere(server.base) == []
    assert watched.complaints == []


@pytest.fixture
def open_page(browser: Browser, server: Server, watched: Watched) -> Iterator[Any]:
    contexts: list[BrowserContext] = []

    def open_one(place: str = "/", **settings: Any) -> Tab:
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | settings))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        expect.set_options(timeout=20_000)  # the first reading waits until both models are loaded
        watched.watch(page)
        page.goto(server.at(place))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        return Tab(page)

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def tab(open_page: Any) -> Tab:
    result: Tab = open_page()
    return result


@pytest.fixture(scope="session")
def handwriting() -> dict[str, Path2D]:
    """Return how one hand writes the digits."""
    return HANDWRITING
