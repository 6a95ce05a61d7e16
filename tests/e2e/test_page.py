"""The page in a real browser against a real server: what a person draws, types and sees."""

import math
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from inkmeans.web._page import find_static

Path2D = list[list[tuple[float, float]]]

# How one hand writes the digits: the points that the pen passes in a box of 100 x 100, "|" between strokes; smoothed
# below. They are this test's own: the samples of the page are others.
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
class Server:
    address: str
    base: str
    log: Path


@dataclass
class Watched:
    """What went on in a tab besides what is seen."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if find_static() is None:
        missing("The page is not built; build it with: npm --prefix frontend run build.")
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", "from inkmeans.cli import main; main()", "serve", "--port", "0", "--no-browser"],
            stdout=subprocess.PIPE,
            stderr=output,
            text=True,
        )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.search(r"(http://127\.0\.0\.1:\d+/)\?token=\S+", line)
            assert found, f"the server printed {line!r} and {log.read_text()}"
            yield Server(found[0], found[1], log)
        finally:
            process.terminate()
            process.communicate(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("INKMEANS_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        missing(
            "Chromium is not installed; on Debian: apt-get install chromium, elsewhere name it in INKMEANS_CHROMIUM."
        )
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=[*flags, "--disable-sync", "--no-first-run"]
        )
        yield browser
        browser.close()


def missing(reason: str) -> None:
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
    assert [url for url in watched.requests if not url.startswith(server.base)] == []
    assert watched.complaints == []


@pytest.fixture
def open_page(browser: Browser, server: Server, watched: Watched) -> Iterator[Any]:
    contexts: list[BrowserContext] = []

    def open_one(**settings: Any) -> Page:
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | settings))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        expect.set_options(timeout=20_000)  # the first reading waits until both models are loaded
        page.on("request", lambda request: watched.requests.append(request.url))
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: watched.complaints.append(message.text) if message.type in {"error", "warning"} else None,
        )
        page.goto(server.address)
        expect(page.get_by_role("heading", name="Which year …?")).to_be_visible()
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Any) -> Page:
    result: Page = open_page()
    return result


def pad(page: Page, box: int) -> Locator:
    return page.get_by_role("img", name=re.compile(f"^Box {box}: "))


def reading(page: Page, box: int) -> Locator:
    return page.get_by_label(f"Reading of box {box}", exact=True)


def smooth(stroke: list[tuple[float, float]], steps: int = 3) -> list[tuple[float, float]]:
    """Return points along the Catmull-Rom curve through those of a stroke, with a little tremble."""
    padded = [stroke[0], *stroke, stroke[-1]]
    curve = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for t in (step / steps for step in range(steps)):
            x, y = (
                b + t * ((c - a) + t * ((2 * a - 5 * b + 4 * c - d) + t * (3 * (b - c) + d - a))) / 2
                for a, b, c, d in zip(p0, p1, p2, p3, strict=True)
            )
            curve.append((x + 0.3 * math.sin(7 * y), y + 0.3 * math.sin(9 * x)))
    return [*curve, stroke[-1]]


def on_screen(page: Page, box: int, strokes: Path2D) -> list[list[tuple[float, float]]]:
    canvas = pad(page, box)
    canvas.scroll_into_view_if_needed()
    place = canvas.bounding_box()
    assert place is not None
    x, y, side = place["x"], place["y"], place["width"] / 100
    return [[(x + px * side, y + py * side) for px, py in smooth(stroke)] for stroke in strokes]


def draw(page: Page, box: int, strokes: Path2D) -> None:
    """Draw with the mouse."""
    for stroke in on_screen(page, box, strokes):
        page.mouse.move(*stroke[0])
        page.mouse.down()
        for point in stroke[1:]:
            page.mouse.move(*point)
        page.mouse.up()


def draw_by_touch(page: Page, box: int, strokes: Path2D) -> None:
    devtools = page.context.new_cdp_session(page)

    def touch(kind: str, points: list[tuple[float, float]]) -> None:
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    for stroke in on_screen(page, box, strokes):
        touch("touchStart", [stroke[0]])
        for point in stroke[1:]:
            touch("touchMove", [point])
        touch("touchEnd", [])


def draw_by_pen(page: Page, box: int, strokes: Path2D) -> None:
    devtools = page.context.new_cdp_session(page)

    def pen(kind: str, point: tuple[float, float]) -> None:
        event = {"type": kind, "x": point[0], "y": point[1], "button": "left", "buttons": 1, "pointerType": "pen"}
        devtools.send("Input.dispatchMouseEvent", event | {"clickCount": 1, "force": 0.5})

    for stroke in on_screen(page, box, strokes):
        pen("mousePressed", stroke[0])
        for point in stroke[1:]:
            pen("mouseMoved", point)
        pen("mouseReleased", stroke[-1])


def pick_sample(page: Page, box: int, digit: int) -> None:
    page.get_by_role("button", name=f"Sample for box {box}").click()
    page.get_by_role("button", name=f"Sample {digit}", exact=True).click()


def choose_ten_centers(page: Page) -> None:
    page.get_by_text("Ten centers", exact=True).click()
    expect(page.get_by_role("heading", name="The ten centers")).to_be_visible()
    expect(page.get_by_label(re.compile("^Name of cluster "))).to_have_count(10)


def section(page: Page, box: int) -> Locator:
    return page.get_by_role("region", name=f"Box {box}")


@pytest.mark.parametrize("digit", sorted(HANDWRITING))
def test_each_digit_is_read_as_it_is_drawn(page: Page, digit: str) -> None:
    draw(page, 1, HANDWRITING[digit])
    expect(reading(page, 1)).to_have_text(digit)


def test_the_year_is_written_out(page: Page) -> None:
    year = page.get_by_role("region", name="The year")
    expect(year).to_contain_text("Nothing drawn yet.")
    for box, digit in enumerate("1984", start=1):
        draw(page, box, HANDWRITING[digit])
    expect(year.get_by_role("status")).to_have_text("The year reads 1 9 8 4")
    expect(year.locator(".digits")).to_have_text(re.compile(r"1\s*9\s*8\s*4"))
    expect(year).to_contain_text("All four are read.")
    page.get_by_role("button", name="Clear all").click()
    expect(year.get_by_role("status")).to_have_text("The year reads blank blank blank blank")


def test_an_empty_box_is_calm(page: Page) -> None:
    for box in range(1, 5):
        expect(pad(page, box)).to_have_accessible_name(f"Box {box}: nothing drawn")
        expect(reading(page, box)).to_have_text("")
        expect(section(page, box)).to_contain_text("Nothing drawn yet.")
        expect(section(page, box).get_by_role("button", name="Undo")).to_be_disabled()
        expect(section(page, box).get_by_role("button", name="Clear")).to_be_disabled()
        expect(section(page, box).locator(".tile canvas")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_box_shows_what_the_model_sees_and_how_it_decides(page: Page) -> None:
    draw(page, 2, HANDWRITING["3"])
    expect(reading(page, 2)).to_have_text("3")
    box = section(page, 2)
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


def test_a_dot_and_a_scribble_are_rejected_with_a_reason(page: Page) -> None:
    draw(page, 1, [[(50, 50), (51, 51)]])
    expect(reading(page, 1)).to_have_text("?")
    expect(section(page, 1)).to_contain_text("Only a dot.")
    there_and_back = [(5 + 90 * (step % 2), 6 + step * 2.2) for step in range(40)]
    across = [(6 + step * 2.2, 5 + 90 * (step % 2)) for step in range(40)]
    draw(page, 2, [there_and_back, across])
    expect(reading(page, 2)).to_have_text("?")
    expect(section(page, 2)).to_contain_text("rejected")
    expect(page.get_by_role("region", name="The year")).to_contain_text("2 boxes are not read.")


def test_undo_and_clear(page: Page) -> None:
    undo = page.get_by_role("button", name="Undo in box 1")
    draw(page, 1, HANDWRITING["4"])
    expect(reading(page, 1)).to_have_text("4")
    expect(pad(page, 1)).to_have_accessible_name("Box 1: 2 strokes drawn")
    undo.click()
    expect(pad(page, 1)).to_have_accessible_name("Box 1: one stroke drawn")
    undo.click()
    expect(pad(page, 1)).to_have_accessible_name("Box 1: nothing drawn")
    expect(reading(page, 1)).to_have_text("")
    expect(undo).to_be_disabled()
    draw(page, 1, HANDWRITING["4"])
    page.get_by_role("button", name="Clear box 1").click()
    expect(pad(page, 1)).to_have_accessible_name("Box 1: nothing drawn")
    expect(reading(page, 1)).to_have_text("")
    undo.focus()
    page.keyboard.press("Control+z")  # a box that was cleared by mistake comes back
    expect(pad(page, 1)).to_have_accessible_name("Box 1: 2 strokes drawn")
    expect(reading(page, 1)).to_have_text("4")


def test_a_second_button_or_finger_draws_nothing(page: Page) -> None:
    place = pad(page, 1).bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 50, place["y"] + 50)
    page.mouse.down(button="right")
    page.mouse.move(place["x"] + 90, place["y"] + 90)
    page.mouse.up(button="right")
    expect(pad(page, 1)).to_have_accessible_name("Box 1: nothing drawn")


def test_a_stroke_ends_where_the_pen_is_lifted_outside_the_box(page: Page) -> None:
    place = pad(page, 1).bounding_box()
    assert place is not None
    middle = place["x"] + place["width"] / 2
    page.mouse.move(middle, place["y"] + 30)
    page.mouse.down()
    page.mouse.move(middle, place["y"] - 60, steps=5)
    page.mouse.up()  # outside
    page.mouse.move(middle, place["y"] + 200, steps=5)  # the pen is up: this draws nothing
    expect(pad(page, 1)).to_have_accessible_name("Box 1: one stroke drawn")
    row = "canvas.getContext('2d').getImageData(0, canvas.height / 2, canvas.width, 1)"
    ink = f"canvas => {row}.data.some(value => value)"
    assert not pad(page, 1).evaluate(ink)
    draw(page, 1, HANDWRITING["1"])
    expect(pad(page, 1)).to_have_accessible_name("Box 1: 2 strokes drawn")


def test_renaming_a_center_changes_the_readings_at_once(page: Page) -> None:
    choose_ten_centers(page)
    expect(page.locator("[data-part=score]")).to_contain_text("Ten centers are too few")
    score = page.locator("[data-part=score] strong")
    before = score.inner_text()
    draw(page, 3, HANDWRITING["0"])
    expect(reading(page, 3)).to_have_text("0")
    cluster = section(page, 3).locator("figcaption", has_text=re.compile(r"^Cluster \d$")).inner_text().split()[1]
    field = page.get_by_label(f"Name of cluster {cluster}")
    expect(field).to_have_value("0")
    for name in ["nine", "零"]:
        field.fill(name)
        expect(reading(page, 3)).to_have_text(name)
        expect(score).not_to_have_text(before)
    sentence = "No center is named 0, so nothing you draw can be read as 0."
    expect(page.locator("[data-part=score]")).to_contain_text(sentence)
    page.reload()
    expect(field).to_have_value("零")
    expect(reading(page, 3)).to_have_text("零")
    page.get_by_role("button", name="Reset names").click()
    expect(field).to_have_value("0")
    expect(reading(page, 3)).to_have_text("0")
    expect(score).to_have_text(before)


def test_a_name_that_cannot_be_is_told(page: Page, watched: Watched) -> None:
    choose_ten_centers(page)
    field = page.get_by_label("Name of cluster 0")
    old = field.input_value()
    field.fill("?")
    expect(page.get_by_role("alert")).to_contain_text("A name must not be '?'")
    field.fill("")
    field.blur()
    expect(field).to_have_value(old)
    [complaint] = watched.complaints
    assert complaint.startswith("Failed to load resource: the server responded with a status of 422")
    watched.complaints.clear()


def test_drawings_and_the_chosen_model_survive_a_reload(page: Page) -> None:
    choose_ten_centers(page)
    draw(page, 1, HANDWRITING["0"])
    expect(reading(page, 1)).to_have_text("0")
    page.reload()
    expect(page.get_by_label("Ten centers", exact=True)).to_be_checked()
    expect(pad(page, 1)).to_have_accessible_name("Box 1: one stroke drawn")
    expect(reading(page, 1)).to_have_text("0")


def test_everything_but_drawing_works_by_keyboard(page: Page) -> None:
    keyboard = page.keyboard
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
    expect(reading(page, 1)).to_have_text("7")
    keyboard.press("Tab")
    expect(page.get_by_role("button", name="Undo in box 1")).to_be_focused()
    keyboard.press("Tab")
    expect(page.get_by_role("button", name="Clear box 1")).to_be_focused()
    keyboard.press("Enter")
    expect(reading(page, 1)).to_have_text("")
    keyboard.press("Control+z")
    expect(reading(page, 1)).to_have_text("7")
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


def test_each_sample_is_read(page: Page) -> None:
    for digit in range(10):
        pick_sample(page, 4, digit)
        expect(reading(page, 4)).to_have_text(str(digit))


PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "has_touch": True, "is_mobile": True}


def test_a_finger_draws_on_a_phone_and_the_page_stays_where_it_is(open_page: Any) -> None:
    page = open_page(**PHONE)
    draw_by_touch(page, 1, HANDWRITING["2"])
    expect(reading(page, 1)).to_have_text("2")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    on_screen(page, 3, [])  # scrolls to it
    top = page.evaluate("scrollY")
    draw_by_touch(page, 3, [[(50, 15), (50, 50), (50, 88)]])
    expect(reading(page, 3)).to_have_text("1")
    assert page.evaluate("scrollY") == top


def test_a_pen_draws(page: Page) -> None:
    draw_by_pen(page, 2, HANDWRITING["6"])
    expect(reading(page, 2)).to_have_text("6")


@pytest.mark.parametrize("ratio", [1, 1.25, 2])
def test_the_canvas_is_as_sharp_as_the_screen(open_page: Any, ratio: float) -> None:
    page = open_page(device_scale_factor=ratio)
    draw(page, 1, HANDWRITING["7"])
    expect(reading(page, 1)).to_have_text("7")
    width, shown = pad(page, 1).evaluate("canvas => [canvas.width, canvas.clientWidth]")
    assert width == pytest.approx(shown * ratio, abs=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(open_page: Any, scheme: str, screen: dict[str, Any]) -> None:
    page = open_page(color_scheme=scheme, reduced_motion="reduce", **screen)
    axe = Axe()

    def check(where: str) -> None:
        found = axe.run(
            page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        )
        assert found.violations_count == 0, f"{where}: {found.generate_report()}"

    page.get_by_role("button", name="Sample for box 1").click()
    check("empty boxes and the sample picker")
    page.get_by_role("button", name="Sample 8", exact=True).click()
    expect(reading(page, 1)).to_have_text("8")
    pick_sample(page, 2, 4)
    (draw_by_touch if screen else draw)(page, 3, [[(50, 50), (51, 51)]])
    expect(reading(page, 3)).to_have_text("?")
    choose_ten_centers(page)
    check("read, rejected, ten centers")


def test_nothing_moves_for_those_who_want_no_motion(open_page: Any) -> None:
    page = open_page(reduced_motion="reduce")
    pick_sample(page, 1, 5)
    styles = "[...document.querySelectorAll('*')].map(element => getComputedStyle(element))"
    assert set(page.evaluate(f"{styles}.map(style => style.transitionDuration)")) == {"0s"}
    assert set(page.evaluate(f"{styles}.map(style => style.animationName)")) == {"none"}


def test_a_server_that_is_gone_is_told_and_asked_again(page: Page, watched: Watched) -> None:
    expect(reading(page, 1)).to_have_text("")
    page.wait_for_load_state("networkidle")
    page.route("**/api/**", lambda route: route.abort())
    draw(page, 1, HANDWRITING["1"])
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The server does not answer. Is “inkmeans serve” still running in its terminal?")
    page.unroute("**/api/**")
    alert.get_by_role("button", name="Try again").click()
    expect(reading(page, 1)).to_have_text("1")
    expect(alert).to_have_count(0)
    assert set(watched.complaints) == {"Failed to load resource: net::ERR_FAILED"}
    watched.complaints.clear()
