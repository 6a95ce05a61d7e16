"""The views of the page and their states: what is looked at by the eye, by axe and by the benchmark."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from live_page import Server
from playwright.sync_api import Locator, Page, expect

LEARN = "/learn?set=digits&pixels=normalized&k=10&start=k-means%2B%2B&seed=0"
ALL = ("phone", "tablet", "desktop", "wide")


def play(page: Page) -> Locator:
    """Return the button that plays and pauses."""
    return page.get_by_role("button", name=re.compile(r"^(Play|Pause)"))


def is_playing(page: Page, expected: bool, timeout: float = 20_000) -> None:
    """Wait until Learn plays, or has come to rest."""
    expect(play(page)).to_have_accessible_name(re.compile("^Pause" if expected else "^Play"), timeout=timeout)


def _nothing(page: Page) -> None:
    pass


@dataclass(frozen=True)
class State:
    """A state of a view: its name, its address, what a person does there, and the screens on which it differs."""

    name: str
    place: str
    act: Callable[[Page], None] = _nothing
    screens: tuple[str, ...] = ALL
    is_away: bool = False


def open_state(page: Page, server: Server, state: State) -> None:
    """Open a state in a tab, and wait until nothing loads or moves."""
    if state.is_away and state.act is _nothing:
        page.route("**/api/**", lambda route: route.abort())
    page.goto(server.at(state.place))
    expect(page.locator("h1, h2").first).to_be_attached(timeout=20_000)
    page.wait_for_load_state("networkidle")
    state.act(page)
    page.mouse.move(1, 1)  # what is pointed at stands out, and the rest is dimmed
    page.wait_for_timeout(400)


def _sample_year(page: Page) -> None:
    page.get_by_role("button", name="Use a sample year").click()
    read = page.get_by_text(re.compile("^The year reads (?!.*(unread|blank))"))
    nameless = page.get_by_text("The nearest centers have no names yet.")
    expect(read.or_(nameless).first).to_be_attached(timeout=30_000)  # until the readers are loaded


def _is_run(page: Page) -> None:
    """Wait until Learn has a run and has painted it."""
    expect(play(page)).to_be_enabled(timeout=30_000)
    expect(page.get_by_role("application").locator("canvas.clear")).to_have_count(0, timeout=30_000)


def _reveal(page: Page) -> None:
    _is_run(page)
    page.get_by_role("button", name="Show what they really are").click()
    expect(page.get_by_text("would be right").first).to_be_visible()


def _look_into(page: Page) -> None:
    _reveal(page)
    page.get_by_role("button", name=re.compile("^Look into cluster 3:")).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _look_at(page: Page) -> None:
    _is_run(page)
    plane = page.get_by_role("application")
    plane.focus()
    for key in ("ArrowUp", "ArrowUp", "Enter"):
        plane.press(key)
    expect(page.get_by_role("button", name="Why?")).to_be_visible()


def _choose_start(page: Page, kind: str) -> None:
    _is_run(page)
    menu = page.get_by_role("button", name=re.compile("^Start: "))
    if menu.is_visible():
        menu.click()
        page.get_by_role("menuitemradio", name=re.compile(f"^{kind}")).click()
    else:
        _open_sheet(page)
        page.get_by_role("dialog").get_by_role("button", name=re.compile(kind)).click()


def _open_sheet(page: Page) -> None:
    _is_run(page)
    page.locator("button.narrow").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _pick(page: Page) -> None:
    _choose_start(page, "By hand")
    plane = page.get_by_role("application")
    for keys in (["ArrowUp", "Enter"], ["ArrowLeft"] * 6 + ["Enter"], ["ArrowDown"] * 9 + ["Enter"]):
        for key in keys:
            plane.press(key)
    expect(page.get_by_text("3 of 10 chosen").first).to_be_visible()


def _open_menu(page: Page) -> None:
    _is_run(page)
    page.get_by_role("button", name=re.compile("^Start: ")).click()
    expect(page.get_by_role("menuitemradio").first).to_be_visible()


def _lose_server(page: Page) -> None:
    _is_run(page)
    page.route("**/api/**", lambda route: route.abort())
    page.locator("body").press("r")
    expect(page.get_by_role("alert").first).to_be_visible()


def _open_keys(page: Page) -> None:
    page.get_by_role("button", name="Keys").click()
    expect(page.get_by_role("dialog")).to_be_visible()


_LARGE = ("tablet", "desktop", "wide")

STATES = [
    State("draw-empty", "/"),
    State("draw", "/", _sample_year),
    State("draw-looking", "/draw?way=looking", _sample_year),
    State("draw-lesson", "/draw?way=lesson", _sample_year),
    State("draw-away", "/", is_away=True),
    State("read-empty", "/read"),
    State("name", "/name"),
    State("learn-start", LEARN, _is_run),
    State("learn", f"{LEARN}&step=8", _is_run),
    State("learn-end", f"{LEARN}&step=999", _is_run),
    State("learn-raw", "/learn?set=digits&pixels=raw&k=10&step=7", _is_run),
    State("learn-k2", "/learn?set=digits&pixels=normalized&k=2&step=5", _is_run),
    State("learn-k25", "/learn?set=digits&pixels=normalized&k=25&step=6", _is_run),
    State("learn-k100", "/learn?set=digits&pixels=normalized&k=100&step=6", _is_run),
    State("learn-bad", "/learn?set=digits&pixels=normalized&k=10&start=bad&seed=0&step=1", _is_run),
    State("learn-refilled", "/learn?set=digits&pixels=normalized&k=10&start=bad&seed=0&step=2", _is_run),
    State("learn-looked-at", f"{LEARN}&step=8", _look_at),
    State("learn-truths", f"{LEARN}&step=999", _reveal),
    State("learn-cluster", f"{LEARN}&step=999", _look_into),
    State("learn-menu", f"{LEARN}&step=8", _open_menu, _LARGE),
    State("learn-sheet", f"{LEARN}&step=8", _open_sheet, ("phone",)),
    State("learn-picking", LEARN, _pick),
    State("learn-away", f"{LEARN}&step=8", _lose_server, is_away=True),
    State("keys", "/learn", _open_keys, _LARGE),
]
